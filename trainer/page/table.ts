import type { DataFrame } from "danfojs-node";

import { rowsOf, type Cell, type Row } from "./frame.ts";
import { markup, trusted, type Markup, type Part } from "./markup.ts";

/** A column of a table: which column of the frame, its head, and how a cell reads. */
export interface Column {
  readonly key: string;
  readonly head: Part;
  readonly isNumber?: boolean;
  /** Text and numbers as they are when not given. */
  readonly show?: (cell: Cell, row: Row) => Part;
}

/** A column of numbers, each shown with `format`; a dash where there is none. */
export const numbers = (key: string, head: Part, format: (value: number) => string): Column => ({
  key,
  head,
  isNumber: true,
  show: (cell) => (typeof cell === "number" ? format(cell) : "–"),
});

interface TableOptions {
  /** What the table shows, for people who hear the page. */
  readonly caption: string;
  /**
   * heard: the heading above says the caption already. dense: many short rows, each on one line. stacked: on a narrow
   * screen the first cell takes a line of its own, and the others share the next.
   */
  readonly looks?: readonly ("heard" | "dense" | "stacked")[];
  /** Rows to stress. */
  readonly isStressed?: (row: Row) => boolean;
}

/** A frame as an HTML table; the first cell heads its row. It scrolls in its own box where the screen is too narrow. */
export function table(frame: DataFrame, columns: readonly Column[], options: TableOptions): Markup {
  const { caption, looks = [], isStressed } = options;
  const heads = columns.map(({ head, isNumber }) => markup`<th scope="col"${classOf(isNumber)}>${head}</th>`);
  return markup`<div class="scroll"><table class="${looks.join(" ")}" style="--cells:${columns.length - 1}">
<caption>${caption}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>
${rowsOf(frame).map((row) => rowMarkup(row, columns, isStressed?.(row) ?? false))}</tbody></table></div>`;
}

function rowMarkup(row: Row, columns: readonly Column[], isStressed: boolean): Markup {
  const cells = columns.map(({ key, isNumber, show }, i) => {
    const cell = row[key] ?? null;
    const shown = show === undefined ? (cell ?? "–") : show(cell, row);
    return i === 0
      ? markup`<th scope="row"${classOf(isNumber)}>${shown}</th>`
      : markup`<td${classOf(isNumber)}>${shown}</td>`;
  });
  return markup`<tr${isStressed ? trusted(' class="stressed"') : undefined}>${cells}</tr>
`;
}

const classOf = (isNumber = false): Markup | undefined => (isNumber ? trusted(' class="number"') : undefined);
