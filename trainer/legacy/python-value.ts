/**
 * A value of Python's, as an unpickler makes it. null, booleans, strings and bytes stand for themselves; of a number
 * one has to say whether it is an int or a float.
 */
export type PythonValue = null | boolean | string | Uint8Array | PythonNumber | Container | PythonObject;

export interface PythonNumber {
  readonly kind: "int" | "float";
  readonly value: number;
}

/** Of a dict the items are key, value, key, value and so on. */
export interface Container {
  readonly kind: "tuple" | "list" | "set" | "dict";
  readonly items: Items;
}

/** A module's attribute, which the reader imports. */
export interface Global {
  readonly kind: "global";
  readonly module: string;
  readonly name: string;
}

export type PythonObject =
  | Global
  /** `callee(*args)` */
  | { readonly kind: "call"; readonly callee: PythonValue; readonly args: Items }
  /** `type.__new__(type)`: the type's `__init__` is not run. */
  | { readonly kind: "new"; readonly type: Global }
  /** `object.__setstate__(state)`, or where there is no such method, `object.__dict__.update(state)`. */
  | { readonly kind: "build"; readonly object: PythonValue; readonly state: PythonValue };

type Items = readonly PythonValue[];
type Fields = Readonly<Record<string, PythonValue>>;

export const int = (value: number): PythonValue => ({ kind: "int", value });
export const float = (value: number): PythonValue => ({ kind: "float", value });
export const tuple = (items: Items): PythonValue => ({ kind: "tuple", items });
export const list = (items: Items): PythonValue => ({ kind: "list", items });
/** Written in the order given, so that equal input gives equal bytes. */
export const set = (items: Items): PythonValue => ({ kind: "set", items });
export const dict = (fields: Fields): PythonValue => ({ kind: "dict", items: Object.entries(fields).flat() });

/** `from module import name`; the last dot separates the two. */
export function global(path: string): Global {
  const dot = path.lastIndexOf(".");
  return { kind: "global", module: path.slice(0, dot), name: path.slice(dot + 1) };
}

export const call = (callee: PythonValue, args: Items = []): PythonValue => ({ kind: "call", callee, args });
export const newObject = (type: Global): PythonValue => ({ kind: "new", type });
export const build = (object: PythonValue, state: PythonValue): PythonValue => ({
  kind: "build",
  object,
  state,
});

/**
 * `type(**keywords)`. A pickle can call with positional arguments only, so this is what Python itself writes for
 * `functools.partial(type, **keywords)` (`partial.__reduce__` in Lib/functools.py), and a call of that.
 */
export function construct(type: Global, keywords: Fields): PythonValue {
  const partial = call(global("functools.partial"), [type]);
  return call(build(partial, tuple([type, tuple([]), dict(keywords), null])));
}

/** `object.method(*args)`, for a method that returns what is wanted: pickles have no attribute access. */
export const callMethod = (object: PythonValue, method: string, args: Items): PythonValue =>
  call(call(global("operator.methodcaller"), [method, ...args]), [object]);
