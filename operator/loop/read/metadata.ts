import { z } from "zod";

import { Label } from "../../reconcile/labels.ts";

/** A time as the API server writes it, with or without fractions of a second. */
export const Time = z.string().pipe(z.coerce.date());

const Owner = z.object({ kind: z.string(), uid: z.string(), controller: z.boolean().nullish() });

const Texts = z.record(z.string(), z.string()).nullish();

/** What is read of the metadata that every object has. */
export const Metadata = z.object({
  namespace: z.string().min(1),
  name: z.string().min(1),
  uid: z.string().min(1),
  resourceVersion: z.string(),
  generation: z.int().nullish(),
  creationTimestamp: Time,
  deletionTimestamp: Time.nullish(),
  labels: Texts,
  annotations: Texts,
  ownerReferences: z.array(Owner).nullish(),
});
export type Metadata = z.infer<typeof Metadata>;

/** Where a Job or a Pod belongs: the key under which it is reconciled. */
export interface Placed {
  readonly namespace: string;
  /** Its label; undefined for an object that is not ours. */
  readonly model: string | undefined;
}

export const placeOf = ({ namespace, labels }: Metadata): Placed => ({
  namespace,
  model: labels?.[Label.model],
});

/** uid of the owner that controls the object. */
export const controllerOf = ({ ownerReferences }: Metadata): string | undefined =>
  ownerReferences?.find(({ controller }) => controller === true)?.uid;
