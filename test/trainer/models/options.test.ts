import { describe, expect, test } from "@jest/globals";

import { dayOf } from "../../../trainer/days.ts";
import { modelsOptions } from "../../../trainer/models/options.ts";
import { usage } from "../../../trainer/models/usage.ts";

const version = "20261201T010203Z-1a2b3c4d";
const optionsOf = (words: string) => modelsOptions(words.split(" ").map((word) => word.replaceAll("_", " ")));

const understood = [
  { words: "list", name: "list", asked: { model: undefined } },
  { words: "list bikes", name: "list", asked: { model: "bikes" } },
  { words: "show bikes", name: "show", asked: { model: "bikes", version: "current" } },
  { words: `show bikes ${version}`, name: "show", asked: { model: "bikes", version } },
  { words: "diff bikes previous", name: "diff", asked: { model: "bikes", a: "previous", b: "current" } },
  {
    words: `diff bikes ${version} previous`,
    name: "diff",
    asked: { model: "bikes", a: version, b: "previous" },
  },
  { words: "verify bikes", name: "verify", asked: { model: "bikes", version: undefined } },
  { words: "verify bikes current", name: "verify", asked: { model: "bikes", version: "current" } },
  {
    words: `restore bikes ${version} --reason it_was_better`,
    name: "restore",
    asked: { model: "bikes", version, reason: "it was better", by: undefined, hold: { until: undefined } },
  },
  {
    words: "restore bikes previous --reason x --hold-until 2026-12-31 --by ann@desk",
    name: "restore",
    asked: {
      model: "bikes",
      version: "previous",
      reason: "x",
      by: "ann@desk",
      hold: { until: dayOf("2027-01-01") },
    },
  },
  {
    words: "restore bikes previous --reason x --no-hold",
    name: "restore",
    asked: { model: "bikes", version: "previous", reason: "x", by: undefined, hold: undefined },
  },
  {
    words: "release bikes --reason x",
    name: "release",
    asked: { model: "bikes", reason: "x", by: undefined },
  },
  {
    words: "pin bikes current --reason x --by ann",
    name: "pin",
    asked: { model: "bikes", version: "current", reason: "x", by: "ann" },
  },
  { words: "unpin bikes current", name: "unpin", asked: { model: "bikes", version: "current" } },
  { words: "prune bikes", name: "prune", asked: { model: "bikes", keep: 12, dryRun: false } },
  {
    words: "prune bikes --keep 3 --dry-run",
    name: "prune",
    asked: { model: "bikes", keep: 3, dryRun: true },
  },
  {
    words: "score bikes --data dir --since 2024-10-01 --until 2024-11-01",
    name: "score",
    asked: {
      model: "bikes",
      versions: ["current"],
      data: "dir",
      since: dayOf("2024-10-01"),
      until: dayOf("2024-11-01"),
      run: undefined,
    },
  },
  {
    words: "score bikes previous,current --since 2024-10-01 --until 2024-11-01 --run run.yaml",
    name: "score",
    asked: {
      model: "bikes",
      versions: ["previous", "current"],
      data: undefined,
      since: dayOf("2024-10-01"),
      until: dayOf("2024-11-01"),
      run: "run.yaml",
    },
  },
];

describe("modelsOptions()", () => {
  test.each(understood)("understands $words", ({ words, name, asked }) => {
    expect(optionsOf(words)).toEqual({ subcommand: { name, asked }, modelsDir: undefined, json: false });
    expect(optionsOf(`${words} --models m --json`)).toEqual({
      subcommand: { name, asked },
      modelsDir: "m",
      json: true,
    });
  });
});

describe("modelsOptions() refuses", () => {
  const span = "--since 2024-10-01 --until 2024-11-01";
  test.each([
    { words: "lst", says: 'there is no subcommand "lst"' },
    { words: "toString", says: 'there is no subcommand "toString"' },
    { words: "show", says: "show expects MODEL [VERSION], got nothing" },
    { words: "show a b c", says: "show expects MODEL [VERSION], got a b c" },
    { words: "diff bikes", says: "diff expects MODEL VERSION [VERSION], got bikes" },
    { words: "restore bikes --reason x", says: "restore expects MODEL VERSION, got bikes" },
    { words: "restore bikes v", says: "--reason is missing" },
    { words: "restore bikes v --reason _", says: "--reason is missing" },
    { words: "restore bikes v --reason x --no-hold --hold-until 2026-12-31", says: "contradict each other" },
    {
      words: "restore bikes v --reason x --hold-until tomorrow",
      says: "--hold-until is tomorrow, expected a day",
    },
    { words: "restore bikes v --reason x --hold-until 2026-02-30", says: "--hold-until is 2026-02-30" },
    { words: "restore bikes v --reason x --until 2026-02-01", says: "restore does not take --until" },
    { words: "pin bikes v", says: "--reason is missing" },
    { words: "release bikes", says: "--reason is missing" },
    { words: "list bikes --reason x", says: "list does not take --reason" },
    { words: "prune bikes --keep 0", says: "--keep is 0, expected a whole number above 0" },
    { words: "prune bikes --keep 1.5", says: "--keep is 1.5" },
    { words: "prune bikes --keep many", says: "--keep is many" },
    { words: "prune bikes --keep=", says: "--keep is , expected" },
    { words: "prune bikes --dryrun", says: "'--dryrun'" },
    { words: "score bikes --data d", says: "--since is missing" },
    { words: "score bikes --data d --since 2024-10-01", says: "--until is missing" },
    {
      words: "score bikes --since 2024-10-01 --until 2024-10-01",
      says: "--since 2024-10-01 is not before --until",
    },
    { words: `score bikes a,b,c ${span}`, says: "one version or two, got a,b,c" },
    { words: `score bikes a, ${span}`, says: "one version or two, got a," },
    { words: `score bikes ,a ${span}`, says: "one version or two, got ,a" },
    { words: "list --json=yes", says: "'--json' does not take an argument" },
  ])("$words", ({ words, says }) => {
    expect(() => optionsOf(words)).toThrow(
      expect.objectContaining({ reason: "BadConfiguration", message: expect.stringContaining(says) }),
    );
    expect(() => optionsOf(words)).toThrow(/^[^\n]* Usage: npm run models -- [^\n]*$/);
  });

  test("no word at all", () => {
    expect(() => modelsOptions([])).toThrow(/expected a subcommand\. Usage: .*list\|show\|diff/);
  });
});

test("the usage names every option that a subcommand takes", () => {
  for (const flag of ["models", "json", "reason", "by", "no-hold", "hold-until", "keep", "dry-run"]) {
    expect(usage).toContain(`--${flag}`);
  }
});
