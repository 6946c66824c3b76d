import { isDeepStrictEqual } from "node:util";

import { z } from "zod";

import { given } from "../../../contract/given.ts";
import type { RetrainRunStatus } from "../../../contract/status.ts";
import type { WrittenLists } from "../../reconcile/seen.ts";

const Items = z.array(z.record(z.string(), z.unknown())).optional().catch(undefined);
const Lists = z.object({ conditions: Items, attempts: Items });

/** The lists of a status, where `read` has not all that is in them; undefined when it has. */
export function writtenLists(raw: unknown, read: RetrainRunStatus): WrittenLists | undefined {
  const lists = Lists.safeParse(raw).data ?? {};
  const beyond = (["conditions", "attempts"] as const).filter(
    (name) => lists[name] !== undefined && !isDeepStrictEqual(lists[name], read[name]),
  );
  if (beyond.length === 0) return undefined;
  return given(Object.fromEntries(beyond.map((name) => [name, lists[name]])));
}
