import type { FailureReason } from "../../contract/reasons.ts";

/** SQLSTATEs whose meaning differs from their class's (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const sqlStates: Readonly<Record<string, FailureReason>> = {
  "22023": "BadConfiguration", // a setting or a time zone the server does not know, not a value of a row
  "25P03": "DatabaseUnavailable", // idle_in_transaction_session_timeout
  "25P04": "DatabaseUnavailable", // transaction_timeout
  "42501": "PermissionDenied",
  "55P03": "DatabaseUnavailable", // a lock was not given in time
};

/** By the first two characters of the SQLSTATE. */
const sqlStateClasses: Readonly<Record<string, FailureReason>> = {
  "08": "DatabaseUnavailable", // connection
  "22": "UnreadableValue", // a cast or a function refused a value
  "28": "AuthenticationFailed",
  "40": "DatabaseUnavailable", // serialization failure, deadlock, conflict with recovery on a standby
  "53": "DatabaseUnavailable", // too many connections, disk full, out of memory
  "57": "DatabaseUnavailable", // shutting down, starting up, statement_timeout
  "58": "DatabaseUnavailable", // the server's disk
  "72": "DatabaseUnavailable", // snapshot too old
  XX: "DatabaseUnavailable", // internal error
};

/** What the server said: everything that is not listed is about names and rights in the configuration. */
export function sqlStateReason(code: string): FailureReason {
  return sqlStates[code] ?? sqlStateClasses[code.slice(0, 2)] ?? "BadConfiguration";
}

const socketCodes =
  /^(?:ECONN(?:REFUSED|RESET|ABORTED)|ENOTFOUND|EAI_AGAIN|EAI_NODATA|ETIMEDOUT|EPIPE|E(?:HOST|NET)(?:UNREACH|DOWN)|EADDRNOTAVAIL|ENOENT|EMFILE|ENFILE)$/;
const tlsCodes =
  /^(?:ERR_(?:SSL|TLS|OSSL)_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO$)|^(?:INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH_EXCEEDED)$/;

/** The driver has no codes for what it says itself. */
const driverSays: readonly (readonly [RegExp, FailureReason])[] = [
  [/SSL connection/, "TlsFailed"],
  [/^SASL|password must be/i, "AuthenticationFailed"],
  [/timeout expired|terminated|not queryable|lost connection/i, "DatabaseUnavailable"],
];

/** What the socket, TLS or the driver said. */
export function transportReason({ code, text }: { code: string | undefined; text: string }): FailureReason {
  if (code === undefined) return driverSays.find(([said]) => said.test(text))?.[1] ?? "Bug";
  if (code === "EACCES" || code === "EPERM") return "PermissionDenied";
  if (socketCodes.test(code)) return "DatabaseUnavailable";
  return tlsCodes.test(code) ? "TlsFailed" : "Bug";
}
