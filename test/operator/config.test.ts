import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";

import { Configuration } from "../../contract/configuration.ts";
import { BadConfiguration } from "../../operator/bad-configuration.ts";
import { readConfig, type OperatorConfig } from "../../operator/config.ts";

const pod = { POD_NAMESPACE: "bikes" };
const noFile = (file: string): string => {
  throw new Error(`ENOENT: no such file or directory, open '${file}'`);
};
const read = (environment: NodeJS.ProcessEnv): OperatorConfig =>
  readConfig(environment, noFile, () => "random");
const readFile = (text: string): OperatorConfig =>
  readConfig({ ...pod, CONFIG_FILE: "/etc/retrain/config.yaml" }, () => text);

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(BadConfiguration);
    return error instanceof Error ? error.message : "";
  }
  throw new Error("It was not refused");
}

describe("readConfig()", () => {
  test("needs no more than POD_NAMESPACE", () => {
    expect(read(pod)).toEqual({
      configuration: Configuration.parse({}),
      namespaces: ["bikes"],
      podNamespace: "bikes",
      identity: "retrain-operator_random",
      port: 8080,
      listenOn: "all",
      leaseName: "retrain-operator",
      leaseSeconds: 15,
      relistSeconds: 600,
      logLevel: "info",
      version: "unknown",
      revision: "unknown",
    });
  });

  test("takes every variable", () => {
    const environment = {
      ...pod,
      POD_NAME: "retrain-operator-6d4c",
      WATCH_NAMESPACES: "trams",
      LISTEN_ON: "loopback",
      PORT: "0",
      LEASE_NAME: "second",
      LEASE_SECONDS: "3",
      RELIST_SECONDS: "60",
      LOG_LEVEL: "debug",
      VERSION: "1.2.3",
      CODE_REVISION: "abc",
    };
    expect(read(environment)).toMatchObject({
      namespaces: ["trams"],
      podNamespace: "bikes",
      identity: "retrain-operator-6d4c_random",
      port: 0,
      listenOn: "loopback",
      leaseName: "second",
      leaseSeconds: 3,
      relistSeconds: 60,
      logLevel: "debug",
      version: "1.2.3",
      revision: "abc",
    });
  });

  test("a Pod that was restarted is somebody else", () => {
    const identities = [1, 2].map(() => readConfig(pod, noFile).identity);
    expect(new Set(identities).size).toBe(2);
  });

  test("counts empty variables as unset", () => {
    expect(read({ ...pod, WATCH_NAMESPACES: "", PORT: "", CONFIG_FILE: "" })).toEqual(read(pod));
  });
});

describe("WATCH_NAMESPACES", () => {
  test.each([
    { text: "a", namespaces: ["a"] },
    { text: "a,b", namespaces: ["a", "b"] },
    { text: " b , a ,b", namespaces: ["b", "a"] },
    { text: "*", namespaces: "all" },
    { text: ` ${"x".repeat(63)} `, namespaces: ["x".repeat(63)] },
  ])("$text", ({ text, namespaces }) => {
    expect(read({ ...pod, WATCH_NAMESPACES: text }).namespaces).toEqual(namespaces);
  });
});

describe("readConfig() refuses", () => {
  test.each([
    {
      differs: { POD_NAMESPACE: "" },
      says: "POD_NAMESPACE: it is not set; expected the name of a namespace",
    },
    {
      differs: { POD_NAMESPACE: "Bikes" },
      says: 'POD_NAMESPACE is "Bikes": expected the name of a namespace',
    },
    { differs: { WATCH_NAMESPACES: "a,B" }, says: 'WATCH_NAMESPACES is "a,B": expected names of namespaces' },
    { differs: { WATCH_NAMESPACES: "a,*" }, says: 'WATCH_NAMESPACES is "a,*": ' },
    { differs: { WATCH_NAMESPACES: "a," }, says: 'WATCH_NAMESPACES is "a,": ' },
    { differs: { WATCH_NAMESPACES: "a/b" }, says: 'WATCH_NAMESPACES is "a/b": ' },
    { differs: { WATCH_NAMESPACES: "x".repeat(64) }, says: "WATCH_NAMESPACES is " },
    { differs: { LISTEN_ON: "0.0.0.0" }, says: 'LISTEN_ON is "0.0.0.0": expected all or loopback' },
    { differs: { PORT: "http" }, says: 'PORT is "http": expected a whole number from 0 to 65535' },
    { differs: { PORT: "65536" }, says: 'PORT is "65536": expected a whole number from 0 to 65535' },
    { differs: { LEASE_NAME: "a.b" }, says: 'LEASE_NAME is "a.b": expected at most 63 lower-case letters' },
    {
      differs: { LEASE_SECONDS: "1.5" },
      says: 'LEASE_SECONDS is "1.5": expected a whole number from 1 to 3600',
    },
    { differs: { LEASE_SECONDS: "0" }, says: 'LEASE_SECONDS is "0": ' },
    { differs: { LOG_LEVEL: "LOUD" }, says: 'LOG_LEVEL is "LOUD": expected error, warn, info or debug' },
    { differs: { CONFIG_FILE: "/nowhere" }, says: "Cannot read CONFIG_FILE: ENOENT: no such file" },
  ])("$differs", ({ differs, says }) => {
    expect(messageOf(() => read({ ...pod, ...differs }))).toContain(says);
  });

  test("telling all that is wrong", () => {
    expect(messageOf(() => read({ PORT: "x", LOG_LEVEL: "LOUD" }))).toMatch(
      /^Cannot start the operator: POD_NAMESPACE: .*; PORT is "x": .*; LOG_LEVEL is "LOUD": /u,
    );
  });
});

