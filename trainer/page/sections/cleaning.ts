import type { DataReport, TrainerReport } from "../../../contract/trainer-report.ts";
import { count, counted, percent } from "../format.ts";
import { frameOf, rowsOf, withRunningSum, type Row } from "../frame.ts";
import { markup, type Part } from "../markup.ts";
import { barPlot, type Bar } from "../plots/bars.ts";
import { beside, paragraph, section, type Chapter } from "../section.ts";
import { numbers, table } from "../table.ts";
import { cleaningCounts, cleaningSteps } from "../words.ts";

/** What each step of the cleaning dropped, as a waterfall from readings to training rows. */
export async function cleaning({ data }: TrainerReport): Promise<Chapter | undefined> {
  if (data === undefined) return undefined;
  const steps = withRunningSum(await frameOf(stepRows(data)), "change", "left");
  const rows = rowsOf(steps);
  const { bike_count: all, training_rows: kept } = data.waterfall;
  const share = all === 0 ? "" : ` (${percent((100 * kept) / all)})`;
  return section(
    "cleaning",
    "What the cleaning kept",
    paragraph(
      `${counted(kept, "training row")} of ${counted(all, "reading")}${share} were left. A row needs the day's weather, and the counts one and seven days before.`,
    ),
    beside(
      await barPlot(
        rows.map(barOf),
        "readings",
        `Waterfall from ${count(all)} readings to ${count(kept)} training rows`,
      ),
      table(
        steps,
        [{ key: "step", head: "Step" }, numbers("shown", "Count", count), numbers("left", "Left", count)],
        { caption: "What each step of the cleaning dropped", isStressed: ({ kind }) => kind === "end" },
      ),
    ),
    exclusions(data),
  );
}

/** `change` is what the step adds to the rest: all readings first, then drops; the last line only repeats the rest. */
function stepRows(data: DataReport): Row[] {
  const counts = Object.entries(cleaningCounts(data));
  const words: ReadonlyMap<string, string> = new Map(Object.entries(cleaningSteps));
  const order = Object.keys(cleaningSteps);
  return counts
    .filter(([step, dropped]) => step !== "summed" || dropped > 0)
    .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
    .map(([step, value]) => {
      const kind = step === "bike_count" ? "start" : step === "training_rows" ? "end" : "drop";
      const change = { start: value, drop: -value, end: 0 }[kind];
      return { step: words.get(step) ?? step, kind, shown: value, change };
    });
}

function barOf({ step, kind, shown, left, change }: Row): Bar {
  const [value, rest, moved] = [Number(shown), Number(left), Number(change)];
  const isDrop = kind === "drop";
  return {
    label: String(step),
    from: isDrop ? rest : 0,
    to: isDrop ? rest - moved : value,
    text: isDrop && value > 0 ? `\u2212${count(value)}` : count(value),
    colour: isDrop ? "drop" : "candidate",
  };
}

const mostExclusions = 30;

function exclusions({ excluded }: DataReport): Part {
  if (excluded.length === 0) return undefined;
  const items = excluded
    .slice(0, mostExclusions)
    .map(
      ({ why, stationDays }) => markup`<li><bdi>${why}</bdi>: ${counted(stationDays, "station-day")}</li>`,
    );
  const rest = excluded.length - items.length;
  return markup`<h3>Excluded by request</h3>
<ul>${items}${rest > 0 ? markup`<li>and ${counted(rest, "more")}</li>` : undefined}</ul>`;
}
