import { civil, dayOf, dayOfWeek, type Day } from "../days.ts";

export interface CalendarFeatures {
  readonly day_of_week: number;
  readonly day_of_year: number;
  readonly month: number;
  readonly year: number;
  readonly is_weekend: number;
  readonly day_of_week_sin: number;
  readonly day_of_week_cos: number;
  readonly month_sin: number;
  readonly month_cos: number;
}

const turn = 2 * Math.PI;

/** What a day itself tells. Monday = 0, day_of_year 1..366, month 1..12; the circle starts at Monday and January. */
export function calendarFeatures(day: Day): CalendarFeatures {
  const { year, month } = civil(day);
  const weekday = dayOfWeek(day);
  return {
    day_of_week: weekday,
    day_of_year: day - dayOf(`${String(year).padStart(4, "0")}-01-01`) + 1,
    month,
    year,
    is_weekend: weekday >= 5 ? 1 : 0,
    day_of_week_sin: Math.sin((turn * weekday) / 7),
    day_of_week_cos: Math.cos((turn * weekday) / 7),
    month_sin: Math.sin((turn * (month - 1)) / 12),
    month_cos: Math.cos((turn * (month - 1)) / 12),
  };
}
