import { type Day, type Instant, localToInstant } from '../domain/zone';
import { HOME_ZONE } from './history';
import type { Odds, Random } from './random';
import type { DemoShop } from './shops';

/** Sale days are those whose number is that of the month, above all 11/11 and 12/12. */
const GREAT_SALES: ReadonlyMap<string, number> = new Map([
  ['11-11', 4.6],
  ['12-12', 4],
]);
const MONTHLY_SALE = 3.3;

/** Sunday to Saturday. */
const WEEK = [1.16, 0.95, 0.92, 0.93, 0.96, 1.02, 1.14] as const;

/** Visits by the hour of the shop's clock, from midnight. */
const CHINESE_DAY = oddsOf([6, 3, 1, 1, 1, 1, 3, 8, 28, 48, 60, 56, 46, 50, 58, 58, 54, 46, 46, 62, 74, 72, 52, 22]);
const EUROPEAN_DAY = oddsOf([3, 1, 1, 0, 0, 1, 4, 14, 34, 52, 60, 58, 54, 46, 46, 50, 52, 56, 58, 50, 24, 16, 12, 6]);

function oddsOf(weights: readonly number[]): Odds<number> {
  return weights.map((weight, hour) => [hour, weight]);
}

/** How many times the usual customers come on a day of sales: 1 on any other. */
export function promotion(day: Day): number {
  const [, month, dayOfMonth] = day.split('-');
  return month === dayOfMonth ? (GREAT_SALES.get(day.slice(5)) ?? MONTHLY_SALE) : 1;
}

/** How many times the average customers come that day. */
export function crowd(random: Random, day: Day): number {
  const weekday = WEEK[new Date(day).getUTCDay()] ?? 1;
  return weekday * promotion(day) * random.logNormal(1, 0.08);
}

/** A moment of the shop's day at which somebody may come. */
export function visitInstant(random: Random, { timeZone }: DemoShop, day: Day): Instant {
  const hour = random.weighted(timeZone === HOME_ZONE ? CHINESE_DAY : EUROPEAN_DAY);
  return localToInstant(timeZone, { day, timeOfDayMs: Math.floor((hour + random.next()) * 3_600_000) });
}
