/** Markup that may stand in the page as it is. Only `markup` and `trusted` make it; everything else is text. */
export interface Markup {
  readonly markup: string;
}

/** What a template may hold: text is escaped, markup is not, lists are joined, absence is nothing. */
export type Part = Markup | string | number | undefined | readonly Part[];

const entities: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

/** Text for an element or a quoted attribute. */
export const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (sign) => entities.get(sign) ?? "");

/** Template tag: what is written in the source is markup, what is put in is escaped unless it is markup itself. */
export const markup = (sources: TemplateStringsArray, ...parts: readonly Part[]): Markup => ({
  markup: sources.map((source, i) => source + textOf(parts[i])).join(""),
});

function textOf(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string") return escaped(part);
  if (typeof part === "number") return String(part);
  return "markup" in part ? part.markup : part.map(textOf).join("");
}

/** For markup that somebody else has escaped: Vega's SVG, the style sheet. */
export const trusted = (text: string): Markup => ({ markup: text });
