/** The stages of a run in their order, as logs, progress, the report and the metric label `stage` name them. */
export const stageNames = [
  "open",
  "extract",
  "clean",
  "check",
  "search",
  "evaluate",
  "backtest",
  "train",
  "verify",
  "report",
  "publish",
] as const;
export type StageName = (typeof stageNames)[number];
