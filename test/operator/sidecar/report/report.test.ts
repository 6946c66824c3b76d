import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Configuration, resolveSections } from "../../../../contract/configuration.ts";
import type { RetrainRunStatus } from "../../../../contract/status.ts";
import { readSidecarConfig } from "../../../../operator/sidecar/config.ts";
import { isStream } from "../../../../operator/sidecar/http/route.ts";
import { reportRoutes } from "../../../../operator/sidecar/report/report-route.ts";
import { runSeen, uidOf } from "../../../support/seen.ts";
import { handRuns, type HandRuns } from "../hand-runs.ts";
import { startStreamServer, type StreamServer } from "../streams/stream-server.ts";

const configuration = Configuration.parse({});
const { claimName } = resolveSections({}, configuration).storage;

let stack: AsyncDisposableStack;
/** A directory with the volume in it, and what is beside it. */
let around: string;
let runs: HandRuns;
let server: StreamServer;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  around = await mkdtemp(path.join(tmpdir(), "retrain-report-"));
  stack.defer(() => rm(around, { recursive: true }));
  await mkdir(path.join(around, "volume"));
  runs = handRuns();
  const modelsDirectory = path.join(around, "volume");
  server = stack.use(await startStreamServer(reportRoutes({ runs, configuration, modelsDirectory })));
});
afterEach(async () => {
  await stack.disposeAsync();
});

/** A run `may` of bike-traffic on the volume, with this status and place. */
function put(status: RetrainRunStatus, place: { claimName?: string; subPath?: string } = {}): void {
  const storage = { claimName, subPath: "", ...place };
  const resolved = { input: {}, inputHash: "", image: "trainer", storage };
  runs.put(runSeen({ name: "may", status: { resolved, ...status } }));
}

async function write(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(path.join(around, file)), { recursive: true });
  await writeFile(path.join(around, file), content);
}

const read = (name = "may"): Promise<Response> => fetch(`${server.url}/api/runs/${name}/report`);
const published = { verdict: "Published", version: "v1" } as const;
const rejected = { verdict: "Rejected" } as const;
const uid = uidOf("may");
const model = "volume/bike-traffic";

describe("the report of a run is", () => {
  test.each<[string, Partial<RetrainRunStatus>, readonly string[]]>([
    [
      "that of the version that it published",
      published,
      [`${model}/versions/v1`, `${model}/runs/20261201T020000Z-${uid}`],
    ],
    ["its own, when the version has been pruned", published, [`${model}/runs/20261201T020000Z-${uid}`]],
    [
      "its own, when it published nothing",
      rejected,
      [`${model}/runs/20261201T020000Z-${uid}`, `${model}/versions/v1`],
    ],
    [
      "that of its newest attempt",
      rejected,
      [
        `${model}/runs/20261201T030000Z-${uid}-2`,
        `${model}/runs/20261201T030000Z-${uid}`,
        `${model}/runs/20261201T020000Z-${uid}`,
      ],
    ],
    [
      "none of another run whose uid begins or ends with its own",
      rejected,
      [
        `${model}/runs/20261201T020000Z-${uid}`,
        `${model}/runs/20261201T030000Z-${uid}-x`,
        `${model}/runs/20261201T030000Z-x-${uid}`,
      ],
    ],
  ])("%s", async (_what, status, places) => {
    for (const [index, place] of places.entries())
      await write(`${place}/report.html`, `report ${String(index)}`);
    put(status);
    expect(await (await read()).text()).toBe("report 0");
  });

  test("in the directory of the volume that it was told", async () => {
    await write("volume/city/models/bike-traffic/versions/v1/report.html", "the report");
    put(published, { subPath: "city/models" });
    expect(await (await read()).text()).toBe("the report");
  });
});

test("a browser gets it as a page of nowhere, which may run nothing and ask for nothing", async () => {
  await write(`${model}/versions/v1/report.html`, "é");
  put(published);
  const { status, headers } = await read();
  expect(status).toBe(200);
  expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(headers.get("content-length")).toBe("2");
  expect(headers.get("content-disposition")).toBe('inline; filename="may.html"');
  const policy = (headers.get("content-security-policy") ?? "").split("; ");
  expect(policy).toEqual(expect.arrayContaining(["sandbox", "default-src 'none'"]));
  expect(policy.filter((directive) => /script|connect|allow-/u.test(directive))).toEqual([]);
});

