import { shortened } from "../format.ts";
import type { Markup } from "../markup.ts";
import { drawn } from "../palette.ts";
import { plot, sized, type Area } from "../plot.ts";
import type { ForecastMark } from "./forecasts.ts";

/** The error of each forecast for one month or counter; a forecast without a number has no dot. */
export interface DotRow {
  readonly label: string;
  readonly errors: Readonly<Partial<Record<ForecastMark["name"], number>>>;
}

const rowHeight = 26;
const labelLength = 26;

/** One row for each label, one dot for each forecast, and a line that joins them. */
export async function dotPlot(
  rows: readonly DotRow[],
  marks: readonly ForecastMark[],
  alt: string,
): Promise<Markup> {
  const area: Area = {
    width: 240,
    height: rows.length * rowHeight,
    padding: { left: 186, right: 24, top: 4, bottom: 44 },
  };
  const dots = rows.flatMap(({ errors }, row) =>
    // The candidate is drawn last, over the others.
    marks.toReversed().flatMap(({ name, shape, colour }) => {
      const error = errors[name];
      return error === undefined ? [] : [{ row, error, shape, colour: drawn(colour) }];
    }),
  );
  const labels = rows.map(({ label }, row) => ({ row, label: shortened(label, labelLength) }));
  const axis = { title: "mean absolute error, bicycles a day", tickCount: 5, format: ",~f" };
  const x = { field: "error", type: "quantitative", axis, scale: { zero: true, nice: true } } as const;
  return await plot(
    {
      ...sized(area),
      data: { values: dots },
      encoding: { y: { field: "row", type: "ordinal", axis: null } },
      layer: [
        {
          mark: { type: "rule", color: drawn("line"), strokeWidth: 2 },
          encoding: {
            x: { ...x, aggregate: "min" },
            x2: { field: "error", aggregate: "max" },
          },
        },
        {
          mark: { type: "point", filled: true, opacity: 1, size: 75 },
          encoding: {
            x,
            color: { field: "colour", type: "nominal", scale: null },
            shape: { field: "shape", type: "nominal", scale: null },
          },
        },
        {
          data: { values: labels },
          mark: { type: "text", align: "right", x: -10 },
          encoding: { text: { field: "label", type: "nominal" } },
        },
      ],
    },
    area,
    alt,
  );
}
