/** @import { Api, Order } from "./api.js" */
import { announce } from "./announcer.js";
import { byId, say } from "./dom.js";
import { answering, ask } from "./question.js";

/** The same as long as one dialog is open: sent twice, an order starts one run. */
let key = "";

/**
 * The dialog that starts a run.
 * @param {() => Api} api
 * @param {() => Promise<void>} refresh
 */
export function prepareTraining(api, refresh) {
  const force = byId("train-force", HTMLInputElement);
  force.addEventListener("change", demandReason);
  answering(byId("train", HTMLDialogElement), async () => {
    const { run } = await api().train(order(), key);
    announce(`${run.name} has started.`);
    await refresh();
  });
}

/** @param {string} model */
export function askToTrain(model) {
  key = newKey();
  ask(byId("train", HTMLDialogElement));
  byId("train-model", HTMLSelectElement).value = model;
  demandReason();
}

/** Whoever overrules the gate says why: it is recorded with the version. */
function demandReason() {
  const isForced = byId("train-force", HTMLInputElement).checked;
  byId("train-reason", HTMLInputElement).required = isForced;
  say(byId("train-reason-note", HTMLElement), isForced ? "needed when forced" : "optional");
}

/** @returns {Order} */
function order() {
  const reason = byId("train-reason", HTMLInputElement).value.trim();
  const model = byId("train-model", HTMLSelectElement).value;
  const isForced = byId("train-force", HTMLInputElement).checked;
  return {
    model,
    ...(byId("train-dry", HTMLInputElement).checked ? { dryRun: true } : {}),
    ...(isForced ? { force: { reason } } : {}),
    ...(isForced || reason === "" ? {} : { reason }),
  };
}

/** Of 128 random bits; crypto.randomUUID is missing where the page comes without TLS. */
const newKey = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
