/** UBJSON as libxgboost writes it: every function gives the bytes of one value. */

const marker = (character: string): Uint8Array => Buffer.from(character, "latin1");

function length(value: number): Uint8Array {
  const bytes = Buffer.alloc(9, "L");
  bytes.writeBigInt64BE(BigInt(value), 1);
  return bytes;
}

function text(value: string): Uint8Array {
  const utf8 = Buffer.from(value, "utf8");
  return Buffer.concat([length(utf8.length), utf8]);
}

export const string = (value: string): Uint8Array => Buffer.concat([marker("S"), text(value)]);

/** `count` is another one than the items' to make it a broken one. */
export const array = (items: readonly Uint8Array[], count = items.length): Uint8Array =>
  Buffer.concat([marker("[#"), length(count), ...items]);

/** A value whose bytes after the marker say nothing about their number, such as `d` and 4 bytes. */
export const scalar = (kind: string, payload: Uint8Array): Uint8Array =>
  Buffer.concat([marker(kind), payload]);

/** `count` numbers of one kind. */
export const numbers = (kind: string, count: number, payload: Uint8Array): Uint8Array =>
  Buffer.concat([marker(`[$${kind}#`), length(count), payload]);

export const object = (members: readonly (readonly [string, Uint8Array])[]): Uint8Array =>
  Buffer.concat([marker("{"), ...members.flatMap(([name, value]) => [text(name), value]), marker("}")]);
