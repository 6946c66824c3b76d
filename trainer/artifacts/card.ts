import type { TrainerReport } from "../../contract/trainer-report.ts";

/** card.md: the version in one page for people, from the run's own report. */
export function modelCard(report: TrainerReport, version: string): string {
  return [
    `# ${report.model} ${version}`,
    "Predicts a counter's bicycles of one day from the calendar, the day's weather and the counts of the day before and the week before.",
    ...section("Why it was published", verdictLines(report)),
    ...section("Data", dataLines(report)),
    ...section("Training", trainingLines(report)),
    ...section("Error one day ahead, with observed weather", errorLines(report)),
    ...section("Warnings", warningLines(report)),
    ...section("Where it comes from", lineageLines(report)),
    "",
  ].join("\n");
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ["", `## ${title}`, ...lines.map((line) => `- ${line}`)];

function verdictLines({ verdict, reason, message, gate }: TrainerReport): string[] {
  const rules = gate?.rules ?? [];
  return [
    `${verdict}/${reason}: ${message}`,
    ...(gate === undefined ? [] : [`The gate (${gate.mode}): ${gate.why}`]),
    ...rules.map(({ name, passed, message: found }) => `${name} ${passed ? "passed" : "FAILED"}: ${found}`),
  ];
}

function dataLines({ data }: TrainerReport): string[] {
  if (data === undefined) return [];
  const drops = Object.entries(data.waterfall).map(([step, count]) => `${step} ${String(count)}`);
  return [
    `${String(data.rows)} rows of ${String(data.stations)} stations through ${data.dataThrough ?? "?"}; counts since ${data.firstDay ?? "?"} (${data.timeZone})`,
    `Cleaning: ${drops.join(", ")}`,
    `Fingerprint: ${data.fingerprint ?? "not computed"}`,
  ];
}

function trainingLines({ training }: TrainerReport): string[] {
  if (training === undefined) return [];
  const { winner, grid, seed, threads, libraryVersion, tie } = training;
  const choice = tie ?? `the lowest mean RMSE (${grid[0]?.meanRmse.toFixed(2) ?? "?"})`;
  return [
    `max_depth ${String(winner.maxDepth)}, learning_rate ${String(winner.learningRate)}, ${String(winner.rounds)} rounds, of ${String(grid.length)} candidates over ${String(training.folds.length)} time-ordered folds: ${choice}`,
    `Trained on all rows, no test split; seed ${String(seed)}, ${String(threads)} threads, libxgboost ${libraryVersion}`,
  ];
}

function errorLines({ evaluation, evaluationSkipped }: TrainerReport): string[] {
  if (evaluation === undefined) return evaluationSkipped === undefined ? [] : [evaluationSkipped];
  const { window, candidate, champion, naive, lastWeek, trainedRows } = evaluation;
  return [
    `Measured on ${window.from} to ${window.to} (${String(window.rows)} rows) with a model of the same procedure that was trained on the ${String(trainedRows)} rows before`,
    `MAE ${candidate.mae.toFixed(1)}, RMSE ${candidate.rmse.toFixed(1)}, bias ${candidate.bias.toFixed(1)} counts a day`,
    ...(champion === undefined
      ? []
      : [`The version before on the same rows: MAE ${champion.mae.toFixed(1)}`]),
    `mean(lag_1, lag_7): MAE ${naive.mae.toFixed(1)}; lag_7: MAE ${lastWeek.mae.toFixed(1)}`,
  ];
}

const warningLines = ({ checks }: TrainerReport): string[] =>
  checks.filter(({ passed }) => !passed).map(({ name, message }) => `${name}: ${message}`);

function lineageLines({ runUid, trigger, requestedBy, lineage, startedAt }: TrainerReport): string[] {
  const by = requestedBy === undefined ? "" : `, requested by ${requestedBy}`;
  const facts = Object.entries(lineage).map(([name, value]) => `${name} ${String(value)}`);
  return [`Run ${runUid} (${trigger}${by}), started ${startedAt}`, facts.join(", ")];
}
