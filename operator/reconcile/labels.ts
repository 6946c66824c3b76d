/** Words on objects in the cluster. They are API: selectors, NetworkPolicies and dashboards match on them. */
export const Label = {
  model: "retrain.velo/model",
  runUid: "retrain.velo/run-uid",
  attempt: "retrain.velo/attempt",
} as const;

export const Annotation = {
  /** On a RetrainRun: uid of the run whose first Job was about to be created. */
  started: "retrain.velo/started",
  /** On a RetrainRun: since when the API server has refused to create which Job. */
  refused: "retrain.velo/refused",
  /** On a Job and its Pod: the run's name, which may be longer than a label. */
  run: "retrain.velo/run",
} as const;

/** Of each trainer Job and Pod. */
export const trainerLabels = {
  "app.kubernetes.io/name": "retrain-trainer",
  "app.kubernetes.io/component": "trainer",
  "app.kubernetes.io/part-of": "retrain-operator",
  "app.kubernetes.io/managed-by": "retrain-operator",
} as const;

/** The container whose state, exit code and log are the attempt's. */
export const trainerContainer = "trainer";