describe("the configuration's file", () => {
  test.each([
    { what: "YAML", text: "model: trams\nmodels:\n  trams: { spec: { training: { seed: 3 } } }" },
    {
      what: "JSON",
      text: '{ "model": "trams", "models": { "trams": { "spec": { "training": { "seed": 3 } } } } }',
    },
  ])("may be $what", ({ text }) => {
    const expected = { model: "trams", models: { trams: { spec: { training: { seed: 3 } } } } };
    expect(readFile(text).configuration).toEqual(Configuration.parse(expected));
  });

  test.each(["", "# nothing yet\n", "{}", "null"])("may be empty: %j", (text) => {
    expect(readFile(text).configuration).toEqual(Configuration.parse({}));
  });

  test.each([
    { text: "model: Bikes", says: `model is "Bikes": expected lower-case letters, digits and '-'` },
    { text: "defaults: { gate: { minDays: -1 } }", says: "defaults.gate.minDays is -1: " },
    {
      text: "defaults: { gate: { mode: Off, minDay: 3 } }",
      says: 'defaults.gate: Unrecognized key: "minDay"',
    },
    { text: "models: { A_b: {} }", says: "models.A_b is an object: expected lower-case letters" },
    { text: "allowed: { images: x }", says: 'allowed.images is "x": Invalid input: expected array' },
    { text: "keepRuns: { failed: [1] }", says: "keepRuns.failed is a list of 1: " },
    { text: "pod: { runAsUser: 0 }", says: "pod.runAsUser is 0: " },
    { text: "[]", says: "the document is a list of 0: Invalid input: expected object" },
    { text: "a: b: c", says: "it is not YAML that can be read (BLOCK_AS_IMPLICIT_KEY in line 1)" },
    { text: "model: a\nmodel: b", says: "it is not YAML that can be read (DUPLICATE_KEY in line 2)" },
    { text: "model: !env MODEL", says: "it is not YAML that can be read (TAG_RESOLVE_FAILED in line 1)" },
    { text: "model: a\n---\nmodel: b", says: "it is not YAML that can be read (MULTIPLE_DOCS in line 2)" },
    { text: "model: *nobody", says: "its aliases cannot be resolved" },
    {
      text: "models: { trams: { spec: { source: { secretRef: { name: db } } } } }\ndefaults: { source: null }",
      says: "defaults.source is null: ",
    },
  ])("refuses $text", ({ text, says }) => {
    expect(messageOf(() => readFile(text))).toContain(
      `Cannot use the configuration /etc/retrain/config.yaml: `,
    );
    expect(messageOf(() => readFile(text))).toContain(says);
  });

  test.each([
    { what: "a Secret's text", of: (secret: string) => `postgres://u:${secret}@db/bikes` },
    { what: "a bare password", of: (secret: string) => secret },
    { what: "a password in a place of a name", of: (secret: string) => `model: "u:${secret}@db"` },
    { what: "a variable of the trainer", of: (secret: string) => `pod: { env: { PIN: ${secret} } }` },
    { what: "broken YAML", of: (secret: string) => `password: "${secret}` },
    { what: "another document", of: (secret: string) => `password: "${secret}"` },
  ])("repeats nothing of $what", ({ of }) => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9][0-9]{11}$/u), (secret) => {
        expect(messageOf(() => readFile(of(secret)))).not.toContain(secret);
      }),
    );
  });
});
