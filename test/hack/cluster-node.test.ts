import { describe, expect, test } from "@jest/globals";

import { hierarchies } from "../../hack/cluster/node/control-groups.ts";
import { freePart, networkOf } from "../../hack/cluster/node/network.ts";
import { whyNoNode, type Machine } from "../../hack/cluster/node/requirements.ts";

describe("whyNoNode()", () => {
  const whole: Machine = { platform: "linux", uid: 0, exists: () => true };
  const without = (...names: readonly string[]): Machine => ({
    ...whole,
    exists: (file) => !names.some((name) => file.endsWith(`/${name}`)),
  });

  test("has nothing to say of a machine that has everything", () => {
    expect(whyNoNode(whole)).toBeUndefined();
  });

  test.each([
    { machine: { ...whole, platform: "darwin" as const }, says: /^a node needs Linux and this is darwin$/ },
    { machine: { ...whole, uid: 1000 }, says: /^a node needs root.*sudo$/ },
    { machine: { ...whole, uid: undefined }, says: /^a node needs root/ },
    { machine: without("nft"), says: /missing: apt-get install nftables$/ },
    { machine: without("containerd", "ctr", "runc"), says: /apt-get install containerd runc$/ },
    { machine: without("host-local"), says: /apt-get install containernetworking-plugins$/ },
  ])("says $says", ({ machine, says }) => {
    expect(whyNoNode(machine)).toEqual(expect.stringMatching(says));
  });

  test("takes the plugins from where a distribution has them", () => {
    const exists = (file: string): boolean => !file.startsWith("/usr/lib/cni/");
    expect(whyNoNode({ ...whole, exists })).toBeUndefined();
  });
});

describe("addresses of a node", () => {
  /** As os.networkInterfaces() tells them; only the address is read. */
  const cable = (address: string) => [
    {
      address,
      netmask: "255.255.255.252",
      family: "IPv4" as const,
      mac: "02:00:00:00:00:00",
      internal: false,
      cidr: `${address}/30`,
    },
  ];

  test("are those of a part that nobody uses", () => {
    const taken = Object.fromEntries(
      Array.from({ length: 256 }, (_, part) => [`retrain${String(part)}`, cable(networkOf(part).machine)]),
    );
    const { retrain7, ...others } = taken;
    expect(retrain7).toBeDefined();
    expect(freePart({ ...others, eth0: cable("10.0.7.1") })).toBe(7);
    expect(() => freePart(taken)).toThrow("Cannot start a node: all of 198.18.0.0/16 is in use");
  });

  test("leave the upper half to Pods", () => {
    expect(networkOf(7)).toEqual({
      machine: "198.18.7.1",
      node: "198.18.7.2",
      pods: { subnet: "198.18.7.128/25", gateway: "198.18.7.129", first: "198.18.7.130" },
    });
  });
});

describe("hierarchies of control groups", () => {
  test("are one for each controller in version 1", () => {
    const mounts = [
      "tmpfs /sys/fs/cgroup tmpfs rw 0 0",
      "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0",
      "cgroup /sys/fs/cgroup/cpuset cgroup rw,cpuset 0 0",
      "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0",
      "",
    ];
    expect(hierarchies(mounts.join("\n"))).toEqual([
      { mount: "/sys/fs/cgroup/memory", version: 1 },
      { mount: "/sys/fs/cgroup/cpuset", version: 1 },
      { mount: "/sys/fs/cgroup/unified", version: 2 },
    ]);
  });

  test("are one in version 2", () => {
    expect(hierarchies("proc /proc proc rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n")).toEqual([
      { mount: "/sys/fs/cgroup", version: 2 },
    ]);
  });
});
