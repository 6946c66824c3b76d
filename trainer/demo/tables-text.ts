/** Cells are text already: how many decimals a number deserves is for the table's author to say. */
export type Row = Readonly<Record<string, string>>;

/** A table for a terminal, drawn by danfojs, which is loaded only here: it takes a second and 130 MB. */
export async function tableText(rows: readonly Row[]): Promise<string> {
  const { DataFrame } = await import("danfojs-node");
  const names = Object.keys(rows[0] ?? {});
  const frame = new DataFrame(
    rows.map((row) => names.map((name) => row[name] ?? "")),
    {
      columns: names,
      index: rows.map((_, i) => i + 1),
      config: {
        tableMaxRow: rows.length,
        tableMaxColInConsole: names.length,
        tableDisplayConfig: {
          drawHorizontalLine: (line: number, count: number) => line <= 1 || line === count,
        },
      },
    },
  );
  return frame.toString();
}
