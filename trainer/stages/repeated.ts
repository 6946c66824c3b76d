import { Reason } from "../../contract/reasons.ts";
import type { HistoryEntry } from "../../contract/published.ts";
import { readVersionReport } from "../publish/versions.ts";
import type { Outcome } from "../report/ending.ts";
import type { Volume } from "./open.ts";

const note = "An earlier attempt of this run made it current and was ended before it could say so";

/** A run that was ended after its commit point has its verdict: what is left is to say it, once more. */
export async function repeatedOutcome(
  { directory }: Volume,
  { kind, to, from }: HistoryEntry,
): Promise<Outcome> {
  if (kind === "Restore") return { kind: "restored", version: to, from, notes: [note] };
  const report = await readVersionReport(directory, to);
  if (report.ok) return { kind: "repeated", report: report.value };
  return { kind: "published", version: to, reason: Reason.NewVersion, notes: [note] };
}
