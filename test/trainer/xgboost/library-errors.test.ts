import { expect, test } from "@jest/globals";

import { libraryMessage } from "../../../trainer/xgboost/library-errors.ts";

test.each([
  {
    says: "drops the clock, the source position and the backtrace",
    raw: "[12:01:02] /workspace/src/data/data.cc:512: Check failed: valid: Label contains NaN.\nStack trace:\n  [bt] (0) /lib/libxgboost.so(+0x1) [0x7f]\n  [bt] (1) /lib/libxgboost.so(+0x2) [0x7f]\n\n",
    want: "Check failed: valid: Label contains NaN.",
  },
  {
    says: "leaves a plain sentence alone",
    raw: "Invalid Parameter format for max_depth expect int but value='x'",
    want: "Invalid Parameter format for max_depth expect int but value='x'",
  },
  { says: "keeps three lines at most", raw: "one\n\n two \nthree\nfour", want: "one two three" },
  { says: "has a word for nothing", raw: "", want: "no message" },
])("$says", ({ raw, want }) => {
  expect(libraryMessage(raw)).toBe(want);
});
