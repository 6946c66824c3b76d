/** @import { RunSummary } from "../../api/schemas.ts" */
import { byId, keep, part, say, sayAll, sayTime } from "./dom.js";
import { away, between } from "./format.js";
import { badge, origin, why } from "./words.js";

/**
 * The table of runs, newest first.
 * @param {readonly RunSummary[]} runs
 * @param {number} now
 */
export function showRuns(runs, now) {
  keep(byId("run-rows", HTMLTableSectionElement), {
    template: "run-row",
    items: runs,
    keyOf: ({ uid }) => uid,
    fill: (row, run) => {
      fill(row, run, now);
    },
  });
  byId("no-runs", HTMLElement).hidden = runs.length > 0;
}

/**
 * @param {HTMLElement} row
 * @param {RunSummary} run
 * @param {number} now
 */
function fill(row, run, now) {
  sayAll(row, { origin: origin(run), model: run.model, why: why(run), took: took(run, now) });
  part(row, "why").title = why(run);
  showName(row, run);
  showBadge(row, run);
  sayTime(part(row, "created"), away(run.createdAt, now), run.createdAt);
}

/**
 * The run's name as the button that opens it.
 * @param {HTMLElement} element
 * @param {RunSummary} run
 */
export function showName(element, run) {
  const open = part(element, "open", HTMLButtonElement);
  say(open, run.name);
  open.dataset["run"] = run.name;
}

/**
 * @param {HTMLElement} element
 * @param {RunSummary} run
 */
export function showBadge(element, run) {
  const { tone, text } = badge(run);
  const shown = part(element, "badge");
  say(shown, text);
  shown.dataset["tone"] = tone;
}

/**
 * @param {RunSummary} run
 * @param {number} now
 */
function took({ startTime, completionTime, active }, now) {
  if (startTime === undefined) return "–";
  return completionTime !== undefined || active ? between(startTime, completionTime ?? now) : "–";
}
