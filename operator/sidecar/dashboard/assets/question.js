import { part, say } from "./dom.js";

/**
 * A dialog with a form that asks the sidecar for something: it closes when that was granted, and else shows the sidecar's
 * sentence and stays as it is.
 * @param {HTMLDialogElement} dialog
 * @param {() => Promise<void>} send
 */
export function answering(dialog, send) {
  const form = part(dialog, "form", HTMLFormElement);
  const submit = part(dialog, "submit", HTMLButtonElement);
  const error = part(dialog, "error");
  part(dialog, "dismiss", HTMLButtonElement).addEventListener("click", () => {
    dialog.close();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void answer();
  });

  async function answer() {
    if (submit.getAttribute("aria-disabled") === "true") return;
    submit.setAttribute("aria-disabled", "true"); // A disabled button would lose the focus.
    say(error, "");
    try {
      await send();
      dialog.close();
    } catch (refusal) {
      say(error, refusal instanceof Error ? refusal.message : String(refusal));
    } finally {
      submit.removeAttribute("aria-disabled");
    }
  }
}

/**
 * Opens a dialog that answering() knows, without what an earlier question left.
 * @param {HTMLDialogElement} dialog
 */
export function ask(dialog) {
  part(dialog, "form", HTMLFormElement).reset();
  say(part(dialog, "error"), "");
  dialog.showModal();
}
