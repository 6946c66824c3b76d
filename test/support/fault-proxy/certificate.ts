import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

/** A new self-signed certificate of 127.0.0.1, as PEM; it is also written to `ca.crt` in the directory. */
export async function selfSigned(directory: string): Promise<{ key: string; cert: string }> {
  const key = path.join(directory, "server.key");
  const cert = path.join(directory, "ca.crt");
  await promisify(execFile)("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
    ...["-subj", "/CN=fault-proxy", "-addext", "subjectAltName=IP:127.0.0.1"],
    ...["-keyout", key, "-out", cert],
  ]);
  return { key: await readFile(key, "utf8"), cert: await readFile(cert, "utf8") };
}
