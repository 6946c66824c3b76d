import type { TrainerReport } from "../../../contract/trainer-report.ts";
import { count, duration, mebibytes, percent } from "../format.ts";
import { frameOf, rowsOf, withShare } from "../frame.ts";
import { markup } from "../markup.ts";
import { barPlot } from "../plots/bars.ts";
import { beside, paragraph, section, type Chapter } from "../section.ts";
import { numbers, table } from "../table.ts";
import { stageWords } from "../words.ts";

/** Where the time went. */
export async function stages(report: TrainerReport): Promise<Chapter | undefined> {
  if (report.stages.length === 0) return undefined;
  const rows = report.stages.map(({ name, seconds, rows: handled, rounds }) => ({
    name,
    words: stageWords[name],
    seconds,
    rows: handled ?? null,
    rounds: rounds ?? null,
  }));
  const frame = withShare(await frameOf(rows), "seconds", "share");
  const bars = rowsOf(frame).map(({ name, seconds }) => ({
    label: String(name),
    from: 0,
    to: Number(seconds),
    text: duration(Number(seconds)),
    colour: "calm" as const,
  }));
  return section(
    "stages",
    "Where the time went",
    paragraph(`Peak memory ${mebibytes(report.peakMemoryBytes)}.`),
    beside(
      await barPlot(bars, "seconds", "Seconds of each stage, the same numbers as in the table"),
      table(
        frame,
        [
          {
            key: "name",
            head: "Stage",
            show: (name, { words }) => markup`${name ?? ""}<span class="sub">${words ?? ""}</span>`,
          },
          numbers("seconds", "Time", duration),
          numbers("share", "Share", (value) => percent(value)),
          numbers("rows", "Rows", count),
          numbers("rounds", "Rounds", count),
        ],
        { caption: "Time, rows and boosting rounds of each stage", looks: ["heard", "dense", "stacked"] },
      ),
    ),
  );
}
