import type { Weather } from "./weather.ts";

/** Traffic against a Monday's, Monday first. */
export const weekdayFactors = [1, 1.12, 1.03, 1.07, 0.93, 0.58, 0.51];
const monthFactors = [0.88, 0.9, 1.05, 0.99, 0.99, 1.18, 1.01, 0.85, 1.24, 1.05, 1.0, 0.77];
const holidayFactor = 0.54;
const christmasFactor = 0.62;
const windFactorPer10Kmh = 0.93;

/** Month 1..12. */
export function seasonEffect(date: { month: number; dayOfMonth: number }, isHoliday: boolean): number {
  const { month, dayOfMonth } = date;
  const christmas = (month === 12 && dayOfMonth >= 23) || (month === 1 && dayOfMonth <= 5);
  const season = monthFactors[month - 1] ?? 1;
  return season * (isHoliday ? holidayFactor : 1) * (christmas ? christmasFactor : 1);
}

export function weatherEffect({ avgTemp, precipitationMm, ventMax }: Weather, meanWind: number): number {
  const t = (avgTemp - 16) / 10;
  const warmth = Math.exp(0.07 * t - 0.15 * t * t);
  return rainFactor(precipitationMm) * warmth * windFactorPer10Kmh ** ((ventMax - meanWind) / 10);
}

function rainFactor(mm: number): number {
  if (mm === 0) return 1;
  if (mm <= 1) return 0.97;
  if (mm <= 5) return 0.91;
  return mm <= 15 ? 0.72 : 0.53;
}
