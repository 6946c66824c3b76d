/** `20261201T010000Z-3f2a9c10`: the moment in UTC and the first eight letters and digits of the run's uid. */
export function versionName(now: Date, runUid: string): string {
  const moment = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  const id = runUid
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "")
    .slice(0, 8);
  return `${moment}Z-${id === "" ? "run" : id}`;
}

/** The name itself, or with the first of -2, -3 … that makes it new. */
export function unusedName(name: string, taken: ReadonlySet<string>): string {
  let candidate = name;
  for (let suffix = 2; taken.has(candidate); suffix += 1) candidate = `${name}-${String(suffix)}`;
  return candidate;
}
