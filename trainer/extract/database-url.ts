import { RunFailure } from "../errors.ts";

/** A connection URI, taken apart. `parameters` are the query's, decoded; those that are also parts have won over them. */
export interface DatabaseUrl {
  readonly user: string;
  readonly password: string | undefined;
  /** A name, an IPv4 or IPv6 address without brackets, or the directory of a Unix socket (starts with "/"). */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const shape =
  /^postgres(?:ql)?:\/\/(?:(?<user>[^@/:]*)(?::(?<password>[^@/]*))?@)?(?<host>\[[^\]]*\]|[^:/?]*)(?::(?<port>[^/?]*))?(?:\/(?<database>[^?]*))?(?:\?(?<query>.*))?$/s;

/**
 * Reads a URI as libpq does (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS), not as
 * the WHATWG does: "#" has no meaning, "+" is no space, query parameters win over the parts before them.
 *
 * RunFailure BadConfiguration when it is malformed. No message repeats any of it: a URL that was cut at the wrong place
 * has pieces of the password where a host or a port should be.
 */
export function parseDatabaseUrl(text: string): DatabaseUrl {
  const { query = "", ...parts } =
    shape.exec(text.trim())?.groups ?? refuse("it does not start with postgresql://");
  if ([parts["host"], parts["port"], parts["database"], query].some((part) => part?.includes("@") === true)) {
    refuse("a user name or password with @, : or / in it must be percent-encoded");
  }

  const parameters = readQuery(query);
  const read = (parameter: string, part = parameter): string | undefined =>
    optional(parameters.get(parameter) ?? decode(parts[part]));
  const user = read("user") ?? refuse("it names no user name");
  return {
    user,
    password: read("password"),
    host: oneHost(read("host") ?? "localhost"),
    port: readPort(read("port") ?? "5432"),
    database: read("dbname", "database") ?? user,
    parameters,
  };
}

function readQuery(query: string): ReadonlyMap<string, string> {
  const pairs = query.split("&").filter((pair) => pair !== "");
  return new Map(
    pairs.map((pair) => {
      const [key = "", ...value] = pair.split("=");
      return [decode(key), decode(value.join("="))];
    }),
  );
}

function decode(text = ""): string {
  try {
    const decoded = decodeURIComponent(text);
    if (!decoded.includes("\0")) return decoded;
  } catch {
    // Told below; the error of decodeURIComponent adds nothing.
  }
  return refuse("a percent sign is not followed by the two hexadecimal digits of a UTF-8 byte");
}

function optional(text: string): string | undefined {
  return text === "" ? undefined : text;
}

function oneHost(host: string): string {
  if (host.includes(",")) refuse("it names several hosts where one is expected");
  return host.replace(/^\[(.*)\]$/, "$1");
}

function readPort(port: string): number {
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) refuse("its port is not a number from 1 to 65535");
  return number;
}

function refuse(why: string): never {
  throw new RunFailure(
    "BadConfiguration",
    `Cannot read DATABASE_URL: ${why}; write it as postgresql://user:password@host:5432/database?sslmode=verify-full`,
  );
}
