interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "date";
  readonly description?: string;
  /** 0 is always shown, 1 only with `-o wide`. */
  readonly priority?: 0 | 1;
  readonly jsonPath: string;
}

/** What `kubectl get retrainruns` shows. Model and period are the frozen ones: a spec may leave both out. */
export const printerColumns: readonly Column[] = [
  { name: "Model", type: "string", jsonPath: ".status.resolved.model" },
  { name: "Period", type: "string", jsonPath: ".status.resolved.period" },
  { name: "Trigger", type: "string", jsonPath: ".spec.trigger" },
  { name: "Verdict", type: "string", jsonPath: ".status.verdict" },
  { name: "Rows", type: "integer", description: "Training rows", jsonPath: ".status.data.rows" },
  {
    name: "MAE",
    type: "string",
    description: "Mean absolute error of the candidate, counts a day",
    jsonPath: ".status.metrics.mae",
  },
  {
    name: "Delta",
    type: "string",
    description: "MAE against the champion's, percent; negative is better",
    jsonPath: ".status.metrics.maeDeltaPercent",
  },
  { name: "Version", type: "string", description: "The version published", jsonPath: ".status.version" },
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  {
    name: "Phase",
    type: "string",
    priority: 1,
    jsonPath: '.status.conditions[?(@.type=="Progressing")].reason',
  },
  { name: "Stage", type: "string", priority: 1, jsonPath: ".status.progress.stage" },
  { name: "Percent", type: "integer", priority: 1, jsonPath: ".status.progress.percent" },
  { name: "Reason", type: "string", priority: 1, jsonPath: ".status.reason" },
];
