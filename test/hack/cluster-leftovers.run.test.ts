import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";

import { Home, readDeed } from "../../hack/cluster/home.ts";
import { takeInventory } from "../../hack/cluster/inventory.ts";
import { runningDaemons } from "../../hack/cluster/processes.ts";
import { endControlPlane } from "../../hack/cluster/removal.ts";

/** Watchers of a file stand for the three programs of a control plane: what is tested here is how processes end. */
const names = ["etcd", "kube-apiserver", "kube-controller-manager"];

jest.setTimeout(30_000);
let below: string;
beforeEach(async () => {
  below = await mkdtemp(path.join(tmpdir(), "leftovers-"));
});
afterEach(async () => {
  for (const { directory } of (await takeInventory(new Date(), below)).running)
    await endControlPlane(directory);
  await rm(below, { recursive: true });
});

async function makeHome(): Promise<Home> {
  const home = await Home.make(new Date(), below);
  for (const name of names) await home.launch(name, "tail", watcher(home.directory));
  return home;
}

/** Its command line names the directory, as those of the programs do. */
const watcher = (directory: string): string[] => ["-f", path.join(directory, "deed.json")];

/** Processes end when the system gets round to it; ten seconds are for a busy machine. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries === 500) throw new Error(`Still not: ${holds.toString()}`);
    await setTimeout(20);
  }
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
const swept = async (): Promise<readonly string[]> => (await takeInventory(new Date(), below)).swept;
const running = async () => (await takeInventory(new Date(), below)).running;

async function kill(pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  await until(async () => !(await exists(`/proc/${String(pid)}/cwd`)));
}

describe("a control plane", () => {
  test("of this process is listed with its owner, and left alone", async () => {
    const home = await makeHome();
    const [found] = await running();
    expect(found?.deed).toMatchObject({ owner: process.pid, kept: false });
    expect(found?.daemons.map(({ name }) => name)).toEqual(names);
    await home.end();
    expect(await exists(home.directory)).toBe(false);
  });

  test("that is kept lives on without its keeper", async () => {
    const home = await makeHome();
    await home.keep();
    expect(await running()).toMatchObject([{ directory: home.directory, deed: { kept: true } }]);
  });

  test("ends with all its processes, and only those", async () => {
    const [one, other] = [await makeHome(), await makeHome()];
    const daemons = await runningDaemons(one.directory);
    await one.end();
    expect(daemons).toHaveLength(3);
    expect(await runningDaemons(other.directory)).toHaveLength(3);
    await other.end();
  });
});

describe("nothing is left", () => {
  test("by an owner that is killed", async () => {
    const main = path.join(import.meta.dirname, "cluster-owner.ts");
    const owner = spawn(process.execPath, [main, below], { stdio: ["ignore", "pipe", "inherit"] });
    const [said] = (await once(owner.stdout, "data")) as [Buffer];
    const directory = said.toString().trim();
    const daemons = await runningDaemons(directory);
    owner.kill("SIGKILL");
    await until(async () => !(await exists(directory)));
    expect(await exists(path.join(below, "undone"))).toBe(true);
    expect(daemons).toHaveLength(1);
    for (const { pid } of daemons) await until(async () => !(await exists(`/proc/${String(pid)}/cwd`)));
  });

  test("when owner and keeper are killed: the next look cleans up", async () => {
    const home = await makeHome();
    await kill((await readDeed(home.directory)).keeper);
    expect(await swept()).toEqual([home.directory]);
    expect(await exists(home.directory)).toBe(false);
    expect(await runningDaemons(home.directory)).toEqual([]);
  });

  test("of a kept one that lost a process", async () => {
    const home = await makeHome();
    await home.keep();
    for (const { pid } of (await runningDaemons(home.directory)).slice(0, 1)) await kill(pid);
    expect(await swept()).toEqual([home.directory]);
  });

  test("by a restart of the machine", async () => {
    const directory = path.join(below, "retrain-cluster-before");
    await mkdir(directory);
    await writeFile(path.join(directory, "pids"), "etcd 999999999\n");
    const old = new Date(Date.now() - 3_600_000);
    await utimes(directory, old, old);
    expect(await swept()).toEqual([directory]);
  });

  test("but a directory of this moment may be about to start", async () => {
    await mkdir(path.join(below, "retrain-cluster-now"));
    expect(await swept()).toEqual([]);
  });
});

test("what a home did to the machine is undone, however it ends", async () => {
  const trace = path.join(below, "trace");
  const ends: Readonly<Record<string, (home: Home) => Promise<void>>> = {
    "by itself": (home) => home.end(),
    "by its directory": (home) => endControlPlane(home.directory),
    "with the next look": async (home) => {
      await kill((await readDeed(home.directory)).keeper);
      await swept();
    },
  };
  for (const [how, end] of Object.entries(ends)) {
    const home = await makeHome();
    home.undoBy(`rm '${trace}'`);
    await writeFile(trace, "");
    await end(home);
    expect({ how, left: await exists(trace) }).toEqual({ how, left: false });
  }
});

test("an id that has been given to another process is not ended", async () => {
  const stranger = spawn("tail", ["-f", import.meta.filename], { stdio: "ignore" });
  const home = await makeHome();
  const pids = path.join(home.directory, "pids");
  await writeFile(pids, `${await readFile(pids, "utf8")}etcd ${String(stranger.pid)}\n`);
  await home.end();
  const lives = await exists(`/proc/${String(stranger.pid)}/cwd`);
  stranger.kill("SIGKILL");
  expect(lives).toBe(true);
});

test("a program that cannot be started is named", async () => {
  const home = await Home.make(new Date(), below);
  await expect(home.launch("etcd", path.join(below, "etcd"), [])).rejects.toThrow(
    `Cannot start ${below}/etcd`,
  );
  await home.end();
});
