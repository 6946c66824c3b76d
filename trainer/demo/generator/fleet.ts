import { plusDays, type Day } from "../../days.ts";
import { randomStream, type Random } from "./random.ts";

/** Both days belong to it. */
export interface Span {
  readonly first: Day;
  readonly last: Day;
}

/** What happens to all counters at once. */
export interface Fleet {
  /** On these days readings come without a value. */
  readonly outage: ReadonlySet<Day>;
  /** The share of the day's traffic that was counted on days when counting stopped early. */
  readonly partial: ReadonlyMap<Day, number>;
}

const yearsPerOutage = 4;
const OUTAGE_DAYS = 8;
const partialDaysPerYear = 11 / 4;
/** The newest days stay sound: they are what the demo's gate looks at. */
const SOUND_DAYS = 60;

export function fleetEvents(seed: number, span: Span): Fleet {
  const random = randomStream(seed, "fleet");
  const years = (span.last - span.first + 1) / 365.25;
  const outages = scattered(random, span, Math.max(1, Math.round(years / yearsPerOutage)));
  const partials = scattered(random, span, Math.max(1, Math.round(years * partialDaysPerYear)));
  return {
    outage: new Set(
      outages.flatMap((day) => Array.from({ length: OUTAGE_DAYS }, (_, i) => plusDays(day, i))),
    ),
    partial: new Map(partials.map((day) => [day, 0.05 + 0.3 * random()])),
  };
}

/** `times` days, one in each of as many equal parts of the span before its sound days. */
function scattered(random: Random, { first, last }: Span, times: number): Day[] {
  const days = Math.max(0, last - first - SOUND_DAYS - OUTAGE_DAYS);
  return Array.from({ length: times }, (_, i) =>
    plusDays(first, Math.floor(((i + random()) / times) * days)),
  );
}
