import { describe, expect, test } from "@jest/globals";
import type { z } from "zod";

import { Configuration, resolveSections, trainerInput } from "../../contract/configuration.ts";
import { builtInDefaults } from "../../contract/defaults.ts";
import { RetrainRun, RetrainRunSpec } from "../../contract/retrain-run.ts";
import { TrainerInput } from "../../contract/trainer-input.ts";

const configured = (given: z.input<typeof Configuration> = {}): Configuration => Configuration.parse(given);
const specOf = (given: z.input<typeof RetrainRunSpec>): RetrainRunSpec => RetrainRunSpec.parse(given);

describe("trainerInput()", () => {
  test("an empty spec is a whole input: the built-in defaults", () => {
    const resolved = trainerInput(specOf({}), configured(), "run-1");
    expect(TrainerInput.parse(JSON.parse(JSON.stringify(resolved)))).toEqual(resolved);
    expect(resolved).toMatchObject({
      runUid: "run-1",
      model: "bike-traffic",
      trigger: "Manual",
      dryRun: false,
    });
    expect(resolved.training).toEqual(builtInDefaults.training);
    expect(resolved.features).toEqual({ holidayCountry: "FR" });
    expect(resolved.source.blacklist).toEqual(
      ["867228050089043", "867228050089159", "867228050089217", "867228050089787", "867228050092989"].map(
        (number) => `urn:ngsi-ld:EcoCounter:${number}`,
      ),
    );
  });

  test("the design's numbers are the built-in defaults", () => {
    expect(trainerInput({}, configured(), "run-1")).toMatchObject({
      source: { timeZone: "Europe/Paris", granularity: { bikeCount: "auto", weather: "auto" } },
      training: {
        grid: { maxDepth: [3, 5, 7], learningRate: [0.01, 0.1], rounds: [100, 500, 1000] },
        folds: 3,
      },
      gate: {
        minDays: 14,
        minWindowRows: 200,
        tolerancePercent: 5,
        minSkillPercent: 5,
        maxWorseStationsPercent: 20,
      },
      checks: { minRows: 1000, maxAgeDays: 7, maxMissingWeatherPercent: 5, allowPartialWeather: false },
      storage: { keepVersions: 12, keepRejected: false, legacyPickle: false },
    });
  });

  test("secrets, the volume and the Job are not for the trainer", () => {
    const resolved = trainerInput({}, configured(), "run-1");
    expect(resolved.source).not.toHaveProperty("secretRef");
    expect(resolved.checks).not.toHaveProperty("recheck");
    expect(Object.keys(resolved.storage)).toEqual(["keepVersions", "keepRejected", "legacyPickle"]);
    expect(resolved).not.toHaveProperty("job");
  });

  test("what a spec says about the run comes through", () => {
    const spec = specOf({
      model: "trams",
      period: "2026-12",
      trigger: "Schedule",
      requestedBy: "ann",
      dryRun: true,
      force: { reason: "known" },
    });
    expect(trainerInput(spec, configured(), "u")).toMatchObject({ ...spec, runUid: "u" });
  });
});

describe("resolveSections()", () => {
  const layered = configured({
    model: "trams",
    defaults: { training: { seed: 1, folds: 4, maxBin: 100 }, source: { blacklist: ["a"] } },
    models: {
      trams: { spec: { training: { seed: 2, folds: 5 } } },
      bikes: { spec: { training: { seed: 9 } } },
    },
  });

  test.each([
    { what: "the spec over all", spec: { training: { seed: 3 } }, seed: 3, folds: 5, maxBin: 100 },
    { what: "the model over the defaults", spec: {}, seed: 2, folds: 5, maxBin: 100 },
    { what: "the model that is named", spec: { model: "bikes" }, seed: 9, folds: 4, maxBin: 100 },
    { what: "the defaults over what is built in", spec: { model: "other" }, seed: 1, folds: 4, maxBin: 100 },
  ])("$what", ({ spec, seed, folds, maxBin }) => {
    expect(resolveSections(specOf(spec), layered).training).toMatchObject({ seed, folds, maxBin });
  });

  test("lists are replaced whole, not merged", () => {
    const resolve = (spec: z.input<typeof RetrainRunSpec>) => resolveSections(specOf(spec), layered);
    expect(resolve({}).source.blacklist).toEqual(["a"]);
    expect(resolve({ source: { blacklist: [] } }).source.blacklist).toEqual([]);
    expect(resolve({ source: { blacklist: ["b", "c"] } }).source.blacklist).toEqual(["b", "c"]);
    expect(resolve({ training: { grid: { maxDepth: [9] } } }).training.grid).toEqual({
      maxDepth: [9],
      learningRate: [0.01, 0.1],
      rounds: [100, 500, 1000],
    });
  });

  test("null is a value: a source without an order column", () => {
    const { source } = resolveSections(
      specOf({ source: { columns: { bikeCount: { order: null } } } }),
      configured(),
    );
    expect(source.columns.bikeCount).toEqual({ ...builtInDefaults.source.columns.bikeCount, order: null });
  });

  test("severities are merged check by check", () => {
    const defaults = { checks: { severity: { age: "off", rows: "warning" } } } as const;
    const resolved = resolveSections(
      specOf({ checks: { severity: { age: "error" } } }),
      configured({ defaults }),
    );
    expect(resolved.checks.severity).toEqual({ age: "error", rows: "warning" });
  });

  test("nothing that was given is changed", () => {
    const [spec, before] = [specOf({ training: { seed: 3 } }), structuredClone(builtInDefaults)];
    const [given, configuration] = [structuredClone(spec), structuredClone(layered)];
    resolveSections(spec, layered).source.blacklist.push("x");
    resolveSections(spec, configured()).training.grid.maxDepth.push(1);
    expect(spec).toEqual(given);
    expect(layered).toEqual(configuration);
    expect(builtInDefaults).toEqual(before);
  });
});

describe("RetrainRun", () => {
  const manifest = { apiVersion: "retrain.velo/v1alpha1", kind: "RetrainRun", metadata: { name: "now" } };

  test("needs no spec", () => {
    expect(RetrainRun.parse(manifest).spec).toEqual({});
  });

  test.each([{ apiVersion: "retrain.velo/v1" }, { kind: "Job" }, { spec: { dryrun: true } }])(
    "refuses %j",
    (differs) => {
      expect(RetrainRun.safeParse({ ...manifest, ...differs }).success).toBe(false);
    },
  );
});
