import { InvalidInput } from './invalid-input';
import { type Instant, localTimeOfDayMs } from './zone';

/** [from, to) as HH:MM by the shop's clock; from = to is the whole day, from later than to passes midnight. */
export interface ServiceHours {
  readonly from: string;
  readonly to: string;
}

/** Minutes since midnight, 0..1439, or null when the text is not HH:MM; 24:00 is midnight, 0. */
export function parseClock(text: string): number | null {
  if (text === '24:00') return 0;
  if (!/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text)) return null;
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}

/** Whether the shop serves at the instant. Throws InvalidInput for hours that are not HH:MM. */
export function withinServiceHours(hours: ServiceHours, zone: string, instant: Instant): boolean {
  return buildServiceClock(hours, zone)(instant);
}

/** withinServiceHours for many instants: the hours are read once. */
export function buildServiceClock(hours: ServiceHours, zone: string): (instant: Instant) => boolean {
  const from = getClockMs('serviceHours.from', hours.from);
  const to = getClockMs('serviceHours.to', hours.to);
  if (from === to) return () => true;
  return (instant) => {
    const time = localTimeOfDayMs(zone, instant);
    return from < to ? from <= time && time < to : from <= time || time < to;
  };
}

function getClockMs(field: string, text: string): number {
  const minutes = parseClock(text);
  if (minutes === null) throw new InvalidInput(field, 'A time of day is written HH:MM, from 00:00 to 24:00.');
  return minutes * 60_000;
}
