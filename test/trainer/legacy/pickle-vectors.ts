import {
  build,
  call,
  callMethod,
  construct,
  dict,
  float,
  global,
  int,
  list,
  newObject,
  set,
  tuple,
  type PythonValue,
} from "../../../trainer/legacy/python-value.ts";

/** A value, its pickle between the protocol's byte and the final dot, and what Python prints for it. */
export interface PickleVector {
  readonly value: PythonValue;
  readonly bytes: string;
  readonly python: string;
}

const text = (value: string): string => {
  const utf8 = Buffer.from(value);
  return `58 ${utf8.length.toString(16).padStart(2, "0")} 00 00 00 ${utf8.toString("hex")}`;
};
const globalText = (module: string, name: string): string => `${text(module)} ${text(name)} 93`;
const timedelta = globalText("datetime", "timedelta");

export const pickleVectors: readonly PickleVector[] = [
  { value: null, bytes: "4e", python: "None" },
  { value: true, bytes: "88", python: "True" },
  { value: false, bytes: "89", python: "False" },
  { value: int(0), bytes: "4a 00 00 00 00", python: "0" },
  { value: int(-2), bytes: "4a fe ff ff ff", python: "-2" },
  { value: int(2147483647), bytes: "4a ff ff ff 7f", python: "2147483647" },
  { value: float(0.1), bytes: "47 3f b9 99 99 99 99 99 9a", python: "0.1" },
  { value: float(2), bytes: "47 40 00 00 00 00 00 00 00", python: "2.0" },
  { value: "", bytes: "58 00 00 00 00", python: "''" },
  { value: "é🚲", bytes: "58 06 00 00 00 c3 a9 f0 9f 9a b2", python: "'é🚲'" },
  { value: Buffer.of(0, 255), bytes: "8e 02 00 00 00 00 00 00 00 00 ff", python: "b'\\x00\\xff'" },
  { value: tuple([]), bytes: "28 74", python: "()" },
  { value: tuple([null, true]), bytes: "28 4e 88 74", python: "(None, True)" },
  { value: list([]), bytes: "5d 28 65", python: "[]" },
  { value: list([null, list([true])]), bytes: "5d 28 4e 5d 28 88 65 65", python: "[None, [True]]" },
  { value: set(["a"]), bytes: `8f 28 ${text("a")} 90`, python: "{'a'}" },
  {
    value: dict({ b: null, a: true }),
    bytes: `7d 28 ${text("b")} 4e ${text("a")} 88 75`,
    python: "{'b': None, 'a': True}",
  },
  { value: global("os.path.sep"), bytes: globalText("os.path", "sep"), python: "'/'" },
  {
    value: call(global("builtins.bytearray"), [Buffer.of(65)]),
    bytes: `${globalText("builtins", "bytearray")} 28 8e 01 00 00 00 00 00 00 00 41 74 52`,
    python: "bytearray(b'A')",
  },
  {
    value: build(newObject(global("types.SimpleNamespace")), dict({ a: null })),
    bytes: `${globalText("types", "SimpleNamespace")} 28 74 81 7d 28 ${text("a")} 4e 75 62`,
    python: "namespace(a=None)",
  },
  {
    value: construct(global("datetime.timedelta"), { days: int(2) }),
    bytes:
      `${globalText("functools", "partial")} 28 ${timedelta} 74 52 ` +
      `28 ${timedelta} 28 74 7d 28 ${text("days")} 4a 02 00 00 00 75 4e 74 62 28 74 52`,
    python: "datetime.timedelta(days=2)",
  },
  {
    value: callMethod("abc", "count", ["b"]),
    bytes: `${globalText("operator", "methodcaller")} 28 ${text("count")} ${text("b")} 74 52 28 ${text("abc")} 74 52`,
    python: "1",
  },
];
