import type { TrainerReport } from "../../contract/trainer-report.ts";
import { keepRunReport } from "../publish/run-reports.ts";
import type { Log } from "../log.ts";
import type { Draft } from "./draft.ts";

export interface Keeping {
  readonly draft: Draft;
  readonly log: Log;
  /** Renders report.html; not asked when the version has one already. */
  readonly page: (report: TrainerReport) => Promise<string | undefined>;
  readonly startedAt: Date;
}

/**
 * Keeps the report of a run below runs/, whatever its verdict: what was rejected last month is asked next month. That
 * it cannot be kept does not change how the run ended.
 */
export async function keepReport(
  { draft, log, page, startedAt }: Keeping,
  report: TrainerReport,
): Promise<void> {
  const { volume, kept } = draft;
  if (volume === undefined) return;
  try {
    // The version's page was made before the commit, which may not have come.
    const html = report.verdict === "Published" && draft.page !== undefined ? draft.page : await page(report);
    const files = new Map<string, string | Uint8Array>(kept);
    files.set("report.json", `${JSON.stringify(report, null, 1)}\n`);
    if (html !== undefined) files.set("report.html", html);
    await keepRunReport(volume, { runUid: report.runUid, startedAt, files });
  } catch (error) {
    log.warn(`The report was not kept below ${volume.runs}: ${String(error)}`);
  }
}
