import type { FileHandle } from "node:fs/promises";

import { resolveSections, type Configuration } from "../../../contract/configuration.ts";
import { RunParams } from "../api/bodies.ts";
import { problem, type Problem } from "../http/problem.ts";
import { route, type Route } from "../http/route.ts";
import type { Runs, WatchedRun } from "../runs/runs.ts";
import { knownRun } from "../streams/known-run.ts";
import { sendAll } from "../streams/send.ts";
import { openReport, type ModelsVolume } from "./report-file.ts";

export interface ReportParts {
  readonly runs: Pick<Runs, "isSynced" | "find">;
  readonly configuration: Configuration;
  /** Where the configured claim is mounted; without it there is no route. */
  readonly modelsDirectory?: string;
}

/** `GET /api/runs/:name/report`. */
export function reportRoutes({ runs, configuration, modelsDirectory }: ReportParts): readonly Route[] {
  if (modelsDirectory === undefined) return [];
  const { claimName } = resolveSections({}, configuration).storage;
  return [reportRoute(runs, { directory: modelsDirectory, claimName })];
}

/**
 * The page was made by a trainer, which may have any image: as a page of nowhere, without scripts, it can neither use nor ask for what
 * the reader may.
 */
const contentSecurityPolicy =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function reportRoute(runs: ReportParts["runs"], volume: ModelsVolume): Route {
  return route({
    method: "get",
    path: "/api/runs/:name/report",
    right: ({ name }) => ({ verb: "get", resource: "retrainruns", name }),
    params: RunParams,
    describe: {
      summary: "The report of one run",
      description: "Only where the sidecar has the volume of the models (sidecar.mountModels of the chart).",
      responses: {
        200: { description: "A page that needs nothing else", content: "text/html" },
        404: { description: "No such run, or no report of it on the volume" },
      },
    },
    handle: async ({ params: { name }, signal }, response) => {
      const run = await knownRun(runs, name);
      await using file = await opened(volume, run);
      response.status(200).set({
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": String((await file.stat()).size),
        "Content-Disposition": `inline; filename="${name}.html"`,
        "Content-Security-Policy": contentSecurityPolicy,
      });
      await sendAll(response, file.createReadStream({ autoClose: false }), signal);
    },
  });
}

async function opened(volume: ModelsVolume, run: WatchedRun): Promise<FileHandle> {
  const file = await openReport(volume, run).catch((error: unknown) => {
    const why = Error.isError(error) ? error.message : String(error);
    throw problem(503, "volume-unreadable", `The volume ${volume.claimName} cannot be read: ${why}`);
  });
  if (file === undefined) throw noReport(volume, run);
  return file;
}

function noReport({ claimName }: ModelsVolume, { name, status }: WatchedRun): Problem {
  const why =
    status.verdict === undefined
      ? "the run has not ended yet"
      : "it left none, it worked on another volume, or its report was one of the oldest and has gone";
  return problem(
    404,
    "no-report",
    `There is no report of the run ${name} on the volume ${claimName}: ${why}`,
  );
}
