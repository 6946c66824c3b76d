/** What the queue holds: `<namespace>/<model>`. One worker at a time looks at a model. */
export type Key = string;

export const keyOf = (namespace: string, model: string): Key => `${namespace}/${model}`;

/** Neither part can contain a slash. */
export function partsOf(key: Key): { readonly namespace: string; readonly model: string } {
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, slash), model: key.slice(slash + 1) };
}

/** Of what is remembered by key. */
export function dropKeys(
  memory: Pick<Map<Key, unknown>, "keys" | "delete">,
  isGone: (key: Key) => boolean,
): void {
  for (const key of [...memory.keys()]) if (isGone(key)) memory.delete(key);
}
