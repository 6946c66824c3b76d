import { z } from "zod";

import { checkNames, type CheckName } from "./checks.ts";
import { stageNames } from "./stages.ts";
import { Verdict } from "./verdicts.ts";

/** Kubernetes keeps at most 4,096 bytes of a container's termination message; some are left for its own use. */
export const terminationMessageBytes = 3500;

/** The short report that the operator reads from the Pod's status; the long one stands beside the version. */
export const TerminationMessage = z.object({
  schemaVersion: z.literal(1),
  runUid: z.string(),
  verdict: z.enum(Verdict),
  reason: z.string(),
  message: z.string(),
  version: z.string().optional(),
  current: z.object({ version: z.string(), runUid: z.string() }).optional(),
  rows: z.int().optional(),
  stations: z.int().optional(),
  dataThrough: z.string().optional(),
  readings: z.object({ bikeCount: z.int(), weather: z.int(), countersInfo: z.int() }).optional(),
  /** Unusable shares, 0 to 1: counts that were null or negative, station-days without weather. */
  missing: z.object({ bikeCount: z.number(), weather: z.number() }).partial().optional(),
  metrics: z
    .object({
      mae: z.number(),
      rmse: z.number(),
      wapePercent: z.number().nullable(),
      naiveMae: z.number(),
      naiveRmse: z.number().optional(),
      naiveWapePercent: z.number().nullish(),
      championMae: z.number().optional(),
      championRmse: z.number().optional(),
      championWapePercent: z.number().nullish(),
    })
    .optional(),
  stages: z.array(z.object({ name: z.enum(stageNames), seconds: z.number() })).optional(),
  peakMemoryBytes: z.int(),
  codeRevision: z.string().optional(),
  failedChecks: z
    .array(
      z.object({
        name: z.enum(checkNames as [CheckName, ...CheckName[]]),
        severity: z.enum(["error", "warning"]),
        value: z.union([z.number(), z.string()]),
        limit: z.union([z.number(), z.string()]),
      }),
    )
    .optional(),
});
export type TerminationMessage = z.infer<typeof TerminationMessage>;
