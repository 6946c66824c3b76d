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

/** `CURRENT.json`: the version that readers are served. Replacing this file is the commit point of a publication. */
export const CurrentPointer = z.object({
  version: VersionName,
  /** SHA-256 of the version's MANIFEST.json. */
  manifestSha256: Sha256,
  /** The version that was current before; null for the first. */
  previous: VersionName.nullable(),
  /** Grows with every publication, with gaps where a run was ended before its commit. */
  generation: z.int().positive(),
  runUid: z.string().min(1),
  publishedAt: z.iso.datetime(),
});
export type CurrentPointer = z.infer<typeof CurrentPointer>;

/** intended: claimed, not yet current. committed: became current. abandoned: its run was ended before the commit. */
const HistoryState = z.enum(["intended", "committed", "abandoned"]);

/** `history/000012.json`: who made which version current, when, instead of which, and why. */
export const HistoryEntry = z.object({
  generation: z.int().positive(),
  state: HistoryState,
  from: VersionName.nullable(),
  to: VersionName,
  runUid: z.string().min(1),
  by: z.string().min(1),
  why: z.string().min(1),
  at: z.iso.datetime(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;
