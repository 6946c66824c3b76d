import { createHash } from "node:crypto";

/** What a name is derived from; JSON keeps the parts apart, whatever they contain. */
type Parts = readonly (string | undefined)[];

const digest = (parts: Parts): string => createHash("sha256").update(JSON.stringify(parts)).digest("hex");

const nameOf = (model: string, parts: Parts): string => `${model}-api-${digest(parts).slice(0, 10)}`;

/** One user's key names one run, in every replica and after every restart. */
export const nameByKey = (user: string, model: string, key: string): string =>
  nameOf(model, ["key", user, model, key]);

/**
 * The name of the run that follows another, the model's newest as a rule: replicas that race see the same one, and the API server
 * lets only one of them create its follower. `purpose` keeps restores and training apart.
 */
export const nameAfter = (model: string, newestUid: string | undefined, purpose: string): string =>
  nameOf(model, ["after", model, newestUid, purpose]);

/** What was asked for, to be told from another request with the same key. */
export const fingerprintOf = (spec: object, reason: string | undefined): string =>
  createHash("sha256")
    .update(JSON.stringify([spec, reason]))
    .digest("hex")
    .slice(0, 32);
