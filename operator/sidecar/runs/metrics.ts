import type { RunSeen } from "../../reconcile/seen.ts";
import { Metrics } from "../api/schemas.ts";

/** What the candidate was judged by, as numbers; a text that is none is left out. Undefined when nothing was told. */
export function metricsOf({ status }: RunSeen): Metrics | undefined {
  if (status.metrics === undefined) return undefined;
  const told = Object.entries(status.metrics).map(([name, text]) => [name, Number(text)] as const);
  return Metrics.parse(Object.fromEntries(told.filter(([, value]) => Number.isFinite(value))));
}

/** By how much smaller the error is than the naive forecast's, in percent; negative is worse. */
export function improvementOf(metrics: Metrics | undefined): number | undefined {
  const { mae, naiveMae } = metrics ?? {};
  if (mae === undefined || naiveMae === undefined || naiveMae <= 0) return undefined;
  return Math.round((1 - mae / naiveMae) * 1000) / 10;
}
