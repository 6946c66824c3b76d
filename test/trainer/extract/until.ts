import { setTimeout } from "node:timers/promises";

/** Waits as long as it takes; the test's own limit is the end of patience. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await setTimeout(20);
}
