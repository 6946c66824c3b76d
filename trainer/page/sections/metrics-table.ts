import type { Metrics } from "../../../contract/trainer-report.ts";
import { count, decimal, percent, signed } from "../format.ts";
import { frameOf, type Row } from "../frame.ts";
import { markup, type Markup } from "../markup.ts";
import { numbers, table } from "../table.ts";

/** One forecast and its errors. */
export interface MetricsRow {
  readonly forecast: string;
  readonly is: string;
  readonly metrics: Metrics;
}

/** MAE, RMSE, WAPE, R², bias and n of several forecasts, one a row; the first is the one judged. */
export async function metricsTable(rows: readonly MetricsRow[], caption: string): Promise<Markup> {
  const frame = await frameOf(rows.map(({ forecast, is, metrics }): Row => ({ forecast, is, ...metrics })));
  const shown = table(
    frame,
    [
      {
        key: "forecast",
        head: "Forecast",
        show: (name, { is }) => markup`${name ?? ""}<span class="sub">${is ?? ""}</span>`,
      },
      numbers("mae", "MAE", (value) => decimal(value)),
      numbers("rmse", "RMSE", (value) => decimal(value)),
      numbers("wapePercent", "WAPE", (value) => percent(value)),
      numbers("r2", "R²", (value) => decimal(value, 3)),
      numbers("bias", "Bias", (value) => signed(value)),
      numbers("n", "n", count),
    ],
    { caption, looks: ["stacked"] },
  );
  return markup`<div class="metrics">${shown}</div>`;
}
