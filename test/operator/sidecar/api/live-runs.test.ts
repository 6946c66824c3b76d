import { describe, expect, it } from "@jest/globals";

import { sharingNext } from "../../../../operator/sidecar/api/live-runs.ts";

/** Calls that end when the test says so. */
function calls() {
  const made: PromiseWithResolvers<number>[] = [];
  const shared = sharingNext(() => {
    made.push(Promise.withResolvers<number>());
    return made.at(-1)?.promise ?? Promise.reject(new Error("none"));
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return { made, shared, settled };
}

describe("a shared call", () => {
  it("is made once for all who ask before it begins, and once more for all who ask later", async () => {
    const { made, shared, settled } = calls();
    const first = [shared(), shared()];
    await settled();
    const later = [shared(), shared(), shared()];
    await settled();
    expect(made).toHaveLength(1);
    made[0]?.resolve(1);
    await settled();
    expect(made).toHaveLength(2);
    made[1]?.resolve(2);
    expect(await Promise.all([...first, ...later])).toEqual([1, 1, 2, 2, 2]);
  });

  it("fails for those who wait for it, and not for the next", async () => {
    const { made, shared, settled } = calls();
    const first = shared();
    await settled();
    const next = shared();
    made[0]?.reject(new Error("gone"));
    await expect(first).rejects.toThrow("gone");
    await settled();
    made[1]?.resolve(2);
    expect(await next).toBe(2);
  });
});
