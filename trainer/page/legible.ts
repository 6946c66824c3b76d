/** Longer texts end in an ellipsis: no name or message may blow the page up. */
const longest = 2000;

/**
 * What a reader cannot see, or what reorders the text around it: controls, bidirectional and other format characters,
 * lone surrogates. Joiners stay, for several scripts write words with them.
 */
const unseen = /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]--[\u200C\u200D]]/gv;

const named = (sign: string): string =>
  `⟨U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;

/** The same text with every unseen character named, white space as spaces, at most 2,000 characters. */
export function legible(text: string): string {
  const cut = text.length > longest ? `${text.slice(0, longest).toWellFormed()}…` : text;
  return cut.replaceAll(/[\t\n\r]+/g, " ").replaceAll(unseen, named);
}
