import type { StationSeries } from "../../../contract/trainer-report.ts";
import { dayOf, type Day } from "../../days.ts";
import type { Markup } from "../markup.ts";
import { drawn, type ColourName } from "../palette.ts";
import { plot, sized, type Area } from "../plot.ts";

/** First and last day of a panel. */
export interface Drawn {
  readonly from: Day;
  readonly to: Day;
}

interface Point {
  /** Milliseconds, as Vega counts time. */
  readonly time: number;
  readonly count: number;
  /** Grows with every gap: a line must not cross days that nobody counted. */
  readonly stretch: number;
}

const timeOf = (day: Day): number => day * 86_400_000;

function points(days: readonly string[], counts: readonly number[], { from, to }: Drawn): Point[] {
  let [stretch, last] = [0, NaN];
  return days.flatMap((text, i) => {
    const day = dayOf(text);
    if (day - last > 1) stretch++;
    last = day;
    return day < from || day > to ? [] : [{ time: timeOf(day), count: counts[i] ?? 0, stretch }];
  });
}

const line = (values: readonly Point[], colour: ColourName, style: { width: number; dash?: number[] }) => ({
  data: { values: [...values] },
  mark: {
    type: "line" as const,
    color: drawn(colour),
    strokeWidth: style.width,
    strokeJoin: "round" as const,
    strokeCap: "round" as const, // A day alone is a stretch without length: the cap makes it a dot.
    ...(style.dash === undefined ? {} : { strokeDash: style.dash }),
  },
  encoding: { detail: { field: "stretch", type: "nominal" as const } },
});

/** How each line is drawn, also in the key of the section. */
export const lineStyles = {
  actual: { colour: "ink", width: 1.6 },
  candidate: { colour: "candidate", width: 2.2 },
  champion: { colour: "champion", width: 1.6, dash: [1, 4] },
} as const satisfies Record<string, { colour: ColourName; width: number; dash?: number[] }>;

/** Counts and predictions of one station over days of the window. */
export async function linePlot(series: StationSeries, drawnDays: Drawn, alt: string): Promise<Markup> {
  const area: Area = { width: 400, height: 120, padding: { left: 52, right: 18, top: 26, bottom: 26 } };
  const layers = (["champion", "candidate", "actual"] as const).flatMap((name) => {
    const counts = series[name];
    const { colour, width, ...dash } = lineStyles[name];
    return counts === undefined
      ? []
      : [line(points(series.days, counts, drawnDays), colour, { width, ...dashOf(dash) })];
  });
  return await plot(
    {
      ...sized(area),
      encoding: {
        x: {
          field: "time",
          type: "temporal",
          scale: { type: "utc", domain: [timeOf(drawnDays.from), timeOf(drawnDays.to)] },
          axis: { title: null, grid: false, format: "%-d %b", tickCount: 5, labelFlush: true, ticks: true },
        },
        y: {
          field: "count",
          type: "quantitative",
          scale: { zero: true, nice: true },
          axis: {
            title: "bicycles a day",
            titleAngle: 0,
            titleAlign: "left",
            titleX: -46,
            titleY: -14,
            tickCount: 3,
            format: ",~f",
          },
        },
      },
      layer: layers,
    },
    area,
    alt,
  );
}

const dashOf = ({ dash }: { readonly dash?: readonly number[] }): { dash?: number[] } =>
  dash === undefined ? {} : { dash: [...dash] };
