/** Plausible ratios of what was counted to what was expected. */
export interface Bounds {
  readonly lowest: number;
  readonly highest: number;
}

/** What was counted against what was expected, means of the same station-days. */
export interface Level {
  readonly ratio: number;
  readonly actual: number;
  readonly expected: number;
}

export const boundsOf = (lowestPercent: number, highestPercent: number): Bounds => ({
  lowest: lowestPercent / 100,
  highest: highestPercent / 100,
});

/** How near a ratio is to its bounds: above 1 it is outside, and of two ratios the one with more is the worse; NaN of NaN. */
export const strain = (ratio: number, { lowest, highest }: Bounds): number =>
  Math.max(ratio / highest, lowest / ratio || 0); // 0 / 0: without a lower bound nothing is too low.

/** The level that is farthest from plausible; undefined of none. */
export const worstOf = <T extends Level>(levels: readonly T[], bounds: Bounds): T | undefined =>
  levels.reduce<T | undefined>(
    (worst, level) =>
      worst === undefined || strain(level.ratio, bounds) > strain(worst.ratio, bounds) ? level : worst,
    undefined,
  );

/** Counts and expected counts of station-days against one baseline. */
class BaselineSums {
  #actual = 0;
  #expected = 0;
  #days = 0;

  /** NaN stands for no baseline: the station-day is left out on both sides. */
  add(count: number, expected: number): void {
    if (Number.isNaN(expected)) return;
    this.#actual += count;
    this.#expected += expected;
    this.#days++;
  }

  /** Undefined without a baseline, and where nothing was ever counted: then nothing can be expected either. */
  level(padding: number): Level | undefined {
    const expected = this.#expected / this.#days + padding;
    const actual = this.#actual / this.#days + padding;
    if (!(expected > 0)) return undefined;
    return { ratio: actual / expected, actual: actual - padding, expected: expected - padding };
  }
}

/** Counts and expected counts of station-days against both baselines. */
export class LevelSums {
  readonly #eightWeeks = new BaselineSums();
  readonly #yearBefore = new BaselineSums();

  add(count: number, eightWeeks: number, yearBefore: number): void {
    this.#eightWeeks.add(count, eightWeeks);
    this.#yearBefore.add(count, yearBefore);
  }

  /**
   * The level against the baseline that excuses more: what one of them explains is no fault. `padding` counts a day
   * are added on both sides, so that 0 instead of 4 bikes a day is no collapse.
   */
  mildest(bounds: Bounds, padding = 0): Level | undefined {
    const [lately, yearAgo] = [this.#eightWeeks.level(padding), this.#yearBefore.level(padding)];
    if (lately === undefined || yearAgo === undefined) return lately ?? yearAgo;
    return strain(yearAgo.ratio, bounds) < strain(lately.ratio, bounds) ? yearAgo : lately;
  }
}
