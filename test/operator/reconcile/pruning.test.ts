import { describe, expect, test } from "@jest/globals";

import type { RetrainRunStatus } from "../../../contract/status.ts";
import { pruning } from "../../../operator/reconcile/pruning.ts";
import type { RunSeen } from "../../../operator/reconcile/seen.ts";
import { runSeen, settingsOf } from "./run-seen.ts";

const { configuration } = settingsOf();
const few = settingsOf({ keepRuns: { succeeded: 1, failed: 1 } }).configuration;
const now = new Date("2026-12-15T12:00:00Z");

interface Ended {
  readonly day: string;
  readonly verdict: NonNullable<RetrainRunStatus["verdict"]>;
  readonly reason?: string;
  readonly version?: string;
  readonly period?: string;
  readonly ttl?: number;
  readonly dryRun?: boolean;
}

/** A finished run, named after its day. */
function ended(
  { day, verdict, reason, version, period, ttl, dryRun }: Ended,
  differs: Partial<RunSeen> = {},
): RunSeen {
  const frozen = {
    input: {},
    inputHash: "",
    ...(period && { period }),
    ...(ttl && { ttlSecondsAfterFinished: ttl }),
  };
  const status = {
    verdict,
    completionTime: `${day}T03:00:00Z`,
    resolved: frozen,
    ...(reason && { reason }),
    ...(version && { version }),
  };
  return runSeen({ uid: day, name: day, status, spec: dryRun ? { dryRun } : {}, ...differs });
}

const days = (count: number, month = "2026-06"): string[] =>
  Array.from({ length: count }, (_, i) => `${month}-${String(i + 1).padStart(2, "0")}`);

/** The days of the runs that go, in their order, until none goes. */
function removed(runs: readonly RunSeen[], settings = configuration): string[] {
  const run = pruning(runs, settings, now).prune?.run;
  if (run === undefined) return [];
  return [
    run.name,
    ...removed(
      runs.filter(({ uid }) => uid !== run.uid),
      settings,
    ),
  ];
}

describe("the number of runs", () => {
  test("is 12 of those that ended well and 3 of the others: the oldest go, one at a time", () => {
    const good = days(15, "2026-05").map((day) => ended({ day, verdict: "Skipped" }));
    const bad = days(6, "2026-06").map((day) => ended({ day, verdict: "Failed" }));
    expect(removed([...bad, ...good])).toEqual([...days(3, "2026-05"), ...days(3, "2026-06")]);
  });

  test.each(["Published", "Restored", "DryRun", "Skipped"] as const)("counts %s as ended well", (verdict) => {
    const runs = days(4).map((day) => ended({ day, verdict }));
    expect(removed(runs)).toEqual([]);
    expect(removed(runs, few)).toEqual(days(3));
  });

  test.each(["Rejected", "Aborted", "Cancelled", "Failed", "TimedOut"] as const)(
    "counts %s as not",
    (verdict) => {
      expect(removed(days(4).map((day) => ended({ day, verdict })))).toEqual(days(1));
    },
  );

  test("says why", () => {
    const runs = days(4).map((day) => ended({ day, verdict: "Failed" }));
    expect(pruning(runs, configuration, now).prune?.why).toBe(
      "it is not among the last 3 that did not end well",
    );
  });

  test("leaves unfinished ones and those that are going already out of it", () => {
    const runs = days(3).map((day) => ended({ day, verdict: "Failed" }));
    const going = ended({ day: "2026-06-04", verdict: "Failed" }, { deleting: true });
    expect(removed([runSeen({ uid: "new" }), ...runs, going])).toEqual([]);
    expect(removed([...runs, { ...going, deleting: false }])).toEqual(days(1));
  });

  test("goes by the end, and without one by the creation", () => {
    const runs = days(3).map((day) =>
      ended({ day, verdict: "Failed" }, { createdAt: new Date("2026-07-01") }),
    );
    const without = runSeen({
      name: "x",
      uid: "x",
      createdAt: new Date("2026-05-01"),
      status: { verdict: "Failed" },
    });
    expect(removed([without, ...runs])).toEqual(["x"]);
  });
});

describe("a time to live", () => {
  const ttl = 3600;
  const second = 1000;
  const due = new Date("2026-06-01T04:00:00Z");
  const run = ended({ day: "2026-06-01", verdict: "Failed", ttl });

  test("that is over removes a run that would be kept", () => {
    expect(pruning([run], configuration, due).prune).toEqual({
      run,
      why: "it ended more than 3600 seconds ago, its ttlSecondsAfterFinished",
    });
  });

  test("that is not over yet tells when to look again", () => {
    const later = ended({ day: "2026-06-02", verdict: "Failed", ttl });
    const before = new Date(due.getTime() - second);
    expect(pruning([later, run], configuration, before)).toEqual({ prune: undefined, next: due });
  });

  test("that is over is not waited for", () => {
    const later = ended({ day: "2026-06-02", verdict: "Failed", ttl });
    const next = new Date("2026-06-02T04:00:00Z");
    expect(pruning([later, run], configuration, due)).toMatchObject({ prune: { run }, next });
  });

  test("removes no run that is needed, nor is it waited for", () => {
    const published = ended({ day: "2026-06-01", verdict: "Published", version: "v1", ttl });
    expect(pruning([published], configuration, now)).toEqual({ prune: undefined, next: undefined });
    expect(pruning([published], configuration, new Date(due.getTime() - second)).next).toBeUndefined();
  });
});

