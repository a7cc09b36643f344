import fc from 'fast-check';
import { InvalidInput } from '../../src/domain/invalid-input';
import {
  addDays,
  bucketsOf,
  comparedBuckets,
  comparedPeriod,
  type Comparison,
  daysBetween,
  type Granularity,
  isDay,
  lastDays,
  periodOf,
  type PeriodInput,
  type PeriodPreset,
  resolvePeriod,
} from '../../src/domain/period';
import { type Day, utcDay } from '../../src/domain/zone';

/** A Wednesday. */
const TODAY = '2026-11-11';
const days = fc
  .integer({ min: Date.parse('1901-01-01'), max: Date.parse('2998-12-31') })
  .map((instant): Day => utcDay(instant));

function compared(input: PeriodInput, comparison: Comparison, today: Day = TODAY) {
  return comparedPeriod(input, resolvePeriod(input, today), comparison);
}

/** The field an input is refused for, or null when it is accepted. */
function refusedField(input: PeriodInput): string | null {
  try {
    resolvePeriod(input, TODAY);
    return null;
  } catch (error) {
    if (error instanceof InvalidInput) return error.field;
    throw error;
  }
}

describe('isDay', () => {
  it.each(['1900-01-01', '2999-12-31', '2024-02-29', '2000-02-29'])('%s is a day', (text) =>
    expect(isDay(text)).toBe(true),
  );
  it.each(['2023-02-29', '1900-02-29', '2026-02-30', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-00'])(
    '%s is not in the calendar',
    (text) => expect(isDay(text)).toBe(false),
  );
  it.each(['1899-12-31', '10000-01-01', '0999-01-01', '+012026-01-01'])('%s is out of range', (text) =>
    expect(isDay(text)).toBe(false),
  );
  it.each(['', '2026-1-1', '20260101', '2026-01-01T00:00', '2026-01-01\n', ' 2026-01-01'])('%p is no day', (text) =>
    expect(isDay(text)).toBe(false),
  );
});

describe('addDays and daysBetween', () => {
  it.each([
    ['2024-02-28', 1, '2024-02-29'],
    ['2023-02-28', 1, '2023-03-01'],
    ['2026-01-01', -1, '2025-12-31'],
    ['2026-03-08', 1, '2026-03-09'],
    ['1969-12-31', 1, '1970-01-01'],
  ])('%s and %d days is %s', (day, count, expected) => expect(addDays(day, count)).toBe(expected));
  it('undo each other', () =>
    fc.assert(
      fc.property(days, fc.integer({ min: -360, max: 360 }), (day, count) => {
        expect(daysBetween(day, addDays(day, count))).toBe(count);
        expect(isDay(addDays(day, count))).toBe(true);
      }),
    ));
});

describe('resolvePeriod', () => {
  const presets: [PeriodPreset, Day, Day, number][] = [
    ['TODAY', '2026-11-11', '2026-11-11', 1],
    ['YESTERDAY', '2026-11-10', '2026-11-10', 1],
    ['THIS_WEEK', '2026-11-09', '2026-11-11', 3],
    ['LAST_WEEK', '2026-11-02', '2026-11-08', 7],
    ['THIS_MONTH', '2026-11-01', '2026-11-11', 11],
    ['LAST_MONTH', '2026-10-01', '2026-10-31', 31],
    ['LAST_7_DAYS', '2026-11-04', '2026-11-10', 7],
    ['LAST_28_DAYS', '2026-10-14', '2026-11-10', 28],
    ['LAST_30_DAYS', '2026-10-12', '2026-11-10', 30],
    ['LAST_90_DAYS', '2026-08-13', '2026-11-10', 90],
    ['LAST_180_DAYS', '2026-05-15', '2026-11-10', 180],
  ];
  it.each(presets)('%s is %s to %s', (preset, from, to, count) =>
    expect(resolvePeriod({ preset }, TODAY)).toEqual({ from, to, days: count }),
  );
  it('a week begins on Monday and ends on Sunday', () => {
    expect(resolvePeriod({ preset: 'THIS_WEEK' }, '2026-11-09')).toMatchObject({ from: '2026-11-09', days: 1 });
    expect(resolvePeriod({ preset: 'THIS_WEEK' }, '2026-11-15')).toMatchObject({ from: '2026-11-09', days: 7 });
  });
  it('the last week and month may lie in another year', () => {
    expect(resolvePeriod({ preset: 'LAST_WEEK' }, '2027-01-05')).toMatchObject({
      from: '2026-12-28',
      to: '2027-01-03',
    });
    expect(resolvePeriod({ preset: 'LAST_MONTH' }, '2027-01-05')).toMatchObject({ from: '2026-12-01', days: 31 });
  });
  it('two dates are both included', () =>
    expect(resolvePeriod({ preset: null, from: '2024-02-28', to: '2024-03-01' }, TODAY)).toEqual({
      from: '2024-02-28',
      to: '2024-03-01',
      days: 3,
    }));
  it('1100 days are allowed, 1101 not', () => {
    expect(resolvePeriod({ from: '2024-01-01', to: '2027-01-04' }, TODAY).days).toBe(1100);
    expect(refusedField({ from: '2024-01-01', to: '2027-01-05' })).toBe('to');
  });
  it.each<[string, PeriodInput, string]>([
    ['nothing', {}, 'from'],
    ['only nulls', { preset: null, from: null, to: null }, 'from'],
    ['only from', { from: '2026-01-01' }, 'to'],
    ['only to', { to: '2026-01-01' }, 'from'],
    ['a preset and from', { preset: 'TODAY', from: '2026-01-01' }, 'preset'],
    ['a preset and to', { preset: 'TODAY', to: '2026-01-01' }, 'preset'],
    ['an impossible from', { from: '2026-02-30', to: '2026-03-01' }, 'from'],
    ['an impossible to', { from: '2026-02-01', to: '2026-02-30' }, 'to'],
    ['a from after to', { from: '2026-01-02', to: '2026-01-01' }, 'from'],
  ])('%s is refused by field', (_case, input, field) => expect(refusedField(input)).toBe(field));
});

describe('comparedPeriod', () => {
  it.each<[PeriodPreset, Day, Day, Day]>([
    ['TODAY', TODAY, '2026-11-10', '2026-11-10'],
    ['YESTERDAY', TODAY, '2026-11-09', '2026-11-09'],
    ['LAST_7_DAYS', TODAY, '2026-10-28', '2026-11-03'],
    ['THIS_WEEK', TODAY, '2026-11-02', '2026-11-04'],
    ['LAST_WEEK', TODAY, '2026-10-26', '2026-11-01'],
    ['THIS_MONTH', TODAY, '2026-10-01', '2026-10-11'],
    ['LAST_MONTH', '2026-08-05', '2026-06-01', '2026-06-30'],
    ['LAST_MONTH', '2026-03-05', '2026-01-01', '2026-01-28'],
    ['THIS_MONTH', '2026-03-31', '2026-02-01', '2026-02-28'],
    ['THIS_MONTH', '2026-03-28', '2026-02-01', '2026-02-28'],
    ['THIS_MONTH', '2026-03-01', '2026-02-01', '2026-02-01'],
    ['THIS_MONTH', '2027-01-02', '2026-12-01', '2026-12-02'],
  ])('the period before %s, asked on %s, is %s to %s', (preset, today, from, to) =>
    expect(compared({ preset }, 'PREVIOUS_PERIOD', today)).toEqual({ from, to, days: daysBetween(from, to) + 1 }),
  );
  it('of two dates it is as many days just before, a whole month or not', () =>
    expect(compared({ from: '2026-03-01', to: '2026-03-31' }, 'PREVIOUS_PERIOD')).toEqual({
      from: '2026-01-29',
      to: '2026-02-28',
      days: 31,
    }));
  it.each([
    ['2026-02-28', '2026-03-01', '2025-02-28', '2025-03-01', 2],
    ['2024-02-29', '2024-02-29', '2023-02-28', '2023-02-28', 1],
    ['2024-02-01', '2024-02-29', '2023-02-01', '2023-02-28', 28],
    ['2025-02-01', '2025-03-01', '2024-02-01', '2024-03-01', 30],
  ])('the year before %s to %s is %s to %s', (from, to, yearFrom, yearTo, count) =>
    expect(compared({ from, to }, 'PREVIOUS_YEAR')).toEqual({ from: yearFrom, to: yearTo, days: count }),
  );
  it('the year before a preset is the same dates', () =>
    expect(compared({ preset: 'THIS_WEEK' }, 'PREVIOUS_YEAR')).toEqual({
      from: '2025-11-09',
      to: '2025-11-11',
      days: 3,
    }));
  it('just before means adjacent and as long', () =>
    fc.assert(
      fc.property(days, fc.nat(300), (from, length) => {
        const input = { from, to: addDays(from, length) };
        const previous = compared(input, 'PREVIOUS_PERIOD');
        expect(previous.days).toBe(length + 1);
        expect(addDays(previous.to, 1)).toBe(from);
      }),
    ));
  it('a preset week or month compares with no more days than it has, from a start of the same kind', () =>
    fc.assert(
      fc.property(
        days,
        fc.constantFrom<PeriodPreset>('THIS_WEEK', 'LAST_WEEK', 'THIS_MONTH', 'LAST_MONTH'),
        (today, preset) => {
          const period = resolvePeriod({ preset }, today);
          const previous = compared({ preset }, 'PREVIOUS_PERIOD', today);
          expect(previous.days).toBeLessThanOrEqual(period.days);
          expect(previous.to < period.from).toBe(true);
          if (preset.endsWith('WEEK')) expect(daysBetween(previous.from, period.from)).toBe(7);
          else expect(previous.from.slice(8)).toBe('01');
        },
      ),
    ));
});

describe('bucketsOf', () => {
  const bucketed = (from: Day, to: Day, granularity: Granularity) =>
    bucketsOf(periodOf(from, to), granularity).map((bucket) => `${bucket.from}..${bucket.to}`);

  it('splits at Mondays, and at the first of months, quarters and years, cut to the period', () => {
    expect(bucketed('2026-03-01', '2026-03-10', 'WEEK')).toEqual([
      '2026-03-01..2026-03-01',
      '2026-03-02..2026-03-08',
      '2026-03-09..2026-03-10',
    ]);
    expect(bucketed('2024-01-31', '2024-03-01', 'MONTH')).toEqual([
      '2024-01-31..2024-01-31',
      '2024-02-01..2024-02-29',
      '2024-03-01..2024-03-01',
    ]);
    expect(bucketed('2026-03-31', '2026-07-01', 'QUARTER')).toEqual([
      '2026-03-31..2026-03-31',
      '2026-04-01..2026-06-30',
      '2026-07-01..2026-07-01',
    ]);
    expect(bucketed('2025-12-31', '2026-12-31', 'YEAR')).toEqual(['2025-12-31..2025-12-31', '2026-01-01..2026-12-31']);
    expect(bucketed('2026-02-28', '2026-03-01', 'DAY')).toEqual(['2026-02-28..2026-02-28', '2026-03-01..2026-03-01']);
    expect(bucketed('2026-02-28', '2026-03-01', 'TOTAL')).toEqual(['2026-02-28..2026-03-01']);
  });

  it.each<Granularity>(['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'])(
    'reaches the last day there is: %s',
    (granularity) => {
      expect(bucketsOf(periodOf('9999-12-30', '9999-12-31'), granularity).at(-1)?.to).toBe('9999-12-31');
    },
  );

  it('covers every day once', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: -20_000, max: 20_000 }),
        fc.nat(400),
        fc.constantFrom<Granularity>('TOTAL', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'),
        (start, length, granularity) => {
          const period = periodOf(addDays('1970-01-01', start), addDays('1970-01-01', start + length));
          const buckets = bucketsOf(period, granularity);
          const inTurn = buckets.map((_, index) => addDays(buckets[index - 1]?.to ?? addDays(period.from, -1), 1));
          expect(buckets.map(({ from }) => from)).toEqual(inTurn);
          expect(buckets.at(-1)?.to).toBe(period.to);
          expect(buckets.reduce((sum, { days: count }) => sum + count, 0)).toBe(period.days);
        },
      ),
    ));
});

