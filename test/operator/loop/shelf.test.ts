import { describe, expect, test } from "@jest/globals";

import { Shelf, type Held } from "../../../operator/loop/shelf.ts";

const held = (resourceVersion: string, differs: Partial<Held<string>> = {}): Held<string> => ({
  uid: "uid-1",
  key: "velo/bikes",
  runUid: undefined,
  resourceVersion,
  seen: `version ${resourceVersion}`,
  ...differs,
});
const now = new Date("2026-12-01T02:00:00Z");
const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000);
const seen = (shelf: Shelf<string>, at = now): readonly string[] =>
  shelf.of("velo/bikes", at).map((one) => one.seen);

describe("the newest of what the watch shows and what the API server has answered is kept", () => {
  test("what the watch shows late of an own write changes nothing and is no news", () => {
    const shelf = new Shelf<string>();
    shelf.show(held("9"));
    shelf.answer(held("10"), now);
    expect(shelf.show(held("9"))).toBe(false);
    expect(shelf.show(held("10"))).toBe(false);
    expect(seen(shelf)).toEqual(["version 10"]);
  });

  test("an answer that comes after a newer change was shown is passed over", () => {
    const shelf = new Shelf<string>();
    shelf.show(held("10"));
    shelf.answer(held("9"), now);
    expect(seen(shelf)).toEqual(["version 10"]);
  });

  test("a newer change is news", () => {
    const shelf = new Shelf<string>();
    expect(shelf.show(held("9"))).toBe(true);
    expect(shelf.show(held("100"))).toBe(true);
    expect(seen(shelf)).toEqual(["version 100"]);
  });
});

describe("an own write that no watch shows", () => {
  test("is known for five minutes", () => {
    const shelf = new Shelf<string>();
    shelf.answer(held("9"), now);
    expect(seen(shelf, later(5))).toEqual(["version 9"]);
    expect(seen(shelf, later(5.1))).toEqual([]);
  });

  test("is known for ever once a watch has shown it", () => {
    const shelf = new Shelf<string>();
    shelf.answer(held("9"), now);
    shelf.show(held("9"));
    expect(seen(shelf, later(60))).toEqual(["version 9"]);
  });
});

test("an object that a watch has shown stays, however long our newer write of it is not shown", () => {
  const shelf = new Shelf<string>();
  shelf.show(held("9"));
  shelf.answer(held("10"), now);
  expect(seen(shelf, later(60))).toEqual(["version 10"]);
});

test("an object that was taken for gone by mistake is known again with an answer minutes later", () => {
  const shelf = new Shelf<string>();
  shelf.show(held("9"));
  shelf.remove("uid-1", now);
  shelf.answer(held("9"), later(6));
  expect(seen(shelf, later(6))).toEqual(["version 9"]);
});

test("an object whose model changes moves to the other key", () => {
  const shelf = new Shelf<string>();
  shelf.show(held("9"));
  shelf.show(held("10", { key: "velo/trams" }));
  expect(seen(shelf)).toEqual([]);
  expect([...shelf.keys()]).toEqual(["velo/trams"]);
});

test("what is removed is gone, the key with its last object", () => {
  const shelf = new Shelf<string>();
  shelf.show(held("9"));
  expect(shelf.remove("uid-1", now)).toBe(true);
  expect(shelf.remove("uid-1", now)).toBe(false);
  expect([...shelf.keys()]).toEqual([]);
});

describe("an object that has gone", () => {
  test("is not brought back by an answer that was on its way", () => {
    const shelf = new Shelf<string>();
    shelf.show(held("9"));
    shelf.remove("uid-1", now);
    shelf.answer(held("9"), now);
    expect(seen(shelf)).toEqual([]);
  });

  test("is there again when the watch shows it: something has kept it", () => {
    const shelf = new Shelf<string>();
    shelf.remove("uid-1", now);
    expect(shelf.show(held("10"))).toBe(true);
    shelf.answer(held("11"), now);
    expect(seen(shelf)).toEqual(["version 11"]);
  });

  test("is forgotten after five minutes", () => {
    const shelf = new Shelf<string>();
    shelf.remove("uid-1", now);
    shelf.remove("uid-2", later(6));
    shelf.answer(held("9"), later(6));
    expect(seen(shelf, later(6))).toEqual(["version 9"]);
  });
});