describe("404 for", () => {
  test.each<[string, () => void, RegExp]>([
    ["a run that there is not", () => undefined, /There is no run may/u],
    [
      "one that has not ended",
      () => {
        put({});
      },
      /has not ended yet/u,
    ],
    [
      "one that left none",
      () => {
        put(rejected);
      },
      /it left none/u,
    ],
    [
      "one of another volume",
      () => {
        put(published, { claimName: "other" });
      },
      /another volume/u,
    ],
  ])("%s", async (_what, prepare, why) => {
    await write(`${model}/versions/v1/report.html`, "the report");
    prepare();
    const answer = await read();
    expect(answer.status).toBe(404);
    expect(await answer.text()).toMatch(why);
  });
});

describe("nothing outside of the volume is given, and only files are:", () => {
  test.each<[string, () => void | Promise<void>]>([
    [
      "a directory that leads out",
      () => {
        put(published, { subPath: "../outside" });
      },
    ],
    [
      "a version that leads out",
      () => {
        put({ ...published, version: "../../../outside/bike-traffic/versions/v1" });
      },
    ],
    [
      "a link that leads out",
      async () => {
        await mkdir(path.join(around, model, "versions", "v1"), { recursive: true });
        const secret = path.join(around, "outside/bike-traffic/versions/v1/report.html");
        await symlink(secret, path.join(around, model, "versions", "v1", "report.html"));
        put(published);
      },
    ],
    [
      "a directory linked to one outside",
      async () => {
        await mkdir(path.join(around, "volume"), { recursive: true });
        await symlink(path.join(around, "outside/bike-traffic"), path.join(around, model));
        put(published);
      },
    ],
    [
      "a directory of that name",
      async () => {
        await mkdir(path.join(around, model, "versions/v1/report.html"), { recursive: true });
        put(published);
      },
    ],
    [
      "a pipe of that name",
      async () => {
        await mkdir(path.join(around, model, "versions/v1"), { recursive: true });
        await promisify(execFile)("mkfifo", [path.join(around, model, "versions/v1/report.html")]);
        put(published);
      },
    ],
  ])("%s", async (_what, prepare) => {
    await write("outside/bike-traffic/versions/v1/report.html", "not yours");
    await prepare();
    expect((await read()).status).toBe(404);
  });
});

test("a link that stays on the volume is followed", async () => {
  await write(`${model}/versions/v0/report.html`, "the report");
  await symlink("v0", path.join(around, model, "versions", "v1"));
  put(published);
  expect(await (await read()).text()).toBe("the report");
});

test("a volume that cannot be read is said so", async () => {
  await write(`${model}/versions/v0/report.html`, "the report");
  put({ ...published, version: "v".repeat(300) }); // Longer than a name may be.
  const answer = await read();
  expect(answer.status).toBe(503);
  expect(await answer.text()).toMatch(
    new RegExp(`The volume ${claimName} cannot be read: ENAMETOOLONG`, "u"),
  );
});

test("it asks for the right to read the run, is no stream, and is there only with the volume", () => {
  const [route, ...others] = reportRoutes({ runs, configuration, modelsDirectory: around });
  expect(others).toEqual([]);
  expect(route?.right({ name: "may" })).toEqual({ verb: "get", resource: "retrainruns", name: "may" });
  expect(route === undefined || isStream(route)).toBe(false);
  const told = (environment: NodeJS.ProcessEnv): string | undefined =>
    readSidecarConfig({ POD_NAMESPACE: "bikes", ...environment }, () => "").modelsDirectory;
  expect(told({ MODELS_DIR: "/models" })).toBe("/models");
  expect(told({ MODELS_DIR: "" })).toBeUndefined();
  expect(reportRoutes({ runs, configuration })).toEqual([]);
});
