import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/** What `promtool check metrics` complains about; empty when nothing. */
export async function promtoolComplaints(metrics: string): Promise<string> {
  const child = spawn("promtool", ["check", "metrics"], { stdio: "pipe" });
  const started = once(child, "spawn").catch((cause: unknown) => {
    throw new Error("There is no promtool: install Debian's package prometheus", { cause });
  });
  await started;
  child.stdin.end(metrics);
  const [said, complained] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return child.exitCode === 0 ? "" : `${said}${complained}`;
}
