import { z } from "zod";

/** What a task of either side is told. */
export const Plan = z.object({
  databaseUrl: z.string(),
  /** The run's clock. */
  asOf: z.string(),
  threads: z.int().min(1),
  /** Where a task may write. */
  directory: z.string(),
  /** Of a training alone. */
  parameters: z.object({ maxDepth: z.int(), learningRate: z.number(), rounds: z.int() }).optional(),
});
export type Plan = z.infer<typeof Plan>;
