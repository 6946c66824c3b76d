import { z } from "zod";

/** The body of every answer that is an error (RFC 9457), media type application/problem+json. */
export const ProblemBody = z.looseObject({
  type: z.string().describe("Which kind of problem, for programs"),
  title: z.string().describe("The same for people"),
  status: z.int().min(400).max(599).describe("The HTTP status"),
  detail: z.string().describe("What happened and what to do, one sentence or two"),
  requestId: z.string().describe("Also in the header X-Request-Id and in the sidecar's log"),
});
export type ProblemBody = z.infer<typeof ProblemBody>;

export interface ProblemParts {
  /** Further members of the body. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal that whoever asked may read as it is. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  /** A word such as `run-active`. */
  readonly type: string;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, type: string, detail: string, parts: ProblemParts & ErrorOptions = {}) {
    super(detail, parts.cause === undefined ? {} : { cause: parts.cause });
    this.status = status;
    this.type = type;
    this.extra = parts.extra ?? {};
    this.headers = parts.headers ?? {};
  }

  body(requestId: string): ProblemBody {
    const { status, type, message: detail } = this;
    return { type: `${typePrefix}${type}`, title: titleOf(type), status, detail, ...this.extra, requestId };
  }
}

/** `extra` are further members of the body. */
export const problem = (
  status: number,
  type: string,
  detail: string,
  extra: Readonly<Record<string, unknown>> = {},
): Problem => new Problem(status, type, detail, { extra });

export const typePrefix = "urn:retrain:";

/** `run-active` is "Run active". */
function titleOf(type: string): string {
  const words = type.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
