import { describe, expect, test } from "@jest/globals";

import { importsIn, Lock, neededPackages } from "../../hack/images/packages.ts";

describe("importsIn()", () => {
  test.each([
    { source: 'import { z } from "zod";', names: ["zod"] },
    { source: 'import pgp from "pg-promise/typescript/pg-subset.d.ts";', names: ["pg-promise"] },
    { source: 'const { DataFrame } = await import("danfojs-node");', names: ["danfojs-node"] },
    { source: 'import { a } from "@scope/name/deep.js";', names: ["@scope/name"] },
    { source: 'export { a } from "./a.ts";\nimport path from "node:path";', names: [] },
  ])("$source", ({ source, names }) => {
    expect(importsIn(source)).toEqual(names);
  });
});

describe("neededPackages()", () => {
  const lock = (packages: Readonly<Record<string, object>>): Lock => Lock.parse({ packages });
  const needs = (...names: readonly string[]) => ({
    dependencies: Object.fromEntries(names.map((name) => [name, "*"])),
  });

  test("are those named, and all that they need, each once", () => {
    const all = lock({
      "": {},
      "node_modules/a": needs("b", "c"),
      "node_modules/b": needs("c"),
      "node_modules/c": needs("a"),
      "node_modules/unused": {},
    });
    expect(neededPackages(all, ["a"])).toEqual(["node_modules/a", "node_modules/b", "node_modules/c"]);
  });

  test("are the nearest: inside, then around", () => {
    const all = lock({
      "node_modules/a": needs("c"),
      "node_modules/a/node_modules/c": needs("d", "@s/e"),
      "node_modules/a/node_modules/d": {},
      "node_modules/@s/e": {},
      "node_modules/c": {},
      "node_modules/d": {},
    });
    expect(neededPackages(all, ["a"])).toEqual([
      "node_modules/@s/e",
      "node_modules/a",
      "node_modules/a/node_modules/c",
      "node_modules/a/node_modules/d",
    ]);
  });

  test("count optional and peer ones where the lock has them", () => {
    const a = { optionalDependencies: { x64: "1", arm64: "1" }, peerDependencies: { peer: "1" } };
    const all = lock({ "node_modules/a": a, "node_modules/x64": {}, "node_modules/peer": {} });
    expect(neededPackages(all, ["a"])).toEqual(["node_modules/a", "node_modules/peer", "node_modules/x64"]);
  });
});
