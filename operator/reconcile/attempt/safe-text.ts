/** What may hold a secret, as messages of programs and of Kubernetes show it. Lengths are bounded, so matching is linear. */
const masks: readonly (readonly [RegExp, string])[] = [
  // scheme://user:password@host; a password that was not percent-encoded may hold @, : and /.
  [/([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:@/]{0,200}):\S{0,1000}@/gi, "$1:***@"],
  // The same where the text was cut before the @.
  [/(postgres(?:ql)?:\/\/[^\s:@/]{0,200}):[^\s@]{1,1000}$/gim, "$1:***"],
  [/(https?:\/\/)[^\s:@/]{1,500}@/gi, "$1***@"],
  // password=…, "token": "…", PGPASSWORD: …
  [
    /((?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|credentials?|authorization)[\w-]{0,40}\\?["']?\s{0,5}[=:]\s{0,5}(?:(?:basic|bearer)\s{1,5})?)(?:\\?"[^"\n]{0,1000}"?\S*|'[^'\n]{0,1000}'?\S*|\S+)/gi,
    "$1***",
  ],
  [/\b(bearer\s{1,5})[\w.~+/=-]{8,}/gi, "$1***"],
  // A JSON Web Token, as service accounts have them.
  [/(?<![\w-])eyJ[\w-]{8,4000}\.[\w-]+(?:\.[\w-]*)?/g, "***"],
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g, "***"],
];

/** The text with passwords, tokens and keys masked. */
export const masked = (text: string): string =>
  masks.reduce((left, [pattern, mask]) => left.replace(pattern, mask), text);

/** At most so many characters; it ends with … when it was cut. */
export const shortened = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;

/** Somebody else's text as part of a sentence: one line, no secret, no longer than asked for, no full stop. */
export function quoted(text: string, length = 1000): string {
  const line = masked(text)
    .replace(/[\s\u0000-\u001f\u007f]+/g, " ")
    .trim();
  return shortened(line.replace(/[.;\s]+$/, ""), length).toWellFormed();
}
