import type { Resource } from "./kube/api.ts";
import type { ListWatchNews } from "./kube/list-watch.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";

/** Logs and counts what watches say beside changes. */
export function tellWatchNews(
  news: ListWatchNews,
  { plural: resource }: Resource,
  { log, metrics }: { readonly log: Log; readonly metrics: Metrics },
): void {
  switch (news.kind) {
    case "listed":
      if (news.why !== "first") metrics.relists.inc({ resource });
      log.debug("Listed", { resource, why: news.why, objects: news.objects });
      break;
    case "closed":
      metrics.watchRestarts.inc({ resource });
      break;
    case "failed":
      metrics.watchRestarts.inc({ resource });
      log.warn("Cannot follow the API server; the next try comes", {
        resource,
        doing: news.doing,
        retrySeconds: Math.round(news.retrySeconds),
        error: news.error,
      });
      break;
    case "missed":
      metrics.missedEvents.inc({ resource }, news.objects);
      log.warn("The watch had not told changes that a list shows", { resource, objects: news.objects });
      break;
    case "unreadable":
      metrics.skippedObjects.inc({ resource });
      log.warn("An object cannot be read and is left out", {
        resource,
        name: news.object.metadata.name,
        error: news.error,
      });
      break;
    default:
      news satisfies never;
  }
}
