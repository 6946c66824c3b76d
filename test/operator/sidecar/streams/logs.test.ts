import { beforeEach, describe, expect, test } from "@jest/globals";

import { logsRoute } from "../../../../operator/sidecar/streams/logs-route.ts";
import { runSeen } from "../../../support/seen.ts";
import { handRuns, type HandRuns } from "../hand-runs.ts";
import { failing, handPods, text, type HandPods } from "./hand-pods.ts";
import { startStreamServer } from "./stream-server.ts";

const uid = "0123456789";
const time = "2026-12-01T02:00:00Z";
/** A run with so many attempts, the last of them still open. */
const attempting = (attempts: number, status = {}) =>
  runSeen({
    name: "may",
    uid,
    resourceVersion: String(attempts),
    status: {
      attempts: Array.from({ length: attempts }, (_, i) => ({
        job: `rr-${uid}-${String(i + 1)}`,
        startedAt: time,
        ...(i + 1 < attempts ? { finishedAt: time } : {}),
      })),
      ...status,
    },
  });
const over = (attempts: number, verdict = "Published") =>
  attempting(attempts, { verdict, message: "Version 1 is current" });

let runs: HandRuns;
let pods: HandPods;
/** What happens at each look between two. */
let meanwhile: (() => void)[];
let pauses: number[];
beforeEach(() => {
  pauses = [];
  runs = handRuns(attempting(1));
  pods = handPods(uid);
  meanwhile = [];
});

/** No time passes: at each wait the next thing happens. */
const clock = {
  sleep: async (milliseconds: number): Promise<void> => {
    pauses.push(milliseconds);
    await new Promise(setImmediate);
    meanwhile.shift()?.();
  },
};

async function ask(query = ""): Promise<string> {
  await using server = await startStreamServer([logsRoute({ runs, kube: pods.kube, clock })]);
  const answer = await fetch(`${server.url}/api/runs/may/logs${query}`);
  return answer.status === 200 ? await answer.text() : `${String(answer.status)} ${await answer.text()}`;
}

describe("the log of a run", () => {
  test("is that of its attempts one after the other, and ends with the run", async () => {
    runs.put(over(2, "Failed"));
    for (const attempt of [1, 2]) pods.set(attempt, "terminated");
    pods.logs(1, () => text("a1\n", "b1\n"));
    pods.logs(2, () => text("a2\n"));
    expect(await ask()).toBe("==> attempt 1 <==\na1\nb1\n==> attempt 2 <==\na2\n");
  });

  test("of one attempt is that attempt's", async () => {
    runs.put(over(2));
    for (const attempt of [1, 2]) pods.set(attempt, "terminated");
    pods.logs(2, () => text("a2\n"));
    expect(await ask("?attempt=2")).toBe("a2\n");
  });

  test("waits for a Pod that does not run yet, and for the next attempt", async () => {
    pods.logs(1, () => text("one\n"));
    pods.logs(2, () => text("two\n"));
    meanwhile = [
      () => {
        pods.set(1, "waiting");
      },
      () => {
        pods.set(1, "terminated");
      },
      () => {
        runs.put(attempting(2));
        pods.set(2, "terminated");
        meanwhile.push(() => {
          runs.put(over(2));
        });
      },
    ];
    runs.put(attempting(1));
    expect(await ask()).toMatch(/^==> attempt 1 <==\none\n==> attempt 2 <==\ntwo\n$/u);
  });

  test("leaves out attempts whose Pod is gone, and those that never had one", async () => {
    runs.put(over(3));
    pods.set(3, "terminated");
    pods.logs(3, () => text("three\n"));
    expect(await ask()).toBe("==> attempt 3 <==\nthree\n");
  });
});

test("a log that does not come is looked for ever more seldom, and soon again once something has changed", async () => {
  const nothing = (): void => undefined;
  meanwhile = [
    ...Array<() => void>(6).fill(nothing),
    () => {
      runs.put(attempting(1));
    },
    nothing,
    () => {
      runs.put(over(1));
    },
  ];
  await ask("?attempt=1");
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000, 15_000, 1000, 2000]);
});

describe("a log that breaks", () => {
  test("goes on where it was, nothing twice and nothing lost, not even within a character", async () => {
    pods.set(1, "running");
    const whole = new TextEncoder().encode("vélo\nstade\n");
    const broken = (end: number) =>
      async function* () {
        yield await Promise.resolve(whole.subarray(0, end));
        yield* failing(0);
      };
    pods.logs(1, broken(2), broken(6), () => text("vélo\n", "stade\n"));
    meanwhile = [
      () => undefined,
      () => {
        pods.set(1, "terminated");
        runs.put(over(1));
      },
    ];
    expect(await ask("?attempt=1")).toBe("vélo\nstade\n");
  });

  test("that ended while the container ran is read once more: its last lines may be missing", async () => {
    pods.set(1, "running");
    pods.logs(
      1,
      () => text("first\n"),
      () => text("first\n", "last\n"),
    );
    meanwhile = [
      () => {
        pods.set(1, "terminated");
        runs.put(over(1));
      },
    ];
    expect(await ask("?attempt=1")).toBe("first\nlast\n");
    expect(pods.asked).toBe(2);
  });

  test("of a container that has ended is not asked for without end", async () => {
    pods.set(1, "terminated");
    runs.put(over(1));
    pods.logs(1, () => failing(500, "first\n"));
    expect(await ask("?attempt=1")).toBe("first\n");
    expect(pods.asked).toBe(5);
  });
});

describe("a log that there is not", () => {
  test("is 404 and tells how the run ended", async () => {
    runs.put(over(1));
    expect(await ask()).toMatch(/^404 .*no Pod of the run may.*Published: Version 1 is current/u);
    pods.set(1, "terminated");
    expect(await ask("?attempt=2")).toMatch(/^404 .*of attempt 2/u);
  });

  test("ends for an attempt that the status has forgotten: it keeps only the last ones", async () => {
    const { status, ...run } = attempting(3);
    runs.put({ ...run, status: { ...status, attempts: status.attempts?.slice(-1) ?? [] } });
    expect(await ask("?attempt=1")).toBe("");
  });

  test("ends when the run is deleted while it is waited for", async () => {
    meanwhile = [
      () => {
        runs.remove(attempting(1));
      },
    ];
    expect(await ask()).toBe("");
  });

  test.each(["?attempt=0", "?attempt=one", "?attempt=1.5", "?tail=3"])("%s is refused", async (query) => {
    expect(await ask(query)).toMatch(/^400 /u);
  });
});

test("a reader that does not read is not read for: the log waits in the kubelet", async () => {
  pods.set(1, "running");
  let given = 0;
  pods.logs(1, async function* () {
    for (; given < 4096; given++) yield await Promise.resolve(new Uint8Array(65_536));
  });
  await using server = await startStreamServer([logsRoute({ runs, kube: pods.kube, clock })]);
  const answer = await fetch(`${server.url}/api/runs/may/logs?attempt=1`);
  let before = -1;
  while (given > before) {
    before = given;
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
  }
  expect(given).toBeLessThan(1024);
  await answer.body?.cancel();
  while (server.open > 0) await new Promise(setImmediate);
});
