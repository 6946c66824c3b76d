import { describe, expect, it } from "@jest/globals";

import { fingerprintOf, nameAfter, nameByKey } from "../../../../operator/sidecar/api/run-names.ts";

describe("names of runs", () => {
  it("are names that Kubernetes takes, the model's first", () => {
    expect(nameByKey("anna", "bikes", "k")).toMatch(/^bikes-api-[0-9a-f]{10}$/u);
    expect(nameAfter("bikes", undefined, "train")).toMatch(/^bikes-api-[0-9a-f]{10}$/u);
  });

  it("are the same for the same request in every process", () => {
    expect(nameByKey("anna", "bikes", "k")).toBe("bikes-api-250b3eb2a9");
    expect(nameAfter("bikes", "uid", "train")).toBe("bikes-api-47d63ae377");
  });

  it("differ whatever differs, and wherever one part ends and the next begins", () => {
    const names = [
      nameByKey("anna", "bikes", "k"),
      nameByKey("bob", "bikes", "k"),
      nameByKey("anna", "bikes", "l"),
      nameByKey('anna","bikes', "bikes", "k"),
      nameAfter("bikes", undefined, "train"),
      nameAfter("bikes", "undefined", "train"),
      nameAfter("bikes", "1", "train"),
      nameAfter("bikes", "1", "restore"),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  it("tell two requests apart by what was asked and why", () => {
    const marks = [
      fingerprintOf({ model: "bikes" }, undefined),
      fingerprintOf({ model: "bikes" }, "why"),
      fingerprintOf({ model: "bikes", dryRun: true }, undefined),
    ];
    expect(new Set(marks).size).toBe(marks.length);
  });
});
