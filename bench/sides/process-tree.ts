import { readdirSync, readFileSync } from "node:fs";

/** As `getconf CLK_TCK` has it on every Linux that Node.js runs on. */
const ticksPerSecond = 100;

/**
 * CPU time and peak memory of a process and all that it started, from /proc. Pages that several of them share (files,
 * shared memory) count once, as much as the largest holds of them.
 */
export class ProcessTree {
  readonly #root: number;
  readonly #ticks = new Map<number, number>();
  #peakBytes = 0;

  constructor(root: number) {
    this.#root = root;
  }

  get cpuSeconds(): number {
    return this.#ticks.values().reduce((sum, ticks) => sum + ticks, 0) / ticksPerSecond;
  }

  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** Takes what there is now into account; processes that have ended keep what was seen of them last. */
  look(): void {
    const found = descendants(this.#root).flatMap((pid) => memoryOf(pid, this.#ticks));
    if (found.length === 0) return;
    const own = found.reduce((sum, { ownBytes }) => sum + ownBytes, 0);
    const shared = Math.max(...found.map(({ sharedBytes }) => sharedBytes));
    // Between two looks one process may have held more: the kernel keeps that number for each.
    const highest = Math.max(...found.map(({ peakBytes }) => peakBytes));
    this.#peakBytes = Math.max(this.#peakBytes, own + shared, highest);
  }
}

function descendants(pid: number): readonly number[] {
  return [pid, ...childrenOf(pid).flatMap(descendants)];
}

const childrenOf = (pid: number): readonly number[] =>
  tasksOf(pid).flatMap((task) =>
    (textOf(`/proc/${String(pid)}/task/${task}/children`) ?? "")
      .split(" ")
      .filter((word) => word !== "")
      .map(Number),
  );

interface Memory {
  readonly ownBytes: number;
  readonly sharedBytes: number;
  readonly peakBytes: number;
}

function memoryOf(pid: number, ticks: Map<number, number>): readonly Memory[] {
  const [stat, status] = [textOf(`/proc/${String(pid)}/stat`), textOf(`/proc/${String(pid)}/status`)];
  if (stat === undefined || status === undefined) return [];
  ticks.set(pid, ticksIn(stat));
  const bytes = (field: string): number =>
    1024 * Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "mu").exec(status)?.[1] ?? 0);
  return [
    {
      ownBytes: bytes("RssAnon"),
      sharedBytes: bytes("RssFile") + bytes("RssShmem"),
      peakBytes: bytes("VmHWM"),
    },
  ];
}

/** utime and stime, the 14th and 15th field; the second one, a name in brackets, may hold spaces. */
function ticksIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

function tasksOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${String(pid)}/task`);
  } catch {
    return []; // It has ended meanwhile.
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // Its process has ended meanwhile.
  }
}
