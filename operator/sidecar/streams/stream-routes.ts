import type { Route } from "../http/route.ts";
import { eventsRoute } from "./events-route.ts";
import { logsRoute } from "./logs-route.ts";
import type { StreamParts } from "./stream-parts.ts";

/** What is told of a run while it goes on: its states as server-sent events, and its trainer's log. */
export const streamRoutes = (parts: StreamParts): readonly Route[] => [eventsRoute(parts), logsRoute(parts)];
