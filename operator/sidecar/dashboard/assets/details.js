/** @import { RunView } from "../../api/schemas.ts" */
/** @import { Api } from "./api.js" */
import { byId, keep, part, say, sayAll } from "./dom.js";
import { between, decimal, grouped, signedPercent } from "./format.js";
import { offerReport, prepareReport } from "./report.js";
import { showBadge } from "./runs.js";
import { origin, why } from "./words.js";

/** The end of a log is what people look for; a browser with more of it in one element becomes slow. */
const mostLogCharacters = 200_000;

let reading = new AbortController();

/** The dialog that tells everything of one run. @param {() => Api} api */
export function prepareDetails(api) {
  const dialog = byId("details", HTMLDialogElement);
  part(dialog, "dismiss", HTMLButtonElement).addEventListener("click", () => {
    dialog.close();
  });
  prepareReport(dialog, api);
  dialog.addEventListener("close", () => {
    reading.abort();
  });
  part(dialog, "read-log", HTMLButtonElement).addEventListener("click", () => {
    void follow(api(), part(dialog, "log"));
  });
}

/**
 * @param {Api} api
 * @param {string} name
 */
export async function openDetails(api, name) {
  show(byId("details", HTMLDialogElement), await api.run(name));
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {RunView} run
 */
function show(dialog, run) {
  dialog.dataset["run"] = run.name;
  sayAll(dialog, { name: run.name, origin: origin(run), why: why(run), asked: run.requestReason, log: "" });
  say(part(dialog, "error"), "");
  part(dialog, "log-note").textContent = "";
  showBadge(dialog, run);
  keep(part(dialog, "facts"), {
    template: "fact",
    items: facts(run),
    keyOf: ([term]) => term,
    fill: (element, [term, value]) => {
      sayAll(element, { term, value });
    },
  });
  showReport(part(dialog, "report"), run);
  offerReport(dialog, run);
  if (!dialog.open) dialog.showModal();
}

/**
 * @param {RunView} run
 * @returns {readonly (readonly [string, string])[]}
 */
function facts(run) {
  const { data, startTime, completionTime, attempts } = run;
  /** @type {[string, string | undefined][]} */
  const all = [
    ["Model", run.model],
    ["Reason", run.reason],
    ["Asked for by", run.requestedBy],
    ["Created", time(run.createdAt)],
    ["Started", time(startTime)],
    ["Ended", time(completionTime)],
    ["Took", startTime && completionTime ? between(startTime, completionTime) : undefined],
    ["Version", run.version],
    ["Rows", data && grouped(data.rows)],
    ["Counters", data && grouped(data.stations)],
    ["Data through", data?.dataThrough],
    ...judgement(run),
    ["Attempts", attempts.map(({ job, reason }) => [job, reason].filter(Boolean).join(" ")).join(", ")],
    ["Next attempt", time(run.nextRetryTime)],
  ];
  return all.flatMap(([term, value]) => (value === undefined || value === "" ? [] : [[term, value]]));
}

/**
 * @param {RunView} run
 * @returns {[string, string | undefined][]}
 */
function judgement({ metrics = {} }) {
  const { mae, championMae, naiveMae, maeDeltaPercent } = metrics;
  return [
    ["MAE", mae === undefined ? undefined : decimal(mae)],
    ["MAE of the version before", championMae === undefined ? undefined : decimal(championMae)],
    ["Difference", maeDeltaPercent === undefined ? undefined : signedPercent(maeDeltaPercent)],
    ["MAE of the naive forecast", naiveMae === undefined ? undefined : decimal(naiveMae)],
  ];
}

/** @param {string | undefined} moment */
const time = (moment) => (moment === undefined ? undefined : new Date(moment).toLocaleString());

/**
 * @param {HTMLElement} element
 * @param {RunView} run
 */
function showReport(element, { report }) {
  element.hidden = report === undefined;
  if (report === undefined) return;
  say(part(element, "path"), report.path);
  say(part(element, "claim"), report.claimName);
}

/**
 * @param {Api} api
 * @param {HTMLElement} log
 */
async function follow(api, log) {
  const dialog = byId("details", HTMLDialogElement);
  const [note, error] = [part(dialog, "log-note"), part(dialog, "error")];
  reading.abort();
  reading = new AbortController();
  const { signal } = reading;
  say(log, "");
  say(error, "");
  note.textContent = "Waiting for the log…";
  try {
    for await (const text of await api.logs(dialog.dataset["run"] ?? "", signal)) {
      if (signal.aborted) return;
      note.textContent = "";
      append(log, text);
    }
    note.textContent = "Nothing follows.";
  } catch (refusal) {
    if (signal.aborted) return;
    note.textContent = "";
    say(error, refusal instanceof Error ? refusal.message : String(refusal));
  }
}

/**
 * Adds to the end, and takes as much away at the beginning: what a reader has selected in between stays.
 * @param {HTMLElement} log
 * @param {string} text
 */
function append(log, text) {
  log.hidden = false;
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  log.append(text.slice(-mostLogCharacters));
  while (log.textContent.length > mostLogCharacters) log.firstChild?.remove();
  if (atEnd) log.scrollTop = log.scrollHeight;
}
