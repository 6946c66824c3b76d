import { nodeName } from "./credentials.ts";
import type { ClientCertificate } from "./node/client-certificate.ts";
import type { Network } from "./node/network.ts";

/** etcd's are ports of 127.0.0.1. */
export interface Ports {
  readonly etcd: number;
  readonly etcdPeers: number;
  readonly api: number;
}

const onLoopback = (scheme: string, port: number): string => `${scheme}://127.0.0.1:${String(port)}`;

/** Without fsync: the state is thrown away. */
export function etcdFlags(directory: string, ports: Ports): string[] {
  const peers = onLoopback("http", ports.etcdPeers);
  const clients = onLoopback("http", ports.etcd);
  return [
    "--name=retrain",
    `--data-dir=${directory}/etcd`,
    "--unsafe-no-fsync",
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=retrain=${peers}`,
    "--log-level=warn",
  ];
}

/** Where an API server listens, and what it is told because of that. */
export interface Listener {
  readonly address: string;
  readonly flags: readonly string[];
}

/** Where Pods reach it, and with the certificate that the kubelet trusts. */
export const forNode = (address: string, client: ClientCertificate): Listener => ({
  address,
  flags: [
    `--advertise-address=${address}`,
    `--kubelet-client-certificate=${client.certificate}`,
    `--kubelet-client-key=${client.key}`,
    "--kubelet-preferred-address-types=InternalIP",
  ],
});

/** Endpoints may not be loopback, so nobody keeps those of the Service `kubernetes`. */
export const loopback: Listener = { address: "127.0.0.1", flags: ["--endpoint-reconciler-type=none"] };

/** It signs its own certificate, for its address and the names of its Service, and leaves it in `apiserver/`. */
export function apiServerFlags(directory: string, ports: Ports, { address, flags }: Listener): string[] {
  return [
    `--etcd-servers=${onLoopback("http", ports.etcd)}`,
    `--bind-address=${address}`,
    `--secure-port=${String(ports.api)}`,
    ...flags,
    `--cert-dir=${directory}/apiserver`,
    `--token-auth-file=${directory}/tokens.csv`,
    "--authorization-mode=Node,RBAC",
    "--allow-privileged=true",
    "--service-cluster-ip-range=10.96.0.0/16",
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    `--service-account-key-file=${directory}/service-accounts.pub`,
    `--service-account-signing-key-file=${directory}/service-accounts.key`,
  ];
}

export function controllerManagerFlags(directory: string, kubeconfig: string): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    `--service-account-private-key-file=${directory}/service-accounts.key`,
    `--root-ca-file=${directory}/apiserver/apiserver.crt`,
    "--use-service-account-credentials=true",
    ...alone,
    "--pvclaimbinder-sync-period=1s",
  ];
}

export const schedulerFlags = (kubeconfig: string): string[] => [`--kubeconfig=${kubeconfig}`, ...alone];

/** One of its kind, without a port: two control planes would fight for it. */
const alone = [
  "--leader-elect=false",
  "--secure-port=0",
  // At the default rate of 20 a second the first service account takes 8 s.
  "--kube-api-qps=500",
  "--kube-api-burst=1000",
];

export const kubeletFlags = (config: string, kubeconfig: string, { node }: Network): string[] => [
  `--config=${config}`,
  `--kubeconfig=${kubeconfig}`,
  `--hostname-override=${nodeName}`,
  `--node-ip=${node}`,
  "--cert-dir=/var/lib/kubelet/pki",
];

/** It has the network to itself, so the ports are its default ones and the connection table keeps its size. */
export const proxyFlags = (kubeconfig: string, { node, pods }: Network): string[] => [
  `--kubeconfig=${kubeconfig}`,
  "--proxy-mode=nftables",
  `--hostname-override=${nodeName}`,
  `--bind-address=${node}`,
  `--cluster-cidr=${pods.subnet}`,
  "--conntrack-max-per-core=0",
  "--conntrack-tcp-timeout-established=0",
  "--conntrack-tcp-timeout-close-wait=0",
];
