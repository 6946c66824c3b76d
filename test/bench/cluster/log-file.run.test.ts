import { writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { expect, test } from "@jest/globals";

import { LogFile } from "../../../bench/cluster/log-file.ts";

async function temporaryDirectory() {
  const directory = await mkdtemp(path.join(os.tmpdir(), "retrain-test-"));
  return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}

const line = (message: string): string =>
  `${JSON.stringify({ timestamp: "2026-11-01T02:00:00.000Z", level: "info", message, port: 8080 })}\n`;

test("lines are there when they are complete, each once", async () => {
  await using temporary = await temporaryDirectory();
  await using log = await LogFile.create(path.join(temporary.directory, "program.log"));
  const messages = async (): Promise<readonly string[]> => {
    await log.read();
    return log.lines.map(({ message }) => message);
  };
  expect(await messages()).toEqual([]);
  const whole = Buffer.from(line("started") + line("trained bikes à Montpellier"));
  const cut = whole.indexOf("à") + 1;
  writeSync(log.fd, whole, 0, cut);
  expect(await messages()).toEqual(["started"]);
  expect(await messages()).toEqual(["started"]);
  writeSync(log.fd, whole, cut);
  expect(await messages()).toEqual(["started", "trained bikes à Montpellier"]);
  expect(log.lines[0]).toMatchObject({ timestamp: new Date("2026-11-01T02:00:00.000Z"), port: 8080 });
});
