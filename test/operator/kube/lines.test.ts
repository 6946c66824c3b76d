import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { lines } from "../../../operator/kube/lines.ts";

const line = fc.string({ unit: "binary", maxLength: 12 }).map((text) => text.replaceAll("\n", " "));
const cuts = fc.array(fc.nat(6), { maxLength: 60 });

test("the lines are the same wherever the bytes are cut, inside of a character too", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), line, cuts, async (whole, half, sizes) => {
      const bytes = Buffer.from([...whole, half].join("\n"));
      expect(await linesOf(chunked(bytes, sizes))).toEqual(whole);
    }),
  );
});

test("a line longer than many chunks is one line", async () => {
  const long = "é".repeat(100_000);
  const bytes = Buffer.from(`${long}\n`);
  expect(await linesOf(chunked(bytes, Array<number>(2000).fill(101)))).toEqual([long]);
});

function chunked(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let from = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(from, from + size));
    from += size;
  }
  return [...chunks, bytes.subarray(from)];
}

async function linesOf(chunks: readonly Buffer[]): Promise<string[]> {
  const all: string[] = [];
  for await (const one of lines(each(chunks))) all.push(one);
  return all;
}

async function* each(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}
