import { expect, test } from "@jest/globals";

import { RefusedTidying } from "../../../operator/loop/refused-tidying.ts";
import { beginning, jobSeen, runSeen, secondsLater } from "../../support/seen.ts";

const [key, other] = ["velo/bikes", "velo/trams"];
const job = jobSeen({ name: "rr-1" });
const deletion = { do: "delete-job", job } as const;
const uidsOf = (refused: RefusedTidying, where = key, now = beginning): readonly string[] => [
  ...refused.of(where, new Set([job.uid]), now).keys(),
];

test("what is refused is left alone for ten minutes, and is news once in that time", () => {
  const refused = new RefusedTidying();
  expect(refused.add(key, deletion, beginning)).toBe(true);
  expect(refused.add(key, { do: "expire-job", job, seconds: 1 }, secondsLater(300))).toBe(false);
  expect(uidsOf(refused, key, secondsLater(599))).toEqual([job.uid]);
  expect(uidsOf(refused, other)).toEqual([]);
  expect(uidsOf(refused, key, secondsLater(600))).toEqual([]);
  expect(refused.add(key, deletion, secondsLater(600))).toBe(true);
});

test("what has gone is forgotten, and so are models that are nobody's business any more", () => {
  const refused = new RefusedTidying();
  refused.add(key, deletion, beginning);
  refused.of(key, new Set(), beginning);
  expect(uidsOf(refused)).toEqual([]);
  refused.add(key, deletion, beginning);
  refused.add(other, deletion, beginning);
  refused.forget((one) => one === key);
  expect([uidsOf(refused), uidsOf(refused, other)]).toEqual([[], [job.uid]]);
});

test("no more than a hundred of a model are left alone", () => {
  const refused = new RefusedTidying();
  const news = Array.from({ length: 101 }, (_, at) => {
    const run = runSeen({ name: `run-${String(at)}` });
    return refused.add(key, { do: "delete-run", run, why: "old" }, beginning);
  });
  expect(news.filter((isNews) => !isNews)).toHaveLength(1);
});
