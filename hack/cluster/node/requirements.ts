import { existsSync } from "node:fs";
import path from "node:path";

/** Programs of the system that a node is made of, with the Debian package that has each. */
const programs: Readonly<Record<string, string>> = {
  containerd: "containerd",
  ctr: "containerd",
  runc: "runc",
  nft: "nftables",
  ip: "iproute2",
  openssl: "openssl",
  mount: "mount",
  unshare: "util-linux",
  nsenter: "util-linux",
};
const systemDirectories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Where distributions put the CNI plugins. */
const pluginDirectories = ["/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"];
const plugins = ["bridge", "host-local", "loopback"];

/** What decides whether a node can run. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** Of this process. */
  readonly uid: number | undefined;
  readonly exists: (file: string) => boolean;
}
const thisMachine: Machine = { platform: process.platform, uid: process.getuid?.(), exists: existsSync };

export const pluginDirectory = (machine = thisMachine): string | undefined =>
  pluginDirectories.find((directory) => hasAll(machine, directory, plugins));

/** Why no node can be started on a machine, with what to do; undefined when one can. */
export function whyNoNode(machine = thisMachine): string | undefined {
  const { platform, uid } = machine;
  if (platform !== "linux") return `a node needs Linux and this is ${platform}`;
  if (uid !== 0)
    return "a node needs root, for its containers have namespaces, mounts and limits: run it with sudo";
  const missing = missingPackages(machine);
  if (missing.length > 0)
    return `a node needs programs that are missing: apt-get install ${missing.join(" ")}`;
  return undefined;
}

function missingPackages(machine: Machine): string[] {
  const absent = Object.keys(programs).filter((name) => !isInstalled(machine, name));
  const packages = new Set(absent.flatMap((name) => programs[name] ?? []));
  if (pluginDirectory(machine) === undefined) packages.add("containernetworking-plugins");
  return [...packages];
}

const isInstalled = (machine: Machine, name: string): boolean =>
  systemDirectories.some((directory) => hasAll(machine, directory, [name]));

const hasAll = ({ exists }: Machine, directory: string, names: readonly string[]): boolean =>
  names.every((name) => exists(path.join(directory, name)));
