import type { Cell } from "./frame.ts";
import { markup, type Markup } from "./markup.ts";

const signs: ReadonlyMap<Cell, { readonly sign: string; readonly tone: string }> = new Map([
  ["passed", { sign: "✓", tone: "good" }],
  ["warning", { sign: "!", tone: "care" }],
  ["failed", { sign: "✕", tone: "bad" }],
]);

/** passed, warning or failed, with a sign, so that nobody needs the colour. */
export function statusBadge(status: Cell): Markup {
  const { sign, tone } = signs.get(status) ?? { sign: "", tone: "calm" };
  return markup`<span class="status ${tone}"><span aria-hidden="true">${sign}</span> ${status ?? ""}</span>`;
}
