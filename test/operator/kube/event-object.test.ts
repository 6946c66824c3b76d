import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";

import { cut, eventName } from "../../../operator/kube/event-object.ts";

describe("cut()", () => {
  test.each([
    { text: "short", bytes: 5, becomes: "short" },
    { text: "longer", bytes: 5, becomes: "lo…" },
    { text: "ééé", bytes: 5, becomes: "é…" },
    { text: "🚲🚲", bytes: 7, becomes: "🚲…" },
    { text: "🚲🚲", bytes: 6, becomes: "…" },
    { text: "a\ud800", bytes: 9, becomes: "a\ufffd" },
  ])("$text to $bytes bytes is $becomes", ({ text, bytes, becomes }) => {
    expect(cut(text, bytes)).toBe(becomes);
  });

  test("never longer, and always a beginning of the text", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "é", "…", "🚲")),
        fc.integer({ min: 3, max: 40 }),
        (characters, bytes) => {
          const text = characters.join("");
          const shorter = cut(text, bytes);
          expect(Buffer.byteLength(shorter)).toBeLessThanOrEqual(bytes);
          expect(shorter === text || text.startsWith(shorter.slice(0, -1))).toBe(true);
        },
      ),
    );
  });
});

describe("eventName()", () => {
  const at = new Date("2026-12-01T03:00:00Z");

  test("is the same for the same occurrence at the same time, and else another", () => {
    const name = eventName("run", "key", at);
    expect(name).toMatch(/^run\.[0-9a-f]{20}$/u);
    expect(eventName("run", "key", at)).toBe(name);
    expect(eventName("run", "other", at)).not.toBe(name);
    expect(eventName("run", "key", new Date(at.getTime() + 1))).not.toBe(name);
  });

  test.each([1, 1000, 3_600_000, 1e12])("sorts as time does, %d ms later too", (later) => {
    const name = eventName("run", "zzz", at);
    expect([eventName("run", "aaa", new Date(at.getTime() + later)), name].toSorted()[0]).toBe(name);
  });

  test.each([
    { what: "the longest name", objectName: "a".repeat(253) },
    { what: "one that is cut at a dot", objectName: `${"a".repeat(235)}.${"b".repeat(17)}` },
    { what: "one that is cut among dashes", objectName: `${"a".repeat(233)}${"-".repeat(10)}b` },
  ])("of $what is one that Kubernetes takes", ({ objectName }) => {
    const name = eventName(objectName, "key", at);
    expect(name.length).toBeLessThanOrEqual(253);
    expect(name).toMatch(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/u);
  });
});
