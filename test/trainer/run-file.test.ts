import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { builtInDefaults } from "../../contract/defaults.ts";
import { TrainerInput } from "../../contract/trainer-input.ts";
import { localInput, readRunFile } from "../../trainer/run-file.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "retrain-test-"));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

async function manifest(text: string): Promise<string> {
  const file = join(directory, "run.yaml");
  await writeFile(file, text);
  return file;
}
const head = "apiVersion: retrain.velo/v1alpha1\nkind: RetrainRun\n";

describe("readRunFile()", () => {
  test("reads YAML", async () => {
    const file = await manifest(`${head}metadata: { name: now }\nspec:\n  model: bikes\n  dryRun: true\n`);
    expect(readRunFile(file)).toMatchObject({
      metadata: { name: "now" },
      spec: { model: "bikes", dryRun: true },
    });
  });

  test("reads JSON, and an absent spec as an empty one", async () => {
    const file = await manifest('{"apiVersion":"retrain.velo/v1alpha1","kind":"RetrainRun","metadata":{}}');
    expect(readRunFile(file).spec).toEqual({});
  });

  test("takes what kubectl get -o yaml adds to the metadata", async () => {
    const added =
      "metadata:\n  generateName: by-hand-\n  uid: abc\n  labels: { a: b }\n  managedFields: []\n";
    expect(readRunFile(await manifest(`${head}${added}spec: {}\n`)).metadata.uid).toBe("abc");
  });

  test.each([
    { what: "no document", text: "", says: /the document: .*expected object/ },
    { what: "bad YAML", text: "a: [1,\nb: {", says: /Cannot read the manifest .* line \d/ },
    {
      what: "two documents",
      text: `${head}metadata: {}\n---\n${head}metadata: {}\n`,
      says: /multiple documents/,
    },
    {
      what: "another version",
      text: "apiVersion: v1\nkind: RetrainRun\nmetadata: {}\n",
      says: /apiVersion: /,
    },
    { what: "an unknown field", text: `${head}metadata: {}\nspec: { modle: x }\n`, says: /spec: .*"modle"/ },
    {
      what: "a day that is none",
      text: `${head}metadata: {}\nspec: { source: { until: 2025-02-30 } }\n`,
      says: /spec\.source\.until: /,
    },
  ])("refuses $what, naming the file and the field", async ({ text, says }) => {
    const file = await manifest(text);
    const failure = expect.objectContaining({
      reason: "BadConfiguration",
      message: expect.stringMatching(says),
    });
    expect(() => readRunFile(file)).toThrow(failure);
    expect(() => readRunFile(file)).toThrow(file);
  });
});

describe("localInput()", () => {
  test("completes an empty spec with what is built in", () => {
    const input = localInput({}, "uid-1");
    expect(TrainerInput.parse(input)).toEqual(input);
    expect(input).toMatchObject({ model: "bike-traffic", runUid: "uid-1", trigger: "Manual", dryRun: false });
    expect(input.training).toEqual(builtInDefaults.training);
  });

  test("changes only what the spec says, in the depth of its objects", () => {
    const { source } = localInput({ source: { columns: { bikeCount: { intensity: "bikes" } } } });
    const { columns } = builtInDefaults.source;
    expect(source.columns).toEqual({ ...columns, bikeCount: { ...columns.bikeCount, intensity: "bikes" } });
  });

  test("gives each run a name of its own", () => {
    expect(localInput({}).runUid).not.toBe(localInput({}).runUid);
  });

  test("takes any model's name", () => {
    expect(localInput({ model: "scooters" }).model).toBe("scooters");
  });
});
