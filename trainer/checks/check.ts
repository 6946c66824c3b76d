import type { TrainerInput } from "../../contract/trainer-input.ts";
import type { CheckResult } from "../../contract/trainer-report.ts";
import type { Facts } from "./facts.ts";

export type Limits = TrainerInput["checks"];

/** What one check found; undefined where it cannot be asked, e.g. the age of counts that do not exist. */
export type Finding = Omit<CheckResult, "name" | "severity"> | undefined;
export type Check = (facts: Facts, limits: Limits) => Finding;
