const most = 5;

/** The first names of a list as words of a sentence, each once, and how many there are more. */
export function listed(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  const more = distinct.length > most ? ` and ${String(distinct.length - most)} more` : "";
  return `${distinct.slice(0, most).join(", ")}${more}`;
}
