import { spawn } from "node:child_process";
import { once } from "node:events";

/**
 * Waits until the other end of its input closes, by a call, by a signal or by SIGKILL of its holder; then it ends the
 * daemons by their ids, takes back what they did to the machine (removal.ts) and removes the directory. The word `keep` lets them live on alone.
 */
const script = `
read -r word
[ "$word" != keep ] || exit 0
[ ! -e "$1/pids" ] || while read -r name pid; do
  ! grep -qF -- "$1" "/proc/$pid/cmdline" || kill -KILL "$pid"
done <"$1/pids"
[ ! -e "$1/undo" ] || /bin/sh "$1/undo"
until rm -rf -- "$1"; do sleep 0.1; done
`;

/** The process that ends a control plane when we cannot. */
export interface Keeper {
  readonly pid: number;
  /** Everything has been cleaned up already: there is nothing left to do, nor to keep. */
  dismiss(): Promise<void>;
}

export function launchKeeper(directory: string): Keeper {
  const child = spawn("/bin/sh", ["-c", script, "cluster-keeper", directory], {
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
    detached: true, // Its own session: Ctrl-C on the terminal is for us.
  });
  child.stdin.on("error", () => undefined); // A keeper that has gone cannot be told anything.
  if (child.pid === undefined) throw new Error("Cannot start /bin/sh, which watches over the control plane");
  const ended = once(child, "exit");
  return {
    pid: child.pid,
    async dismiss() {
      child.stdin.end("keep\n");
      await ended;
    },
  };
}
