import { describe, expect, test } from "@jest/globals";
import type { z } from "zod";

import type { Configuration } from "../../../contract/configuration.ts";
import { RetrainRunSpec, type SpecDefaults } from "../../../contract/retrain-run.ts";
import { accept } from "../../../operator/reconcile/accept.ts";
import { runSeen, settingsOf } from "./run-seen.ts";

interface Guarded {
  readonly kind: "images" | "secrets" | "claims";
  readonly field: string;
  readonly builtIn: string;
  readonly naming: (value: string) => z.input<typeof SpecDefaults>;
}
const guarded: readonly Guarded[] = [
  {
    kind: "images",
    field: "spec.job.image",
    builtIn: "retrain-trainer:0.1.0",
    naming: (image) => ({ job: { image } }),
  },
  {
    kind: "secrets",
    field: "spec.source.secretRef.name",
    builtIn: "retrain-database",
    naming: (name) => ({ source: { secretRef: { name, key: "url" } } }),
  },
  {
    kind: "claims",
    field: "spec.storage.claimName",
    builtIn: "retrain-models",
    naming: (claimName) => ({ storage: { claimName } }),
  },
];

type Given = z.input<typeof Configuration>;

function answerTo(spec: z.input<typeof SpecDefaults>, configuration: Given): string {
  const run = runSeen({ spec: RetrainRunSpec.parse({ model: "bikes", ...spec }) });
  const acceptance = accept(run, settingsOf({ model: "bikes", ...configuration }));
  return "refusal" in acceptance ? `${acceptance.refusal.reason}: ${acceptance.refusal.message}` : "accepted";
}

describe.each(guarded)("$field", ({ kind, field, builtIn, naming }) => {
  const defaults = naming("default");
  const models = { bikes: { spec: naming("of-bikes") }, trams: { spec: naming("of-trams") } };

  test.each([
    { what: "the built-in one when nothing is configured", value: builtIn, configuration: {} },
    { what: "the configured default", value: "default", configuration: { defaults } },
    { what: "the model's own", value: "of-bikes", configuration: { models } },
    { what: "the default beside the model's own", value: "default", configuration: { defaults, models } },
    {
      what: "one that is allowed",
      value: "other",
      configuration: { defaults, allowed: { [kind]: ["x", "other"] } },
    },
  ])("may be $what", ({ value, configuration }) => {
    expect(answerTo(naming(value), configuration)).toBe("accepted");
  });

  test.each([
    { what: "any other", value: "other", configuration: {}, fits: builtIn },
    {
      what: "the built-in one when another is configured",
      value: builtIn,
      configuration: { defaults },
      fits: "default",
    },
    {
      what: "another model's",
      value: "of-trams",
      configuration: { defaults, models },
      fits: "default, of-bikes",
    },
    {
      what: "the beginning of an allowed one",
      value: "oth",
      configuration: { allowed: { [kind]: ["other"] } },
      fits: `${builtIn}, other`,
    },
  ])("may not be $what", ({ value, configuration, fits }) => {
    expect(answerTo(naming(value), configuration)).toBe(
      `NotAllowed: Cannot accept ${field} "${value}": the operator's configuration allows ${fits}; ` +
        `use one of them, or have it added to allowed.${kind}`,
    );
  });
});

describe.each(guarded)("$field", ({ kind, naming }) => {
  test("is not guarded by what is allowed of another kind", () => {
    const others = guarded.map((other) => other.kind).filter((other) => other !== kind);
    const allowed = Object.fromEntries(others.map((other) => [other, ["other"]]));
    expect(answerTo(naming("other"), { allowed })).toContain("NotAllowed");
  });

  test("is refused in a message that a status can hold", () => {
    const allowed = { [kind]: Array.from({ length: 100 }, (_, i) => `${String(i)}${"x".repeat(509)}`) };
    const says = answerTo(naming("y".repeat(250)), { allowed });
    expect(says).toContain(" and 96 more;");
    expect(says.length).toBeLessThan(4096);
  });
});
