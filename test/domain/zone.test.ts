import fc from 'fast-check';
import {
  type Instant,
  isTimeZone,
  localDay,
  localTimeOfDayMs,
  localToInstant,
  zoneOffsetMs,
} from '../../src/domain/zone';

const HOUR = 3_600_000;
const ZONES = [
  'UTC',
  'Asia/Shanghai',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Europe/Dublin',
];
const zones = fc.constantFrom(...ZONES);
const instants = fc.integer({ min: Date.parse('1850-01-01'), max: Date.parse('2060-01-01') });

const at = (text: string): Instant => Date.parse(text);
const time = (text: string): number => at(`1970-01-01T${text}Z`);
const local = (zone: string, instant: Instant) => ({
  day: localDay(zone, instant),
  timeOfDayMs: localTimeOfDayMs(zone, instant),
});
const instantOf = (zone: string, text: string): string =>
  new Date(localToInstant(zone, { day: text.slice(0, 10), timeOfDayMs: time(text.slice(11)) })).toISOString();

/** What the engine itself shows on the zone's clock, as if that were UTC. */
function shown(zone: string, instant: Instant): Instant {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return at(`${format.format(instant).replace(' ', 'T')}Z`);
}

describe('isTimeZone', () => {
  it.each([...ZONES, 'asia/shanghai', 'America/Argentina/Buenos_Aires', 'Etc/GMT+8', 'GMT', 'Singapore'])(
    '%s is a zone',
    (name) => expect(isTimeZone(name)).toBe(true),
  );
  it.each(['+08:00', '-0800', 'UTC+8', 'Z', '', ' UTC', 'Mars/Olympus', 'SystemV/PST8'])('%p is no zone', (name) =>
    expect(isTimeZone(name)).toBe(false),
  );
  it.each(['BST', 'CST', 'cet', 'EST'])('%s is an abbreviation, no zone', (name) =>
    expect(isTimeZone(name)).toBe(false),
  );
});

describe('zoneOffsetMs', () => {
  it.each([
    ['UTC', '2026-01-01T00:00Z', 0],
    ['Asia/Kolkata', '2026-01-01T00:00Z', 5.5],
    ['America/New_York', '2026-01-01T00:00Z', -5],
    ['America/New_York', '2026-07-01T00:00Z', -4],
    ['Australia/Lord_Howe', '2026-01-01T00:00Z', 11],
    ['Australia/Lord_Howe', '2026-07-01T00:00Z', 10.5],
    ['Asia/Shanghai', '1874-12-08T00:00Z', 8 + 5 / 60 + 43 / 3600],
  ])('%s at %s is %d h from UTC', (zone, instant, hours) => expect(zoneOffsetMs(zone, at(instant))).toBe(hours * HOUR));

  it('changes at the very instant, one millisecond earlier not', () => {
    const change = at('2026-03-08T07:00Z');
    expect(zoneOffsetMs('America/New_York', change - 1)).toBe(-5 * HOUR);
    expect(zoneOffsetMs('America/New_York', change)).toBe(-4 * HOUR);
  });
  it('may change within a quarter of an hour', () => {
    const change = at('2010-03-14T03:31Z');
    expect(zoneOffsetMs('America/St_Johns', change)).toBe(-2.5 * HOUR);
    expect(zoneOffsetMs('America/St_Johns', change - 1)).toBe(-3.5 * HOUR);
    expect(zoneOffsetMs('America/St_Johns', change)).toBe(-2.5 * HOUR);
  });
  it('is refused for an unknown zone', () => expect(() => zoneOffsetMs('Mars/Olympus', 0)).toThrow(RangeError));
  it('survives a full cache', () => {
    const slots = Array.from({ length: 210_000 }, (_, slot) => slot * 900_000);
    expect(new Set(slots.map((instant) => zoneOffsetMs('Asia/Kolkata', instant)))).toEqual(new Set([5.5 * HOUR]));
  });
  it('is what the engine shows', () =>
    fc.assert(
      fc.property(zones, instants, (zone, instant) => {
        const second = Math.floor(instant / 1000) * 1000;
        expect(second + zoneOffsetMs(zone, second)).toBe(shown(zone, second));
      }),
    ));
});

