import { createHash } from "node:crypto";

import type { z } from "zod";

import { Configuration } from "../../../contract/configuration.ts";
import type { RunSeen } from "../../../operator/reconcile/seen.ts";
import type { Settings } from "../../../operator/reconcile/settings.ts";

/** A run that has just been created. */
export const runSeen = (differs: Partial<RunSeen> = {}): RunSeen => ({
  namespace: "velo",
  name: "monthly",
  uid: "0f6e1a52-7c1b-4a43-9a50-1f2f6b0d7e11",
  resourceVersion: "1",
  generation: 1,
  createdAt: new Date("2026-12-01T01:00:00Z"),
  deleting: false,
  startedAs: undefined,
  model: "bike-traffic",
  spec: {},
  status: {},
  ...differs,
});

export const settingsOf = (configuration: z.input<typeof Configuration> = {}): Settings => ({
  configuration: Configuration.parse(configuration),
  sha256: (text) => createHash("sha256").update(text).digest("hex"),
});
