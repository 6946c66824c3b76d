/** @import { RunView } from "../../api/schemas.ts" */
/** @import { Api } from "./api.js" */
import { part, say } from "./dom.js";

/**
 * A report is saved and not opened: as a part of this page it would be bound to the page's policy, which lets no style in.
 * @param {HTMLDialogElement} dialog
 * @param {() => Api} api
 */
export function prepareReport(dialog, api) {
  part(dialog, "save-report").addEventListener("click", () => {
    void save(dialog, api());
  });
}

/**
 * Shows the button where the sidecar has the volume that reports are on.
 * @param {HTMLDialogElement} dialog
 * @param {RunView} run
 */
export function offerReport(dialog, { verdict }) {
  part(dialog, "save-report").hidden =
    verdict === undefined || document.body.dataset["reports"] === undefined;
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {Api} api
 */
async function save(dialog, api) {
  const name = dialog.dataset["run"] ?? "";
  const error = part(dialog, "error");
  say(error, "");
  try {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await api.report(name));
    link.download = `${name}.html`;
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (refusal) {
    say(error, refusal instanceof Error ? refusal.message : String(refusal));
  }
}
