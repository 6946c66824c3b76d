/** Cells are text already: how many decimals a number deserves is for the table's author to say. */
export type Row = Readonly<Record<string, string>>;

const isNumber = (cell: string): boolean => /^-?[\d.]*$/.test(cell);

/** As wide as the longest cell, numbers to the right; danfojs' own tables cut cells after 17 characters. */
function layout(name: string, rows: readonly Row[]): { width: number; alignment: "left" | "right" } {
  const cells = rows.map((row) => row[name] ?? "");
  return {
    width: Math.max(name.length, ...cells.map((cell) => cell.length)),
    alignment: cells.every(isNumber) ? "right" : "left",
  };
}

/** A table for a terminal, drawn by danfojs, which is loaded only here: it takes a second and 130 MB. */
export async function tableText(rows: readonly Row[]): Promise<string> {
  const { DataFrame } = await import("danfojs-node");
  const names = Object.keys(rows[0] ?? {});
  const index = { width: String(rows.length).length, alignment: "right" as const };
  const frame = new DataFrame(
    rows.map((row) => names.map((name) => row[name] ?? "")),
    {
      columns: names,
      index: rows.map((_, i) => i + 1),
      config: {
        tableMaxRow: rows.length,
        tableMaxColInConsole: names.length,
        tableDisplayConfig: {
          columns: [index, ...names.map((name) => layout(name, rows))],
          drawHorizontalLine: (line: number, count: number) => line <= 1 || line === count,
        },
      },
    },
  );
  return frame.toString().trimEnd();
}
