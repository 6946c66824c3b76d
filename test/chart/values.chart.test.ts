import { readFile } from "node:fs/promises";
import path from "node:path";

import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";

import { Values } from "../../hack/chart/values.ts";
import { chart, helm, release, render, settings } from "./chart.ts";
import { switches } from "./switches.ts";

const text = await readFile(path.join(chart, "values.yaml"), "utf8");

test.each(switches)("Helm finds nothing to complain of: %s", async (_what, values) => {
  const said = await helm("lint", "--strict", chart, ...settings(...values));
  expect(said).toContain("0 chart(s) failed");
});

describe("a wrong value is refused by name", () => {
  test.each<[string, RegExp]>([
    ["sidekar.enabled=true", /'sidekar' not allowed/u],
    ['database.secretName="A b"', /\/database\/secretName/u],
    ['database.port="5432"', /\/database\/port/u],
    ['models=[{"name":"Bikes"}]', /\/models\/0\/name/u],
    ['models=[{"schedule":"0 2 1 * *"}]', /\/models\/0.*name/u],
    ['models=[{"name":"bikes","schedule":"0 2 1 *"}]', /\/models\/0\/schedule/u],
    ['models=[{"name":"bikes","schedule":"0 2 1 * *","timeZone":"+01:00"}]', /\/models\/0\/timeZone/u],
    ['models=[{"name":"bikes","schedule":"0 2 1 * *"}]', /models: bikes has a schedule and no timeZone/u],
    ['models=[{"name":"bikes","spec":{"gate":{"mode":"Never"}}}]', /\/models\/0\/spec\/gate\/mode/u],
    ['defaults.gate={"tolerancePercent":500}', /\/defaults\/gate\/tolerancePercent/u],
    ['defaults.storage={"claimName":"mine"}', /\/defaults\/storage.*claimName/u],
    ['defaults.job={"image":"mine"}', /\/defaults\/job.*image/u],
    ['defaults.source={"secretRef":{"name":"mine","key":"k"}}', /\/defaults\/source.*secretRef/u],
    ["demo.enabled=true", /database.secretName is bikes-database and demo.enabled is true/u],
    ["demo.stations=0", /\/demo\/stations/u],
    ['allowed.images="any"', /\/allowed\/images/u],
    ["keepRuns.failed=0", /\/keepRuns\/failed/u],
    ['storage.size="big"', /\/storage\/size/u],
    ['storage.accessModes=["ReadOnlyMany"]', /\/storage\/accessModes\/0/u],
    ['images.operator.digest="latest"', /\/images\/operator\/digest/u],
    ["security.runAsUser=0", /\/security\/runAsUser/u],
    ["trainer.runAsUser=1000", /\/trainer.*runAsUser/u],
    ['operator.watchNamespaces=["Bikes"]', /\/operator\/watchNamespaces/u],
    ['operator.logLevel="loud"', /\/operator\/logLevel/u],
    ["operator.resources.memory=1", /\/operator\/resources.*memory/u],
    ['sidecar.placement="Node"', /\/sidecar\/placement/u],
    ["sidecar.service.port=0", /\/sidecar\/service\/port/u],
    ["sidecar.mountModels=true", /mountModels is true and storage.accessModes is \["ReadWriteOnce"\]/u],
    ['admissionPolicy.enabled="yes"', /\/admissionPolicy\/enabled/u],
    ["sidecar.serviceAccount.create=false", /sidecar\.serviceAccount\.name is needed/u],
  ])("%s", async (value, complaint) => {
    await expect(render(value)).rejects.toThrow(complaint);
  });

  test("and so is the absence of the one that is required", async () => {
    const place = [release.name, chart, "--namespace", release.namespace];
    await expect(helm("template", ...place)).rejects.toThrow(/database\.secretName is needed/u);
  });
});

describe("values.yaml", () => {
  test("explains each value", () => {
    const lines = text.split("\n").map((line) => line.trim());
    const isValue = (line: string): boolean =>
      /^(- )?\w+: ./u.test(line) && !/^(requests|limits):/u.test(line);
    const unexplained = lines.filter((line, index) => isValue(line) && !lines[index - 1]?.startsWith("# "));
    expect(lines.filter(isValue).length).toBeGreaterThan(90);
    expect(unexplained).toEqual(["- namespaceSelector: {}"]);
  });

  test("gives each value that the schema has", () => {
    expect(missing(z.toJSONSchema(Values, { io: "input" }), parse(text), [])).toEqual(["global"]);
  });
});

const WithProperties = z.looseObject({ properties: z.record(z.string(), z.unknown()) });
const Section = z.record(z.string(), z.unknown());

/** Paths that the schema has and the values do not; what is the contract's own is explained elsewhere. */
function missing(schema: unknown, values: unknown, at: readonly string[]): string[] {
  const { data: known } = WithProperties.safeParse(schema);
  if (known === undefined || at[0] === "defaults") return [];
  const given = Section.parse(values);
  return Object.entries(known.properties).flatMap(([name, inner]) =>
    name in given ? missing(inner, given[name], [...at, name]) : [[...at, name].join(".")],
  );
}
