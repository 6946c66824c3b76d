import { z } from "zod";

const Line = z.looseObject({ timestamp: z.coerce.date(), stage: z.string(), seconds: z.number() });

/** When a stage ran, in ms since 1970. */
export interface StageTime {
  readonly from: number;
  readonly to: number;
}

/** From the lines of a trainer's log that say `… done`. */
export const stageTimes = (log: string): ReadonlyMap<string, StageTime> =>
  new Map(
    log
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .flatMap((line) => Line.safeParse(JSON.parse(line)).data ?? [])
      .map(({ stage, timestamp, seconds }) => {
        const to = timestamp.getTime();
        return [stage, { from: to - seconds * 1000, to }] as const;
      }),
  );

/** Of samples [woken at, late by] the lateness that fell into the stage: one that blocks the thread is told only after it. */
export const latenessWithin = (
  { from, to }: StageTime,
  samples: readonly (readonly [at: number, milliseconds: number])[],
): readonly number[] =>
  samples
    .map(([at, milliseconds]) => Math.min(at, to) - Math.max(at - milliseconds, from))
    .filter((milliseconds) => milliseconds >= 0);
