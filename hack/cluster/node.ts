import path from "node:path";

import { call, type Access } from "./api.ts";
import type { Binaries } from "./binaries.ts";
import { forNode, kubeletFlags, proxyFlags, schedulerFlags } from "./commands.ts";
import { planeInNewHome, type ControlPlane } from "./control-plane.ts";
import { nodeName, writeKubeconfig } from "./credentials.ts";
import type { Home } from "./home.ts";
import { makeClientCertificate } from "./node/client-certificate.ts";
import { makeControlGroup } from "./node/control-groups.ts";
import { writeContainerdFiles, writeKubeletFile, writeNetworkFile } from "./node/files.ts";
import { containerdReady, importImage, type ImageArchive } from "./node/import-image.ts";
import { inside, makeNamespaces, type Namespaces } from "./node/namespaces.ts";
import { connect, type Network } from "./node/network.ts";
import { pluginDirectory, whyNoNode } from "./node/requirements.ts";
import { makeVolumes } from "./node/volumes.ts";
import { startPrograms, waitFor, type Started } from "./start.ts";

/**
 * Starts a control plane with one real node (containerd, kubelet, kube-proxy, kube-scheduler) and waits until a Pod
 * of the images can run. Several can run side by side. Needs root on Linux; throws an Error that says what is missing, or
 * what a program said when it ended instead.
 */
export async function startNode(
  binaries: Binaries,
  images: readonly ImageArchive[],
  below?: string,
): Promise<ControlPlane> {
  const obstacle = whyNoNode();
  if (obstacle !== undefined) throw new Error(`Cannot start a node: ${obstacle}`);
  return await planeInNewHome((home) => start(home, binaries.directory, images), below);
}

async function start(home: Home, binaries: string, images: readonly ImageArchive[]): Promise<Access> {
  await writeContainerdFiles(home, pluginDirectory() ?? "");
  const namespaces = await makeNamespaces(home);
  const network = await connect(namespaces);
  await writeNetworkFile(home, network);
  const client = await makeClientCertificate(home);
  const kubeletFile = await writeKubeletFile(home, network, await makeControlGroup(home), client.certificate);

  const listener = forNode(network.machine, client);
  const importing = importAll(namespaces, images);
  const starting = startPrograms(home, binaries, listener, [namespaces.program]);
  await Promise.allSettled([importing, starting]); // When one fails, the other must not start a program in a home that ends.
  const started = await starting;
  await importing;
  await join(home, binaries, started, { namespaces, network, kubeletFile });
  await makeVolumes(home, started.admin);
  await waitFor(home, started.running, () => isReady(started.admin));
  return started.admin;
}

async function importAll(namespaces: Namespaces, images: readonly ImageArchive[]): Promise<void> {
  await containerdReady(namespaces);
  for (const image of images) await importImage(namespaces.pid, image);
}

/** What a node is joined from. */
interface Node {
  readonly namespaces: Namespaces;
  readonly network: Network;
  readonly kubeletFile: string;
}

async function join(
  home: Home,
  binaries: string,
  { admin, tokens, running }: Started,
  node: Node,
): Promise<void> {
  const kubeconfig = (name: "scheduler" | "kubelet" | "proxy"): Promise<string> =>
    writeKubeconfig(home, name, { ...admin, token: tokens[name] });
  const enter = async (name: string, flags: readonly string[]): Promise<void> => {
    const [nsenter, values] = inside(node.namespaces.pid, path.join(binaries, name), flags);
    running.push(await home.launch(name, nsenter, values));
  };
  await enter("kubelet", kubeletFlags(node.kubeletFile, await kubeconfig("kubelet"), node.network));
  await enter("kube-proxy", proxyFlags(await kubeconfig("proxy"), node.network));
  const scheduler = path.join(binaries, "kube-scheduler");
  running.push(await home.launch("kube-scheduler", scheduler, schedulerFlags(await kubeconfig("scheduler"))));
}

async function isReady(admin: Access): Promise<true | undefined> {
  const { text } = await call(admin, `/api/v1/nodes/${nodeName}`);
  const ready = /"type":\s*"Ready",\s*"status":\s*"True"/u.test(text);
  return ready ? true : undefined;
}
