import { describe, expect, test } from "@jest/globals";

import { Configuration } from "../../../../contract/configuration.ts";
import { BadConfiguration } from "../../../../operator/bad-configuration.ts";
import { readSidecarConfig, type SidecarConfig } from "../../../../operator/sidecar/config.ts";

const pod = { POD_NAMESPACE: "bikes" };
const read = (environment: NodeJS.ProcessEnv): SidecarConfig => readSidecarConfig(environment, () => "");

describe("readSidecarConfig()", () => {
  test("needs no more than POD_NAMESPACE", () => {
    expect(read({ ...pod, METRICS_PORT: "" })).toEqual({
      configuration: Configuration.parse({}),
      namespace: "bikes",
      port: 8080,
      metricsPort: 9090,
      metricsAccess: "open",
      listenOn: "all",
      audience: "retrain-operator",
      ratePerMinute: 600,
      relistSeconds: 600,
      logLevel: "info",
      version: "unknown",
      revision: "unknown",
    });
  });

  test("takes every variable of its own", () => {
    const environment = {
      ...pod,
      METRICS_PORT: "0",
      METRICS_ACCESS: "token",
      API_AUDIENCE: "velo",
      STATIC_TOKEN_FILE: "/etc/token",
      RATE_PER_MINUTE: "60",
    };
    expect(read(environment)).toMatchObject({
      metricsPort: 0,
      metricsAccess: "token",
      audience: "velo",
      staticTokenFile: "/etc/token",
      ratePerMinute: 60,
    });
  });

  test.each([
    [{}, /POD_NAMESPACE: it is not set/u],
    [{ ...pod, METRICS_ACCESS: "nobody" }, /METRICS_ACCESS is "nobody": expected open or token/u],
    [{ ...pod, RATE_PER_MINUTE: "0" }, /RATE_PER_MINUTE is "0": expected a whole number from 1/u],
  ])("refuses %j", (environment, message) => {
    expect(() => read(environment)).toThrow(BadConfiguration);
    expect(() => read(environment)).toThrow(message);
    expect(() => read(environment)).toThrow(/Cannot start the sidecar/u);
  });
});
