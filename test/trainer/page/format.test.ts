import { describe, expect, test } from "@jest/globals";

import * as format from "../../../trainer/page/format.ts";

const plain = (text: string): string => text.replaceAll("\u00a0", " ").replaceAll("\u2212", "-");

test.each([
  { made: format.count(48163), is: "48,163" },
  { made: format.decimal(1234.56), is: "1,234.6" },
  { made: format.decimal(0.94657, 3), is: "0.947" },
  { made: format.decimal(null), is: "–" },
  { made: format.decimal(-0.04), is: "0.0" },
  { made: format.decimal(-12.5), is: "-12.5" },
  { made: format.signed(6.1), is: "+6.1" },
  { made: format.signed(-6.1), is: "-6.1" },
  { made: format.signed(0.04), is: "0.0" },
  { made: format.percent(14.64), is: "14.6 %" },
  { made: format.percent(null), is: "–" },
  { made: format.counted(1, "row"), is: "1 row" },
  { made: format.counted(0, "row"), is: "0 rows" },
  { made: format.day("2024-12-06"), is: "6 Dec 2024" },
  { made: format.month("2024-02"), is: "Feb 2024" },
  { made: format.month("<b>"), is: "<b>" },
  { made: format.moment("2026-12-01T01:00:12.345Z"), is: "1 Dec 2026, 01:00:12 UTC" },
  { made: format.duration(0.011), is: "0.01 s" },
  { made: format.duration(51.5), is: "51.5 s" },
  { made: format.duration(192), is: "3 min 12 s" },
  { made: format.duration(3599.6), is: "1 h 0 min" },
  { made: format.duration(3840), is: "1 h 4 min" },
  { made: format.mebibytes(301_690_880), is: "288 MiB" },
  { made: format.sentence("Why not"), is: "Why not." },
  { made: format.sentence("Why not?"), is: "Why not?" },
])("$is", ({ made, is }) => {
  expect(plain(made)).toBe(is);
});

describe("shortened()", () => {
  test.each([
    { name: "what fits stays", text: "Quai", length: 4, is: "Quai" },
    { name: "what does not ends in an ellipsis", text: "Quai du Lez", length: 6, is: "Quai…" },
    {
      name: "no character is cut in two",
      text: "👩\u200d🚀👩\u200d🚀👩\u200d🚀",
      length: 2,
      is: "👩\u200d🚀…",
    },
  ])("$name", ({ text, length, is }) => {
    expect(format.shortened(text, length)).toBe(is);
  });
});
