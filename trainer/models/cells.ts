/** A number with so many decimals; the empty text for one that is not known. */
export const decimals = (value: number | null | undefined, digits = 1): string =>
  value === undefined || value === null ? "" : value.toFixed(digits);

/** A whole number; the empty text for one that is not known. */
export const whole = (value: number | undefined): string => (value === undefined ? "" : String(value));

/** `2026-12-01 01:00`, in UTC, of an ISO moment. */
export const minute = (moment: string | undefined): string =>
  moment === undefined ? "" : moment.slice(0, 16).replace("T", " ");

/** Text that would make a table too wide, cut. */
export const short = (text: string | undefined, width = 40): string =>
  text === undefined || text.length <= width ? (text ?? "") : `${text.slice(0, width - 1)}…`;
