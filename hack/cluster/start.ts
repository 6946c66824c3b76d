import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

import { codeOf } from "../../trainer/errors.ts";
import { call, type Access } from "./api.ts";
import { apiServerFlags, controllerManagerFlags, etcdFlags, type Listener } from "./commands.ts";
import { writeCredentials, writeKubeconfig, type Tokens } from "./credentials.ts";
import type { Home, Program } from "./home.ts";
import { freePorts } from "./ports.ts";

/** What a start has come to: more programs can be added, and waited for. */
export interface Started {
  readonly admin: Access;
  readonly tokens: Tokens;
  readonly running: Program[];
}

/**
 * Starts etcd, kube-apiserver and kube-controller-manager of the directory `binaries` in a home and waits until Pods can be created.
 * `beside` runs already, and its end is noticed too. Throws an Error with what a program said when it ended instead.
 */
export async function startPrograms(
  home: Home,
  binaries: string,
  listener: Listener,
  beside: readonly Program[] = [],
): Promise<Started> {
  const { directory } = home;
  const [etcd = 0, etcdPeers = 0, api = 0] = await freePorts(3);
  const ports = { etcd, etcdPeers, api };
  const tokens = await writeCredentials(home);
  const launch = (name: string, flags: readonly string[]): Promise<Program> =>
    home.launch(name, path.join(binaries, name), flags);

  const running = [
    ...beside,
    await launch("etcd", etcdFlags(directory, ports)),
    await launch("kube-apiserver", apiServerFlags(directory, ports, listener)),
  ];
  const url = `https://${listener.address}:${String(ports.api)}`;
  const ca = await waitFor(home, running, () => textOf(home.file("apiserver", "apiserver.crt")));
  const admin: Access = { url, ca, token: tokens.admin };
  await waitFor(home, running, () => isServed(admin, "/readyz"));

  const kubeconfig = await writeKubeconfig(home, "kcm", { url, ca, token: tokens.controllerManager });
  running.push(await launch("kube-controller-manager", controllerManagerFlags(directory, kubeconfig)));
  for (const object of neededByPods) await waitFor(home, running, () => isServed(admin, object));
  return { admin, tokens, running };
}

/** Without them Pods are refused, or wait seconds for their token's volume. */
const neededByPods = [
  "/api/v1/namespaces/default/serviceaccounts/default",
  "/api/v1/namespaces/default/configmaps/kube-root-ca.crt",
];

const pollMilliseconds = 50;
const patienceSeconds = 120;

/** The first value that is given. Throws an Error when a program has ended or time is up. */
export async function waitFor<T>(
  home: Home,
  running: readonly Program[],
  look: () => Promise<T | undefined>,
): Promise<T> {
  for (let waited = 0; waited < patienceSeconds * 1000; waited += pollMilliseconds) {
    const found = await look();
    if (found !== undefined) return found;
    const gone = running.find((program) => program.ended() !== undefined);
    if (gone !== undefined) throw new Error(await lastWords(home, gone));
    await setTimeout(pollMilliseconds);
  }
  throw new Error(`Cannot start the control plane: it was not ready after ${String(patienceSeconds)} s`);
}

async function isServed(access: Access, object: string): Promise<true | undefined> {
  try {
    return (await call(access, object)).status === 200 ? true : undefined;
  } catch (error) {
    if (codeOf(error) === "ECONNREFUSED" || codeOf(error) === "ECONNRESET") return undefined;
    throw error;
  }
}

async function lastWords(home: Home, program: Program): Promise<string> {
  const { name } = program;
  const log = (await textOf(home.file(`${name}.log`))) ?? "";
  const said = log.trim().split("\n").slice(-3).join("; ");
  return `Cannot start the control plane: ${name} ended with ${program.ended() ?? ""} and said: ${said}`;
}

/** Undefined while the file is not there yet. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}
