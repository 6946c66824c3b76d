/** @import { ModelView } from "../../api/schemas.ts" */
import { byId, keep, part, say, sayAll, sayTime } from "./dom.js";
import { away, daysAgo, roughly } from "./format.js";
import { skill } from "./words.js";

/**
 * The table of models.
 * @param {readonly ModelView[]} models
 * @param {number} now
 */
export function showModels(models, now) {
  keep(byId("model-rows", HTMLTableSectionElement), {
    template: "model-row",
    items: models,
    keyOf: ({ model }) => model,
    fill: (row, model) => {
      fill(row, model, now);
    },
  });
  byId("no-models", HTMLElement).hidden = models.length > 0;
}

/**
 * @param {HTMLElement} row
 * @param {ModelView} model
 * @param {number} now
 */
function fill(row, model, now) {
  sayAll(row, { model: model.model, notes: notes(model), ...skill(model) });
  showCurrent(row, model.current, now);
  showNext(row, model, now);
  const train = part(row, "train", HTMLButtonElement);
  train.dataset["model"] = model.model;
  train.setAttribute("aria-label", `Train ${model.model}`);
}

/**
 * @param {HTMLElement} row
 * @param {ModelView["current"]} current
 * @param {number} now
 */
function showCurrent(row, current, now) {
  const improvement = current?.improvementPercent;
  const tone = improvement === undefined ? "calm" : improvement > 0 ? "good" : "bad";
  part(row, "against").dataset["tone"] = tone;
  const through = current?.dataThrough;
  sayAll(row, { through: through ?? "–", "through-age": through === undefined ? "" : daysAgo(through, now) });
  if (current === undefined) {
    sayAll(row, { version: "none yet", origin: "", age: "–" });
    return;
  }
  const { version, restored, run, since } = current;
  sayAll(row, { version, origin: `${restored ? "restored by" : "by"} ${run}` });
  sayTime(part(row, "age"), roughly((now - Date.parse(since)) / 1000), since);
}

/**
 * @param {HTMLElement} row
 * @param {ModelView} model
 * @param {number} now
 */
function showNext(row, { nextRunTime, schedule, timeZone, suspended }, now) {
  const next = nextRunTime === undefined || suspended ? "–" : away(nextRunTime, now);
  sayTime(part(row, "next"), next, nextRunTime);
  const zone = timeZone === undefined ? "" : ` ${timeZone}`;
  const rule = schedule === undefined ? "no schedule" : `${schedule}${zone}`;
  say(part(row, "schedule"), suspended ? "schedule suspended" : rule);
}

/** @param {ModelView} model */
function notes({ hold, configured, queued }) {
  const held = hold === undefined ? "" : `held: ${hold.reason}`;
  const unknown = configured ? "" : "not in the configuration";
  const waiting = queued === 0 ? "" : `${String(queued)} more in the queue`;
  return [held, unknown, waiting].filter((text) => text !== "").join(" · ");
}
