import type { TrainerReport } from "../../../contract/trainer-report.ts";
import { day, moment } from "../format.ts";
import { markup, type Markup, type Part } from "../markup.ts";
import { code, facts } from "../section.ts";
import { verdictWords } from "../verdict-words.ts";
import { doorWords } from "../words.ts";

/** The verdict and why, and who asked for the run. */
export function verdict(report: TrainerReport): Markup {
  const { tone, headline } = verdictWords[report.verdict];
  return markup`<header id="verdict" class="${tone}">
<p class="model">${report.model}${report.period === undefined ? undefined : ` · ${report.period}`}</p>
<h1>${headline(report)}</h1>
<p class="why"><span class="badge">${report.verdict}</span> <span class="message">${report.message}</span></p>
${facts(asked(report))}</header>
`;
}

function asked(report: TrainerReport): (readonly [string, Part])[] {
  const { requestedBy, trigger, period, forceReason, startedAt, finishedAt } = report;
  return [
    ["Asked for by", requestedBy === undefined ? doorWords(trigger) : markup`<bdi>${requestedBy}</bdi>`],
    ["Door", trigger],
    ["Period", period],
    ["Forced, because", forceReason],
    ["Started", moment(startedAt)],
    ["Finished", moment(finishedAt)],
    ["Reason", report.reason],
    ["Current version", currentOf(report)],
    ...restoredFacts(report),
  ];
}

const currentOf = ({ current }: TrainerReport): Part =>
  current === undefined ? "none yet" : code(current.version);

function restoredFacts({ restored }: TrainerReport): (readonly [string, Part])[] {
  if (restored === undefined) return [];
  const { version, from, hold } = restored;
  const until = hold?.until === undefined ? "until it is released" : `until ${moment(hold.until)}`;
  return [
    ["Restored", code(version)],
    ["Instead of", from === null ? "none" : code(from)],
    [
      "Held",
      hold === undefined ? "no" : markup`by <bdi>${hold.by}</bdi>, since ${moment(hold.since)}, ${until}`,
    ],
    ["Held, because", hold?.why],
  ];
}

/** The title of the browser's window. */
export const titleOf = ({ model, verdict: word, finishedAt }: TrainerReport): string =>
  `${model}: ${word}, ${day(finishedAt.slice(0, 10))}`;
