import { z } from "zod";

/** A group of values, of which none has to be given; others are refused. */
export const section = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape).partial();

/** One that can be switched on. */
export const toggle = <Shape extends z.ZodRawShape>(shape: Shape) =>
  section({ enabled: z.boolean(), ...shape });

const named = (pattern: RegExp, longest: number): z.ZodString => z.string().max(longest).regex(pattern);

/** Empty for none. */
export const objectName = named(/^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$/, 253);
export const objectNames = z.array(objectName.min(1)).max(10);
export const shortName = named(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?)?$/, 40);
export const namespaceName = named(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 63);

export const texts = z.record(z.string(), z.string());
export const port = z.int().min(1).max(65_535);

/** The API server says what is wrong with it. */
export const asInKubernetes = z.record(z.string(), z.unknown());
export const listAsInKubernetes = z.array(asInKubernetes);
