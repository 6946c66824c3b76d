import { accessSync, constants } from "node:fs";
import path from "node:path";

/** Why there is none, and what to do. */
export const howToGetPrometheus = "there are no prometheus and promtool on PATH: apt-get install prometheus";

export interface PrometheusPrograms {
  readonly prometheus: string;
  readonly promtool: string;
}

/** A Prometheus and its tool, by PATH; undefined where one of them is missing. */
export function findPrometheus(environment: NodeJS.ProcessEnv = process.env): PrometheusPrograms | undefined {
  const directories = (environment["PATH"] ?? "").split(path.delimiter).filter((each) => each !== "");
  const find = (name: string): string | undefined =>
    directories.map((directory) => path.join(directory, name)).find(isProgram);
  const [prometheus, promtool] = [find("prometheus"), find("promtool")];
  return prometheus === undefined || promtool === undefined ? undefined : { prometheus, promtool };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
