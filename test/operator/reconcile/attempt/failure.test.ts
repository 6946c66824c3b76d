import { describe, expect, test } from "@jest/globals";

import { failure } from "../../../../operator/reconcile/attempt/failure.ts";
import type { JobSeen, PodSeen } from "../../../../operator/reconcile/seen.ts";
import { at, disrupted, ended, job, jobs, pod, running } from "./views.ts";

type Row = readonly [
  sentence: string,
  reason: string,
  message: RegExp,
  seen: { readonly job?: JobSeen | undefined; readonly pod?: PodSeen },
];
const why = (seen: Row[3]) =>
  failure({ job: job(), memoryLimit: "2Gi", ...seen }, seen.pod, "left no report");

const killed = { exitCode: 137 };
const outOfMemory = { ...killed, reason: "OOMKilled" };
const deleting = { deletingAt: at(130) };
const stopped = ended({ exitCode: 143 }, deleting);

const repeated: Row[] = [
  // Its own doing
  [
    "its memory is not enough",
    "OOMKilled",
    /limit of 2Gi .*raise job\.resources\.limits\.memory$/,
    { pod: ended(outOfMemory) },
  ],
  [
    "it fails in a way that may pass",
    "NoReport",
    /exit code 75, .*job\.retries/,
    { pod: ended({ exitCode: 75 }) },
  ],
  ["it has a bug", "NoReport", /exit code 70, a bug/, { pod: ended({ exitCode: 70 }) }],
  [
    "its program cannot be started",
    "NoReport",
    /\(exit code 128\)/,
    { pod: ended({ exitCode: 128, reason: "StartError" }) },
  ],
  ["it ends well without a word", "NoReport", /exit code 0, success/, { pod: ended({ exitCode: 0 }) }],
  ["its Job is complete and its Pod has gone", "NoReport", /exit code 0, success/, { job: jobs.complete }],
  // Somebody's doing
  ["its Job is deleted", "JobDeleted", /spec\.cancel/, { job: undefined, pod: stopped }],
  ["its Job is being deleted", "JobDeleted", /Job was deleted/, { job: jobs.deleting, pod: stopped }],
  ["Job and Pod have gone", "JobDeleted", /Job was deleted/, { job: undefined }],
  [
    "its Job is suspended",
    "Terminated",
    /Job rr-0123456789-1 was suspended/,
    { job: jobs.suspended, pod: stopped },
  ],
  [
    "its Pod is deleted",
    "PodDeleted",
    /Pod rr-0123456789-1-abcde was deleted/,
    { job: jobs.failed, pod: stopped },
  ],
  [
    "its Pod has gone while it ran",
    "PodDeleted",
    /was deleted/,
    { job: jobs.failed, pod: running({ gone: true }) },
  ],
  [
    "its Pod is deleted before it has a node",
    "PodDeleted",
    /was deleted/,
    { job: jobs.failed, pod: pod({ phase: "Failed", ...deleting }) },
  ],
  // Nobody knows whose
  [
    "it is killed",
    "NoReport",
    /killed \(exit code 137\) and left no report; the Job says BackoffLimitExceeded: Job has reached/,
    { job: jobs.failed, pod: ended(killed) },
  ],
  ["nobody saw its end", "NoReport", /whose end nobody saw/, { job: jobs.failed }],
  [
    "its Pod fails without a word",
    "NoReport",
    /whose end nobody saw/,
    { job: jobs.failed, pod: pod({ phase: "Failed" }) },
  ],
];

const permanent: Row[] = [
  [
    "its data cannot be read",
    "NoReport",
    /exit code 65, data that cannot be read\).*a retry would fail/,
    { pod: ended({ exitCode: 65 }) },
  ],
  ["it lacks a permission", "NoReport", /exit code 77/, { pod: ended({ exitCode: 77 }) }],
  ["its configuration is wrong", "NoReport", /exit code 78/, { pod: ended({ exitCode: 78 }) }],
  ["only its Job still tells", "NoReport", /has gone ended \(exit code 78/, { job: jobs.exited(78) }],
  [
    "it was deleted after that",
    "NoReport",
    /exit code 78/,
    { job: undefined, pod: ended({ exitCode: 78 }, deleting) },
  ],
];

describe("An attempt without a report", () => {
  test.each(repeated)("is counted when %s: %s", (_, reason, message, seen) => {
    expect(why(seen)).toMatchObject({ outcome: "counted", reason });
    expect(why(seen).message).toMatch(message);
  });

  test.each(permanent)("is not repeated when %s: %s", (_, reason, message, seen) => {
    expect(why(seen)).toMatchObject({ outcome: "permanent", reason });
    expect(why(seen).message).toMatch(message);
  });

  test.each([...repeated, ...permanent])(
    "is told in a sentence without its full stop when %s",
    (...[, , , seen]) => {
      expect(why(seen).message).toMatch(/^[A-Z].*[^.;:]$/);
      expect(why(seen).message).not.toMatch(/undefined/);
    },
  );

  test("is first of all what the cluster did to it", () => {
    const drained = disrupted("EvictionByEvictionAPI", "Eviction API: evicting");
    expect(why({ pod: ended({ exitCode: 78 }, drained) })).toMatchObject({ outcome: "disruption" });
    expect(why({ pod: ended(outOfMemory, drained) })).toMatchObject({ outcome: "disruption" });
    expect(why({ job: undefined, pod: ended(killed, drained) })).toMatchObject({ outcome: "disruption" });
  });

  test("does not name a memory limit that nobody knows", () => {
    const { message } = failure({ job: job(), memoryLimit: undefined }, ended(outOfMemory), "");
    expect(message).toMatch(/more memory than it may/);
  });
});
