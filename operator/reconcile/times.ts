/** As Kubernetes writes times: whole seconds. */
export const timeText = (time: Date): string => time.toISOString().replace(/\.\d{3}Z$/, "Z");

export const plusSeconds = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1000);

/** Undefined when none is given. */
export function earliest(times: readonly (Date | undefined)[]): Date | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : new Date(Math.min(...known.map(Number)));
}
