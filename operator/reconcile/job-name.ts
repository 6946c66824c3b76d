const uidLength = 10;

/** Name of the Job of a run's attempt. Attempts count from 1. */
export const jobName = (runUid: string, attempt: number): string =>
  `rr-${runUid.slice(0, uidLength)}-${String(attempt)}`;

/** The attempt that a Job's name tells; undefined for a name of another form. */
export function attemptOf(name: string): number | undefined {
  const attempt = /^rr-.{10}-([1-9]\d*)$/.exec(name)?.[1];
  return attempt === undefined ? undefined : Number(attempt);
}