describe('comparedBuckets', () => {
  const against = (input: PeriodInput, granularity: Granularity, comparison: Comparison) => {
    const period = resolvePeriod(input, TODAY);
    const buckets = bucketsOf(period, granularity);
    return comparedBuckets(buckets, period, comparedPeriod(input, period, comparison), comparison).map(
      (bucket) => bucket && `${bucket.from}..${bucket.to}`,
    );
  };

  it('takes the days as far from the start, and cuts the last ones at the end of the compared period', () => {
    expect(against({ from: '2026-03-01', to: '2026-03-10' }, 'WEEK', 'PREVIOUS_PERIOD')).toEqual([
      '2026-02-19..2026-02-19',
      '2026-02-20..2026-02-26',
      '2026-02-27..2026-02-28',
    ]);
    // October has a day more than September.
    expect(against({ preset: 'LAST_MONTH' }, 'WEEK', 'PREVIOUS_PERIOD').slice(-2)).toEqual([
      '2026-09-19..2026-09-25',
      '2026-09-26..2026-09-30',
    ]);
    expect(against({ preset: 'LAST_MONTH' }, 'DAY', 'PREVIOUS_PERIOD').slice(-2)).toEqual([
      '2026-09-30..2026-09-30',
      null,
    ]);
  });

  it('takes the same dates of the year before: 28 and 29 February share one', () => {
    expect(against({ from: '2024-02-28', to: '2024-03-01' }, 'DAY', 'PREVIOUS_YEAR')).toEqual([
      '2023-02-28..2023-02-28',
      '2023-02-28..2023-02-28',
      '2023-03-01..2023-03-01',
    ]);
  });

  it('of the whole period is the compared period', () =>
    fc.assert(
      fc.property(fc.integer({ min: -20_000, max: 20_000 }), fc.nat(1099), (start, length) => {
        const input = { from: addDays('1970-01-01', start), to: addDays('1970-01-01', start + length) };
        const period = periodOf(input.from, input.to);
        for (const comparison of ['PREVIOUS_PERIOD', 'PREVIOUS_YEAR'] as const) {
          const compared = comparedPeriod(input, period, comparison);
          expect(comparedBuckets([period], period, compared, comparison)).toEqual([compared]);
        }
      }),
    ));
});

it('lastDays are those that end with the period', () => {
  expect(lastDays(periodOf('2026-03-01', '2026-03-28'), 28)).toEqual(periodOf('2026-03-01', '2026-03-28'));
  expect(lastDays(periodOf('2026-03-28', '2026-03-28'), 28)).toEqual(periodOf('2026-03-01', '2026-03-28'));
});
