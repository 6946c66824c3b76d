import { given } from "../../contract/given.ts";
import type { RetrainRunStatus } from "../../contract/status.ts";
import type { RunSeen, WrittenItem } from "../reconcile/seen.ts";

/** The fields of a status that change, with what a newer version wrote into the items of its lists and this one cannot read. */
export function withUnread(
  { status: { conditions: readConditions = [], attempts: readAttempts = [] }, written }: ReadAndWritten,
  changed: RetrainRunStatus,
): Readonly<Record<string, unknown>> {
  if (written === undefined) return changed;
  const { conditions, attempts } = changed;
  const otherTypes = (written.conditions ?? []).filter(
    ({ type }) => ![...readConditions, ...(conditions ?? [])].some((condition) => condition.type === type),
  );
  return given({
    ...changed,
    conditions: conditions && [
      ...conditions.map((item) => ({
        ...unread("type", item.type, readConditions, written.conditions),
        ...item,
      })),
      ...otherTypes,
    ],
    attempts: attempts?.map((item) => ({
      ...unread("job", item.job, readAttempts, written.attempts),
      ...item,
    })),
  });
}

type ReadAndWritten = Pick<RunSeen, "status" | "written">;

/** The fields of the item of this name that are written and were not read. */
function unread<Key extends string>(
  key: Key,
  name: string,
  read: readonly Readonly<Partial<Record<Key, string>>>[],
  written: readonly WrittenItem[] = [],
): WrittenItem {
  const item = written.find((each) => each[key] === name) ?? {};
  const known = read.find((each) => each[key] === name) ?? {};
  return Object.fromEntries(Object.entries(item).filter(([field]) => !Object.hasOwn(known, field)));
}
