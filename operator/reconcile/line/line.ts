import type { Standing } from "../run/run-state.ts";
import { inOrder } from "./order.ts";

/** The one slot of a model, and who gets it next. */
export interface Line {
  /** Has the slot: its Job is under way, or how that ended is being written in this pass. */
  readonly active: Standing | undefined;
  /** Goes next. A run that backs off keeps its turn; one that is suspended, or waits for data, has none. */
  readonly first: Standing | undefined;
}

export function lineUp(standings: readonly Standing[]): Line {
  const foremost = (some: readonly Standing[]): Standing | undefined =>
    some.toSorted((one, other) => inOrder(one.run, other.run))[0];
  return { active: foremost(standings.filter(isActive)), first: foremost(standings.filter(isInLine)) };
}

const isActive = ({ state }: Standing): boolean =>
  state.kind === "attempting" ||
  state.kind === "retrying" ||
  (state.kind === "over" && state.closed !== undefined);

const isInLine = ({ state }: Standing): boolean =>
  state.kind === "ready" || (state.kind === "waiting" && state.keepsTurn);
