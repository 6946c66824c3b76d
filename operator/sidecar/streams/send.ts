import { once } from "node:events";
import type { Writable } from "node:stream";

import type { Response } from "express";

/** The answer's head, before anything else is known; no proxy shall gather or change what follows. */
export function beginStream(response: Response, type: "text/event-stream" | "text/plain"): void {
  response.status(200).set({
    "Content-Type": `${type}; charset=utf-8`,
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
  });
  response.flushHeaders();
}

/** Asks for the next chunk when the reader has taken enough of those before, and ends the answer after the last one. */
export async function sendAll(
  response: Writable,
  chunks: AsyncIterable<string | Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  for await (const chunk of chunks) {
    if (response.destroyed) break;
    await send(response, chunk, signal);
  }
  response.end();
}

/** Aborted, it waits no longer: what is still to be sent is little. */
async function send(response: Writable, chunk: string | Uint8Array, signal: AbortSignal): Promise<void> {
  if (response.write(chunk)) return;
  try {
    await once(response, "drain", { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
