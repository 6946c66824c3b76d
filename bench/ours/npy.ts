import { open } from "node:fs/promises";

/**
 * Writes float32 values as NumPy's file format 1.0 has them, one row after the other
 * (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). `shape` is that of all parts together.
 */
export async function writeNpy(
  file: string,
  shape: readonly number[],
  parts: Iterable<Float32Array>,
): Promise<void> {
  await using target = await open(file, "w");
  await target.write(headerOf(shape));
  for (const part of parts) await target.write(part);
}

const magic = "\u0093NUMPY\u0001\u0000";
/** Magic and length of the header come before it; all of it is a multiple of 64 bytes. */
const before = 10;

export function headerOf(shape: readonly number[]): Buffer {
  const extent = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${extent}, }`;
  const length = Math.ceil((before + text.length + 1) / 64) * 64 - before;
  const header = Buffer.from(`${magic}  ${text.padEnd(length - 1)}\n`, "latin1");
  header.writeUInt16LE(length, magic.length);
  return header;
}
