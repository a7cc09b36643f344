import { addDays } from '../domain/period';
import { DAY_MS, type Day, type Instant, localToInstant } from '../domain/zone';

/** Of the organization: its days divide the history, and days without summer time all have 24 hours. */
export const HOME_ZONE = 'Asia/Shanghai';

/** The days that the records tell of. Where it is still evening after the last of them, the evening is left out. */
export class History {
  readonly firstDay: Day;
  readonly start: Instant;
  /** The last instant told. */
  readonly end: Instant;

  constructor(
    readonly lastDay: Day,
    readonly days: number,
  ) {
    this.firstDay = addDays(lastDay, 1 - days);
    this.start = localToInstant(HOME_ZONE, { day: this.firstDay, timeOfDayMs: 0 });
    this.end = this.start + days * DAY_MS - 1;
  }

  /** Day 0 is the first; earlier ones are negative. */
  day(index: number): Day {
    return addDays(this.firstDay, index);
  }

  startOf(dayIndex: number): Instant {
    return this.start + dayIndex * DAY_MS;
  }

  dayIndex(instant: Instant): number {
    return Math.floor((instant - this.start) / DAY_MS);
  }
}

export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString();
}
