import { byId } from "./dom.js";

/**
 * Says a sentence to people who listen to the page, once they have heard what is being said.
 * @param {string} sentence
 */
export function announce(sentence) {
  if (sentence !== "") byId("announcer", HTMLElement).textContent = sentence;
}

/**
 * Shows a sentence above everything else, and says it at once; empty takes it away.
 * @param {string} sentence
 */
export function notice(sentence) {
  byId("notice", HTMLElement).hidden = sentence === "";
  const text = byId("notice-text", HTMLElement);
  if (text.textContent !== sentence) text.textContent = sentence;
}
