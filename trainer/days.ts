/** A calendar day as the number of days since 1970-01-01. A plain number would let timestamps in. */
export type Day = number & { readonly unit: "day" };

const millisecondsOfDay = 86_400_000;

export const dayOf = (text: string): Day => (Date.parse(`${text}T00:00:00Z`) / millisecondsOfDay) as Day;

const pad = (value: number, width: number): string => String(value).padStart(width, "0");

/** `2026-12-01`; years beyond 9999 or before 0 are written as PostgreSQL does not, but readably. */
export function dayText(day: Day): string {
  const { year, month, dayOfMonth } = civil(day);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(dayOfMonth, 2)}`;
}

/** The proleptic Gregorian date of a day; month 1..12. */
export function civil(day: Day): { year: number; month: number; dayOfMonth: number } {
  const date = new Date(day * millisecondsOfDay);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, dayOfMonth: date.getUTCDate() };
}

/** Monday = 0; 1970-01-01 was a Thursday. */
export const dayOfWeek = (day: Day): number => (((day + 3) % 7) + 7) % 7;

export const plusDays = (day: Day, days: number): Day => (day + days) as Day;

/** The calendar day of an instant in a time zone. */
export function localDay(instant: Date, timeZone: string): Day {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(instant);
  return dayOf(parts);
}

/** The day a duration such as P3Y or P18M before `day`; the 31st becomes the last day of a shorter month. */
export function minusDuration(day: Day, duration: string): Day {
  const amount = (unit: string): number => Number(new RegExp(`(\\d+)${unit}`).exec(duration)?.[1] ?? 0);
  const { year, month, dayOfMonth } = civil(day);
  const monthIndex = year * 12 + (month - 1) - amount("Y") * 12 - amount("M");
  const target = { year: Math.floor(monthIndex / 12), month: monthIndex - Math.floor(monthIndex / 12) * 12 };
  const lastOfMonth = new Date(Date.UTC(target.year, target.month + 1, 0)).getUTCDate();
  const start = Date.UTC(target.year, target.month, Math.min(dayOfMonth, lastOfMonth)) / millisecondsOfDay;
  return (start - amount("W") * 7 - amount("D")) as Day;
}
