const mostWords = 3;

/**
 * Names without the words that most of them begin with, such as "Compteur Vélo": a plot has room for what tells them
 * apart. A name that would be nothing without them stays whole.
 */
export function withoutCommonStart(names: readonly string[]): string[] {
  const start = commonStart(names);
  return names.map((name) =>
    name.startsWith(start) && name.length > start.length ? name.slice(start.length) : name,
  );
}

/** The longest start of one to three words that at least 60 % of three names or more have, with the space behind it. */
function commonStart(names: readonly string[]): string {
  if (names.length < 3) return "";
  const starts = names.flatMap((name) => {
    const words = name.split(" ");
    const most = Math.min(mostWords, words.length - 1);
    return Array.from({ length: most }, (_, i) => `${words.slice(0, i + 1).join(" ")} `);
  });
  const shared = [...Map.groupBy(starts, (start) => start)]
    .filter(([, some]) => some.length >= 0.6 * names.length)
    .map(([start]) => start);
  return shared.reduce((longest, start) => (start.length > longest.length ? start : longest), "");
}
