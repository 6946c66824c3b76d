import { z } from "zod";

import { Verdict } from "./verdicts.ts";

const Time = z.iso.datetime();

/** Kubernetes' own condition, as `kubectl wait --for=condition=…` reads it. */
export const Condition = z.object({
  type: z.enum(["Accepted", "Progressing", "Finished", "Succeeded", "Published"]),
  status: z.enum(["True", "False", "Unknown"]),
  reason: z.string().max(1024),
  message: z.string().max(32768),
  lastTransitionTime: Time,
  observedGeneration: z.int().optional(),
});

export const Attempt = z.object({
  job: z.string().max(63),
  startedAt: Time,
  finishedAt: Time.optional(),
  exitCode: z.int().optional(),
  reason: z.string().max(128).optional(),
});

/** Floats are strings in a status: the API server's clients do not agree on their JSON form. */
const DecimalText = z.string().max(32);

export const RetrainRunStatus = z.object({
  observedGeneration: z.int().optional(),
  resolved: z
    .object({ input: z.unknown(), inputHash: z.string().max(64) })
    .loose()
    .optional()
    .describe("Model, period, image, storage and the trainer's input, frozen when the run was accepted"),
  conditions: z.array(Condition).max(8).optional(),
  verdict: z.enum(Verdict).optional(),
  reason: z.string().max(128).optional(),
  message: z.string().max(4096).optional(),
  attempts: z.array(Attempt).max(10).optional().describe("The last ten attempts"),
  startTime: Time.optional(),
  completionTime: Time.optional(),
  progress: z
    .object({
      stage: z.string().max(32),
      percent: z.int().min(0).max(100),
      etaSeconds: z.int().min(0).optional(),
    })
    .optional(),
  data: z
    .object({ rows: z.int(), stations: z.int(), dataThrough: z.iso.date().optional() })
    .optional()
    .describe("What the run trained on"),
  metrics: z
    .object({ mae: DecimalText, naiveMae: DecimalText, rmse: DecimalText, wapePercent: DecimalText })
    .partial()
    .optional(),
  version: z.string().max(80).optional(),
  nextRetryTime: Time.optional(),
});
export type RetrainRunStatus = z.infer<typeof RetrainRunStatus>;
