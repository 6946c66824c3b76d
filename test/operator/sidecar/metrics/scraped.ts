import type { z } from "zod";

import { Configuration } from "../../../../contract/configuration.ts";
import type { Route } from "../../../../operator/sidecar/http/route.ts";
import {
  createSidecarMetrics,
  type SidecarMetrics,
} from "../../../../operator/sidecar/metrics/sidecar-metrics.ts";
import type { Runs } from "../../../../operator/sidecar/runs/runs.ts";
import { beginning } from "../../../support/seen.ts";

export const metricsOf = (
  runs: Runs,
  configuration: z.input<typeof Configuration> = {},
  routes: readonly Pick<Route, "method" | "path" | "describe">[] = [],
): SidecarMetrics =>
  createSidecarMetrics({
    runs,
    configuration: Configuration.parse(configuration),
    clock: { now: () => beginning },
    build: { version: "0.1.0", revision: "0123abc" },
    routes,
  });

/** The lines about a metric, as they are scraped; values as they are written. */
export async function scraped({ registry }: SidecarMetrics, name: string): Promise<readonly string[]> {
  const text = await registry.getSingleMetricAsString(name);
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

/** What is scraped about models, without what is about the process. */
export const aboutModels = async ({ registry }: SidecarMetrics): Promise<readonly string[]> =>
  (await registry.metrics()).split("\n").filter((line) => line.includes('model="'));
