const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Beyond it, hours and minutes say less than days do. */
const twoDays = 2 * day;

/**
 * A length of time in its one or two largest units: 45 s, 3 min 20 s, 2 h 5 min, 12 days.
 * @param {number} seconds
 */
export function length(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < minute) return `${String(whole)} s`;
  if (whole < hour) return two(whole, [minute, "min"], [1, "s"]);
  if (whole < twoDays) return two(Math.round(whole / minute) * minute, [hour, "h"], [minute, "min"]);
  return `${String(Math.round(whole / day))} days`;
}

/**
 * @param {number} seconds
 * @param {readonly [number, string]} large
 * @param {readonly [number, string]} small
 */
function two(seconds, [large, largeName], [small, smallName]) {
  const rest = Math.floor((seconds % large) / small);
  const first = `${String(Math.floor(seconds / large))} ${largeName}`;
  return rest === 0 ? first : `${first} ${String(rest)} ${smallName}`;
}

/**
 * A length of time for glances: its largest unit alone.
 * @param {number} seconds
 */
export function roughly(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 90) return `${String(whole)} s`;
  if (whole < 90 * minute) return `${String(Math.round(whole / minute))} min`;
  if (whole < twoDays) return `${String(Math.round(whole / hour))} h`;
  return `${String(Math.round(whole / day))} days`;
}

/**
 * How long ago it was, or how soon it will be.
 * @param {string} moment ISO 8601
 * @param {number} now milliseconds since 1970
 */
export function away(moment, now) {
  const seconds = (now - Date.parse(moment)) / 1000;
  if (Math.abs(seconds) < 10) return "just now";
  return seconds > 0 ? `${roughly(seconds)} ago` : `in ${roughly(-seconds)}`;
}

/**
 * From the first moment to the second.
 * @param {string} from ISO 8601
 * @param {string | number} until ISO 8601, or milliseconds since 1970
 */
export const between = (from, until) => length((new Date(until).getTime() - Date.parse(from)) / 1000);

/**
 * Whole days since a date without time, in the reader's calendar: today, yesterday, 6 days ago.
 * @param {string} date yyyy-mm-dd
 * @param {number} now milliseconds since 1970
 */
export function daysAgo(date, now) {
  const today = new Date(now);
  const midnight = Date.UTC(today.getFullYear(), today.getMonth(), today.getDate());
  const days = Math.round((midnight - Date.parse(`${date}T00:00:00Z`)) / (day * 1000));
  if (days === 0) return "today";
  if (days === 1) return "yesterday";
  return days > 0 ? `${String(days)} days ago` : `in ${String(-days)} days`;
}

/**
 * One decimal, as errors are told: they are counts a day.
 * @param {number} value
 */
export const decimal = (value) => value.toFixed(1);

/**
 * With its sign, a minus that is as wide as a plus: −17.2 %.
 * @param {number} percent
 */
export function signedPercent(percent) {
  const text = Math.abs(percent).toFixed(1);
  if (text === "0.0") return "±0.0 %";
  return `${percent > 0 ? "+" : "\u2212"}${text} %`;
}

/**
 * @param {number} count
 */
export const grouped = (count) => count.toLocaleString("en");
