import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

import type { Home } from "./home.ts";

/**
 * Runs a server for as long as somebody holds the other end of the keeper's input. When that closes, by a call, by a
 * signal or by SIGKILL of its holder, the server is shut down fast; after a clean shutdown its home goes
 * too. The word `keep` lets the server live on alone. The signal is repeated because a server that has only just
 * been started still ignores it.
 */
const script = `
exec 3<&0
"$1" -D "$2" -p "$3" >>"$2/server.log" 2>&1 3<&- &
server=$!
(
  read -r word <&3
  [ "$word" = keep ] || while kill -INT "$server"; do sleep 0.2; done
) &
watch=$!
exec 3<&-
wait "$server"
status=$?
kill "$watch"
[ "$status" != 0 ] || rm -rf "$4"
exit "$status"
`;

/** The process that started the server and waits for its end. */
export interface Keeper {
  /** Resolves when server and keeper have ended. */
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  /** Ends the server. */
  letGo(): void;
  /** The server outlives this process. */
  keep(): Promise<void>;
}

/** Starts the server; that it accepts connections must be waited for elsewhere. */
export function launch({ native, dataDir, path, user }: Home, port: number): Keeper {
  const server = [join(native, "bin", "postgres"), dataDir, String(port), path];
  const child = spawn("/bin/sh", ["-c", script, "postgres-keeper", ...server], {
    ...user.ids,
    cwd: "/",
    env: { LC_ALL: "C", PATH: "/usr/bin:/bin" },
    stdio: ["pipe", "ignore", "ignore"],
    // Its own session: Ctrl-C on the terminal is for us, and we decide what becomes of the server.
    detached: true,
  });
  // A keeper that has gone cannot be told anything; `ended` tells that it has.
  child.stdin.on("error", () => undefined);
  return {
    ended: once(child, "exit").then(() => undefined),
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    letGo: () => child.stdin.end(),
    keep: () =>
      new Promise((resolve) => {
        child.unref();
        child.stdin.end("keep\n", resolve);
      }),
  };
}
