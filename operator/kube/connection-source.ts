/** Where the address of an API server is found, and who speaks to it. */
export type ConnectionSource =
  | { readonly kind: "kubeconfig"; readonly file: string }
  /** A directory with `token` and `ca.crt`, which the kubelet renews. */
  | { readonly kind: "serviceAccount"; readonly server: string; readonly directory: string }
  | {
      readonly kind: "explicit";
      /** `ca` is PEM. */
      readonly access: { readonly url: string; readonly ca: string; readonly token: string };
    };

/**
 * KUBECONFIG when it is set, else the Pod's own service account. There is no third guess: a person's ~/.kube/config may well
 * name a cluster that this program should not touch.
 */
export function connectionSource(environment: NodeJS.ProcessEnv): ConnectionSource {
  const { KUBECONFIG: file = "", KUBERNETES_SERVICE_HOST: host = "" } = environment;
  if (file !== "") return { kind: "kubeconfig", file };
  if (host === "") {
    throw new Error(
      "Cannot find the Kubernetes API server: KUBECONFIG is not set and this is no Pod (KUBERNETES_SERVICE_HOST is not set either)",
    );
  }
  const port = environment["KUBERNETES_SERVICE_PORT"] ?? "443";
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return { kind: "serviceAccount", server, directory: "/var/run/secrets/kubernetes.io/serviceaccount" };
}

/** As errors call it. */
export function nameOf(source: ConnectionSource): string {
  switch (source.kind) {
    case "kubeconfig":
      return `the kubeconfig ${source.file}`;
    case "serviceAccount":
      return `the service account in ${source.directory}`;
    case "explicit":
      return `the access to ${source.access.url}`;
  }
}
