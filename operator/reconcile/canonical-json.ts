/**
 * A JSON value's one text: fields in the order of their names, undefined left out. The API server hands objects back with their fields
 * in another order than they were written.
 */
export const canonicalJson = (value: unknown): string => JSON.stringify(value, inOrder);

const inOrder = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;
