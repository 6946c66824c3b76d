import os from "node:os";

import { dayText, localDay } from "../../trainer/days.ts";
import { trainingThreads } from "../../trainer/xgboost/threads.ts";
import type { History } from "./history.ts";

/** How the peer reads: what most pipelines have, or the quickest that pandas knows. */
export type Driver = "psycopg2" | "adbc";

/** What both sides are told of a history. */
export const planOf = ({ url, asOf }: History, driver: Driver) => ({
  databaseUrl: url,
  asOf,
  until: dayText(localDay(new Date(asOf), "Europe/Paris")),
  threads: trainingThreads(os.availableParallelism()),
  driver,
});
