import {
  tuple,
  type Container,
  type PythonNumber,
  type PythonObject,
  type PythonValue,
} from "./python-value.ts";

/**
 * Opcodes of protocol 4 (PEP 3154), one for each kind of value. Their arguments and what they do to the unpickler's
 * stack are documented in CPython's Lib/pickletools.py, under the names given here. There are neither frames, which
 * are optional, nor a memo, for no object is written twice.
 */
const opcode = {
  PROTO: 0x80,
  STOP: 0x2e,
  NONE: 0x4e,
  NEWTRUE: 0x88,
  NEWFALSE: 0x89,
  /** 4 bytes, little-endian. */
  BININT: 0x4a,
  /** 8 bytes, big-endian. */
  BINFLOAT: 0x47,
  /** Length in 4 bytes, UTF-8. */
  BINUNICODE: 0x58,
  /** Length in 8 bytes. */
  BINBYTES8: 0x8e,
  MARK: 0x28,
  TUPLE: 0x74,
  EMPTY_LIST: 0x5d,
  APPENDS: 0x65,
  EMPTY_SET: 0x8f,
  ADDITEMS: 0x90,
  EMPTY_DICT: 0x7d,
  SETITEMS: 0x75,
  /** Of a module's and an attribute's name. */
  STACK_GLOBAL: 0x93,
  /** A callable and a tuple become what the call returns. */
  REDUCE: 0x52,
  /** A type and a tuple become `type.__new__(type, *tuple)`. */
  NEWOBJ: 0x81,
  /** Gives an object its state. */
  BUILD: 0x62,
} as const;

/** The pickle of one value, for Python 3.4 and later. Throws RangeError for an int beyond 32 bits and for broken UTF-16. */
export const pickle = (value: PythonValue): Uint8Array<ArrayBuffer> =>
  Buffer.concat([Buffer.of(opcode.PROTO, 4), ...written(value), Buffer.of(opcode.STOP)]);

type Chunks = readonly Uint8Array[];

function written(value: PythonValue): Chunks {
  if (value === null) return [Buffer.of(opcode.NONE)];
  if (typeof value === "boolean") return [Buffer.of(value ? opcode.NEWTRUE : opcode.NEWFALSE)];
  if (typeof value === "string") return writtenString(value);
  if (value instanceof Uint8Array) return writtenBytes(value);
  if ("value" in value) return value.kind === "int" ? writtenInt(value) : writtenFloat(value);
  return "items" in value ? writtenContainer(value) : writtenObject(value);
}

function writtenString(text: string): Chunks {
  if (!text.isWellFormed()) throw new RangeError(`Cannot pickle ${JSON.stringify(text)}: it is no UTF-16`);
  const utf8 = Buffer.from(text, "utf8");
  const head = Buffer.alloc(5, opcode.BINUNICODE);
  head.writeUInt32LE(utf8.length, 1);
  return [head, utf8];
}

function writtenBytes(bytes: Uint8Array): Chunks {
  const head = Buffer.alloc(9, opcode.BINBYTES8);
  head.writeBigUInt64LE(BigInt(bytes.length), 1);
  return [head, bytes];
}

function writtenInt({ value }: PythonNumber): Chunks {
  if (value !== (value | 0)) throw new RangeError(`Cannot pickle ${String(value)} as an int of 32 bits`);
  const bytes = Buffer.alloc(5, opcode.BININT);
  bytes.writeInt32LE(value, 1);
  return [bytes];
}

function writtenFloat({ value }: PythonNumber): Chunks {
  const bytes = Buffer.alloc(9, opcode.BINFLOAT);
  bytes.writeDoubleBE(value, 1);
  return [bytes];
}

/** What stands before and after the items of a container. */
const containers = {
  tuple: { before: [opcode.MARK], after: opcode.TUPLE },
  list: { before: [opcode.EMPTY_LIST, opcode.MARK], after: opcode.APPENDS },
  set: { before: [opcode.EMPTY_SET, opcode.MARK], after: opcode.ADDITEMS },
  dict: { before: [opcode.EMPTY_DICT, opcode.MARK], after: opcode.SETITEMS },
} as const;

function writtenContainer({ kind, items }: Container): Chunks {
  const { before, after } = containers[kind];
  return [Buffer.from(before), ...items.flatMap(written), Buffer.of(after)];
}

function writtenObject(value: PythonObject): Chunks {
  switch (value.kind) {
    case "global":
      return operation(opcode.STACK_GLOBAL, value.module, value.name);
    case "call":
      return operation(opcode.REDUCE, value.callee, tuple(value.args));
    case "new":
      return operation(opcode.NEWOBJ, value.type, tuple([]));
    case "build":
      return operation(opcode.BUILD, value.object, value.state);
    default:
      return value satisfies never;
  }
}

/** An opcode takes its operands from the stack, so they come first. */
const operation = (code: number, ...operands: readonly PythonValue[]): Chunks => [
  ...operands.flatMap(written),
  Buffer.of(code),
];
