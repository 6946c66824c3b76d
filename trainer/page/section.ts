import type { TrainerReport } from "../../contract/trainer-report.ts";
import { markup, type Markup, type Part } from "./markup.ts";

/** A part of the page, undefined where the report has nothing to say about it. */
export type Section = (report: TrainerReport) => Promise<Chapter | undefined> | Chapter | undefined;

/** A part with a heading, so that the page can link to it. */
export interface Chapter extends Markup {
  readonly id: string;
  readonly title: string;
}

/** A section with its heading; `id` is what links and tests find it by. */
export const section = (id: string, title: string, ...content: readonly Part[]): Chapter => ({
  id,
  title,
  ...markup`<section id="${id}"><h2>${title}</h2>
${content}</section>
`,
});

/** A plot beside its table, under it where the screen is narrow. */
export const beside = (plot: Part, table: Part): Markup =>
  markup`<div class="pair"><figure>${plot}</figure><div>${table}</div></div>`;

export const paragraph = (...content: readonly Part[]): Markup => markup`<p>${content}</p>
`;
export const note = (...content: readonly Part[]): Markup => markup`<p class="note">${content}</p>
`;

/** Terms and what they are; a term without a value is left out. */
export const facts = (pairs: readonly (readonly [term: string, value: Part])[]): Markup =>
  markup`<dl class="facts">${pairs
    .filter(([, value]) => value !== undefined)
    .map(([term, value]) => markup`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>
`;

/** Names, hashes and the like, which may break anywhere. */
export const code = (text: string): Markup => markup`<code>${text}</code>`;
