import Holidays from "date-holidays";

import { civil, dayOf, plusDays, type Day } from "../days.ts";
import { RunFailure } from "../errors.ts";

/** Years for which the library's rules hold; a date far outside is a typo in the data, not a holiday. */
const years = { first: 1900, last: 2200 };

/** Whether the library knows the country's holidays. */
export const isHolidayCountry = (country: string): boolean => country in new Holidays().getCountries();

/** National public holidays of a country, computed once per year asked for. */
export function holidayCalendar(country: string): (day: Day) => boolean {
  if (!isHolidayCountry(country)) {
    throw new RunFailure(
      "BadConfiguration",
      `Cannot make holidays for the country ${country}: it is unknown; features.holidayCountry expects an ISO 3166 code such as FR`,
    );
  }
  const calendar = new Holidays(country);
  const byYear = new Map<number, ReadonlySet<Day>>();
  return (day) => {
    const { year } = civil(day);
    if (year < years.first || year > years.last) return false;
    const known = byYear.get(year) ?? holidaysOf(calendar, year);
    byYear.set(year, known);
    return known.has(day);
  };
}

function holidaysOf(calendar: Holidays, year: number): ReadonlySet<Day> {
  const days = new Set<Day>();
  for (const holiday of calendar.getHolidays(year)) {
    if (holiday.type !== "public") continue;
    const first = dayOf(holiday.date.slice(0, 10));
    const length = Math.round((holiday.end.getTime() - holiday.start.getTime()) / 86_400_000);
    for (let i = 0; i < Math.max(1, length); i++) days.add(plusDays(first, i));
  }
  return days;
}
