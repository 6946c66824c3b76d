import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { VersionName } from "../../../contract/published.ts";
import { unusedName, versionName } from "../../../trainer/publish/version-name.ts";

describe("versionName()", () => {
  test.each([
    { uid: "3F2A9C10-77aa-4d52", name: "20261201T010000Z-3f2a9c10" },
    { uid: "demo", name: "20261201T010000Z-demo" },
    { uid: "../../etc/passwd", name: "20261201T010000Z-etcpassw" },
    { uid: "äöü", name: "20261201T010000Z-run" },
  ])("is the UTC moment and the clean beginning of the uid: $uid", ({ uid, name }) => {
    expect(versionName(new Date("2026-12-01T02:00:00.999+01:00"), uid)).toBe(name);
  });

  test("is accepted by the contract for any moment and uid", () => {
    const moments = fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(moments, fc.string(), (moment, uid) => {
        const name = versionName(moment, uid);
        expect(VersionName.safeParse(name).success).toBe(true);
        expect(VersionName.safeParse(unusedName(name, new Set([name, `${name}-2`]))).data).toBe(`${name}-3`);
      }),
    );
  });
});
