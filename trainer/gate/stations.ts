import type { Gate } from "../../contract/spec/gates.ts";
import type { StationError } from "../../contract/trainer-report.ts";
import { counted } from "../checks/facts.ts";
import { judgedEvaluation, type Rule } from "./evidence.ts";
import { atMost, figure, known } from "./figures.ts";

/** A better mean must not hide that many stations got clearly worse. Few days of a station say nothing. */
export const stations: Rule = (evidence, limits) => {
  if (evidence.champion === undefined) return undefined;
  const compared = (judgedEvaluation(evidence)?.stations ?? []).flatMap((station) =>
    comparable(station, limits),
  );
  if (compared.length === 0) return undefined;
  const worse = compared
    .filter((station) => isClearlyWorse(station, limits))
    .sort((a, b) => b.candidate - b.champion - (a.candidate - a.champion));
  const value = (100 * worse.length) / compared.length;
  const passed = atMost(value, limits.maxWorseStationsPercent);
  const found = `${figure(worse.length)} of ${counted(compared.length, "station")} are clearly worse than under the champion, ${figure(value)} %`;
  return {
    passed,
    value,
    limit: limits.maxWorseStationsPercent,
    unit: "%",
    message: passed
      ? `${found}, allowed are ${figure(limits.maxWorseStationsPercent)} %`
      : `${found}, expected at most ${figure(limits.maxWorseStationsPercent)} %; the worst: ${worst(worse)}: check their counts, or raise gate.maxWorseStationsPercent`,
  };
};

/** MAE of one station in counts a day. */
interface ComparedStation {
  readonly name: string;
  readonly candidate: number;
  readonly champion: number;
}

function comparable(
  { station, name, days, candidate, champion }: StationError,
  { minDays }: Gate,
): ComparedStation[] {
  if (champion === undefined || days < minDays) return [];
  return [
    {
      name: name ?? station,
      candidate: known(candidate.mae, `the candidate's MAE at ${station}`),
      champion: known(champion.mae, `the champion's MAE at ${station}`),
    },
  ];
}

const isClearlyWorse = ({ candidate, champion }: ComparedStation, limits: Gate): boolean =>
  !atMost(candidate, (champion * limits.worseStationPercent) / 100) &&
  !atMost(candidate - champion, limits.worseStationCounts);

const named = 3;

const worst = (worse: readonly ComparedStation[]): string =>
  worse
    .slice(0, named)
    .map(
      ({ name, candidate, champion }) => `${name} (MAE ${figure(candidate)} instead of ${figure(champion)})`,
    )
    .join(", ");
