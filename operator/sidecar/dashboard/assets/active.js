/** @import { RunSummary } from "../../api/schemas.ts" */
import { byId, keep, part, say } from "./dom.js";
import { showBadge, showName } from "./runs.js";
import { badge, origin, progressWords, why } from "./words.js";

/**
 * The runs that have not ended, the oldest first: it is the one that trains.
 * @param {readonly RunSummary[]} runs
 * @param {number} now
 */
export function showActive(runs, now) {
  keep(byId("active-cards", HTMLElement), {
    template: "active-card",
    items: runs,
    keyOf: ({ uid }) => uid,
    fill: (card, run) => {
      fill(card, run, now);
    },
  });
  byId("none-active", HTMLElement).hidden = runs.length > 0;
}

/**
 * @param {HTMLElement} card
 * @param {RunSummary} run
 * @param {number} now
 */
function fill(card, run, now) {
  showName(card, run);
  showBadge(card, run);
  say(part(card, "origin"), [run.model, origin(run)].join(" · "));
  say(part(card, "asked"), run.requestReason);
  say(part(card, "words"), progressWords(run, now));
  say(part(card, "why"), run.phase === "Running" ? "" : why(run));
  // What an attempt that is over had reached says nothing about the next one.
  const isAtWork = run.progress !== undefined && run.phase !== "Waiting" && run.phase !== "Queued";
  const bar = part(card, "bar", HTMLProgressElement);
  bar.hidden = !isAtWork;
  bar.value = run.progress?.percent ?? 0;
  bar.setAttribute("aria-label", `Progress of ${run.name} in this stage`);
  const stages = part(card, "stages");
  stages.hidden = !isAtWork;
  showStages(stages, run);
  const cancel = part(card, "cancel", HTMLButtonElement);
  cancel.dataset["run"] = run.name;
  cancel.setAttribute("aria-label", `Cancel ${run.name}`);
  cancel.disabled = run.cancelRequested;
}

/**
 * @param {HTMLElement} list
 * @param {RunSummary} run
 */
function showStages(list, { progress }) {
  const stages = [...list.children];
  const now = stages.findIndex((stage) => stage.getAttribute("data-stage") === progress?.stage);
  for (const [i, stage] of stages.entries()) {
    stage.classList.toggle("done", i < now);
    if (i === now) stage.setAttribute("aria-current", "step");
    else stage.removeAttribute("aria-current");
  }
}

/**
 * What is worth saying aloud: that a run stands otherwise, or is at another stage. Percents are not.
 * @param {RunSummary | undefined} before
 * @param {RunSummary} after
 */
export function announcement(before, after) {
  if (before === undefined) return "";
  const word = badge(after).text.slice(2);
  if (badge(before).text !== badge(after).text) {
    return `${after.name}: ${[word, after.verdict === undefined ? "" : why(after)].filter(Boolean).join(". ")}`;
  }
  const stage = after.progress?.stage;
  return stage !== undefined && stage !== before.progress?.stage ? `${after.name}: stage ${stage}` : "";
}
