import { TrainerReport } from "../../contract/trainer-report.ts";
import { legible } from "./legible.ts";
import { markup, trusted, type Markup } from "./markup.ts";
import type { Chapter, Section } from "./section.ts";
import { backtest } from "./sections/backtest.ts";
import { checks } from "./sections/checks.ts";
import { cleaning } from "./sections/cleaning.ts";
import { counters } from "./sections/counters.ts";
import { keyFigures } from "./sections/figures.ts";
import { gate } from "./sections/gate.ts";
import { grid } from "./sections/grid.ts";
import { importance } from "./sections/importance.ts";
import { lineage } from "./sections/lineage.ts";
import { months } from "./sections/months.ts";
import { notJudged } from "./sections/not-judged.ts";
import { series } from "./sections/series.ts";
import { stages } from "./sections/stages.ts";
import { titleOf, verdict } from "./sections/verdict.ts";
import { style } from "./style.ts";

/** The page from top to bottom, below verdict and key figures. */
const sections: readonly Section[] = [
  gate,
  backtest,
  checks,
  cleaning,
  notJudged,
  months,
  counters,
  series,
  importance,
  grid,
  stages,
  lineage,
];

/**
 * report.html: one run for people, in one file without scripts that asks the network for nothing. Whatever the report's
 * texts hold is shown as text, with unseen characters named.
 */
export async function reportPage(report: TrainerReport): Promise<string> {
  const shown = readable(report);
  const chapters: Chapter[] = [];
  for (const section of sections) {
    const chapter = await section(shown);
    if (chapter !== undefined) chapters.push(chapter);
  }
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${titleOf(shown)}</title>
<link rel="icon" href="data:,">
<style>
${trusted(style)}
</style>
</head>
<body>
<main>
${verdict(shown)}${keyFigures(shown)}${contents(chapters)}${chapters}</main>
<footer><p>Report of run ${shown.runUid}. Every number here stands in its JSON report too.</p></footer>
</body>
</html>
`;
  return page.markup;
}

const contents = (chapters: readonly Chapter[]): Markup | undefined =>
  chapters.length < 4
    ? undefined
    : markup`<nav aria-label="Contents">${chapters.map(({ id, title }) => markup`<a href="#${id}">${title}</a> `)}</nav>
`;

/** The report with every text legible; read by its schema once more, which leaves unknown fields behind. */
const readable = (report: TrainerReport): TrainerReport =>
  TrainerReport.parse(
    JSON.parse(JSON.stringify(report), (_, value: unknown) =>
      typeof value === "string" ? legible(value) : value,
    ),
  );
