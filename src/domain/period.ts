import { InvalidInput } from './invalid-input';
import { DAY_MS, type Day, utcDay } from './zone';

/** Whole calendar days, both ends included. */
export interface Period {
  readonly from: Day;
  readonly to: Day;
  readonly days: number;
}

/** Either preset, or from and to. */
export interface PeriodInput {
  readonly preset?: PeriodPreset | null;
  readonly from?: Day | null;
  readonly to?: Day | null;
}

export type PeriodPreset = keyof typeof PRESETS;
export type Comparison = 'PREVIOUS_PERIOD' | 'PREVIOUS_YEAR';
export type Granularity = 'TOTAL' | keyof typeof DAYS_LEFT;

const MAX_DAYS = 1100;

const PRESETS = {
  TODAY: (today: Day) => periodOf(today, today),
  YESTERDAY: (today: Day) => daysBefore(today, 1),
  THIS_WEEK: (today: Day) => periodOf(weekStart(today), today),
  LAST_WEEK: (today: Day) => daysBefore(weekStart(today), 7),
  THIS_MONTH: (today: Day) => periodOf(monthStart(today), today),
  LAST_MONTH: (today: Day) => monthBefore(monthStart(today)),
  LAST_7_DAYS: (today: Day) => daysBefore(today, 7),
  LAST_28_DAYS: (today: Day) => daysBefore(today, 28),
  LAST_30_DAYS: (today: Day) => daysBefore(today, 30),
  LAST_90_DAYS: (today: Day) => daysBefore(today, 90),
  LAST_180_DAYS: (today: Day) => daysBefore(today, 180),
};

/** How many days of its bucket are left, a day itself included. */
const DAYS_LEFT = {
  DAY: () => 1,
  WEEK: (day: Day) => 7 - daysSinceMonday(day),
  MONTH: (day: Day) => daysUntilMonth(day, monthOf(day) + 1),
  QUARTER: (day: Day) => daysUntilMonth(day, (Math.floor(monthOf(day) / 3) + 1) * 3),
  YEAR: (day: Day) => daysUntilMonth(day, 12),
};

/** The days asked for, 1 to 1100 of them. Throws InvalidInput unless given exactly one of a preset or two real days. */
export function resolvePeriod({ preset, from, to }: PeriodInput, today: Day): Period {
  if (preset != null) {
    if (from != null || to != null) throw new InvalidInput('preset', 'Give either preset, or from and to.');
    return PRESETS[preset](today);
  }
  const period = periodOf(getDay('from', from), getDay('to', to));
  if (period.days < 1) throw new InvalidInput('from', 'from is after to.');
  if (period.days > MAX_DAYS) throw new InvalidInput('to', `A period has at most ${MAX_DAYS} days.`);
  return period;
}

/**
 * What a period is compared to. PREVIOUS_PERIOD: of a preset week or month the first days of the calendar one before,
 * at most as many as the period has; else as many days just before. PREVIOUS_YEAR: the same dates, 29 February as 28.
 */
export function comparedPeriod(input: PeriodInput, period: Period, comparison: Comparison): Period {
  if (comparison === 'PREVIOUS_YEAR') return periodOf(yearBefore(period.from), yearBefore(period.to));
  switch (input.preset) {
    case 'THIS_WEEK':
    case 'LAST_WEEK':
      return firstDays(daysBefore(period.from, 7), period.days);
    case 'THIS_MONTH':
    case 'LAST_MONTH':
      return firstDays(monthBefore(period.from), period.days);
    default:
      return daysBefore(period.from, period.days);
  }
}

/** The period in whole days, ISO weeks, months, quarters or years; the first and the last are cut to the period. */
export function bucketsOf(period: Period, granularity: Granularity): readonly Period[] {
  if (granularity === 'TOTAL') return [period];
  const buckets: Period[] = [];
  let from = period.from;
  for (let left = period.days; left > 0;) {
    const days = Math.min(DAYS_LEFT[granularity](from), left);
    buckets.push(firstDays(periodOf(from, period.to), days));
    from = addDays(from, days);
    left -= days;
  }
  return buckets;
}

/**
 * What each bucket is compared to. PREVIOUS_YEAR: the same dates, so that 28 and 29 February share a day. PREVIOUS_PERIOD:
 * the days as far from the start of the compared period, cut at its end; null for a bucket that lies beyond it.
 */
export function comparedBuckets(
  buckets: readonly Period[],
  period: Period,
  compared: Period,
  comparison: Comparison,
): readonly (Period | null)[] {
  return buckets.map((bucket) => {
    if (comparison === 'PREVIOUS_YEAR') return periodOf(yearBefore(bucket.from), yearBefore(bucket.to));
    const skipped = daysBetween(period.from, bucket.from);
    if (skipped >= compared.days) return null;
    return firstDays(periodOf(addDays(compared.from, skipped), compared.to), bucket.days);
  });
}

/** The days from one to another, both included. */
export function periodOf(from: Day, to: Day): Period {
  return { from, to, days: daysBetween(from, to) + 1 };
}

/** The days that end on the period's last one. */
export function lastDays({ to }: Period, count: number): Period {
  return periodOf(addDays(to, 1 - count), to);
}

/** Whether the text is a real calendar day, YYYY-MM-DD, of the years 1900 to 2999: far from where years get a fifth digit. */
export function isDay(text: string): boolean {
  if (!/^(?:19|2\d)\d\d-\d\d-\d\d$/.test(text)) return false;
  const instant = Date.parse(text);
  // The engine reads 30 February as 2 March.
  return !Number.isNaN(instant) && utcDay(instant) === text;
}

/** The day so many days later, or earlier for a negative count. */
export function addDays(day: Day, count: number): Day {
  return utcDay(Date.parse(day) + count * DAY_MS);
}

/** How many days later `to` is than `from`: 0 for the same day. */
export function daysBetween(from: Day, to: Day): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS;
}

function getDay(field: string, text: string | null | undefined): Day {
  if (text == null) throw new InvalidInput(field, 'Give either preset, or from and to.');
  if (!isDay(text)) throw new InvalidInput(field, 'A day is a real date, YYYY-MM-DD, from 1900 to 2999.');
  return text;
}

function daysBefore(day: Day, count: number): Period {
  return periodOf(addDays(day, -count), addDays(day, -1));
}

function monthBefore(firstDay: Day): Period {
  const lastDay = addDays(firstDay, -1);
  return periodOf(monthStart(lastDay), lastDay);
}

function firstDays(period: Period, count: number): Period {
  return count < period.days ? periodOf(period.from, addDays(period.from, count - 1)) : period;
}

function weekStart(day: Day): Day {
  return addDays(day, -daysSinceMonday(day));
}

function daysSinceMonday(day: Day): number {
  return (new Date(day).getUTCDay() + 6) % 7;
}

/** From 0. */
function monthOf(day: Day): number {
  return Number(day.slice(5, 7)) - 1;
}

/** How many days the first of a month of the day's year is away; month 12 is January of the next. */
function daysUntilMonth(day: Day, month: number): number {
  return (Date.UTC(Number(day.slice(0, 4)), month) - Date.parse(day)) / DAY_MS;
}

function monthStart(day: Day): Day {
  return `${day.slice(0, 7)}-01`;
}

function yearBefore(day: Day): Day {
  const year = String(Number(day.slice(0, 4)) - 1);
  return `${year}${day.slice(4).replace('-02-29', '-02-28')}`;
}
