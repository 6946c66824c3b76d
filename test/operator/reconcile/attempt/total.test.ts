import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";

import { attemptState } from "../../../../operator/reconcile/attempt/attempt-state.ts";
import type { AttemptSeen } from "../../../../operator/reconcile/attempt/attempt.ts";
import {
  at,
  attempt,
  condition,
  disrupted,
  ended,
  event,
  failed,
  job,
  jobs,
  pod,
  report,
  running,
  stopped,
  waiting,
} from "./views.ts";

/** Longer than any message may be; each place that a message is taken from gets one. */
const flood = (word: string): string => `${word} `.repeat(3000);
const password = "hunter2hunter2";
const leak = `postgresql://u:${password}@db/x PGPASSWORD=${password} ${flood("x")}`;

const text = fc.oneof(
  fc.string(),
  fc.constantFrom("", leak, flood("a"), "Evicted", "DeadlineExceeded", "OOMKilled"),
);
const message = fc.oneof(
  text,
  fc.constantFrom(report(), failed("Bug", leak), failed("ModelLocked"), stopped, {
    ...report(),
    runUid: "run-0",
  }),
);
const exitCode = fc.constantFrom(0, 1, 65, 70, 75, 77, 78, 128, 137, 143, 255);
const differs = fc.record({
  gone: fc.boolean(),
  deletingAt: fc.constantFrom(undefined, at(90)),
  phase: fc.constantFrom("Pending", "Running", "Succeeded", "Failed", "Unknown"),
  reason: fc.option(text, { nil: undefined }),
  message: fc.option(text, { nil: undefined }),
  createdAt: fc.integer({ min: 0, max: 50 }).map(at),
});
const anyCondition = fc
  .tuple(text, text)
  .chain(([reason, said]) =>
    fc.constantFrom(
      { conditions: [] },
      disrupted(reason, said),
      condition("PodScheduled", "False", reason, said),
    ),
  );
const anyPod = fc.oneof(
  fc.tuple(differs, anyCondition).map(([fields, conditions]) => pod({ ...fields, ...conditions })),
  fc.tuple(differs, anyCondition).map(([fields, conditions]) => running({ ...fields, ...conditions })),
  fc.tuple(text, text).map(([reason, said]) => waiting(reason, said)),
  fc
    .tuple(exitCode, text, message, fc.tuple(differs, anyCondition))
    .map(([code, reason, said, [fields, conditions]]) =>
      ended({ exitCode: code, reason, message: said }, { ...fields, ...conditions }),
    ),
);
const anyJob = fc.oneof(
  fc.constantFrom(
    undefined,
    job(),
    ...Object.values(jobs).filter((one) => typeof one !== "function"),
    jobs.exited(78),
  ),
  fc
    .tuple(text, text)
    .map(([reason, said]) => job({ finished: { type: "Failed", reason, message: said, at: at(101) } })),
);
const anyAttempt: fc.Arbitrary<AttemptSeen> = fc
  .record({
    job: anyJob,
    pods: fc.array(anyPod, { maxLength: 3 }),
    events: fc.array(
      fc
        .tuple(
          fc.constantFrom("FailedMount", "FailedCreate", "Pulling"),
          text,
          fc.constantFrom("pod-1", "job-1"),
        )
        .map(([reason, said, aboutUid]) => event(reason, said, { aboutUid })),
    ),
    log: fc.option(text, { nil: undefined }),
    memoryLimit: fc.option(fc.string(), { nil: undefined }),
    mayBegin: fc.boolean(),
    now: fc.integer({ min: 0, max: 300 }).map(at),
  })
  .map(attempt);

describe("Whatever is seen of an attempt,", () => {
  test("its state is one of four and its messages are bounded, whole and without a secret", () => {
    fc.assert(
      fc.property(anyAttempt, (seen) => {
        const state = attemptState(seen);
        const told = state.kind === "ended" ? state.end : state.kind === "pending" ? state.why : undefined;
        expect(["pending", "running", "stopping", "ended"]).toContain(state.kind);
        expect(told?.message.length ?? 0).toBeLessThanOrEqual(4096);
        expect(told?.message.isWellFormed() ?? true).toBe(true);
        expect(told?.reason ?? "Word").toMatch(/^\w{1,128}$/);
        expect(JSON.stringify(state)).not.toContain(password);
      }),
      { numRuns: 2000 },
    );
  });

  test("the order of its Pods does not matter", () => {
    fc.assert(
      fc.property(anyAttempt, (seen) => {
        const pods = seen.pods.map((one, i) => ({ ...one, createdAt: at(i) }));
        expect(attemptState({ ...seen, pods: pods.toReversed() })).toEqual(attemptState({ ...seen, pods }));
      }),
    );
  });

  test("an attempt that has ended stays ended as time goes by", () => {
    fc.assert(
      fc.property(anyAttempt, fc.nat(), (seen, seconds) => {
        const now = seen.now < at(100) ? at(100) : seen.now;
        fc.pre(attemptState({ ...seen, now }).kind === "ended");
        const later = attemptState({ ...seen, now: new Date(now.getTime() + seconds * 1000) });
        expect(later).toEqual(attemptState({ ...seen, now }));
      }),
    );
  });
});
