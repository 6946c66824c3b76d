import { shortened } from "../format.ts";
import type { Markup } from "../markup.ts";
import { drawn, type ColourName } from "../palette.ts";
import { plot, sized, type Area } from "../plot.ts";

/** A bar from one value to another, in the unit of the axis. */
export interface Bar {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  /** The value as it is written beside the bar. */
  readonly text: string;
  readonly colour: ColourName;
}

const rowHeight = 24;
const labelLength = 26;

/** One horizontal bar a row, its label before it and its value behind it. */
export async function barPlot(bars: readonly Bar[], axisTitle: string, alt: string): Promise<Markup> {
  const area: Area = {
    width: 200,
    height: bars.length * rowHeight,
    padding: { left: 186, right: 64, top: 4, bottom: 44 },
  };
  const values = bars.map(({ label, colour, ...bar }, row) => ({
    ...bar,
    row,
    label: shortened(label, labelLength),
    colour: drawn(colour),
    end: Math.max(bar.from, bar.to),
  }));
  const isInside = { scale: { nice: false, zero: true, domainMin: 0 } };
  const axis = { title: axisTitle, tickCount: 4, format: ",~f", labelOverlap: true };
  return await plot(
    {
      ...sized(area),
      data: { values },
      encoding: { y: { field: "row", type: "ordinal", axis: null } },
      layer: [
        {
          mark: { type: "bar", height: { band: 0.62 }, minBandSize: 1 },
          encoding: {
            x: { field: "from", type: "quantitative", axis, ...isInside },
            x2: { field: "to" },
            color: { field: "colour", type: "nominal", scale: null },
          },
        },
        {
          mark: { type: "text", align: "left", dx: 5 },
          encoding: { x: { field: "end", type: "quantitative" }, text: { field: "text", type: "nominal" } },
        },
        {
          mark: { type: "text", align: "right", x: -8 },
          encoding: { text: { field: "label", type: "nominal" } },
        },
      ],
    },
    area,
    alt,
  );
}
