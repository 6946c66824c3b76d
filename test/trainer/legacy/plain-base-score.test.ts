import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { withPlainBaseScore } from "../../../trainer/legacy/plain-base-score.ts";
import { tinyModel } from "./published.ts";
import { array, numbers, object, scalar, string } from "./ubjson-writer.ts";

const float32 = fc
  .float({ noNaN: true, noDefaultInfinity: true })
  .map((value) => value.toExponential().replace("e", "E"));

/** Sizes of the kinds of numbers that the library writes. */
const sizes = Object.entries({ i: 1, U: 1, I: 2, l: 4, L: 8, d: 4, D: 8 });
const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

/** Any value that the library could write, brackets and the words of the path in its strings included. */
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("base_score", "learner", "[5E-1]", "{S"),
);
const { value } = fc.letrec<{ value: Uint8Array; members: [string, Uint8Array][] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text.map(string),
    fc.constantFrom("Z", "T", "F").map((kind) => scalar(kind, Buffer.of())),
    fc.constantFrom(...sizes).chain(([kind, size]) => bytes(size).map((payload) => scalar(kind, payload))),
    fc
      .tuple(fc.constantFrom(...sizes), fc.nat(5))
      .chain(([[kind, size], count]) => bytes(size * count).map((payload) => numbers(kind, count, payload))),
    fc.array(tie("value"), { maxLength: 4 }).map((items) => array(items)),
    tie("members").map(object),
  ),
  members: fc.array(fc.tuple(text, tie("value")), { maxLength: 4 }),
}));
const others = fc.uniqueArray(fc.tuple(text, value), { maxLength: 4, selector: ([name]) => name });

/** Models that are equal but for the text of base_score. */
const models = fc.tuple(others, others, others).map(
  (rooms) =>
    (baseScore: string): Uint8Array =>
      ["base_score", "learner_model_param", "learner"].reduce<Uint8Array>((inner, name, depth) => {
        const [before, after] = split(rooms[depth] ?? [], name);
        return object([...before, [name, inner], ...after]);
      }, string(baseScore)),
);

type Members = [string, Uint8Array][];
function split(members: Members, name: string): [Members, Members] {
  const rest = members.filter(([other]) => other !== name);
  return [rest.slice(0, rest.length / 2), rest.slice(rest.length / 2)];
}

describe("withPlainBaseScore()", () => {
  test("takes the brackets away and changes nothing else, whatever else is in the model", () => {
    fc.assert(
      fc.property(models, float32, (model, score) => {
        expect(withPlainBaseScore(model(`[${score}]`))).toEqual(model(score));
      }),
    );
  });

  test("leaves a model as it is that has no brackets, so that doing it twice does no harm", () => {
    fc.assert(
      fc.property(models, float32, (model, score) => {
        const plain = model(score);
        expect(withPlainBaseScore(plain)).toBe(plain);
      }),
    );
  });

  test("reads a model in the middle of a larger buffer", () => {
    const model = tinyModel("[1.5E3]");
    const room = new Uint8Array(model.length + 20).fill(0x5b);
    room.set(model, 10);
    expect(withPlainBaseScore(room.subarray(10, 10 + model.length))).toEqual(tinyModel("1.5E3"));
  });
});

const param = object([["base_score", string("[1E0]")]]);
const learner = object([["learner_model_param", param]]);

/** With the byte where the reader has to give up. */
const broken = [
  {
    says: "more than one document",
    model: Buffer.concat([tinyModel("[1E0]"), Buffer.of(0)]),
    at: tinyModel("[1E0]").length,
  },
  { says: "a JSON text", model: Buffer.from('{"learner": {}}'), at: 1 },
  {
    says: "a marker of no known meaning",
    model: object([["learner", scalar("H", Buffer.alloc(1))]]),
    at: 17,
  },
  { says: "numbers of no size", model: object([["learner", numbers("T", 2, Buffer.of())]]), at: 19 },
  { says: "an array without a count", model: object([["learner", Buffer.from("[]")]]), at: 18 },
  {
    says: "an array longer than the file",
    model: object([["a", numbers("d", 9, Buffer.alloc(4))]]),
    at: 29,
  },
  { says: "an array of -1 values", model: object([["a", array([], -1)]]), at: 13 },
  { says: "no learner", model: object([["Learner", learner]]), at: 0 },
  {
    says: "two learners",
    model: object([
      ["learner", learner],
      ["learner", learner],
    ]),
    at: 0,
  },
  { says: "a learner that is no object", model: object([["learner", string("{}")]]), at: 17 },
  { says: "a list of parameters", model: object([["learner", array([param])]]), at: 17 },
  {
    says: "a number as base_score",
    model: object([
      ["learner", object([["learner_model_param", object([["base_score", scalar("d", Buffer.alloc(4))]])]])],
    ]),
    at: 66,
  },
];

describe("withPlainBaseScore() of what it does not understand", () => {
  test("refuses a model that ends too early, wherever", () => {
    const model = object([["learner", learner]]);
    for (let length = 0; length < model.length; length++) {
      expect(() => withPlainBaseScore(model.subarray(0, length))).toThrow(
        /^Cannot write the model for the Python/u,
      );
    }
  });

  test.each(["[1E0,2E0]", "[]", "[[1E0]]", "", "[nan]", "5E-1]", "[1E0] "])(
    "refuses the base_score %j",
    (score) => {
      expect(() => withPlainBaseScore(tinyModel(score))).toThrow(
        `its base_score is ${JSON.stringify(score)}, expected was one number`,
      );
    },
  );

  test.each(broken)("refuses $says and names the byte", ({ model, at }) => {
    expect(() => withPlainBaseScore(model)).toThrow(`at byte ${String(at)} of model.ubj`);
  });

  test("is a bug of ours, not of the data", () => {
    expect(() => withPlainBaseScore(Buffer.of())).toThrow(expect.objectContaining({ reason: "Bug" }));
  });
});
