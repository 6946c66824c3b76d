import { given } from "../../../contract/given.ts";
import { RunReason } from "../../../contract/run-reasons.ts";
import { RetrainRunStatus } from "../../../contract/status.ts";
import type { TerminationMessage } from "../../../contract/termination-message.ts";
import { Verdict } from "../../../contract/verdicts.ts";
import type { RunSeen } from "../seen.ts";

/** How a run ends. */
export interface Ending {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly message: string;
  /** The trainer's, where it decided. */
  readonly report?: TerminationMessage;
}

/** `isKnown`: how each attempt ended is. A trainer that published may have been killed before it could say so. */
export const cancelled = (isKnown: boolean): Ending => ({
  verdict: Verdict.Cancelled,
  reason: RunReason.CancelRequested,
  message: isKnown
    ? "Stopped on request; no version was published"
    : "Stopped on request; an attempt left no report, so whether it published a version is not known: look at the model's current version (npm run models -- list)",
});

export const restoredFromBackup = ({ startedAs }: RunSeen): Ending => ({
  verdict: Verdict.Skipped,
  reason: RunReason.RestoredFromBackup,
  message: `This object was started before under the uid ${startedAs ?? ""} and came back with a backup of the cluster. Create a new RetrainRun to train again`,
});

export const alreadyDone = (by: RunSeen, period: string): Ending => ({
  verdict: Verdict.Skipped,
  reason: RunReason.AlreadyDone,
  message: `Run "${by.name}" has done ${period} (${by.status.verdict ?? ""}/${by.status.reason ?? ""}). Set spec.force to train it again`,
});

export const reported = (report: TerminationMessage): Ending => {
  const { verdict, reason, message } = report;
  return { verdict, reason, message, report };
};

const movedCurrent: readonly Verdict[] = [Verdict.Published, Verdict.Restored];
const wentWell: readonly Verdict[] = [...movedCurrent, Verdict.DryRun, Verdict.Skipped];
export const hasMovedCurrent = (verdict: Verdict): boolean => movedCurrent.includes(verdict);
export const hasGoneWell = (verdict: Verdict): boolean => wentWell.includes(verdict);

const { shape } = RetrainRunStatus;

/** What a status says of the end; what its schema would refuse is cut or left out, so that a verdict is always written. */
export function endingFields({ verdict, reason, message, report }: Ending): Partial<RetrainRunStatus> {
  const version = hasMovedCurrent(verdict) ? report?.version : undefined;
  return given({
    verdict,
    reason: reason.slice(0, 128),
    message: message.slice(0, 4096),
    data: report && shape.data.safeParse(dataOf(report)).data,
    metrics: report?.metrics && shape.metrics.safeParse(metricsOf(report.metrics)).data,
    version: shape.version.safeParse(version).data,
  });
}

const dataOf = ({ rows, stations, dataThrough }: TerminationMessage): unknown =>
  rows === undefined ? undefined : given({ rows, stations, dataThrough });

function metricsOf(metrics: NonNullable<TerminationMessage["metrics"]>): RetrainRunStatus["metrics"] {
  const { mae, championMae, naiveMae, rmse, wapePercent } = metrics;
  return given({
    mae: mae.toFixed(2),
    championMae: championMae?.toFixed(2),
    maeDeltaPercent: championMae ? (100 * (mae / championMae - 1)).toFixed(1) : undefined,
    naiveMae: naiveMae.toFixed(2),
    rmse: rmse.toFixed(2),
    wapePercent: wapePercent?.toFixed(1),
  });
}
