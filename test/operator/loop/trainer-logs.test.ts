import { expect, test } from "@jest/globals";

import { TrainerLogs } from "../../../operator/loop/trainer-logs.ts";
import type { PodSeen } from "../../../operator/reconcile/seen.ts";

const at = (seconds: number): Date => new Date(Date.UTC(2026, 11, 1, 2) + seconds * 1000);
const ended = { exitCode: 1, reason: "Error", message: "", finishedAt: at(0) };
const pod = (differs: Partial<PodSeen["trainer"]> = {}): PodSeen => ({
  name: "rr-1-1-abcde",
  uid: "pod-1",
  jobUid: "job-1",
  createdAt: at(0),
  node: "n1",
  deletingAt: undefined,
  gone: false,
  phase: "Running",
  reason: undefined,
  message: undefined,
  conditions: [],
  trainer: { waiting: undefined, runningSince: at(0), terminated: undefined, ...differs },
});

/** Logs that count how often the API server is asked; an answer of undefined is an error. */
function counted(answers: readonly (string | undefined)[]) {
  const said = [...answers];
  const failures: unknown[] = [];
  const kube = {
    logs: () => {
      const answer = said.shift();
      return answer === undefined ? Promise.reject(new Error("no node")) : Promise.resolve(answer);
    },
  };
  const reads: string[] = [];
  const logs = new TrainerLogs({
    kube,
    container: "trainer",
    onRead: (key) => reads.push(key),
    onFailure: (error) => failures.push(error),
  });
  const read = async (one: PodSeen, now: Date) => (await logs.of("velo/bikes", [one], now)).get(one.uid);
  return { read, left: () => said.length, failures, reads, logs };
}

const progress = '{"event":"progress","stage":"search","done":1,"total":18}';

test("the log of a running trainer is asked for every 15 s at most", async () => {
  const { read } = counted([progress, "second"]);
  expect(await read(pod(), at(0))).toBe(progress);
  expect(await read(pod(), at(14))).toBe(progress);
  expect(await read(pod(), at(15))).toBe("second");
});

test("it is asked for every 2 s until the trainer tells how far it is, for a minute", async () => {
  const { read } = counted(["connecting", progress, "never asked"]);
  expect(await read(pod(), at(0))).toBe("connecting");
  expect(await read(pod(), at(1))).toBe("connecting");
  expect(await read(pod(), at(2))).toBe(progress);
  expect(await read(pod(), at(16))).toBe(progress);

  const silent = counted(["a", "b"]);
  await silent.read(pod(), at(59));
  expect(await silent.read(pod(), at(74))).toBe("b");
  expect(silent.left()).toBe(0);
  const late = counted(["a", "b"]);
  await late.read(pod(), at(60));
  expect(await late.read(pod(), at(74))).toBe("a");
});

test("that of an ended one is asked for once, at once", async () => {
  const { read, left } = counted(["running", "last words", "never asked"]);
  await read(pod(), at(0));
  expect(await read(pod({ terminated: ended }), at(1))).toBe("last words");
  expect(await read(pod({ terminated: ended }), at(60))).toBe("last words");
  expect(left()).toBe(1);
});

test("a failure is told, and what was read before stays", async () => {
  const { read, failures, reads } = counted(["first", undefined]);
  await read(pod(), at(0));
  expect(await read(pod(), at(15))).toBe("first");
  expect(failures).toHaveLength(1);
  expect(reads).toEqual(["velo/bikes"]);
});

test("an empty log is none", async () => {
  const { read } = counted([""]);
  expect(await read(pod(), at(0))).toBeUndefined();
});

test("a Pod that is no longer asked about is forgotten", async () => {
  const { read, logs } = counted(["first", "second"]);
  await read(pod(), at(0));
  await logs.of("velo/bikes", [], at(1));
  expect(await read(pod(), at(2))).toBe("second");
});

test("what was read is forgotten with its model", async () => {
  const { read, left, logs } = counted(["first", "second"]);
  await read(pod(), at(0));
  logs.forget((key) => key === "velo/bikes");
  expect(await read(pod(), at(1))).toBe("second");
  expect(left()).toBe(0);
});
