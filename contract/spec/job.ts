import { z } from "zod";

const Quantity = z
  .string()
  .max(32)
  .regex(/^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/, "expected a quantity such as 500m or 2Gi");
const ResourceList = z.strictObject({
  cpu: Quantity.optional().describe("CPUs, e.g. 500m or 2"),
  memory: Quantity.optional().describe("Memory, e.g. 2Gi"),
});

export const Storage = z.strictObject({
  claimName: z.string().min(1).max(253).describe("PersistentVolumeClaim that holds the models"),
  subPath: z.string().max(255).describe("Directory on the volume; empty for its root"),
  keepVersions: z.int().min(2).max(1000).describe("Newest versions kept"),
  keepRejected: z.boolean().describe("Keep the model of a rejected candidate"),
  legacyPickle: z.boolean().describe("Also write the joblib files of the Python service"),
});
export type Storage = z.infer<typeof Storage>;

export const Job = z.strictObject({
  image: z
    .string()
    .min(1)
    .max(512)
    .describe("Trainer image; only one that the operator's configuration allows"),
  resources: z
    .strictObject({
      requests: ResourceList.describe("What is reserved"),
      limits: ResourceList.describe("What may not be exceeded"),
    })
    .describe("CPU and memory of the trainer's container"),
  activeDeadlineSeconds: z.int().min(60).max(604800).describe("Longest run of one attempt"),
  pendingDeadlineSeconds: z
    .int()
    .min(10)
    .max(86400)
    .describe("Longest wait of one attempt for its Pod to start"),
  retries: z.int().min(0).max(10).describe("Counted failures after which another attempt is made"),
});
export type Job = z.infer<typeof Job>;
