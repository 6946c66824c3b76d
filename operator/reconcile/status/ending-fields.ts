import { given } from "../../../contract/given.ts";
import { RetrainRunStatus } from "../../../contract/status.ts";
import type { TerminationMessage } from "../../../contract/termination-message.ts";
import { hasMovedCurrent, type Ending } from "./ending.ts";

const { shape } = RetrainRunStatus;

/** What a status says of the end; what its schema would refuse is cut or left out, so that a verdict is always written. */
export const endingFields = ({ verdict, reason, message, report }: Ending): Partial<RetrainRunStatus> =>
  given({
    verdict,
    reason: reason.slice(0, 128),
    message: message.slice(0, 4096),
    ...(report && reported(report)),
  });

/** Each field by itself: one that is too long takes no other with it. */
const reported = (report: TerminationMessage) => ({
  data: shape.data.safeParse(dataOf(report)).data,
  metrics: shape.metrics.safeParse(report.metrics && metricsOf(report.metrics)).data,
  stages: shape.stages.safeParse(stagesOf(report)).data,
  failedChecks: shape.failedChecks.safeParse(failedChecksOf(report)).data,
  version: shape.version.safeParse(hasMovedCurrent(report.verdict) ? report.version : undefined).data,
  codeRevision: shape.codeRevision.safeParse(report.codeRevision).data,
});

const dataOf = ({ rows, stations, dataThrough, readings, missing }: TerminationMessage): unknown =>
  rows === undefined
    ? undefined
    : given({ rows, stations, dataThrough, readings, missing: missing && missingOf(missing) });

const missingOf = ({ bikeCount, weather }: NonNullable<TerminationMessage["missing"]>) =>
  given({ bikeCount: bikeCount?.toFixed(6), weather: weather?.toFixed(6) });

function metricsOf(metrics: NonNullable<TerminationMessage["metrics"]>): RetrainRunStatus["metrics"] {
  const { mae, championMae, wapePercent, championWapePercent, naiveWapePercent } = metrics;
  return given({
    mae: mae.toFixed(2),
    championMae: championMae?.toFixed(2),
    maeDeltaPercent: championMae ? (100 * (mae / championMae - 1)).toFixed(1) : undefined,
    naiveMae: metrics.naiveMae.toFixed(2),
    rmse: metrics.rmse.toFixed(2),
    championRmse: metrics.championRmse?.toFixed(2),
    naiveRmse: metrics.naiveRmse?.toFixed(2),
    wapePercent: wapePercent?.toFixed(1),
    championWapePercent: championWapePercent?.toFixed(1),
    naiveWapePercent: naiveWapePercent?.toFixed(1),
  });
}

const stagesOf = ({ stages }: TerminationMessage): RetrainRunStatus["stages"] =>
  stages?.slice(0, 16).map(({ name, seconds }) => ({ name, seconds: seconds.toFixed(3) }));

const failedChecksOf = ({ failedChecks }: TerminationMessage): RetrainRunStatus["failedChecks"] =>
  failedChecks?.slice(0, 16).map(({ name, severity }) => ({ name, severity }));
