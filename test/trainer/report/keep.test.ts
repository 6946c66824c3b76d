import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import winston from "winston";

import type { TrainerReport } from "../../../contract/trainer-report.ts";
import { openModelDirectory } from "../../../trainer/publish/directory.ts";
import { newDraft, type Draft } from "../../../trainer/report/draft.ts";
import { keepReport } from "../../../trainer/report/keep.ts";
import { report } from "../../support/builders.ts";
import { modelsVolume } from "../publish/scene.ts";

const log = winston.createLogger({ silent: true });
const startedAt = new Date("2026-12-01T01:00:00Z");
const page = ({ verdict }: TrainerReport): Promise<string> => Promise.resolve(`made for ${verdict}`);

/** What is kept of a run, by file. */
async function kept(differs: Partial<TrainerReport>, draft: Partial<Draft>): Promise<Record<string, string>> {
  await using models = await modelsVolume();
  const volume = await openModelDirectory(models.path, "bikes");
  await keepReport({ draft: { ...newDraft(), volume, ...draft }, log, page, startedAt }, report(differs));
  const [run = ""] = await readdir(volume.runs);
  const names = await readdir(join(volume.runs, run));
  const texts = names.map(async (name) => [name, await readFile(join(volume.runs, run, name), "utf8")]);
  return Object.fromEntries(await Promise.all(texts)) as Record<string, string>;
}

describe("keepReport()", () => {
  test("keeps the page that the version has", async () => {
    expect(await kept({ verdict: "Published" }, { page: "the version's" })).toMatchObject({
      "report.html": "the version's",
    });
  });

  test("makes another page when the run has failed after the version's was made", async () => {
    const files = await kept({ verdict: "Failed" }, { page: "the version's" });
    expect(files["report.html"]).toBe("made for Failed");
    expect(JSON.parse(files["report.json"] ?? "")).toMatchObject({ verdict: "Failed" });
  });

  test("keeps a rejected candidate's files beside the report", async () => {
    const files = await kept({ verdict: "Rejected" }, { kept: new Map([["model.ubj", "trees"]]) });
    expect(Object.keys(files).sort()).toEqual(["model.ubj", "report.html", "report.json"]);
  });
});
