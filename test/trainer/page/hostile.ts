import { TrainerReport } from "../../../contract/trainer-report.ts";
import { cityReport } from "./city-report.ts";
import { reports } from "./reports.ts";

/** A copy of any JSON value whose strings are what `to` makes of them; `at` is where one stands, as `gate.rules.0.message`. */
function mapTexts(value: unknown, to: (at: string, text: string) => string, at = ""): unknown {
  const below = (name: string): string => (at === "" ? name : `${at}.${name}`);
  if (typeof value === "string") return to(at, value);
  if (Array.isArray(value)) return value.map((item: unknown, i) => mapTexts(item, to, below(String(i))));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, mapTexts(inner, to, below(name))]),
  );
}

/** A small city's report with a hold, a force and all else that may carry a text. */
export const talkative = (): TrainerReport => ({
  ...cityReport({ stations: 6, days: 9 }),
  forceReason: "asked for",
  restored: { ...reports.restored().restored, version: "a", from: "b" },
});

/** Where any text may stand in a report: wherever the contract accepts one that is no name, date or hash. */
export function textFields(report: TrainerReport): string[] {
  const all: string[] = [];
  mapTexts(report, (at, text) => {
    all.push(at);
    return text;
  });
  return all.filter(
    (field) => TrainerReport.safeParse(mapTexts(report, (at, text) => (at === field ? "<>" : text))).success,
  );
}

/** The report with another text in each of the fields. */
export function withTexts(
  report: TrainerReport,
  fields: readonly string[],
  text: (field: string) => string,
): TrainerReport {
  const isFree = new Set(fields);
  return TrainerReport.parse(mapTexts(report, (at, old) => (isFree.has(at) ? text(at) : old)));
}

/** What opens tags, ends elements and comments, turns text around, or breaks a parser. */
export const nastyTexts = [
  "<script>alert(1)</script>",
  "</title></style></svg>",
  "]]>",
  "<!--",
  `"'><img src=x onerror=alert(1)>`,
  "\u202e\u2066",
  "\u0000\u001b\u0085",
  "&lt;&#60;",
  "\ud83d",
];
