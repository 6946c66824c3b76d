import { describe, expect, test } from "@jest/globals";

import { trainerInput } from "../../../contract/configuration.ts";
import { TrainerInput } from "../../../contract/trainer-input.ts";
import { attemptOf, jobName } from "../../../operator/reconcile/job-name.ts";
import { podOf, trainerOf, type PodGiven, type Spec } from "./job-of.ts";
import { runSeen, settingsOf } from "./run-seen.ts";

const envOf = (spec?: Spec, pod?: PodGiven): Map<string, unknown> =>
  new Map(trainerOf(spec, pod).env?.map(({ name, value, valueFrom }) => [name, value ?? valueFrom]));

const restore: Spec = { restore: { version: "20261101T020000Z-ab", reason: "worse" } };

/** As the kubelet does it: $(NAME) is the value of a variable further up, $$ is $, and nothing else is anything. */
function expanded(text: string, known: ReadonlyMap<string, string>): string {
  return text.replace(/\$\$|\$\(([A-Z_]+)\)/g, (found, name: string | undefined) =>
    name === undefined ? "$" : (known.get(name) ?? found),
  );
}

describe("the trainer is told", () => {
  test("its input, where things are and the database's URL by reference", () => {
    const env = envOf({ source: { secretRef: { name: "retrain-database", key: "url" } } });
    expect([...env.keys()].sort()).toEqual([
      "DATABASE_URL",
      "HOME",
      "IMAGE",
      "LOG_LEVEL",
      "MODELS_DIR",
      "TMPDIR",
      "TRAINER_INPUT",
    ]);
    expect(Object.fromEntries(env)).toMatchObject({
      DATABASE_URL: { secretKeyRef: { name: "retrain-database", key: "url" } },
      HOME: "/tmp",
      IMAGE: "retrain-trainer:0.1.0",
      LOG_LEVEL: "info",
      MODELS_DIR: "/models",
      TMPDIR: "/tmp",
    });
    const input = trainerInput({}, settingsOf().configuration, runSeen().uid);
    expect(TrainerInput.parse(JSON.parse(String(env.get("TRAINER_INPUT"))))).toEqual(input);
  });

  test("where the database's authority is, when there is one", () => {
    expect(envOf({}, { databaseCaConfigMap: "ca" }).get("DATABASE_CA_FILE")).toBe(
      "/etc/retrain/database-ca/ca.crt",
    );
  });

  test("what is configured, but nothing else in place of what the run has", () => {
    const configured = { HTTPS_PROXY: "http://proxy", LOG_LEVEL: "debug", TMPDIR: "/models/tmp" };
    const own = ["TRAINER_INPUT", "DATABASE_URL", "DATABASE_CA_FILE", "MODELS_DIR", "IMAGE"];
    const env = [...own.map((name) => [name, "other"] as const), ...Object.entries(configured)];
    const told = trainerOf({}, { env: Object.fromEntries(env), databaseCaConfigMap: "ca" }).env ?? [];
    expect(told.filter(({ value }) => value === "other")).toEqual([]);
    expect(Object.fromEntries(told.map(({ name, value }) => [name, value]))).toMatchObject(configured);
    expect(new Set(told.map(({ name }) => name)).size).toBe(told.length);
  });
});

describe("the input is told", () => {
  test.each(["$(DATABASE_URL)", "$(HTTPS_PROXY)", "$$(HTTPS_PROXY)", "$", "$$$", "5 $ (net)"])(
    "as it was written: a reason of %s",
    (reason) => {
      const told = String(
        envOf({ force: { reason } }, { env: { HTTPS_PROXY: "secret" } }).get("TRAINER_INPUT"),
      );
      const known = new Map([
        ["HTTPS_PROXY", "secret"],
        ["DATABASE_URL", "secret"],
      ]);
      expect(JSON.parse(expanded(told, known))).toMatchObject({ force: { reason } });
    },
  );

  test("in less than a variable of Linux holds, however large it is", () => {
    const blacklist = [...Array<string>(29).fill("$".repeat(1000))];
    const text = String(envOf({ source: { blacklist } }).get("TRAINER_INPUT"));
    expect(text.length).toBeGreaterThan(58_000);
    expect(text.length).toBeLessThan(128 * 1024);
  });
});

describe("a restore", () => {
  test("is told of no database, whatever is configured", () => {
    const pod: PodGiven = {
      databaseCaConfigMap: "ca",
      env: { DATABASE_URL: "other", DATABASE_CA_FILE: "x" },
    };
    expect([...envOf(restore, pod).keys()].filter((name) => name.startsWith("DATABASE"))).toEqual([]);
    expect(podOf(restore, pod).volumes?.map(({ name }) => name)).toEqual(["models", "scratch"]);
    expect(trainerOf(restore, pod).volumeMounts?.map(({ name }) => name)).toEqual(["models", "scratch"]);
  });

  test("gets small resources, whatever the run's training would get", () => {
    const resources = { requests: { cpu: "8", memory: "30Gi" }, limits: { memory: "30Gi" } };
    expect(trainerOf({ ...restore, job: { resources } }).resources).toEqual({
      requests: { cpu: "50m", memory: "256Mi" },
      limits: { memory: "512Mi" },
    });
  });
});

describe("the name of a Job", () => {
  test("is of the run's uid and tells the attempt", () => {
    expect(jobName("0f6e1a52-7c1b-4a43", 12)).toBe("rr-0f6e1a52-7-12");
    expect(attemptOf(jobName("0f6e1a52-7c1b-4a43", 12))).toBe(12);
  });

  test.each([
    "rr-0f6e1a52-7",
    "rr-0f6e1a52-7-0",
    "rr-0f6e1a52-7-1-x2v7q",
    "other-0f6e1a52-7-1",
    "rr-0f6e1a52-7c1b-1",
    "",
  ])("%j tells none", (name) => {
    expect(attemptOf(name)).toBeUndefined();
  });
});
