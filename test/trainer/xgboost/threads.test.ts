import { describe, expect, test } from "@jest/globals";

import { setOpenMpVariables, trainingThreads } from "../../../trainer/xgboost/threads.ts";

const v1 = (directory: string, quota: number, period = 100_000): Record<string, string> => ({
  [`${directory}/cpu.cfs_quota_us`]: `${String(quota)}\n`,
  [`${directory}/cpu.cfs_period_us`]: `${String(period)}\n`,
});

describe("trainingThreads() on a machine of 8 CPUs", () => {
  test.each<{ says: string; files: Record<string, string>; want: number }>([
    { says: "takes all without control groups", files: {}, want: 8 },
    {
      says: "keeps a container's limit, version 2",
      files: { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "300000 100000\n" },
      want: 3,
    },
    {
      says: "takes all where version 2 says max",
      files: { "/proc/self/cgroup": "0::/a\n", "/sys/fs/cgroup/a/cpu.max": "max 100000\n" },
      want: 8,
    },
    {
      says: "takes the tightest of nested groups, version 2",
      files: {
        "/proc/self/cgroup": "0::/pod/box\n",
        "/sys/fs/cgroup/pod/box/cpu.max": "200000 100000\n",
        "/sys/fs/cgroup/pod/cpu.max": "600000 100000\n",
      },
      want: 2,
    },
    {
      says: "keeps the limit of the group's own directory, version 1",
      files: {
        "/proc/self/cgroup": "5:memory:/box\n4:cpu,cpuacct:/box\n",
        ...v1("/sys/fs/cgroup/cpu,cpuacct/box", 400_000),
      },
      want: 4,
    },
    {
      says: "keeps the limit of the mount when the group's path is the host's, version 1",
      files: {
        "/proc/self/cgroup": "4:cpu,cpuacct:/docker/0a1b\n",
        ...v1("/sys/fs/cgroup/cpu,cpuacct", 250_000),
      },
      want: 2,
    },
    {
      says: "takes all where version 1 says -1",
      files: { "/proc/self/cgroup": "1:cpu:/\n", ...v1("/sys/fs/cgroup/cpu", -1) },
      want: 8,
    },
    {
      says: "has one thread on half a CPU",
      files: { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "50000 100000\n" },
      want: 1,
    },
    {
      says: "does not grow with a limit above the machine",
      files: { "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "6400000 100000\n" },
      want: 8,
    },
  ])("$says", ({ files, want }) => {
    expect(trainingThreads(8, (file) => files[file])).toBe(want);
  });
});

describe("setOpenMpVariables()", () => {
  test("sets the threads and how long they look for work", () => {
    const environment: NodeJS.ProcessEnv = {};
    setOpenMpVariables(environment, 2);
    expect(environment).toEqual({ OMP_NUM_THREADS: "2", GOMP_SPINCOUNT: "1000" });
  });

  test("keeps what somebody has chosen", () => {
    const environment: NodeJS.ProcessEnv = { OMP_NUM_THREADS: "5", OMP_WAIT_POLICY: "passive" };
    setOpenMpVariables(environment, 2);
    expect(environment).toEqual({ OMP_NUM_THREADS: "5", OMP_WAIT_POLICY: "passive" });
  });
});
