import type { Evaluation, StationSeries, TrainerReport } from "../../../contract/trainer-report.ts";
import { dayOf, plusDays } from "../../days.ts";
import { counted, decimal } from "../format.ts";
import { markup, trusted, type Markup, type Part } from "../markup.ts";
import { drawn } from "../palette.ts";
import { linePlot, lineStyles, type Drawn } from "../plots/lines.ts";
import { note, section, type Chapter } from "../section.ts";

/** A longer window would be a band of ink; the newest days are shown. */
const mostDays = 120;

const groups = [
  { shownAs: "worst", title: "The counters with the largest error" },
  { shownAs: "biggest", title: "Of the others, the counters with the most bicycles" },
] as const;

/** Counts and predictions of the worst and the biggest counters over the window. */
export async function series({ evaluation }: TrainerReport): Promise<Chapter | undefined> {
  if (evaluation === undefined || evaluation.series.length === 0) return undefined;
  return section(
    "series",
    "Counted and predicted",
    key(evaluation.series),
    await Promise.all(groups.map((group) => groupPanels(group, evaluation))),
    evaluation.window.days > mostDays
      ? note(`The newest ${String(mostDays)} days of the window are shown.`)
      : undefined,
  );
}

async function groupPanels(
  { shownAs, title }: (typeof groups)[number],
  evaluation: Evaluation,
): Promise<Part> {
  const shown = evaluation.series.filter((one) => one.shownAs === shownAs);
  if (shown.length === 0) return undefined;
  const panels = await Promise.all(shown.map((one) => panel(one, evaluation)));
  return markup`<h3>${title}</h3>
<div class="columns">${panels}</div>`;
}

async function panel(one: StationSeries, { stations, window }: Evaluation): Promise<Markup> {
  const name = one.name ?? one.station;
  const error = stations.find(({ station }) => station === one.station)?.candidate.mae;
  const words = `${counted(one.days.length, "day")}${error === undefined ? "" : `, MAE ${decimal(error)}`}`;
  const svg = await linePlot(one, newest(window), `Counted and predicted bicycles a day: ${name}`);
  return markup`<figure><figcaption><bdi>${name}</bdi> <span class="sub">${words}</span></figcaption>${svg}</figure>`;
}

/** The same days in every panel, whichever of them a counter has. */
function newest({ from, to }: Evaluation["window"]): Drawn {
  const [first, last] = [dayOf(from), dayOf(to)];
  const earliest = plusDays(last, 1 - mostDays);
  return { from: first > earliest ? first : earliest, to: last };
}

const lineWords = { actual: "counted", candidate: "candidate", champion: "champion" } as const;

function key(all: readonly StationSeries[]): Markup {
  const names = (["actual", "candidate", "champion"] as const).filter((name) =>
    all.some((one) => one[name] !== undefined),
  );
  return markup`<p class="key">${names.map((name) => {
    const { colour, width, ...style } = lineStyles[name];
    const dash = "dash" in style ? ` stroke-dasharray="${style.dash.join(" ")}"` : "";
    const path = `<path d="M1 6h26" stroke="${drawn(colour)}" stroke-width="${String(width)}" stroke-linecap="round"${dash}/>`;
    return markup`<span><svg class="plot" aria-hidden="true" width="28" height="12" viewBox="0 0 28 12">${trusted(path)}</svg> ${lineWords[name]}</span> `;
  })}</p>`;
}
