/**
 * The element with this id.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`The page has no ${type.name} #${id}`);
}

/**
 * The element below `root` that its markup calls so with data-part.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} name
 * @param {new () => T} [type]
 * @returns {T}
 */
export function part(root, name, type) {
  const element = root.querySelector(`[data-part="${name}"]`);
  if (element instanceof (type ?? HTMLElement)) return /** @type {T} */ (element);
  throw new Error(`The page has no part ${name}`);
}

/**
 * Sets the text of a part and hides the part when there is none. What has not changed is not touched: a reader's
 * selection stays, and a live region does not speak twice.
 * @param {HTMLElement} element
 * @param {string | undefined} text
 */
export function say(element, text) {
  const hidden = text === undefined || text === "";
  if (element.hidden !== hidden) element.hidden = hidden;
  if (element.textContent !== (text ?? "")) element.textContent = text ?? "";
}

/**
 * Says texts in the parts of these names.
 * @param {ParentNode} root
 * @param {Readonly<Record<string, string | undefined>>} texts
 */
export function sayAll(root, texts) {
  for (const [name, text] of Object.entries(texts)) say(part(root, name), text);
}

/**
 * Gives a part a moment: words for people, the exact time for machines and as a tip.
 * @param {HTMLElement} element
 * @param {string | undefined} words
 * @param {string | undefined} moment ISO 8601
 */
export function sayTime(element, words, moment) {
  say(element, words);
  if (moment === undefined) return;
  element.setAttribute("datetime", moment);
  element.title = new Date(moment).toLocaleString();
}

/**
 * One element for each item, in the items' order, made from the template `id` when the key is new. An element lives as
 * long as its key: focus, selection and open menus survive every refresh.
 * @template T
 * @param {HTMLElement} parent
 * @param {{ template: string, items: readonly T[], keyOf: (item: T) => string, fill: (element: HTMLElement, item: T) => void }} list
 */
export function keep(parent, { template, items, keyOf, fill }) {
  const old = new Map([...parent.children].map((child) => [child.getAttribute("data-key"), child]));
  let previous = /** @type {Element | null} */ (null);
  for (const item of items) {
    const key = keyOf(item);
    const known = old.get(key);
    old.delete(key);
    const element = known instanceof HTMLElement ? known : make(template, key);
    fill(element, item);
    const place = previous === null ? parent.firstElementChild : previous.nextElementSibling;
    if (place !== element) parent.insertBefore(element, place);
    previous = element;
  }
  for (const element of old.values()) element.remove();
}

/**
 * @param {string} template
 * @param {string} key
 */
function make(template, key) {
  const copy = byId(template, HTMLTemplateElement).content.firstElementChild?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) throw new Error(`The template ${template} is empty`);
  copy.setAttribute("data-key", key);
  return copy;
}
