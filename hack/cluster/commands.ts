/** Ports of 127.0.0.1. */
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

/** It signs its own certificate, for 127.0.0.1 and the names of its Service, and leaves it in `apiserver/`. */
export function apiServerFlags(directory: string, ports: Ports): string[] {
  return [
    `--etcd-servers=${onLoopback("http", ports.etcd)}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${String(ports.api)}`,
    // Endpoints may not be loopback, so nobody keeps those of the Service `kubernetes`.
    "--endpoint-reconciler-type=none",
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
    "--leader-elect=false",
    "--secure-port=0", // Or two control planes fight for its port.
    // At the default rate of 20 a second the first service account takes 8 s.
    "--kube-api-qps=500",
    "--kube-api-burst=1000",
    "--pvclaimbinder-sync-period=1s",
  ];
}
