import { ExitCode } from "../../../contract/exit-codes.ts";
import { RunReason } from "../../../contract/run-reasons.ts";
import type { PodSeen } from "../seen.ts";
import type { AttemptSeen, Outcome } from "./attempt.ts";
import { interruption, type Cause } from "./interruption.ts";
import { quoted } from "./safe-text.ts";

type Seen = Pick<AttemptSeen, "job" | "memoryLimit">;

/**
 * Why an attempt failed that has no report; `fault` is why it has none. What the cluster did comes first, then the container's own end,
 * then who deleted what.
 */
export function failure(seen: Seen, pod: PodSeen | undefined, fault: string): Cause {
  return (
    interruption(seen, pod) ??
    outOfMemory(seen, pod) ??
    exit(seen, pod, fault) ??
    deletion(seen, pod) ??
    unexplained(seen, pod, fault)
  );
}

/** The container's exit code; of a Pod that has gone, what the Job's condition has kept. */
export function exitCodeOf(seen: Pick<AttemptSeen, "job">, pod: PodSeen | undefined): number | undefined {
  return pod?.trainer.terminated?.exitCode ?? exitCodeOfJob(seen);
}

function exitCodeOfJob({ job }: Pick<AttemptSeen, "job">): number | undefined {
  if (job?.finished?.type === "Complete") return 0;
  const told = /failed with exit code (\d{1,3}) matching/.exec(job?.finished?.message ?? "");
  return told?.[1] === undefined ? undefined : Number(told[1]);
}

/** What a retry makes of an exit code; whether 75 was a locked model, only a report tells. */
export function outcomeOf(exitCode: number | undefined): Outcome {
  const isPermanent = exitCode !== undefined && permanent.includes(exitCode);
  return isPermanent ? "permanent" : "counted";
}

const permanent: readonly number[] = [ExitCode.BadData, ExitCode.Permission, ExitCode.BadConfiguration];

/** The sentence of an out-of-memory kill, also beside a report: a child process may have been the one. */
export function outOfMemory({ memoryLimit }: Seen, pod: PodSeen | undefined): Cause | undefined {
  const { terminated } = pod?.trainer ?? {};
  if (pod === undefined || terminated?.reason !== "OOMKilled") return undefined;
  const limit = memoryLimit === undefined ? "it may" : `its limit of ${quoted(memoryLimit, 32)}`;
  return {
    outcome: "counted",
    reason: RunReason.OOMKilled,
    message: `The trainer of Pod ${pod.name} used more memory than ${limit} and was killed (exit code ${String(terminated.exitCode)}); raise job.resources.limits.memory`,
  };
}

const meanings: ReadonlyMap<number, string> = new Map([
  [ExitCode.Verdict, "success"],
  [ExitCode.BadData, "data that cannot be read"],
  [ExitCode.Bug, "a bug in the trainer"],
  [ExitCode.Disk, "a full disk or another error of the volume"],
  [ExitCode.Temporary, "a failure that may pass"],
  [ExitCode.Permission, "a missing permission"],
  [ExitCode.BadConfiguration, "a wrong configuration"],
]);

/** An exit code that the process chose itself: no signal of somebody else. */
function exit(seen: Seen, pod: PodSeen | undefined, fault: string): Cause | undefined {
  const exitCode = exitCodeOf(seen, pod);
  if (exitCode === undefined || exitCode === signals.kill || exitCode === signals.terminate) return undefined;
  const outcome = outcomeOf(exitCode);
  const meaning = meanings.get(exitCode);
  const code = `exit code ${String(exitCode)}${meaning === undefined ? "" : `, ${meaning}`}`;
  const message = `${subject(pod)} ended (${code}) and ${fault}; ${adviceFor(exitCode, outcome)}`;
  return { outcome, reason: RunReason.NoReport, message };
}

/** 128 + SIGKILL and 128 + SIGTERM. */
export const signals = { kill: 137, terminate: ExitCode.Terminated } as const;

const subject = (pod: PodSeen | undefined): string =>
  pod === undefined ? "The trainer of a Pod that has gone" : `The trainer of Pod ${pod.name}`;

function adviceFor(exitCode: number | undefined, outcome: Outcome): string {
  if (exitCode === 0) {
    return "what it did to the volume is not known: the next attempt finds out, for a version that this run has published is not published twice";
  }
  return outcome === "permanent"
    ? "a retry would fail in the same way: mend what its log names and start a new run"
    : "the attempt is repeated as long as job.retries allows";
}

/** Somebody stopped the attempt: deleted its Job or its Pod, or suspended the Job. */
export function deletion({ job }: Pick<AttemptSeen, "job">, pod: PodSeen | undefined): Cause | undefined {
  if (job === undefined || job.deleting) {
    return deleted(RunReason.JobDeleted, "The attempt's Job was deleted before its end was known");
  }
  if (job.suspended) {
    return deleted("Terminated", `Job ${job.name} was suspended, which stopped the attempt`);
  }
  if (pod === undefined || (!pod.gone && pod.deletingAt === undefined)) return undefined;
  return deleted(RunReason.PodDeleted, `Pod ${pod.name} was deleted before it had ended by itself`);
}

const deleted = (reason: string, what: string): Cause => ({
  outcome: "counted",
  reason,
  message: `${what}; to stop a run, set spec.cancel instead`,
});

function unexplained({ job }: Seen, pod: PodSeen | undefined, fault: string): Cause {
  const exitCode = pod?.trainer.terminated?.exitCode;
  const { reason, message } = job?.finished ?? {};
  const told = reason === undefined ? "" : `; the Job says ${quoted(reason, 100)}: ${quoted(message ?? "")}`;
  const end =
    exitCode === undefined ? "whose end nobody saw" : `that was killed (exit code ${String(exitCode)})`;
  const whose = pod === undefined ? "A Pod that has gone" : `Pod ${pod.name}`;
  return {
    outcome: "counted",
    reason: RunReason.NoReport,
    message: `${whose} ran a trainer ${end} and ${fault}${told}; ${adviceFor(exitCode, "counted")}`,
  };
}
