import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";

import { Configuration, trainerInput } from "../../contract/configuration.ts";
import { readConfig, readInput, terminationLogOf } from "../../trainer/config.ts";

const database = { DATABASE_URL: "postgresql://reader:secret@db/bikes" };

describe("readConfig()", () => {
  test("needs no more than DATABASE_URL", () => {
    expect(readConfig({ ...database, TERMINATION_LOG: "/tmp/log" })).toMatchObject({
      databaseUrl: database.DATABASE_URL,
      databaseCaFile: undefined,
      modelsDir: "models",
      terminationLog: "/tmp/log",
      reportFile: undefined,
      featuresFile: undefined,
      xgboostLibrary: undefined,
      logLevel: "info",
      lockStaleSeconds: 60,
    });
  });

  test("takes every variable", () => {
    const environment = {
      ...database,
      DATABASE_CA_FILE: "/ca.pem",
      MODELS_DIR: "/models",
      REPORT_FILE: "/report.json",
      FEATURES_FILE: "/features.csv",
      XGBOOST_LIBRARY: "/libxgboost.so",
      XDG_CACHE_HOME: "/cache",
      LOG_LEVEL: "debug",
      CODE_REVISION: "abc",
      IMAGE: "trainer:1",
      LOCK_STALE_SECONDS: "120",
    };
    expect(readConfig(environment)).toMatchObject({
      databaseCaFile: "/ca.pem",
      modelsDir: "/models",
      reportFile: "/report.json",
      featuresFile: "/features.csv",
      xgboostLibrary: "/libxgboost.so",
      cacheDir: "/cache/retrain-operator",
      logLevel: "debug",
      codeRevision: "abc",
      image: "trainer:1",
      lockStaleSeconds: 120,
    });
  });

  test("asks for no database where none is read", () => {
    expect(readConfig({}, false).databaseUrl).toBeUndefined();
  });

  test("counts empty variables as unset", () => {
    const empty = { MODELS_DIR: "", REPORT_FILE: "", LOG_LEVEL: "", XGBOOST_LIBRARY: "" };
    expect(readConfig({ ...database, ...empty })).toEqual(readConfig(database));
  });
});

describe("readConfig() refuses", () => {
  test.each([
    { environment: {}, says: "DATABASE_URL: it is not set" },
    { environment: { DATABASE_URL: "" }, says: "DATABASE_URL: it is not set" },
    { environment: { ...database, LOG_LEVEL: "LOUD" }, says: "LOG_LEVEL: Invalid option" },
    {
      environment: { ...database, LOCK_STALE_SECONDS: "soon" },
      says: "LOCK_STALE_SECONDS: expected a number of seconds",
    },
  ])("$environment", ({ environment, says }) => {
    expect(() => readConfig(environment)).toThrow(
      expect.objectContaining({ reason: "BadConfiguration", message: expect.stringContaining(says) }),
    );
  });

  test("telling all that is wrong, and never the URL", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{12}$/), (secret) => {
        const environment = { DATABASE_URL: `postgresql://u:${secret}@db/x`, LOG_LEVEL: "LOUD" };
        expect(() => readConfig(environment)).toThrow(
          expect.objectContaining({ message: expect.not.stringContaining(secret) }),
        );
      }),
    );
    expect(() => readConfig({ LOG_LEVEL: "LOUD" })).toThrow(/DATABASE_URL: .*; LOG_LEVEL: /);
  });
});

describe("terminationLogOf()", () => {
  test("prefers the variable to Kubernetes' own file", () => {
    expect(terminationLogOf({ TERMINATION_LOG: "/tmp/log" })).toBe("/tmp/log");
  });
});

describe("readInput()", () => {
  const input = trainerInput({ model: "bikes" }, Configuration.parse({ model: "bikes" }), "uid-1");
  const from = (value: unknown) => readInput({ TRAINER_INPUT: JSON.stringify(value) });

  test("takes a resolved spec as it is", () => {
    expect(from(input)).toEqual(input);
  });

  test.each([
    { what: "nothing", text: undefined, says: /it is not set; expected the resolved spec/ },
    { what: "an empty variable", text: "", says: /it is not set/ },
    {
      what: "no JSON, without repeating it",
      text: "secret{",
      says: /^(?!.*secret).*its 7 characters are not JSON/,
    },
    { what: "a list", text: "[]", says: /the document: .*expected object/ },
    { what: "an incomplete spec, telling every field", text: "{}", says: /runUid: .*; model: .*; source: / },
  ])("refuses $what", ({ text, says }) => {
    expect(() => readInput({ TRAINER_INPUT: text })).toThrow(
      expect.objectContaining({ reason: "BadConfiguration", message: expect.stringMatching(says) }),
    );
  });

  test.each([
    { changed: { runUid: "../x" }, says: /runUid: / },
    { changed: { model: "a/b" }, says: /model: expected lower-case letters/ },
    { changed: { surprise: 1 }, says: /the document: .*"surprise"/ },
    { changed: { training: { ...input.training, folds: 1 } }, says: /training\.folds: / },
    { changed: { source: { ...input.source, asOf: "yesterday" } }, says: /source\.asOf: / },
  ])("refuses $changed", ({ changed, says }) => {
    expect(() => from({ ...input, ...changed })).toThrow(says);
  });
});
