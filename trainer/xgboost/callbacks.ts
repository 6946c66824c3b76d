import type { RowIterator } from "./api.ts";
import type { Batch } from "./batch.ts";

/** The two functions that the library calls back, and how to run it with them. */
export interface Callbacks {
  readonly reset: () => void;
  /** 1: there is a batch. 0: that was the last one, or something was thrown. */
  readonly next: () => 0 | 1;
  /** Runs the library, then throws what a callback threw, whatever the library made of the early end. */
  run(library: () => void): void;
}

/** Keeps exceptions out of C: the first one ends the pass and is thrown again when the library has returned. */
export function callbacks(rows: RowIterator, offer: (batch: Batch) => void): Callbacks {
  let thrown: { readonly error: unknown } | undefined;
  const guard = (body: () => boolean): 0 | 1 => {
    if (thrown !== undefined) return 0;
    try {
      return body() ? 1 : 0;
    } catch (error) {
      thrown = { error };
      return 0;
    }
  };
  return {
    reset: () => void guard(() => (rows.reset(), true)),
    next: () => guard(() => offerNext(rows, offer)),
    run(library) {
      try {
        library();
      } catch (error) {
        thrown ??= { error };
      }
      if (thrown !== undefined) throw thrown.error;
    },
  };
}

function offerNext(rows: RowIterator, offer: (batch: Batch) => void): boolean {
  const batch = rows.next();
  if (batch !== undefined) offer(batch);
  return batch !== undefined;
}
