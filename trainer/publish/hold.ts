import type { CurrentPointer, Hold } from "../../contract/published.ts";

/** The hold that keeps runs from replacing the current version; one whose end has come does not count. */
export function holdOf(pointer: CurrentPointer, now: Date): Hold | undefined {
  const { hold } = pointer;
  if (hold?.until !== undefined && Date.parse(hold.until) <= now.getTime()) return undefined;
  return hold;
}
