import { dayOf, dayText, plusDays, type Day } from "../../../trainer/days.ts";

const pad = (value: number): string => String(value).padStart(2, "0");

/** Easter Sunday by the anonymous Gregorian computus (Meeus/Jones/Butcher). */
function easter(year: number): Day {
  const a = year % 19;
  const [b, c] = [Math.floor(year / 100), year % 100];
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return dayOf(`${String(year)}-${pad(Math.floor(n / 31))}-${pad((n % 31) + 1)}`);
}

const fixed = ["01-01", "05-01", "05-08", "07-14", "08-15", "11-01", "11-11", "12-25"];

/** The 11 national holidays of metropolitan France, computed without any library; two may fall on one day. */
export function frenchHolidays(year: number): string[] {
  const moving = [1, 39, 50].map((shift) => dayText(plusDays(easter(year), shift)));
  return [...new Set([...fixed.map((day) => `${String(year)}-${day}`), ...moving])].sort();
}
