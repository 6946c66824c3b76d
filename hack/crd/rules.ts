import { RetrainRunSpec } from "../../contract/retrain-run.ts";
import type { Rule } from "./structural.ts";

const hasStarted = "oldSelf.?status.?startTime.hasValue()";

/** After the start only `cancel` may change, and only to true. */
const cancelRule: Rule = {
  rule: `!${hasStarted} || !oldSelf.spec.?cancel.orValue(false) || self.spec.?cancel.orValue(false)`,
  message: "cannot be taken back once the run has started: create a new RetrainRun",
  reason: "FieldValueForbidden",
  fieldPath: ".spec.cancel",
};

/** Adding and removing are changes too. Comparing optional values (`self.spec.?x`) would be shorter, but costs too much. */
const unchanged = (part: string, field: string): string =>
  `(has(self.${part}.${field}) ? has(oldSelf.${part}.${field}) && self.${part}.${field} == oldSelf.${part}.${field} : !has(oldSelf.${part}.${field}))`;

const frozen = (field: string): Rule => ({
  rule: `!${hasStarted} || ${unchanged("spec", field)}`,
  message: "cannot be changed once the run has started: create a new RetrainRun",
  reason: "FieldValueForbidden",
  fieldPath: `.spec.${field}`,
});

/** A rule on the field itself would not run when the field is removed. */
const latched: Rule = {
  rule: "!oldSelf.?status.?verdict.hasValue() || (has(self.status) && has(self.status.verdict) && self.status.verdict == oldSelf.status.verdict)",
  message: "a verdict once set neither changes nor vanishes",
  reason: "FieldValueForbidden",
  fieldPath: ".status.verdict",
};

/**
 * The rules at the root of a RetrainRun. Transition rules of a field do not run when an optional field is added or
 * removed, so each top-level field of the spec has one here.
 */
export const rootRules: readonly Rule[] = [
  ...Object.keys(RetrainRunSpec.shape).map((field) => (field === "cancel" ? cancelRule : frozen(field))),
  latched,
];

const distinct: readonly Rule[] = [
  { rule: "self.all(a, self.exists_one(b, a == b))", message: "expected each value once" },
];

/** What the contract's own refinements say, by path below `spec`, as far as CEL can say it. */
export const refinements: Readonly<Record<string, readonly Rule[]>> = {
  "source.timeZone": [
    {
      rule: "self == 'UTC' || self.contains('/')",
      message: "expected an IANA time zone such as Europe/Paris",
    },
  ],
  "training.grid.maxDepth": distinct,
  "training.grid.learningRate": distinct,
  "training.grid.rounds": distinct,
};
