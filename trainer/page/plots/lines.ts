import type { StationSeries } from "../../../contract/trainer-report.ts";
import type { Markup } from "../markup.ts";
import { drawn, type ColourName } from "../palette.ts";
import { plot, sized, type Area } from "../plot.ts";

const dayMilliseconds = 86_400_000;

interface Point {
  readonly time: number;
  readonly count: number;
  /** Grows with every gap: a line must not cross days that nobody counted. */
  readonly stretch: number;
}

function points(days: readonly string[], counts: readonly number[]): Point[] {
  let [stretch, last] = [0, NaN];
  return days.map((day, i) => {
    const time = Date.parse(`${day}T00:00:00Z`);
    if (time - last > dayMilliseconds) stretch++;
    last = time;
    return { time, count: counts[i] ?? 0, stretch };
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

/** Counts and predictions of one station over the window. */
export async function linePlot(series: StationSeries, alt: string): Promise<Markup> {
  const area: Area = { width: 400, height: 120, padding: { left: 52, right: 18, top: 26, bottom: 26 } };
  const layers = (["champion", "candidate", "actual"] as const).flatMap((name) => {
    const counts = series[name];
    const { colour, width, ...dash } = lineStyles[name];
    return counts === undefined
      ? []
      : [line(points(series.days, counts), colour, { width, ...dashOf(dash) })];
  });
  return await plot(
    {
      ...sized(area),
      encoding: {
        x: {
          field: "time",
          type: "temporal",
          scale: { type: "utc" },
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
