/** Epoch milliseconds. */
export type Instant = number;

/** Calendar day, YYYY-MM-DD. */
export type Day = string;

/** What a clock on the wall shows: a day and the milliseconds since its midnight, 0..86399999. */
export interface LocalTime {
  readonly day: Day;
  readonly timeOfDayMs: number;
}

interface ZoneClock {
  readonly format: Intl.DateTimeFormat;
  /** Offset by slot of SLOT_MS, only of slots in which it does not change. */
  readonly offsets: Map<number, number>;
}

export const DAY_MS = 24 * 3_600_000;
const SLOT_MS = 15 * 60_000;
const MAX_CACHED_SLOTS = 200_000;
// More than there are zones: names differ in case.
const MAX_CLOCKS = 1000;

// The engine also takes offsets and old abbreviations, and databases read those otherwise: BST is Dhaka here and
// London there, CET has summer time here and none there.
const NOT_IANA = /^(?:[+-]|SystemV\/|(?!UTC$|GMT$)[a-z]{3}$)/i;

const clocks = new Map<string, ZoneClock>();
let cachedSlots = 0;

/** Whether the name is an IANA zone in any case; offsets and abbreviations other than UTC and GMT are not. */
export function isTimeZone(name: string): boolean {
  if (NOT_IANA.test(name)) return false;
  try {
    createFormat(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Local time minus UTC; to the second before zones had round offsets. Throws RangeError for an unknown zone. */
export function zoneOffsetMs(zone: string, instant: Instant): number {
  const slot = Math.floor(instant / SLOT_MS);
  return clocks.get(zone)?.offsets.get(slot) ?? loadOffset(zone, slot, instant);
}

/** Milliseconds that the clock shows since 00:00, 0..86399999; not the time elapsed on a day of 23 or 25 hours. */
export function localTimeOfDayMs(zone: string, instant: Instant): number {
  const wall = instant + zoneOffsetMs(zone, instant);
  return wall - Math.floor(wall / DAY_MS) * DAY_MS;
}

/** The calendar day that the zone has at the instant. */
export function localDay(zone: string, instant: Instant): Day {
  return utcDay(instant + zoneOffsetMs(zone, instant));
}

/** The calendar day that UTC has at the instant. */
export function utcDay(instant: Instant): Day {
  const text = new Date(instant).toISOString();
  return text.slice(0, text.indexOf('T'));
}

/** The first instant with this local time; a time that the zone skips moves forward by the gap. */
export function localToInstant(zone: string, { day, timeOfDayMs }: LocalTime): Instant {
  const wall = Date.parse(day) + timeOfDayMs;
  // No zone was ever 16 hours from UTC, so a change around the wall time lies between these two offsets.
  const before = zoneOffsetMs(zone, wall - 16 * 3_600_000);
  const after = zoneOffsetMs(zone, wall + 16 * 3_600_000);
  const isAfterChange = zoneOffsetMs(zone, wall - before) !== before && zoneOffsetMs(zone, wall - after) === after;
  return wall - (isAfterChange ? after : before);
}

function loadOffset(zone: string, slot: number, instant: Instant): number {
  const { format, offsets } = clockOf(zone);
  const offset = readOffset(format, slot * SLOT_MS);
  // Not every change falls on a quarter hour: Newfoundland's came at 00:01 until 2011.
  if (offset !== readOffset(format, (slot + 1) * SLOT_MS - 1)) return readOffset(format, instant);
  offsets.set(slot, offset);
  cachedSlots += 1;
  return offset;
}

function clockOf(zone: string): ZoneClock {
  if (cachedSlots >= MAX_CACHED_SLOTS || clocks.size > MAX_CLOCKS) {
    clocks.clear();
    cachedSlots = 0;
  }
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const clock = { format: createFormat(zone), offsets: new Map<number, number>() };
  clocks.set(zone, clock);
  return clock;
}

function createFormat(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
}

/** Reads '1/1/1970, GMT', '…, GMT+08:00' or '…, GMT-08:05:43'. */
function readOffset(format: Intl.DateTimeFormat, instant: Instant): number {
  const offset = format.format(instant).split('GMT')[1] ?? '';
  if (offset === '') return 0;
  const size = Date.parse(`1970-01-01T${offset.slice(1)}Z`);
  return offset.startsWith('-') ? -size : size;
}
