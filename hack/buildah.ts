import { accessSync, constants } from "node:fs";
import path from "node:path";

/** Why no image can be built, and what to do. */
export const howToGetBuildah =
  "there are no buildah and debootstrap on PATH, or this is not root: apt-get install buildah debootstrap, as root";

/** Whether the Dockerfiles can be built here: without a container engine, and from a base image of Debian's packages. */
export const canBuild = (environment: NodeJS.ProcessEnv = process.env): boolean =>
  process.getuid?.() === 0 && ["buildah", "debootstrap"].every((name) => isOnPath(name, environment));

function isOnPath(name: string, environment: NodeJS.ProcessEnv): boolean {
  const directories = (environment["PATH"] ?? "").split(path.delimiter).filter((each) => each !== "");
  return directories.some((directory) => isProgram(path.join(directory, name)));
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
