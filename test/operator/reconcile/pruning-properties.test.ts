import { expect, test } from "@jest/globals";
import fc from "fast-check";

import { Verdict } from "../../../contract/verdicts.ts";
import { pruning } from "../../../operator/reconcile/pruning.ts";
import type { RunSeen } from "../../../operator/reconcile/seen.ts";
import { runSeen, settingsOf } from "./run-seen.ts";

const now = new Date("2026-12-15T12:00:00Z");
const start = Date.parse("2026-09-01T00:00:00Z");
const periods = ["2026-10", "2026-11", "2026-12", "2030-01"];
const good: readonly string[] = ["Published", "Restored", "DryRun", "Skipped"];

const plan = fc.record({
  hour: fc.integer({ min: 0, max: 2500 }),
  verdict: fc.option(fc.constantFrom(...Object.values(Verdict)), { nil: undefined }),
  reason: fc.constantFrom("NoNewData", "AlreadyDone"),
  version: fc.constantFrom("v1", "v2", "v3", "v4"),
  period: fc.option(fc.constantFrom(...periods), { nil: undefined }),
  ttl: fc.option(fc.integer({ min: 0, max: 10_000_000 }), { nil: undefined }),
  deleting: fc.boolean(),
});
const history = fc.array(plan, { maxLength: 40 }).map((plans) =>
  plans.map(({ hour, verdict, reason, version, period, ttl, deleting }, i): RunSeen => {
    const resolved = {
      input: {},
      inputHash: "",
      ...(period && { period }),
      ...(ttl && { ttlSecondsAfterFinished: ttl }),
    };
    const completionTime = new Date(start + hour * 3_600_000 + i).toISOString();
    const end = verdict === undefined ? {} : { verdict, completionTime, reason, version };
    return runSeen({
      uid: `uid-${String(i)}`,
      deleting: deleting && i % 5 === 0,
      status: { ...end, resolved },
    });
  }),
);
const keep = fc.record({ succeeded: fc.integer({ min: 1, max: 6 }), failed: fc.integer({ min: 1, max: 4 }) });

const endOf = ({ status }: RunSeen): number => Date.parse(status.completionTime ?? "");

const isFinished = ({ status }: RunSeen): boolean => status.verdict !== undefined;
const moves = ({ status }: RunSeen): boolean =>
  status.verdict === "Published" || status.verdict === "Restored";
const does = ({ status }: RunSeen): boolean =>
  status.verdict === "Published" || (status.verdict === "Skipped" && status.reason === "NoNewData");

/** The rules once more, as plain as can be. */
function isNeeded(run: RunSeen, runs: readonly RunSeen[]): boolean {
  return isOrigin(run, runs) || isNewestMove(run, runs) || tellsOfPeriod(run, runs);
}

function isOrigin({ status }: RunSeen, runs: readonly RunSeen[]): boolean {
  const current = runs.filter(moves).toSorted((one, other) => endOf(other) - endOf(one))[0];
  return status.verdict === "Published" && status.version === current?.status.version;
}

function isNewestMove(run: RunSeen, runs: readonly RunSeen[]): boolean {
  const same = runs.filter(({ status, deleting }) => status.verdict === run.status.verdict && !deleting);
  return moves(run) && !same.some((other) => endOf(other) > endOf(run));
}

function tellsOfPeriod(run: RunSeen, runs: readonly RunSeen[]): boolean {
  const period = run.status.resolved?.period;
  if (period !== "2026-12" && period !== "2026-11") return false;
  const others = runs.filter(
    (other) => isFinished(other) && !other.deleting && other.status.resolved?.period === period,
  );
  const isNewest = !others.some((other) => endOf(other) > endOf(run));
  return isNewest || (does(run) && !others.some((other) => does(other) && endOf(other) < endOf(run)));
}

test("only finished runs that nothing needs are removed, whatever the order in which they are seen", () => {
  fc.assert(
    fc.property(history, keep, (runs, keepRuns) => {
      const { configuration } = settingsOf({ keepRuns });
      const { prune } = pruning(runs, configuration, now);
      expect(pruning(runs.toReversed(), configuration, now).prune).toEqual(prune);
      if (prune === undefined) return;
      expect(prune.run.status.verdict).toBeDefined();
      expect(prune.run.deleting).toBe(false);
      expect(isNeeded(prune.run, runs)).toBe(false);
    }),
  );
});

test("removing one after the other ends with as many as are kept, and with those that are needed", () => {
  fc.assert(
    fc.property(history, keep, (runs, keepRuns) => {
      const { configuration } = settingsOf({ keepRuns });
      const needed = runs.filter((run) => isFinished(run) && isNeeded(run, runs));
      let left: readonly RunSeen[] = runs;
      for (let { prune } = pruning(left, configuration, now); prune !== undefined;) {
        const { uid } = prune.run;
        left = left.filter((run) => run.uid !== uid);
        ({ prune } = pruning(left, configuration, now));
      }
      const others = left.filter(
        (run) => run.status.verdict !== undefined && !run.deleting && !needed.includes(run),
      );
      const well = others.filter(({ status }) => good.includes(status.verdict ?? ""));
      expect(left).toEqual(expect.arrayContaining(needed));
      expect(well.length).toBeLessThanOrEqual(keepRuns.succeeded);
      expect(others.length - well.length).toBeLessThanOrEqual(keepRuns.failed);
    }),
  );
});

/** A month that begins frees runs too; the run that it brings then asks anew. */
const withoutPeriods = (runs: readonly RunSeen[]): readonly RunSeen[] =>
  runs.map((run) => {
    const { period: _, ...resolved } = { input: {}, inputHash: "", ...run.status.resolved };
    return { ...run, status: { ...run.status, resolved } };
  });

test("when nothing is removed, the next look is the first time to live that ends", () => {
  fc.assert(
    fc.property(history.map(withoutPeriods), (runs) => {
      const { prune, next } = pruning(runs, settingsOf().configuration, now);
      if (prune !== undefined || next === undefined) return;
      expect(next > now).toBe(true);
      expect(pruning(runs, settingsOf().configuration, new Date(next.getTime() - 1)).prune).toBeUndefined();
      expect(pruning(runs, settingsOf().configuration, next).prune).toBeDefined();
    }),
  );
});
