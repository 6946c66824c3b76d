/** Between a number and its unit, and the sign that is as wide as a plus. */
const [space, minus] = ["\u00a0", "\u2212"];

/** By digits behind the point; a formatter costs far more to make than to use. */
const formats = [0, 1, 2, 3].map(
  (digits) =>
    new Intl.NumberFormat("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

/** "1,234.5"; what rounds to zero has no sign. */
const grouped = (value: number, digits: number): string =>
  (formats[digits]?.format(value) ?? String(value)).replace(/^-(0(\.0*)?)$/, "$1").replace("-", minus);

/** "1,234". */
export const count = (value: number): string => grouped(value, 0);

/** "1,234.5"; a dash where there is no number. */
export const decimal = (value: number | null | undefined, digits = 1): string =>
  value === null || value === undefined ? "–" : grouped(value, digits);

/** "+1.2", "−1.2". */
export const signed = (value: number, digits = 1): string => {
  const text = grouped(value, digits);
  return /[1-9]/.test(text) && value > 0 ? `+${text}` : text;
};

/** "12.3 %". */
export const percent = (value: number | null | undefined, digits = 1): string =>
  value === null || value === undefined ? "–" : `${grouped(value, digits)}${space}%`;

/** "1 row", "1,234 rows". */
export const counted = (value: number, noun: string): string =>
  `${count(value)}${space}${noun}${value === 1 ? "" : "s"}`;

const dayFormat = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" });
const monthFormat = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric", timeZone: "UTC" });
const momentFormat = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "medium",
  timeStyle: "medium",
  timeZone: "UTC",
});

/** "6 Dec 2024" of "2024-12-06". */
export const day = (text: string): string => dayFormat.format(new Date(`${text}T00:00:00Z`));

/** "Oct 2024" of "2024-10"; what is no month stays as it is. */
export const month = (text: string): string =>
  /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? monthFormat.format(new Date(`${text}-01T00:00:00Z`)) : text;

/** "1 Dec 2026, 01:00:12 UTC". */
export const moment = (text: string): string => `${momentFormat.format(new Date(text))} UTC`;

/** "6 Dec 2024 – 2 Jan 2025". */
export const span = ({ from, to }: { readonly from: string; readonly to: string }): string =>
  `${day(from)} – ${day(to)}`;

/** "0.4 s", "3 min 12 s", "1 h 4 min". */
export function duration(seconds: number): string {
  if (seconds < 60) return `${decimal(seconds, seconds < 0.1 ? 2 : 1)}${space}s`;
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours === 0
    ? `${String(minutes)}${space}min ${String(whole % 60)}${space}s`
    : `${count(hours)}${space}h ${String(minutes)}${space}min`;
}

/** "288 MiB". */
export const mebibytes = (bytes: number): string => `${count(bytes / 2 ** 20)}${space}MiB`;

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** At most so many characters, the last one an ellipsis; no character is cut in two. */
export function shortened(text: string, length: number): string {
  const characters = Array.from(segmenter.segment(text), ({ segment }) => segment);
  return characters.length <= length
    ? text
    : `${characters
        .slice(0, length - 1)
        .join("")
        .trimEnd()}…`;
}

/** The text with a full stop, if it ends without a mark. */
export const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);
