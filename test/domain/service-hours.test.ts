import fc from 'fast-check';
import { InvalidInput } from '../../src/domain/invalid-input';
import { parseClock, type ServiceHours, withinServiceHours } from '../../src/domain/service-hours';

const DAYTIME = { from: '08:00', to: '23:00' };
const inside = (hours: ServiceHours, time: string, zone = 'UTC'): boolean =>
  withinServiceHours(hours, zone, Date.parse(`2026-11-11T${time}Z`));

describe('parseClock', () => {
  it.each([
    ['00:00', 0],
    ['08:05', 485],
    ['23:59', 1439],
    ['24:00', 0],
  ])('%s is minute %d', (text, minutes) => expect(parseClock(text)).toBe(minutes));
  it.each(['', '8:00', '08:60', '24:01', '08:00:00', ' 08:00', '08:00\n', '0８:00', '-1:00'])('%p is no time', (text) =>
    expect(parseClock(text)).toBeNull(),
  );
  it('reads back every minute of the day', () =>
    fc.assert(
      fc.property(fc.nat(1439), (minutes) => {
        const text = new Date(minutes * 60_000).toISOString().slice(11, 16);
        expect(parseClock(text)).toBe(minutes);
      }),
    ));
});

describe('withinServiceHours', () => {
  it.each([
    ['07:59:59.999', false],
    ['08:00:00', true],
    ['22:59:59.999', true],
    ['23:00:00', false],
  ])('a message at %s in 08:00–23:00: inside is %p', (time, expected) => expect(inside(DAYTIME, time)).toBe(expected));

  it.each([
    ['20:59:59.999', false],
    ['21:00:00', true],
    ['00:00:00', true],
    ['01:59:59.999', true],
    ['02:00:00', false],
  ])('21:00–02:00 is one span: %s inside is %p', (time, expected) =>
    expect(inside({ from: '21:00', to: '02:00' }, time)).toBe(expected),
  );

  it.each(['00:00', '08:00', '24:00'])('from = to = %s is the whole day', (clock) => {
    for (const time of ['00:00:00', '07:59:59.999', '08:00:00', '23:59:59.999']) {
      expect(inside({ from: clock, to: clock }, time)).toBe(true);
    }
  });
  it.each([
    ['08:00', '23:59:59.999', true],
    ['08:00', '00:00:00', false],
    ['00:00', '23:59:59.999', true],
  ])('%s–24:00 runs to the end of the day: %s inside is %p', (from, time, expected) =>
    expect(inside({ from, to: '24:00' }, time)).toBe(expected),
  );
  it('goes by the shop’s clock, in summer and in winter', () => {
    const noonUtc = { from: '08:00', to: '09:00' };
    expect(withinServiceHours(noonUtc, 'America/New_York', Date.parse('2026-07-01T12:00Z'))).toBe(true);
    expect(withinServiceHours(noonUtc, 'America/New_York', Date.parse('2026-01-01T12:00Z'))).toBe(false);
    expect(withinServiceHours(noonUtc, 'America/New_York', Date.parse('2026-01-01T13:00Z'))).toBe(true);
  });
  it.each([
    [{ from: '8am', to: '23:00' }, 'serviceHours.from'],
    [{ from: '08:00', to: '23' }, 'serviceHours.to'],
  ])('hours that are no times are refused by field: %o', (hours, field) => {
    expect.assertions(3);
    try {
      inside(hours, '12:00');
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidInput);
      expect(error).toMatchObject({ code: 'BAD_USER_INPUT', field });
      expect(String(error)).toMatch(/^InvalidInput: A time of day/);
    }
  });
});
