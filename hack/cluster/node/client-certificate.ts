import { run } from "../../xgboost/run.ts";
import type { Home } from "../home.ts";

/** Files of the certificate with which the API server speaks to the kubelet. */
export interface ClientCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** It signs itself, so the kubelet trusts this very client and no other certificate. */
export async function makeClientCertificate(home: Home): Promise<ClientCertificate> {
  const [certificate, key] = [home.file("kubelet-client.crt"), home.file("kubelet-client.key")];
  const subject = "/O=system:masters/CN=kube-apiserver-kubelet-client";
  const kind = [
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    "365",
  ];
  const use = ["-subj", subject, "-addext", "extendedKeyUsage=clientAuth"];
  await run("openssl", ["req", ...kind, ...use, "-keyout", key, "-out", certificate], () => undefined);
  return { certificate, key };
}
