import { expect, test } from "@jest/globals";

import { headerOf } from "../../../bench/ours/npy.ts";

test.each<[shape: readonly number[], text: string]>([
  [[31567, 22], "{'descr': '<f4', 'fortran_order': False, 'shape': (31567, 22), }"],
  [[7], "{'descr': '<f4', 'fortran_order': False, 'shape': (7,), }"],
])("the header of %j is what the format asks for", (shape, text) => {
  const header = headerOf(shape);
  expect(header.subarray(0, 8)).toEqual(Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]));
  expect(header.readUInt16LE(8)).toBe(header.length - 10);
  expect(header.length % 64).toBe(0);
  const rest = header.toString("latin1", 10);
  expect(rest.trimEnd()).toBe(text);
  expect(rest.endsWith("\n")).toBe(true);
});
