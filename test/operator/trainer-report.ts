import type { TerminationMessage } from "../../contract/termination-message.ts";
import type { Run } from "./place.ts";

/** What a trainer that published leaves in its Pod's status. */
export const reportOf = (run: Run, differs: Partial<TerminationMessage> = {}): TerminationMessage => ({
  schemaVersion: 1,
  runUid: run.metadata.uid,
  verdict: "Published",
  reason: "NewVersion",
  message: "Version 20261201T010000Z-run1 is current",
  version: "20261201T010000Z-run1",
  rows: 35_000,
  stations: 46,
  dataThrough: "2026-11-30",
  metrics: { mae: 80.126, championMae: 90, naiveMae: 100.5, rmse: 155.25, wapePercent: 21.27 },
  peakMemoryBytes: 300 * 2 ** 20,
  ...differs,
});
