import { readdirSync } from "node:fs";
import path from "node:path";

import { expect, test } from "@jest/globals";

import { Configuration, trainerInput } from "../../contract/configuration.ts";
import { TrainerInput } from "../../contract/trainer-input.ts";
import { readRunFile } from "../../trainer/run-file.ts";

const examples = path.join(import.meta.dirname, "..", "..", "docs", "examples");
const manifests = readdirSync(examples).filter((name) => name.startsWith("retrainrun"));

test("there is an example of a run", () => {
  expect(manifests).toContain("retrainrun.yaml");
});

test.each(manifests)("%s is a run that the built-in configuration completes", (name) => {
  const { metadata, spec } = readRunFile(path.join(examples, name));
  expect(metadata.generateName ?? metadata.name).toBeDefined();
  expect(TrainerInput.parse(trainerInput(spec, Configuration.parse({}), "some-uid"))).toMatchObject({
    model: "bike-traffic",
  });
});
