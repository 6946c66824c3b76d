import { z } from "zod";

/** A calendar day, `2026-12-01`. */
export const DayText = z.iso.date().describe("A calendar day, e.g. 2026-12-01");

/** At least one part, written without looking ahead: the API server's expressions cannot. */
const durationPattern =
  /^P(\d{1,3}Y(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?|\d{1,4}M(\d{1,4}W)?(\d{1,5}D)?|\d{1,4}W(\d{1,5}D)?|\d{1,5}D)$/;

/** ISO 8601 duration of whole years, months, weeks and days, e.g. `P3Y`. */
export const DaysDuration = z
  .string()
  .regex(durationPattern, "expected a duration such as P3Y or P18M")
  .max(21)
  .describe("An ISO 8601 duration of years, months, weeks and days, e.g. P3Y");

/** A PostgreSQL name, or `schema.name`; quoted by the trainer, so case is kept. */
export const TableName = z
  .string()
  .min(1)
  .max(127)
  .regex(/^[^\0.]+(\.[^\0.]+)?$/, "expected a table name, or schema.table");
export const ColumnName = z.string().min(1).max(63);

export const StationId = z.string().min(1).max(1024);

/** Names of models become directories, label values and parts of object names. */
export const ModelName = z
  .string()
  .max(40)
  .regex(
    /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
    "expected lower-case letters, digits and '-', starting with a letter",
  )
  .describe("The name whose versions are published, e.g. bike-traffic; runs of one model never overlap");

export const Period = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, { error: "expected a month such as 2026-12", abort: true })
  .max(7)
  .describe("The month a scheduled run belongs to, e.g. 2026-12");

export const Percent = z.int().min(0).max(100);

/** Without a slash, "+01:00", "IST" or "BST" mean one thing to this runtime and another to PostgreSQL. */
const isUnambiguous = (zone: string): boolean => zone === "UTC" || zone.includes("/");
const inThisRuntime = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false; // RangeError is how Intl says "unknown zone"; it has no predicate.
  }
};
export const TimeZone = z
  .string()
  .max(64)
  .refine(
    (zone) => isUnambiguous(zone) && inThisRuntime(zone),
    "expected an IANA time zone such as Europe/Paris",
  )
  .describe("IANA time zone whose calendar days are counted, e.g. Europe/Paris");
