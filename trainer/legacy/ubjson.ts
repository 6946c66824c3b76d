import { RunFailure } from "../errors.ts";

/** A string in a document. */
export interface FoundString {
  readonly text: string;
  /** The bytes that hold its length and its text. */
  readonly from: number;
  readonly to: number;
}

/**
 * The string that names of nested objects lead to. Reads UBJSON (ubjson.org, Draft 12) as far as libxgboost writes it
 * (`UBJWriter` in its src/common/json.cc): objects without a count, arrays with one, lengths as int64, big-endian.
 * Every byte of the document is walked over. Throws RunFailure("Bug") for whatever else it meets.
 */
export function findString(document: Uint8Array, names: readonly string[]): FoundString {
  const view = new DataView(document.buffer, document.byteOffset, document.byteLength);
  const end = skip(view, 0);
  if (end !== view.byteLength) throw refusal(end, "the end");
  const at = names.reduce((object, name) => member(view, object, name), 0);
  if (marker(view, at) !== "S") throw refusal(at, `the string ${names.join(".")}`);
  return stringAt(view, at + 1);
}

/** The document with another text in the place of one of its strings; nothing else changes. */
export function replaceString(
  document: Uint8Array,
  { from, to }: FoundString,
  text: string,
): Uint8Array<ArrayBuffer> {
  const utf8 = Buffer.from(text, "utf8");
  const length = Buffer.alloc(9, "L");
  length.writeBigInt64BE(BigInt(utf8.length), 1);
  return Buffer.concat([document.subarray(0, from), length, utf8, document.subarray(to)]);
}

/** Position of the one member of this name, in the object at `at`. */
function member(view: DataView, at: number, name: string): number {
  const found = marker(view, at) === "{" ? [...members(view, at)].filter((one) => one.name === name) : [];
  const [first, second] = found;
  if (first === undefined || second !== undefined) throw refusal(at, `an object with one ${name}`);
  return first.at;
}

function* members(view: DataView, object: number): Generator<{ name: string; at: number; end: number }> {
  let at = object + 1;
  while (marker(view, at) !== "}") {
    const { text: name, to } = stringAt(view, at);
    at = skip(view, to);
    yield { name, at: to, end: at };
  }
}

/** Bytes of a value after its marker: null, booleans, integers of 1 to 8 bytes, floats. */
const sizes: Readonly<Record<string, number>> = {
  Z: 0,
  T: 0,
  F: 0,
  i: 1,
  U: 1,
  I: 2,
  l: 4,
  L: 8,
  d: 4,
  D: 8,
};

/** Position after the value at `at`. */
function skip(view: DataView, at: number): number {
  const kind = marker(view, at);
  const size = sizes[kind];
  if (size !== undefined) return inside(view, at + 1 + size);
  switch (kind) {
    case "S":
      return stringAt(view, at + 1).to;
    case "{":
      return skipObject(view, at);
    case "[":
      return marker(view, at + 1) === "$" ? skipNumbers(view, at + 2) : skipArray(view, at + 1);
    default:
      throw refusal(at, "a value");
  }
}

function skipObject(view: DataView, at: number): number {
  let end = at + 1;
  for (const one of members(view, at)) end = one.end;
  return end + 1;
}

/** `#`, the count, then values with a marker each. */
function skipArray(view: DataView, at: number): number {
  let end = at + 10;
  for (let left = count(view, at); left > 0; left--) end = skip(view, end);
  return end;
}

/** The marker that all share, `#`, the count, then bare numbers. */
function skipNumbers(view: DataView, at: number): number {
  const size = sizes[marker(view, at)];
  if (size === undefined || size === 0) throw refusal(at, "a type of numbers");
  return inside(view, at + 11 + size * count(view, at + 1));
}

function count(view: DataView, at: number): number {
  if (marker(view, at) !== "#") throw refusal(at, "the count of an array");
  return length(view, at + 1);
}

function stringAt(view: DataView, from: number): FoundString {
  const begin = from + 9;
  const to = inside(view, begin + length(view, from));
  const bytes = Buffer.from(view.buffer, view.byteOffset + begin, to - begin);
  return { text: bytes.toString("utf8"), from, to };
}

/** Of a string in bytes, or of an array in values. */
function length(view: DataView, at: number): number {
  if (marker(view, at) !== "L" || at + 9 > view.byteLength) throw refusal(at, "a length");
  const value = view.getBigInt64(at + 1);
  if (value < 0n) throw refusal(at, "a length of 0 or more");
  return Number(value);
}

function marker(view: DataView, at: number): string {
  if (at >= view.byteLength) throw refusal(at, "more bytes");
  return String.fromCharCode(view.getUint8(at));
}

function inside(view: DataView, at: number): number {
  if (at > view.byteLength) throw refusal(view.byteLength, "more bytes");
  return at;
}

const refusal = (at: number, expected: string): RunFailure =>
  new RunFailure(
    "Bug",
    `Cannot write the model for the Python service: at byte ${String(at)} of model.ubj ${expected} was expected; ` +
      "with storage.legacyPickle off the model can be published without",
  );
