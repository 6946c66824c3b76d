import { z } from "zod";

import { Force } from "../../../contract/retrain-run.ts";
import { ModelName } from "../../../contract/spec/words.ts";
import { ModelView, RunSummary, RunView } from "./schemas.ts";

const Reason = z.string().min(1).max(500);

/** Everything is optional: clients of the Python service send no body at all. */
export const TrainRequest = z
  .strictObject({
    model: ModelName.optional().describe("Default: the configuration's"),
    dryRun: z.boolean().optional().describe("Do everything except publishing"),
    force: z
      .union([z.boolean(), Force], "expected true, false or an object with a reason")
      .optional()
      .describe("Publish a rejected candidate, and run despite Skipped and Held; needs a reason"),
    reason: Reason.optional().describe("Why; recorded with the run"),
  })
  .refine((request) => request.force !== true || request.reason !== undefined, {
    path: ["reason"],
    message: "it is missing; force needs one, because it is recorded with the version",
  })
  .meta({ id: "TrainRequest" });

export const Accepted = z
  .object({
    status: z.string(),
    message: z.string(),
    run: RunView,
  })
  .meta({ id: "Accepted" });
export type Accepted = z.infer<typeof Accepted>;

export const TrainAccepted = Accepted.extend({
  status: z.literal("training_started"),
  message: z.literal("Model retraining started in background."),
}).meta({ id: "TrainAccepted" });
export type TrainAccepted = z.infer<typeof TrainAccepted>;

export const ModelList = z.object({ models: z.array(ModelView) }).meta({ id: "ModelList" });
export type ModelList = z.infer<typeof ModelList>;

export const RunList = z.object({ runs: z.array(RunSummary) }).meta({ id: "RunList" });
export type RunList = z.infer<typeof RunList>;

export const RunsQuery = z.strictObject({
  model: ModelName.optional(),
  limit: z.coerce
    .number("expected a whole number from 1 to 200")
    .int("expected a whole number from 1 to 200")
    .min(1, "expected a whole number from 1 to 200")
    .max(200, "expected a whole number from 1 to 200")
    .default(20)
    .describe("Most runs of the answer"),
});

/** What the API server takes as a name: no path hides in it. */
export const RunParams = z.object({
  name: z
    .string()
    .max(253)
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/u, "expected the name of a RetrainRun")
    .describe("Name of the RetrainRun"),
});
export const ModelParams = z.object({ model: ModelName });
