import { mkdir, writeFile } from "node:fs/promises";

import { stringify } from "yaml";

import type { Home } from "../home.ts";
import type { Network } from "./network.ts";

/** The image of the container that holds a Pod's namespaces. */
export const pauseImage = "localhost/pause:1";

/** Writes what containerd reads when it starts; its paths are those inside the node's namespaces. */
export async function writeContainerdFiles(home: Home, plugins: string): Promise<void> {
  await mkdir(home.file("cni"));
  await mkdir(home.file("kubelet"));
  await writeFile(home.file("containerd.toml"), containerdConfig(home.directory, plugins));
}

/**
 * `restrict_oom_score_adj`: root of a container may lack CAP_SYS_RESOURCE; without this, runc cannot lower the sandbox's
 * score and dies with "can't get final child's PID from pipe: EOF".
 */
const containerdConfig = (directory: string, plugins: string): string => `
version = 2
root = "${directory}/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs"]
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  disable_apparmor = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${plugins}"
    conf_dir = "${directory}/cni"
`;

/** Gives Pods an address each on a bridge of the node's. */
export async function writeNetworkFile(home: Home, { pods }: Network): Promise<void> {
  const range = { subnet: pods.subnet, rangeStart: pods.first, gateway: pods.gateway };
  const bridge = {
    type: "bridge",
    bridge: "pods",
    isGateway: true,
    isDefaultGateway: true,
    hairpinMode: true,
    ipam: { type: "host-local", dataDir: home.file("addresses"), ranges: [[range]] },
  };
  const list = { cniVersion: "0.4.0", name: "retrain", plugins: [bridge] };
  await writeFile(home.file("cni", "10-bridge.conflist"), JSON.stringify(list));
}

/** Writes what the kubelet reads; `controlGroup` holds all Pods. Nothing is ever evicted, and no image collected. */
export async function writeKubeletFile(
  home: Home,
  { node }: Network,
  controlGroup: string,
  clientCa: string,
): Promise<string> {
  await writeFile(home.file("resolv.conf"), ""); // No name server: look-ups fail at once instead of hanging.
  const never = [
    "memory.available",
    "nodefs.available",
    "nodefs.inodesFree",
    "imagefs.available",
    "imagefs.inodesFree",
  ];
  const config = {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    failCgroupV1: false,
    cgroupDriver: "cgroupfs",
    cgroupRoot: controlGroup,
    enforceNodeAllocatable: ["pods"],
    containerRuntimeEndpoint: "unix:///run/containerd/containerd.sock",
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: clientCa },
    },
    authorization: { mode: "Webhook" },
    address: node,
    readOnlyPort: 0,
    healthzPort: 0,
    resolvConf: home.file("resolv.conf"),
    podLogsDir: home.file("pod-logs"),
    failSwapOn: false,
    oomScoreAdj: 0,
    makeIPTablesUtilChains: false,
    imageGCHighThresholdPercent: 100,
    evictionHard: Object.fromEntries(never.map((signal) => [signal, "0%"])),
    configMapAndSecretChangeDetectionStrategy: "Watch",
  };
  const file = home.file("kubelet.yaml");
  await writeFile(file, stringify(config));
  return file;
}
