import { z } from "zod";

import type { RunView } from "../api/schemas.ts";

/** Why no further event comes: after `closing` a client may ask again, another replica perhaps. */
export const EndReason = z.enum(["finished", "deleted", "closing"]);
export type EndReason = z.infer<typeof EndReason>;

/** `id` comes back as Last-Event-ID when the client asks again. JSON has no line breaks, so it is one line. */
export const runEvent = (id: string, run: RunView): string =>
  `event: run\nid: ${id}\ndata: ${JSON.stringify(run)}\n\n`;

export const endEvent = (reason: EndReason): string => `event: end\ndata: ${JSON.stringify({ reason })}\n\n`;

/** A comment: proxies close what is silent for long, and a client that is gone is noticed by writing. */
export const keepAlive = ": keep-alive\n\n";

/** How long an EventSource waits before it asks again. */
export const retryAfter = (milliseconds: number): string => `retry: ${String(milliseconds)}\n\n`;
