import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

async function openssl(...args: string[]): Promise<void> {
  await promisify(execFile)("openssl", args);
}

export interface Certificates extends AsyncDisposable {
  /** Signed the server's certificate. */
  readonly caFile: string;
  /** Signed nothing here. */
  readonly strangerFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly notPemFile: string;
}

/** A certificate for `host` with its authority, and another authority, in a temporary directory. */
export async function makeCertificates(host: string): Promise<Certificates> {
  const directory = await mkdtemp(join(tmpdir(), "certificates-"));
  const file = (name: string): string => join(directory, name);
  const authority = (name: string) =>
    openssl(
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${name}`],
      ...["-keyout", file(`${name}.key`), "-out", file(`${name}.crt`)],
    );
  await authority("authority");
  await authority("stranger");
  await openssl(
    ...["req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=server"],
    ...["-keyout", file("server.key"), "-out", file("server.csr")],
  );
  await writeFile(file("names"), `subjectAltName=DNS:${host}\n`);
  await openssl(
    ...[
      "x509",
      "-req",
      "-days",
      "2",
      "-in",
      file("server.csr"),
      "-extfile",
      file("names"),
      "-out",
      file("server.crt"),
    ],
    ...["-CA", file("authority.crt"), "-CAkey", file("authority.key"), "-CAcreateserial"],
  );
  return {
    caFile: file("authority.crt"),
    strangerFile: file("stranger.crt"),
    certFile: file("server.crt"),
    keyFile: file("server.key"),
    notPemFile: file("names"),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
