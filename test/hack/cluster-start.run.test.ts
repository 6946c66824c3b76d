import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "@jest/globals";

import { startControlPlane } from "../../hack/cluster/control-plane.ts";
import { prefix } from "../../hack/cluster/home.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "binaries-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

/** Programs that fail as told: they note that they were started, and what they say is a shell's doing. */
async function failing(etcd: string): Promise<void> {
  const started = path.join(directory, "started");
  await writeFile(path.join(directory, "etcd"), `#!/bin/sh\necho etcd >>${started}\n${etcd}`, {
    mode: 0o755,
  });
  await writeFile(path.join(directory, "kube-apiserver"), waiting, { mode: 0o755 });
}

/** Its last flag names a file of the control plane's directory; its command line must, or it would not be ended. */
const waiting = '#!/bin/sh\nfor last; do :; done; exec tail -f "${last#*=}"\n';

const start = () => startControlPlane({ directory, source: "cache" }, directory);
const starts = async (): Promise<number> =>
  (await readFile(path.join(directory, "started"), "utf8")).trim().split("\n").length;
const homes = async (): Promise<string[]> =>
  (await readdir(directory)).filter((name) => name.startsWith(prefix));

test("a program that ends is named with its last words, and nothing is left", async () => {
  await failing("echo one; echo two; echo three; echo four >&2; exit 7");
  await expect(start()).rejects.toThrow(
    "Cannot start the control plane: etcd ended with 7 and said: two; three; four",
  );
  expect(await starts()).toBe(1);
  expect(await homes()).toEqual([]);
});

test("ports that somebody else took in between are chosen anew, three times", async () => {
  await failing("echo 'listen tcp 127.0.0.1:20000: bind: address already in use'; exit 1");
  await expect(start()).rejects.toThrow("address already in use");
  expect(await starts()).toBe(3);
});
