import { forEachCount, type DailyCounts } from "../clean/daily-counts.ts";
import { dayText, type Day } from "../days.ts";
import type { Check } from "./check.ts";
import { counted, type Facts } from "./facts.ts";
import { median } from "./statistics.ts";

/** A stretch of consecutive days on which a station repeated one count. */
interface Repetition {
  readonly station: number;
  readonly from: Day;
  readonly days: number;
  readonly count: number;
}

function repetitionsOf(counts: DailyCounts, stations: number): Repetition[] {
  const open = new Array<Repetition | undefined>(stations);
  const closed: Repetition[] = [];
  const close = (repetition: Repetition | undefined): void => {
    if (repetition !== undefined && repetition.days > 1) closed.push(repetition);
  };
  forEachCount(counts, (day, station, count) => {
    const last = open[station];
    if (last?.count === count && last.from + last.days === day) {
      open[station] = { ...last, days: last.days + 1 };
    } else {
      close(last);
      open[station] = { station, from: day, days: 1, count };
    }
  });
  for (const repetition of open) close(repetition);
  return closed;
}

const repeated =
  (
    isMeant: (count: number) => boolean,
    limitOf: (limits: Parameters<Check>[1]) => number,
    what: string,
  ): Check =>
  ({ counts, ids }, limits) => {
    const limit = limitOf(limits);
    const long = repetitionsOf(counts, ids.length).filter(
      ({ count, days }) => isMeant(count) && days > limit,
    );
    const longest = long.reduce<Repetition | undefined>(
      (most, repetition) => (repetition.days > (most?.days ?? 0) ? repetition : most),
      undefined,
    );
    const stations = new Set(long.map(({ station }) => station)).size;
    return {
      passed: longest === undefined,
      value: longest?.days ?? 0,
      limit,
      message:
        longest === undefined
          ? `No station ${what} for more than ${counted(limit, "day")}`
          : `${counted(stations, "station")} ${what} for more than ${counted(limit, "day")}, the longest is ${ids[longest.station] ?? ""} with ${String(longest.count)} for ${counted(longest.days, "day")} from ${dayText(longest.from)}; take outages out with source.exclude`,
    };
  };

export const stuckValues: Check = repeated(
  (count) => count > 0,
  ({ maxStuckDays }) => maxStuckDays,
  "repeated one count",
);
export const zeroRuns: Check = repeated(
  (count) => count === 0,
  ({ maxZeroDays }) => maxZeroDays,
  "counted zero",
);

/** The fleet's total of a day over what its stations count on average, so that a silent station does not show. */
function fleetIndex({ counts, ids }: Facts): ReadonlyMap<Day, number> {
  const [sum, days] = [new Float64Array(ids.length), new Float64Array(ids.length)];
  forEachCount(counts, (_day, station, count) => {
    sum[station] = (sum[station] ?? 0) + count;
    days[station] = (days[station] ?? 0) + 1;
  });
  const totals = new Map<Day, { count: number; usual: number }>();
  forEachCount(counts, (day, station, count) => {
    const total = totals.get(day) ?? { count: 0, usual: 0 };
    total.count += count;
    total.usual += (sum[station] ?? 0) / (days[station] ?? 1);
    totals.set(day, total);
  });
  return new Map([...totals].map(([day, { count, usual }]) => [day, usual === 0 ? 1 : count / usual]));
}

/** Fewer comparable days say nothing. */
const fewestWeeks = 3;

export const partialDays: Check = (facts, { partialDayPercent }) => {
  const index = fleetIndex(facts);
  const low = [...index].flatMap(([day, value]) => {
    const around = [-28, -21, -14, -7, 7, 14, 21, 28].flatMap(
      (shift) => index.get((day + shift) as Day) ?? [],
    );
    const percent = around.length < fewestWeeks ? 100 : (100 * value) / median(around);
    return percent < partialDayPercent ? [{ day, percent }] : [];
  });
  const worst = low.reduce<(typeof low)[number] | undefined>(
    (least, day) => (day.percent < (least?.percent ?? 100) ? day : least),
    undefined,
  );
  return {
    passed: worst === undefined,
    value: low.length,
    limit: 0,
    message:
      worst === undefined
        ? "On no day did the whole fleet count far less than in the weeks around"
        : `On ${counted(low.length, "day")} the whole fleet counted less than ${String(partialDayPercent)} % of the weeks around, the lowest is ${dayText(worst.day)} with ${worst.percent.toFixed(0)} %; take known outages out with source.exclude`,
  };
};

const kilometresOfDegree = 111.2;
/** Below it a whole fleet that stands at one crossing would have outliers. */
const smallestMedian = 0.5;

export const coordinates: Check = ({ counts, ids, places }, { maxCoordinateMedians }) => {
  const present = new Set(counts.station); // A blacklisted station has no counts left, and nobody minds where it stands.
  const distances = distancesFromCentre(
    ids.filter((_, station) => present.has(station)),
    places,
  );
  const usual = Math.max(smallestMedian, median(distances.map(({ kilometres }) => kilometres)) || 0);
  const far = distances.filter(({ kilometres }) => !(kilometres <= usual * maxCoordinateMedians));
  const [first] = far;
  return {
    passed: first === undefined,
    value: far.length,
    limit: 0,
    message:
      first === undefined
        ? "All stations stand near each other"
        : `Without coordinates, or farther than ${String(maxCoordinateMedians)} times the median of ${usual.toFixed(1)} km from the centre: ${counted(far.length, "station")}, e.g. ${first.id}${Number.isNaN(first.kilometres) ? "" : ` (${first.kilometres.toFixed(1)} km)`}; correct counters_info`,
  };
};

/** Kilometres from the median coordinates by station, on a plane that is good enough for a city; NaN where unknown. */
function distancesFromCentre(
  ids: readonly string[],
  places: Facts["places"],
): { id: string; kilometres: number }[] {
  const known = ids.map((id) => ({
    id,
    latitude: places.get(id)?.latitude ?? NaN,
    longitude: places.get(id)?.longitude ?? NaN,
  }));
  const latitude = median(known.map((place) => place.latitude));
  const longitude = median(known.map((place) => place.longitude));
  const narrowing = Math.cos((latitude * Math.PI) / 180);
  return known.map((place) => ({
    id: place.id,
    kilometres:
      kilometresOfDegree * Math.hypot(place.latitude - latitude, (place.longitude - longitude) * narrowing),
  }));
}
