import { programOnPath } from "./program-on-path.ts";

/** Why no image can be built, and what to do. */
export const howToGetBuildah =
  "there are no buildah and debootstrap on PATH, or this is not root: apt-get install buildah debootstrap, as root";

/** Whether the Dockerfiles can be built here: without a container engine, and from a base image of Debian's packages. */
export const canBuild = (environment: NodeJS.ProcessEnv = process.env): boolean =>
  process.getuid?.() === 0 &&
  ["buildah", "debootstrap"].every((name) => programOnPath(environment, name) !== undefined);
