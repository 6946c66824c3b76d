import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";

import { RunFailure } from "../errors.ts";
import type { DatabaseUrl } from "./database-url.ts";

const sslModes = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
export type SslMode = (typeof sslModes)[number];

/** What node:tls is given. Without `ca` the certificate authorities that Node trusts are asked. */
export interface TlsOptions {
  readonly minVersion: "TLSv1.2";
  /** The name the certificate must carry; the driver leaves it out when it is an IP address. */
  readonly host: string;
  readonly rejectUnauthorized: boolean;
  readonly checkServerIdentity?: () => undefined;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
}
/** One way to connect; `false` is without encryption. */
export type Encryption = false | TlsOptions;

/**
 * The ways to connect, in the order to try, with libpq's meaning of `sslmode`
 * (https://www.postgresql.org/docs/current/libpq-ssl.html). node-postgres takes prefer, require and verify-ca for
 * verify-full and falls back to nothing, so it is never shown the mode.
 *
 * `caFile` wins over the URL's `sslrootcert`. With either, certificates are verified in every mode that encrypts.
 * RunFailure BadConfiguration for a mode that does not exist or cannot be kept, or a file that cannot be read.
 */
export async function encryptionsToTry(url: DatabaseUrl, caFile?: string): Promise<readonly Encryption[]> {
  const rootCertificate = caFile ?? url.parameters.get("sslrootcert");
  const mode = readMode(url.parameters, rootCertificate);
  // libpq never encrypts a Unix socket, whatever the mode.
  if (mode === "disable" || url.host.startsWith("/")) return [false];

  const ca = rootCertificate === "system" ? undefined : await readCertificate(rootCertificate);
  const tls = { ...verification(mode, ca), ...(await clientCertificate(url.parameters)), host: url.host };
  if (mode === "allow") return [false, tls];
  return mode === "prefer" ? [tls, false] : [tls];
}

function readMode(parameters: ReadonlyMap<string, string>, rootCertificate: string | undefined): SslMode {
  const wanted = parameters.get("sslmode") ?? (parameters.get("ssl") === "true" ? "require" : undefined);
  const fallback = rootCertificate === "system" ? "verify-full" : "prefer";
  const mode = sslModes.find((known) => known === (wanted ?? fallback));
  if (mode === undefined)
    throw refuse(`its sslmode is "${String(wanted)}"; use one of ${sslModes.join(", ")}`);

  if (rootCertificate === "system" && mode !== "verify-full") {
    throw refuse(`sslrootcert=system is only safe with sslmode=verify-full, its sslmode is ${mode}`);
  }
  // Anybody can get a certificate from a public authority, so without the host's name it proves nothing.
  if (rootCertificate === undefined && mode === "verify-ca") {
    throw refuse("sslmode=verify-ca needs a CA file; give one, or use sslmode=verify-full");
  }
  return mode;
}

function verification(mode: SslMode, ca: string | undefined): Omit<TlsOptions, "host"> {
  const minVersion = "TLSv1.2";
  if (mode === "verify-full")
    return { minVersion, rejectUnauthorized: true, ...(ca !== undefined && { ca }) };
  if (ca === undefined) return { minVersion, rejectUnauthorized: false };
  return { minVersion, rejectUnauthorized: true, ca, checkServerIdentity: () => undefined };
}

async function clientCertificate(
  parameters: ReadonlyMap<string, string>,
): Promise<Pick<TlsOptions, "cert" | "key" | "passphrase">> {
  const cert = await readCertificate(parameters.get("sslcert"));
  const keyFile = parameters.get("sslkey");
  const passphrase = parameters.get("sslpassword");
  return {
    ...(cert !== undefined && { cert }),
    ...(keyFile !== undefined && { key: await readText(keyFile) }),
    ...(passphrase !== undefined && { passphrase }),
  };
}

async function readCertificate(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const pem = await readText(file);
  try {
    // node:tls ignores what is not a certificate and would then trust nothing, or complain about the server.
    new X509Certificate(pem);
  } catch (cause) {
    throw new RunFailure(
      "BadConfiguration",
      `Cannot use ${file}: it holds no certificate; give a file in PEM form, starting with -----BEGIN CERTIFICATE-----`,
      { cause },
    );
  }
  return pem;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const why = String(cause).replace(/^Error: /, "");
    throw new RunFailure(
      "BadConfiguration",
      `Cannot read ${file}, which the connection's TLS settings name (${why}); mount it, or correct the path`,
      { cause },
    );
  }
}

function refuse(why: string): RunFailure {
  return new RunFailure("BadConfiguration", `Cannot use DATABASE_URL: ${why}`);
}
