import { programOnPath } from "./program-on-path.ts";

/** Why there is none, and what to do. */
export const howToGetPrometheus = "there are no prometheus and promtool on PATH: apt-get install prometheus";

export interface PrometheusPrograms {
  readonly prometheus: string;
  readonly promtool: string;
}

/** A Prometheus and its tool, by PATH; undefined where one of them is missing. */
export function findPrometheus(environment: NodeJS.ProcessEnv = process.env): PrometheusPrograms | undefined {
  const [prometheus, promtool] = ["prometheus", "promtool"].map((name) => programOnPath(environment, name));
  return prometheus === undefined || promtool === undefined ? undefined : { prometheus, promtool };
}
