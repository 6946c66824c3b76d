import type { GridRow, Parameters } from "../../contract/trainer-report.ts";
import type { Side } from "./sides.ts";

type Trained = Pick<Side, "rows" | "stations" | "winner" | "grid">;

/** Of a score, relative: the sides sum the squares of float32 errors in another order. */
const rounding = 1e-5;

/** Throws an Error that says what differs, when two sides have not trained on the same rows to the same scores. */
export function demandSameModel(ours: Trained, peer: Trained): void {
  const problems = [
    ...(ours.rows === peer.rows ? [] : [`rows are ${String(ours.rows)} and ${String(peer.rows)}`]),
    ...(ours.stations === peer.stations
      ? []
      : [`stations are ${String(ours.stations)} and ${String(peer.stations)}`]),
    ...(keyOf(ours.winner) === keyOf(peer.winner)
      ? []
      : [`winners are ${keyOf(ours.winner)} and ${keyOf(peer.winner)}`]),
    ...differentScores(ours.grid, peer.grid),
  ];
  if (problems.length > 0) throw new Error(`The sides have not done the same: ${problems.join("; ")}`);
}

const keyOf = ({ maxDepth, learningRate, rounds }: Parameters): string =>
  `depth ${String(maxDepth)}, rate ${String(learningRate)}, ${String(rounds)} rounds`;

function differentScores(ours: readonly GridRow[], peer: readonly GridRow[]): readonly string[] {
  const found = new Map(peer.map((row) => [keyOf(row), row.foldRmse]));
  if (found.size !== ours.length) return [`candidates are ${String(ours.length)} and ${String(found.size)}`];
  return ours.flatMap((row) => {
    const other = found.get(keyOf(row));
    const isSame = row.foldRmse.every((rmse, fold) => isNear(rmse, other?.[fold] ?? Number.NaN));
    return isSame ? [] : [`${keyOf(row)} scores ${row.foldRmse.join(", ")} and ${String(other?.join(", "))}`];
  });
}

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= rounding * Math.abs(b);
