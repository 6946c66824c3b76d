import type { GridRow } from "../../../contract/trainer-report.ts";
import { decimal } from "../format.ts";
import { markup, trusted, type Markup } from "../markup.ts";
import { drawn } from "../palette.ts";
import { plot, sized, type Area } from "../plot.ts";

/** Not quite the paper's white, which a dark page exchanges for black. */
const white = "#fefefe";

/** How far a candidate is above the best one, in percent: steps and not a ramp, because the worst are far away. */
const steps = [
  { below: 1, fill: "#08519c", text: white, words: "within 1 %" },
  { below: 2, fill: "#3182bd", text: white, words: "2 %" },
  { below: 5, fill: "#6baed6", text: "#10202f", words: "5 %" },
  { below: 10, fill: "#9ecae1", text: "#10202f", words: "10 %" },
  { below: 25, fill: "#c6dbef", text: "#10202f", words: "25 %" },
  { below: Infinity, fill: "#e4edf6", text: "#10202f", words: "more" },
] as const;
type Step = (typeof steps)[number];

const stepOf = (rmse: number, best: number): Step =>
  steps.find(({ below }) => rmse < best * (1 + below / 100)) ?? steps[5];

/** The key of the steps. */
export const heatKey = (): Markup =>
  markup`<p class="key">Above the best: ${steps.map(
    ({ fill, words }) =>
      markup`<span>${trusted(`<svg aria-hidden="true" width="12" height="12" viewBox="0 0 12 12"><rect width="12" height="12" rx="2" fill="${fill}"/></svg>`)} ${words}</span> `,
  )}</p>`;

const cell = { width: 82, height: 34 };

/** Mean RMSE by depth and learning rate, of candidates with one number of rounds; the winner has a border. */
export async function heatPlot(
  rows: readonly GridRow[],
  { best, winner }: { readonly best: number; readonly winner: GridRow | undefined },
  alt: string,
): Promise<Markup> {
  const values = rows.map((row) => {
    const { fill, text } = stepOf(row.meanRmse, best);
    const { maxDepth, learningRate, meanRmse } = row;
    return { maxDepth, learningRate, fill, text, rmse: decimal(meanRmse), border: row === winner ? 2.5 : 0 };
  });
  const [rates, depths] = [
    new Set(rows.map((row) => row.learningRate)),
    new Set(rows.map((row) => row.maxDepth)),
  ];
  const area: Area = {
    width: rates.size * cell.width,
    height: depths.size * cell.height,
    padding: { left: 56, right: 4, top: 4, bottom: 44 },
  };
  const colour = (field: "fill" | "text") => ({ field, type: "nominal" as const, scale: null });
  return await plot(
    {
      ...sized(area),
      data: { values },
      encoding: {
        x: { field: "learningRate", type: "ordinal", axis: { title: "learning rate", labelAngle: 0 } },
        y: { field: "maxDepth", type: "ordinal", axis: { title: "depth" } },
      },
      layer: [
        {
          mark: { type: "rect", stroke: drawn("ink"), width: cell.width - 3, height: cell.height - 3 },
          encoding: {
            color: colour("fill"),
            strokeWidth: { field: "border", type: "quantitative", scale: null },
          },
        },
        {
          mark: { type: "text" },
          encoding: { text: { field: "rmse", type: "nominal" }, color: colour("text") },
        },
      ],
    },
    area,
    alt,
  );
}
