import type { Metrics } from "../../contract/trainer-report.ts";

/** What is served for a raw prediction: never negative, rounded half to even as NumPy and Python round. */
export function served(raw: number): number {
  const floor = Math.floor(raw);
  const rest = raw - floor;
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0);
  return Math.max(0, up ? floor + 1 : floor);
}

/** Sums of errors, from which every metric follows; rows are added one by one. */
export class ErrorSums {
  #n = 0;
  #absolute = 0;
  #squared = 0;
  #signed = 0;
  #actual = 0;
  #actualSquared = 0;

  add(actual: number, predicted: number): void {
    const error = predicted - actual;
    this.#n++;
    this.#absolute += Math.abs(error);
    this.#squared += error * error;
    this.#signed += error;
    this.#actual += actual;
    this.#actualSquared += actual * actual;
  }

  get n(): number {
    return this.#n;
  }

  get meanActual(): number {
    return this.#actual / this.#n;
  }

  /** MAE, RMSE and bias in counts a day, NaN without rows; WAPE and R² are null where a zero would divide. */
  metrics(): Metrics {
    const n = this.#n;
    const spread = this.#actualSquared - (this.#actual * this.#actual) / n;
    return {
      n,
      mae: this.#absolute / n,
      rmse: Math.sqrt(this.#squared / n),
      wapePercent: this.#actual === 0 ? null : (100 * this.#absolute) / this.#actual,
      r2: spread > 0 ? 1 - this.#squared / spread : null,
      bias: this.#signed / n,
    };
  }
}
