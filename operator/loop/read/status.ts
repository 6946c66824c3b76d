import { z } from "zod";

import { given } from "../../../contract/given.ts";
import { Condition, RetrainRunStatus } from "../../../contract/status.ts";
import { Verdict } from "../../../contract/verdicts.ts";
import { parseKnown, parseReadable } from "./known-fields.ts";
import { Time } from "./metadata.ts";

/**
 * A run's status. One that a newer operator wrote may hold words and lengths that this one does not know: it is then read field
 * by field, and what says that the run has started or ended is never lost, or the run would be started again.
 */
export function readStatus(raw: unknown, createdAt: Date): RetrainRunStatus {
  const parsed = parseKnown(RetrainRunStatus, raw ?? {});
  if (parsed.success) return parsed.data;
  const status = Fields.safeParse(raw).data;
  if (status === undefined) return {};
  const neverLost = given({
    verdict: verdictOf(status),
    startTime: status.startTime === undefined ? undefined : timeText(status.startTime, createdAt),
    completionTime: completionOf(status, createdAt),
    conditions: status.conditions?.filter(({ type }) => Condition.shape.type.safeParse(type).success),
    attempts: status.attempts?.slice(-mostAttempts).map((attempt) => attemptOf(attempt, createdAt)),
  });
  return parseReadable(RetrainRunStatus, { ...status, ...neverLost });
}

const mostAttempts = 10;

const AttemptFields = z.looseObject({
  startedAt: z.unknown().optional(),
  finishedAt: z.unknown().optional(),
});
const Fields = z.looseObject({
  verdict: z.unknown().optional(),
  startTime: z.unknown().optional(),
  completionTime: z.unknown().optional(),
  attempts: z.array(AttemptFields).optional().catch(undefined),
  conditions: z
    .array(z.looseObject({ type: z.unknown().optional(), status: z.unknown().optional() }))
    .optional()
    .catch(undefined),
});
type Fields = z.infer<typeof Fields>;

/** A verdict of a later version is taken for the one that its conditions are those of. */
function verdictOf({ verdict, conditions = [] }: Fields): Verdict | undefined {
  const known = z.enum(Verdict).safeParse(verdict).data;
  if (known !== undefined || verdict === undefined || verdict === null) return known;
  const isTrue = (type: string): boolean =>
    conditions.some((condition) => condition.type === type && condition.status === "True");
  if (isTrue("Published")) return Verdict.Published;
  return isTrue("Succeeded") ? Verdict.Skipped : Verdict.Failed;
}

/** Without a time a finished run would be neither kept nor removed in its turn. */
const completionOf = ({ verdict, completionTime }: Fields, createdAt: Date): string | undefined =>
  completionTime === undefined && verdict === undefined ? undefined : timeText(completionTime, createdAt);

/** An attempt that has ended must not look open. */
const attemptOf = (attempt: z.infer<typeof AttemptFields>, createdAt: Date) => ({
  ...attempt,
  startedAt: timeText(attempt.startedAt, createdAt),
  ...(attempt.finishedAt === undefined ? {} : { finishedAt: timeText(attempt.finishedAt, createdAt) }),
});

/** In the form that the contract has, whatever the offset; a text that is no time becomes `otherwise`. */
function timeText(value: unknown, otherwise: Date): string {
  const asItIs = z.iso.datetime().safeParse(value).data;
  return asItIs ?? (Time.safeParse(value).data ?? otherwise).toISOString();
}
