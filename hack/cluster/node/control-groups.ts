import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import type { Home } from "../home.ts";

/** Where the kernel's control groups are mounted: version 1 has a hierarchy for each controller, version 2 one for all. */
export interface Hierarchy {
  readonly mount: string;
  readonly version: 1 | 2;
}

/** By the text of /proc/self/mounts. */
export function hierarchies(mounts: string): Hierarchy[] {
  const kinds: Readonly<Record<string, 1 | 2>> = { cgroup: 1, cgroup2: 2 };
  return mounts.split("\n").flatMap((line) => {
    const [, mount, kind = ""] = line.split(" ");
    const version = kinds[kind];
    return mount === undefined || version === undefined ? [] : [{ mount, version }];
  });
}

/** Makes the group below which all Pods of a node are, in each hierarchy, and returns its name. */
export async function makeControlGroup(home: Home): Promise<string> {
  const name = path.basename(home.directory);
  const roots = hierarchies(await readFile("/proc/self/mounts", "utf8"));
  home.undoBy(removal(roots.map(({ mount }) => path.join(mount, name))));
  for (const { mount, version } of roots) {
    if (version === 2) await delegate(mount);
    await mkdir(path.join(mount, name), { recursive: true });
    if (version === 1) await fillCpuset(mount, path.join(mount, name));
  }
  return `/${name}`;
}

/** A group is busy until the last process in it has gone, which is a moment after that was killed. */
const removal = (groups: readonly string[]): string =>
  `groups='${groups.join(" ")}'; ${[
    "for try in $(seq 50)",
    "do find $groups -depth -type d -exec rmdir {} + 2>/dev/null",
    '[ -n "$(ls -d $groups 2>/dev/null)" ] || break',
    "sleep 0.1",
    "done",
  ].join("; ")}`;

/** A new cpuset of version 1 is empty and would admit no process. */
async function fillCpuset(from: string, to: string): Promise<void> {
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    if (existsSync(path.join(to, file))) {
      await writeFile(path.join(to, file), await readFile(path.join(from, file), "utf8"));
    }
  }
}

/** Lets groups below the root have the controllers that the kubelet asks for, where there are any. */
async function delegate(root: string): Promise<void> {
  const offered = new Set((await readFile(path.join(root, "cgroup.controllers"), "utf8")).trim().split(" "));
  const wanted = ["cpu", "cpuset", "io", "memory", "pids"].filter((controller) => offered.has(controller));
  if (wanted.length === 0) return;
  const enabled = wanted.map((controller) => `+${controller}`).join(" ");
  await writeFile(path.join(root, "cgroup.subtree_control"), enabled);
}
