import { Problem } from "./problem.ts";

export interface StreamLimits {
  /** Each holds a connection, and a followed log one more to the API server. */
  readonly mostOfUser: number;
  /** Between two looks at whether the reader may still read. */
  readonly recheckMilliseconds: number;
}

export const usualStreamLimits: StreamLimits = { mostOfUser: 100, recheckMilliseconds: 60_000 };

export interface Reader {
  readonly user: string;
  /** Throws the Problem 401 or 403 when the reader has lost token or right since. */
  readonly recheck: () => Promise<void>;
  /** Told when that happens. */
  readonly onLost: (refusal: Problem) => void;
  /** Aborted when the stream has to end for other reasons. */
  readonly signal: AbortSignal;
}

/** Answers that last for days are given as long as their reader may have them, and not only if they might when they asked. */
export class Streams {
  readonly #limits: StreamLimits;
  readonly #open = new Map<string, number>();

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  /** Runs `stream` with a signal that is also aborted when the reader has lost the right. Throws the Problem 429. */
  async whileAllowed(reader: Reader, stream: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const leave = this.#enter(reader.user);
    const lost = new AbortController();
    const look = (): void => {
      reader.recheck().catch((error: unknown) => {
        if (!isRefusal(error) || lost.signal.aborted) return;
        reader.onLost(error);
        lost.abort();
      });
    };
    const timer = setInterval(look, this.#limits.recheckMilliseconds);
    try {
      await stream(AbortSignal.any([reader.signal, lost.signal]));
    } finally {
      clearInterval(timer);
      leave();
    }
  }

  #enter(user: string): () => void {
    const { mostOfUser } = this.#limits;
    const count = this.#open.get(user) ?? 0;
    if (count >= mostOfUser) throw tooMany(mostOfUser);
    this.#open.set(user, count + 1);
    return () => {
      const left = (this.#open.get(user) ?? 1) - 1;
      if (left === 0) this.#open.delete(user);
      else this.#open.set(user, left);
    };
  }
}

/** That the API server cannot be asked takes nothing from anybody. */
const isRefusal = (error: unknown): error is Problem =>
  error instanceof Problem && (error.status === 401 || error.status === 403);

const tooMany = (most: number): Problem =>
  new Problem(
    429,
    "too-many-streams",
    `You have ${String(most)} streams open, as many as one user may: close some`,
    {
      headers: { "Retry-After": "30" },
    },
  );
