/** @import { Api } from "./api.js" */
import { announce } from "./announcer.js";
import { byId } from "./dom.js";
import { answering, ask } from "./question.js";

let asked = "";

/**
 * The dialog that asks before a run is stopped.
 * @param {() => Api} api
 * @param {() => Promise<void>} refresh
 */
export function prepareCancelling(api, refresh) {
  answering(byId("cancel", HTMLDialogElement), async () => {
    await api().cancel(asked);
    announce(`${asked} was asked to stop.`);
    await refresh();
  });
}

/** @param {string} run */
export function askToCancel(run) {
  asked = run;
  byId("cancel-run", HTMLElement).textContent = run;
  ask(byId("cancel", HTMLDialogElement));
}
