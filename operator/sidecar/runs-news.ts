import type { ListWatchNews } from "../kube/list-watch.ts";
import type { Log } from "../log.ts";

/** Logs what the watch of the runs says beside changes. */
export const tellRunsNews =
  (log: Log) =>
  (news: ListWatchNews): void => {
    switch (news.kind) {
      case "listed":
        if (news.why === "first") log.info("The runs have been listed", { objects: news.objects });
        else log.debug("Listed", { why: news.why, objects: news.objects });
        break;
      case "closed":
        break;
      case "failed": {
        const { doing, retrySeconds, error } = news;
        const fields = { doing, retrySeconds: Math.round(retrySeconds), error };
        log.warn("Cannot follow the API server; the next try comes", fields);
        break;
      }
      case "missed":
        log.warn("The watch had not told changes that a list shows", { objects: news.objects });
        break;
      case "unreadable": {
        const { name } = news.object.metadata;
        log.warn("An object cannot be read and is left out", { name, error: news.error });
        break;
      }
      default:
        news satisfies never;
    }
  };
