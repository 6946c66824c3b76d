import { notice } from "./announcer.js";
import { Api } from "./api.js";
import { Board } from "./board.js";
import { askToCancel, prepareCancelling } from "./cancel.js";
import { openDetails, prepareDetails } from "./details.js";
import { byId, say } from "./dom.js";
import { askToTrain, prepareTraining } from "./train.js";

/** The only place that knows who is signed in; a reload forgets it. @type {{ api: Api, board: Board } | undefined} */
let session;

const form = byId("sign-in-form", HTMLFormElement);
const token = byId("token", HTMLInputElement);
const [signInError, signInButton] = [
  byId("sign-in-error", HTMLElement),
  byId("sign-in-button", HTMLButtonElement),
];

prepareTraining(api, refresh);
prepareCancelling(api, refresh);
prepareDetails(api);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void signIn(token.value.trim());
});
byId("sign-out", HTMLButtonElement).addEventListener("click", () => {
  signOut("");
});
document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest("button[data-does]") : null;
  if (button instanceof HTMLButtonElement) pressed(button.dataset);
});
show(false);
signInButton.disabled = false;

/** @param {string} secret */
async function signIn(secret) {
  say(signInError, "");
  if (signInButton.getAttribute("aria-busy") === "true") return;
  signInButton.setAttribute("aria-busy", "true");
  const api = new Api(secret);
  const board = new Board(api, signOut);
  session = { api, board };
  try {
    await board.open();
    token.value = "";
    show(true);
    byId("main", HTMLElement).focus();
  } catch (error) {
    signOut(error instanceof Error ? error.message : String(error));
  } finally {
    signInButton.removeAttribute("aria-busy");
  }
}

/** @param {string} why */
function signOut(why) {
  session?.board.close();
  session = undefined;
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  notice("");
  show(false);
  say(signInError, why);
  token.focus();
}

/** @param {boolean} signedIn */
function show(signedIn) {
  byId("sign-in", HTMLElement).hidden = signedIn;
  byId("board", HTMLElement).hidden = !signedIn;
  byId("sign-out", HTMLElement).hidden = !signedIn;
}

/** @param {DOMStringMap} button */
function pressed({ does, run = "", model = "" }) {
  if (does === "train") askToTrain(model);
  if (does === "cancel") askToCancel(run);
  if (does === "open")
    openDetails(api(), run).catch((/** @type {unknown} */ error) => session?.board.refused(error));
  if (does === "dismiss-notice") notice("");
}

function api() {
  if (session === undefined) throw new Error("Nobody is signed in");
  return session.api;
}

async function refresh() {
  await session?.board.refresh();
}
