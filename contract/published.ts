import { z } from "zod";

import { ModelName } from "./spec/words.ts";

/** `<UTC yyyymmddThhmmssZ>-<id>`, and `-2`, `-3` … when that name was taken. Order comes from generations, never from names. */
export const VersionName = z.string().regex(/^\d{8}T\d{6}Z-[a-z0-9]{1,8}(-\d{1,4})?$/);

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A file inside a version directory, `/` between the parts; no part begins with a dot, so none can leave the directory. */
export const ArtifactPath = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/);

/** Size in bytes and SHA-256 of one file. */
export const ManifestFile = z.object({ size: z.int().nonnegative(), sha256: Sha256 });
export type ManifestFile = z.infer<typeof ManifestFile>;

/** `versions/<version>/MANIFEST.json`, written last: every other file of the version, by path. */
export const Manifest = z.object({
  model: ModelName,
  version: VersionName,
  runUid: z.string().min(1),
  createdAt: z.iso.datetime(),
  files: z.record(ArtifactPath, ManifestFile),
});
export type Manifest = z.infer<typeof Manifest>;

/** Keeps runs from replacing the current version until it is released, forced, or over. */
export const Hold = z.object({
  by: z.string().min(1),
  why: z.string().min(1),
  since: z.iso.datetime(),
  until: z.iso.datetime().optional(),
});
export type Hold = z.infer<typeof Hold>;

/** `CURRENT.json`: the version that readers are served. Replacing this file is the commit point of a publication. */
export const CurrentPointer = z.object({
  version: VersionName,
  /** SHA-256 of the version's MANIFEST.json. */
  manifestSha256: Sha256,
  /** The version that was current before; null for the first. */
  previous: VersionName.nullable(),
  /** Grows with every publication, with gaps where a run was ended before its commit. */
  generation: z.int().positive(),
  /** The run that made it current: its own, or the one that restored it. */
  runUid: z.string().min(1),
  publishedAt: z.iso.datetime(),
  hold: Hold.optional(),
});
export type CurrentPointer = z.infer<typeof CurrentPointer>;

/** intended: claimed, not yet current. committed: became current. abandoned: its run was ended before the commit. */
const HistoryState = z.enum(["intended", "committed", "abandoned"]);

/** What made the version data-wise: equal fingerprints would train the same model again. */
export const Fingerprints = z.object({ data: z.string(), recipe: z.string() });
export type Fingerprints = z.infer<typeof Fingerprints>;

/** `history/000012.json`: who made which version current, when, instead of which, and why. */
export const HistoryEntry = z.object({
  generation: z.int().positive(),
  state: HistoryState,
  /** Restore made an older version current again; Release ended a hold, `from` and `to` are one version. */
  kind: z.enum(["Publish", "Restore", "Release"]).default("Publish"),
  from: VersionName.nullable(),
  to: VersionName,
  runUid: z.string().min(1),
  by: z.string().min(1),
  why: z.string().min(1),
  at: z.iso.datetime(),
  /** Of the version that a restore rolled back, where its report could be read. */
  rolledBack: Fingerprints.optional(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/** `pins/<version>.json`: keeps a version from retention. */
export const Pin = z.object({ by: z.string().min(1), why: z.string().min(1), at: z.iso.datetime() });
export type Pin = z.infer<typeof Pin>;

const Degrees = z.number().nullable();

/** `preprocessor.json`: what a reader needs beside the model to make its columns. */
export const Preprocessor = z.object({
  formatVersion: z.literal(1),
  featureContractVersion: z.int(),
  model: ModelName,
  version: VersionName,
  /** SHA-256 of the model.ubj it belongs to. */
  modelSha256: Sha256,
  /** Last day with a training row. */
  dataThrough: z.iso.date(),
  timeZone: z.string(),
  holidayCountry: z.string(),
  features: z.array(z.string()),
  target: z.string(),
  served: z.string(),
  /** The feature station_id is the position here; null degrees are unknown. */
  stations: z.array(
    z.object({ id: z.string(), name: z.string().nullable(), latitude: Degrees, longitude: Degrees }),
  ),
});
export type Preprocessor = z.infer<typeof Preprocessor>;
