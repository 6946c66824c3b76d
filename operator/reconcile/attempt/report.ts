import { failureReasons } from "../../../contract/reasons.ts";
import { TerminationMessage } from "../../../contract/termination-message.ts";
import type { PodSeen } from "../seen.ts";
import { jsonOf } from "./progress.ts";
import { masked, quoted } from "./safe-text.ts";

/** A Pod's report, or why it counts as none: a clause such as "left no report". */
export type ReportRead =
  | { readonly report: TerminationMessage; readonly fault?: undefined }
  | { readonly report?: undefined; readonly fault: string };

/**
 * The trainer's report about this run from the termination message of its container. That message may also be empty, cut, the end of
 * the log, another trainer version's or a report that the exit code belies.
 */
export function readReport(pod: PodSeen | undefined, runUid: string): ReportRead {
  const { terminated } = pod?.trainer ?? {};
  if (terminated === undefined) return { fault: "left no report" };
  const { message, exitCode } = terminated;
  if (!isMeantAsReport(message)) return { fault: "left no report" };
  const report = parse(message);
  if (report === undefined) return { fault: "left a report that is cut or of an unknown version" };
  const whose = quoted(report.runUid, 64);
  if (!isAbout(report, runUid)) return { fault: `left the report of another run (uid ${whose})` };
  if (!fits(report, exitCode)) return { fault: `reported ${report.verdict}, which its exit code belies` };
  return { report: { ...report, message: masked(report.message) } };
}

/** Whether a termination message is a report, whole or not, and no log. */
export const isMeantAsReport = (message: string): boolean =>
  message.trimStart().startsWith("{") && message.includes('"schemaVersion"');

/** Whether the run was carried out: its verdict is none of a failure. */
export const isVerdict = ({ verdict }: TerminationMessage): boolean => !isFailure(verdict);

/** Whether it only tells that somebody stopped the trainer: who did, and so what it means, is seen elsewhere. */
export const isOfStop = ({ verdict }: TerminationMessage): boolean =>
  isFailure(verdict) && verdict !== "Failed";

// Beside a newer trainer's stages, checks and figures, what decides is still readable.
const Core = TerminationMessage.omit({
  stages: true,
  failedChecks: true,
  metrics: true,
  readings: true,
  missing: true,
  codeRevision: true,
});

function parse(message: string): TerminationMessage | undefined {
  const object = jsonOf(message);
  const { data } = TerminationMessage.safeParse(object);
  const report = data ?? Core.safeParse(object).data;
  return report !== undefined && /^\w{1,128}$/.test(report.reason) ? report : undefined;
}

/** A trainer that could not read its input does not know which run it was; its container is this run's all the same. */
const isAbout = ({ runUid, verdict }: TerminationMessage, uid: string): boolean =>
  runUid === uid || (runUid === "" && verdict === "Failed");

const isFailure = (verdict: TerminationMessage["verdict"]): boolean =>
  verdict === "Failed" || verdict === "Cancelled" || verdict === "TimedOut";

/** A process that a signal ended after it had reported has reported all the same. */
const fits = (report: TerminationMessage, exitCode: number): boolean =>
  exitCode > 128 ? true : isFailure(report.verdict) === (exitCode !== 0);

const exitCodes: ReadonlyMap<string, number> = new Map(Object.entries(failureReasons));

/** The exit code that a report means: a signal may have ended the process after it. */
export const meantExitCode = ({ reason }: TerminationMessage, exitCode: number): number =>
  exitCodes.get(reason) ?? exitCode;
