import type { Evaluation } from "../../contract/trainer-report.ts";
import type { Forecast } from "./forecasts.ts";
import { ErrorSums } from "./metrics.ts";

/** Candidate and naive forecast on the same rows, and the champion where there is one. */
export type Compared = Pick<Evaluation, "candidate" | "champion" | "naive">;

/** Error sums of everything that is compared. */
export class ComparedSums {
  readonly #candidate = new ErrorSums();
  readonly #champion = new ErrorSums();
  readonly #naive = new ErrorSums();

  add({ actual, candidate, champion, naive }: Forecast): void {
    this.#candidate.add(actual, candidate);
    if (champion !== undefined) this.#champion.add(actual, champion);
    this.#naive.add(actual, naive);
  }

  get meanActual(): number {
    return this.#candidate.meanActual;
  }

  metrics(): Compared {
    return {
      candidate: this.#candidate.metrics(),
      ...(this.#champion.n === 0 ? {} : { champion: this.#champion.metrics() }),
      naive: this.#naive.metrics(),
    };
  }
}

/** Sums by whatever rows are grouped by, in the order of the first row. */
export class GroupedSums<Key> {
  readonly #groups = new Map<Key, ComparedSums>();

  add(key: Key, forecast: Forecast): void {
    const sums = this.#groups.get(key) ?? new ComparedSums();
    this.#groups.set(key, sums);
    sums.add(forecast);
  }

  entries(): [Key, ComparedSums][] {
    return [...this.#groups];
  }
}