describe("never removed", () => {
  const skipped = days(3, "2026-07").map((day) => ended({ day, verdict: "Skipped" }));
  const gone = days(2, "2026-07");

  test("the newest Published and the newest Restored", () => {
    const runs = [
      ended({ day: "2026-05-01", verdict: "Published", version: "v1" }),
      ended({ day: "2026-05-02", verdict: "Published", version: "v2" }),
      ended({ day: "2026-05-03", verdict: "Restored", version: "v0" }),
      ended({ day: "2026-05-04", verdict: "Restored", version: "v0" }),
    ];
    expect(removed([...runs, ...skipped], few)).toEqual(["2026-05-01", "2026-05-03", ...gone]);
  });

  test("the run that published the version which a restore made current again", () => {
    const runs = [
      ended({ day: "2026-05-01", verdict: "Published", version: "v1" }),
      ended({ day: "2026-05-02", verdict: "Published", version: "v2" }),
      ended({ day: "2026-05-03", verdict: "Published", version: "v3" }),
      ended({ day: "2026-05-04", verdict: "Restored", version: "v1" }),
    ];
    expect(removed([...runs, ...skipped], few)).toEqual(["2026-05-02", ...gone]);
  });

  test("that run only while the restored version is current", () => {
    const runs = [
      ended({ day: "2026-05-01", verdict: "Published", version: "v1" }),
      ended({ day: "2026-05-04", verdict: "Restored", version: "v1" }),
      ended({ day: "2026-05-05", verdict: "Published", version: "v2" }),
    ];
    expect(removed([...runs, ...skipped], few)).toEqual(["2026-05-01", ...gone]);
  });
});

describe("never removed, for its period", () => {
  test("the newest run of this month's period and of the last one's", () => {
    const runs = ["2026-10", "2026-11", "2026-12"].flatMap((period) => [
      ended({ day: `${period}-01`, verdict: "Failed", period }),
      ended({ day: `${period}-02`, verdict: "Failed", period }),
    ]);
    const bad = ended({ day: "2026-12-14", verdict: "Failed" });
    expect(removed([...runs, bad], few)).toEqual(["2026-10-01", "2026-10-02", "2026-11-01", "2026-12-01"]);
  });

  test("the run that has done its period, which later ones only name", () => {
    const period = "2026-12";
    const runs = [
      ended({ day: "2026-12-01", verdict: "Skipped", reason: "NoNewData", period, dryRun: true }),
      ended({ day: "2026-12-02", verdict: "Skipped", reason: "NoNewData", period }),
      ...["2026-12-03", "2026-12-04"].map((day) =>
        ended({ day, verdict: "Skipped", reason: "AlreadyDone", period }),
      ),
    ];
    expect(removed(runs, few)).toEqual(["2026-12-01", "2026-12-03"]);
  });

  test.each([
    { now: "2026-12-31T13:00:00Z", what: "where January has begun", kept: ["2026-11", "2026-12", "2027-01"] },
    {
      now: "2027-01-01T05:00:00Z",
      what: "where it is still December",
      kept: ["2026-11", "2026-12", "2027-01"],
    },
    { now: "2027-01-15T00:00:00Z", what: "in the middle of a month", kept: ["2026-12", "2027-01"] },
    { now: "2027-03-31T00:00:00Z", what: "after a short month", kept: ["2027-02", "2027-03"] },
  ])("a period that is current in some time zone, $what", ({ now: time, kept }) => {
    const periods = ["2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03"];
    const longAgo = { verdict: "Failed", completionTime: "2026-01-01T00:00:00Z" } as const;
    const frozen = { input: {}, inputHash: "", ttlSecondsAfterFinished: 1 };
    const runs = periods.map((period) =>
      runSeen({ uid: period, name: period, status: { ...longAgo, resolved: { ...frozen, period } } }),
    );
    const left = (seen: readonly RunSeen[]): string[] => {
      const run = pruning(seen, configuration, new Date(time)).prune?.run;
      return run === undefined
        ? seen.map(({ name }) => name)
        : left(seen.filter(({ uid }) => uid !== run.uid));
    };
    expect(left(runs)).toEqual(kept);
  });
});