describe('local day and time', () => {
  it('the local day begins at local midnight', () => {
    const midnight = at('2026-11-10T16:00Z');
    expect(local('Asia/Shanghai', midnight - 1)).toEqual({ day: '2026-11-10', timeOfDayMs: 24 * HOUR - 1 });
    expect(local('Asia/Shanghai', midnight)).toEqual({ day: '2026-11-11', timeOfDayMs: 0 });
  });
  it('holds before 1970', () => {
    expect(local('UTC', -1)).toEqual({ day: '1969-12-31', timeOfDayMs: 24 * HOUR - 1 });
    expect(local('Asia/Kolkata', at('1950-06-01T18:30Z'))).toEqual({ day: '1950-06-02', timeOfDayMs: 0 });
  });
  it.each([
    ['2026-03-08', 23],
    ['2026-03-09', 24],
    ['2026-11-01', 25],
  ])('a shop in a zone with daylight saving has %s as a day of %d hours', (day, hours) => {
    const start = localToInstant('America/New_York', { day, timeOfDayMs: 0 });
    const end = start + hours * HOUR;
    expect(localDay('America/New_York', start - 1)).not.toBe(day);
    expect(localDay('America/New_York', start)).toBe(day);
    expect(localDay('America/New_York', end - 1)).toBe(day);
    expect(local('America/New_York', end).timeOfDayMs).toBe(0);
  });
});

describe('localToInstant', () => {
  it.each([
    ['a wall time that happens once is that instant', 'Asia/Shanghai', '2026-11-11 00:00', '2026-11-10T16:00'],
    ['a wall time that happens twice takes the first', 'America/New_York', '2026-11-01 01:30', '2026-11-01T05:30'],
    ['after the repeated hour time is single again', 'America/New_York', '2026-11-01 02:00', '2026-11-01T07:00'],
    ['before the gap nothing moves', 'America/New_York', '2026-03-08 01:59', '2026-03-08T06:59'],
    ['a skipped wall time moves forward by the gap', 'America/New_York', '2026-03-08 02:30', '2026-03-08T07:30'],
    ['after the gap nothing moves', 'America/New_York', '2026-03-08 03:00', '2026-03-08T07:00'],
    ['the same holds far west of UTC', 'America/Adak', '2026-03-08 03:00', '2026-03-08T12:00'],
    ['a gap may be half an hour', 'Australia/Lord_Howe', '2026-10-04 02:15', '2026-10-03T15:45'],
    ['a repeated time may be half an hour', 'Australia/Lord_Howe', '2026-04-05 01:45', '2026-04-04T14:45'],
    ['a gap may be a whole day', 'Pacific/Apia', '2011-12-30 12:00', '2011-12-30T22:00'],
  ])('%s: %s %s', (_rule, zone, text, utc) => expect(instantOf(zone, text)).toBe(`${utc}:00.000Z`));

  it('undoes local, but takes the first of two instants with the same local time', () =>
    fc.assert(
      fc.property(zones, instants, (zone, instant) => {
        const back = localToInstant(zone, local(zone, instant));
        expect(local(zone, back)).toEqual(local(zone, instant));
        const fold = zoneOffsetMs(zone, back) - zoneOffsetMs(zone, instant);
        expect(instant - back).toBe(fold);
        expect(fold).toBeGreaterThanOrEqual(0);
      }),
    ));
  it('is the identity in a zone without changes', () =>
    fc.assert(
      fc.property(fc.constantFrom('UTC', 'Etc/GMT+8'), instants, (zone, instant) =>
        expect(localToInstant(zone, local(zone, instant))).toBe(instant),
      ),
    ));
});
