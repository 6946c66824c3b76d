import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";

import { afterAll, beforeAll, expect, it } from "@jest/globals";

import { ensureSchemathesis } from "../../../../hack/schemathesis.ts";
import { startSidecar, whenReady } from "../../../support/sidecar-process.ts";
import { grantSidecar, grantUser } from "../../../support/sidecar-rights.ts";
import { startApiScene, type ApiScene } from "./api-scene.ts";

let scene: ApiScene;
let program: string;
beforeAll(async () => {
  program = await ensureSchemathesis((line) => void process.stderr.write(`${line}\n`));
  scene = await startApiScene();
}, 180_000);
afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

const checks = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_headers_conformance",
  "response_schema_conformance",
  "negative_data_rejection",
];
/** Ends only with the run. */
const streams = "/(events|logs)$";

it("answers whatever is asked as its description says, without a fault of its own", async () => {
  const namespace = "fuzzed";
  const place = await scene.place(namespace);
  await place.create("december", { model: "bike-traffic" });
  const user = await grantUser(scene.plane, { namespace, name: "user" }, "edit");
  const access = await grantSidecar(scene.plane, { namespace, name: "sidecar" });
  await using sidecar = await startSidecar(access, { namespace, env: { RATE_PER_MINUTE: "100000" } });
  await whenReady(sidecar);
  await using scratch = await mkdtempDisposable(path.join(tmpdir(), "schemathesis-"));

  const options = ["--checks", checks.join(","), "--exclude-path-regex", streams];
  const pace = ["--max-examples", "20", "--seed", "1", "--workers", "1", "--no-color"];
  const child = spawn(
    program,
    ["run", `${sidecar.url}/openapi.json`, "-H", `Authorization: Bearer ${user}`, ...options, ...pace],
    // It writes its memory of earlier runs where it is started.
    { cwd: scratch.path, stdio: ["ignore", "pipe", "pipe"] },
  );
  const [said] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  // What it found is its report; the exit code alone would not tell.
  expect([child.exitCode, child.exitCode === 0 ? "" : said]).toEqual([0, ""]);
}, 300_000);
