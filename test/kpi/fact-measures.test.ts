import fc from 'fast-check';
import { buildFactMeasuresSql } from '../../src/db/sql/fact-measures-query.sql';
import { measurementsOf } from '../../src/db/sql/measured-rows.sql';
import { grainOf, isAvailable, metricValue, type MetricValue, type SubjectKind } from '../../src/domain/kpi';
import type { Cut, MeasuredRow, MeasureQuery } from '../../src/domain/measure-query';
import { type FactKind, MEASURE_KEYS, type MeasureKey, MEASURES } from '../../src/domain/measures';
import type { Metric } from '../../src/domain/metric';
import { MetricCatalogue } from '../../src/domain/metric-catalogue';
import { addDays } from '../../src/domain/period';
import { NO_FACTS } from '../../src/domain/subject-facts';
import type { Day } from '../../src/domain/zone';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { type SessionFact, type StoredWorld, storeWorld, type World } from '../support/facts';
import { bruteForce, clock, hundredths } from './brute-force';
import { longWorld, randomWorld, SHOPS } from './random-world';
import { AGENT_PARTS, type Scope, type ScopeGroup, scopeOf, SHOP_PARTS, spelledOut } from './scopes';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

type Plain = ReturnType<typeof bruteForce>;
type Amount = bigint | null | readonly (string | null)[];
type Amounts = Readonly<Record<string, Amount>>;

const RUNS = { numRuns: Number(process.env['KPI_RUNS'] ?? 25), seed: 20260302 };
const CATALOGUE = MetricCatalogue.builtIn;
/** Observations and targets are no facts of this world. */
const METRICS = CATALOGUE.list().filter((metric) => {
  const { observations, targets } = CATALOGUE.operandsOf(metric);
  return observations.length + targets.length === 0;
});

const scopes = fc.array(
  fc.record({
    shopPart: fc.constantFrom(...SHOP_PARTS),
    agentPart: fc.constantFrom(...AGENT_PARTS),
    seen: fc.constantFrom(null, null, ['tea', 'toy'], ['tin']),
    isSpelledOut: fc.boolean(),
  }),
  { minLength: 6, maxLength: 6 },
);
const periods = fc
  .tuple(fc.nat(7), fc.constantFrom(0, 1, 4, 60))
  .map(([start, length]) => ({ from: addDays('2026-03-05', start), to: addDays('2026-03-05', start + length) }));

type Choice = typeof scopes extends fc.Arbitrary<(infer One)[]> ? One : never;

function scopeAsked(stored: StoredWorld, { shopPart, agentPart, seen, isSpelledOut }: Choice): Scope {
  const scope = scopeOf(stored, shopPart, agentPart, seen);
  return isSpelledOut ? spelledOut(stored, scope) : scope;
}

function measuresOf(kind: SubjectKind): MeasureKey[] {
  return MEASURE_KEYS.filter((key) => MEASURES[key].grains.includes(grainOf(kind)));
}

function ask(
  { organizationId }: StoredWorld,
  { kind, shops, agents }: Scope,
  rest: Pick<MeasureQuery, 'buckets' | 'to' | 'measures' | 'cut'>,
): Promise<MeasuredRow[]> {
  return db
    .tenant(organizationId)
    .query<MeasuredRow>(buildFactMeasuresSql({ organizationId, kind, shops, agents, ...rest }));
}

/** Whole numbers of hundredths, pieces or milliseconds, and the lowest and highest currency of money. */
function amountsOf(row: MeasuredRow, measures: readonly MeasureKey[]): Amounts {
  return Object.fromEntries(
    measures.flatMap((key): [string, Amount][] => {
      const text = row[key] ?? null;
      if (!MEASURES[key].money) return [[key, text === null ? null : BigInt(text)]];
      return [
        [key, hundredths(text ?? '')],
        [`${key}Currencies`, row[`${key}Currencies`] ?? []],
      ];
    }),
  );
}

function expectedAmounts(plain: Plain, measures: readonly MeasureKey[]): Amounts {
  const currencies: Readonly<Record<string, readonly string[]>> = plain.currencies;
  return Object.fromEntries(
    measures.flatMap((key): [string, Amount][] => {
      if (!MEASURES[key].money) return [[key, plain.measures[key]]];
      const ofFacts = currencies[key] ?? [];
      return [
        [key, plain.measures[key]],
        [`${key}Currencies`, [ofFacts.at(0) ?? null, ofFacts.at(-1) ?? null]],
      ];
    }),
  );
}

/** Rows by name; of what is expected those that have something. */
function nameOf({ shopGroup, agentGroup }: Pick<ScopeGroup, 'shopGroup' | 'agentGroup'>, part: unknown = 0): string {
  return JSON.stringify([shopGroup, agentGroup, part]);
}
function isSomething(amounts: Amounts): boolean {
  return Object.values(amounts).some((amount) =>
    typeof amount === 'bigint' ? amount !== 0n : amount !== null && amount[0] !== null,
  );
}

type Expected = Pick<MetricValue, 'exact' | 'nullReason'>;
const nothing = (nullReason: MetricValue['nullReason']): Expected => ({ exact: null, nullReason });

function expectedValue(metric: Metric, kind: SubjectKind, { currencies, values }: Plain): Expected {
  if (!isAvailable(metric, kind)) return nothing('NOT_AVAILABLE_AT_THIS_GRAIN');
  const behind = Object.entries(currencies).flatMap(([measure, of]) =>
    metric.measures.some((key) => key === measure) ? of : [],
  );
  if (new Set(behind).size > 1) return nothing('MIXED_CURRENCIES');
  const parts = values.get(metric.key);
  if (parts === undefined) throw new Error(`${metric.key} has no brute force twin.`);
  if (parts === null) return nothing('NO_DATA');
  const [numerator, denominator = 1n] = parts;
  return denominator === 0n
    ? nothing('ZERO_DENOMINATOR')
    : { exact: decimal(numerator, denominator), nullReason: null };
}

/** The fraction with 12 decimals, half away from zero, without trailing zeros. */
function decimal(numerator: bigint, denominator: bigint): string {
  const scaled = (2n * (numerator < 0n ? -numerator : numerator) * 10n ** 12n + denominator) / (2n * denominator);
  const digits = String(scaled).padStart(13, '0');
  const text = `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, '');
  return numerator < 0n && scaled > 0n ? `-${text}` : text;
}

function valuesOf(row: MeasuredRow | undefined, kind: SubjectKind): Record<string, Expected> {
  const facts = row === undefined ? NO_FACTS : { ...NO_FACTS, measured: measurementsOf(row) };
  return Object.fromEntries(
    METRICS.map((metric) => {
      const { exact, nullReason } = metricValue(metric, kind, facts, CATALOGUE);
      return [metric.key, { exact, nullReason }];
    }),
  );
}

async function checkWorld(world: World, choices: readonly Choice[], from: Day, to: Day): Promise<void> {
  const stored = await storeWorld(db, world);
  for (const choice of choices) {
    const scope = scopeAsked(stored, choice);
    const measures = measuresOf(scope.kind);
    const rows = await ask(stored, scope, { buckets: [from], to, measures });
    const rowOf = new Map(rows.map((row) => [nameOf(row), row]));
    const found = rows.map((row) => [nameOf(row), amountsOf(row, measures)]);
    const expected: [string, Amounts][] = [];
    for (const group of scope.groups) {
      const plain = bruteForce(world, group.subject, from, to);
      const amounts = expectedAmounts(plain, measures);
      if (isSomething(amounts)) expected.push([nameOf(group), amounts]);
      expect([group, valuesOf(rowOf.get(nameOf(group)), scope.kind)]).toEqual([
        group,
        Object.fromEntries(METRICS.map((metric) => [metric.key, expectedValue(metric, scope.kind, plain)])),
      ]);
    }
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  }
}

test('every measure and metric of every subject equals the brute force over the same facts', async () => {
  await fc.assert(
    fc.asyncProperty(randomWorld, scopes, periods, (world, choices, { from, to }) =>
      checkWorld(world, choices, from, to),
    ),
    RUNS,
  );
}, 600_000);

test('so they do where buyers come back over months', async () => {
  await fc.assert(
    fc.asyncProperty(longWorld, scopes, (world, choices) => checkWorld(world, choices, '2026-01-31', '2026-04-05')),
    { ...RUNS, numRuns: 2, endOnFailure: true },
  );
}, 600_000);

test('a bucket has what its days alone have', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomWorld,
      scopes,
      periods,
      fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 3 }),
      async (world, choices, { from, to }, offsets) => {
        const stored = await storeWorld(db, world);
        const buckets = [from, ...offsets.map((days) => addDays(from, days))].filter((day) => day <= to).sort();
        for (const choice of choices.slice(0, 3)) {
          const scope = scopeAsked(stored, choice);
          const measures = measuresOf(scope.kind);
          const rows = await ask(stored, scope, { buckets, to, measures });
          const alone: MeasuredRow[] = [];
          for (const [bucket, first] of buckets.entries()) {
            const next = buckets[bucket + 1];
            const last: Day = next === undefined ? to : addDays(next, -1);
            for (const row of await ask(stored, scope, { buckets: [first], to: last, measures })) {
              alone.push({ ...row, bucket });
            }
          }
          const named = (of: readonly MeasuredRow[]) =>
            Object.fromEntries(of.map((row) => [nameOf(row, row.bucket), row]));
          expect(named(rows)).toEqual(named(alone));
        }
      },
    ),
    RUNS,
  );
}, 600_000);

/** What a cut tells apart, and the world with nothing but the records of one value. */
interface CutTwin {
  readonly facts: FactKind;
  readonly valuesOf: (world: World) => readonly (string | null)[];
  readonly restrict: (world: World, value: string | null) => World;
}

function sessionCut(valueOf: (session: SessionFact) => string | null): CutTwin {
  return {
    facts: 'SESSION',
    valuesOf: ({ sessions }) => sessions.map(valueOf),
    restrict: (world, value) => ({ ...world, sessions: world.sessions.filter((s) => valueOf(s) === value) }),
  };
}

function hourOf({ shop, startedAt }: SessionFact): string {
  const timeZone = SHOPS.find(({ id }) => id === shop)?.timeZone ?? '';
  return String(Number(clock(timeZone, startedAt).time.slice(0, 2)));
}

const CUTS: Readonly<Record<Cut, CutTwin>> = {
  CHANNEL: sessionCut((session) => session.channel),
  PURPOSE: sessionCut((session) => session.purpose),
  HOUR_OF_DAY: sessionCut(hourOf),
  COMPLAINT_CATEGORY: {
    facts: 'COMPLAINT',
    valuesOf: ({ complaints }) => complaints.map(({ category }) => category),
    restrict: (world, value) => ({ ...world, complaints: world.complaints.filter((c) => c.category === value) }),
  },
  REFUND_KIND: {
    facts: 'REFUND',
    valuesOf: ({ refunds }) => refunds.map(({ kind }) => kind),
    restrict: (world, value) => ({ ...world, refunds: world.refunds.filter((r) => r.kind === value) }),
  },
};

test.each(Object.entries(CUTS))(
  'under a cut by %s each value has what a world of its records alone has',
  async (name, { facts, valuesOf: cutValues, restrict }) => {
    const cut = Object.keys(CUTS).find((key): key is Cut => key === name);
    await fc.assert(
      fc.asyncProperty(randomWorld, scopes, periods, async (world, choices, { from, to }) => {
        const stored = await storeWorld(db, world);
        for (const choice of choices.slice(0, 2)) {
          const scope = scopeAsked(stored, choice);
          const measures = measuresOf(scope.kind).filter((key) => String(MEASURES[key].facts) === facts);
          const rows = await ask(stored, scope, { buckets: [from], to, measures, cut });
          const expected: [string, Amounts][] = [];
          for (const value of new Set(cutValues(world))) {
            for (const group of scope.groups) {
              const amounts = expectedAmounts(bruteForce(restrict(world, value), group.subject, from, to), measures);
              if (isSomething(amounts)) expected.push([nameOf(group, value), amounts]);
            }
          }
          expect(Object.fromEntries(rows.map((row) => [nameOf(row, row.cut), amountsOf(row, measures)]))).toEqual(
            Object.fromEntries(expected),
          );
        }
      }),
      { ...RUNS, numRuns: 8 },
    );
  },
  600_000,
);

test('a cut of another kind of records is refused', () => {
  const query: MeasureQuery = {
    organizationId: 1,
    kind: 'SHOP',
    shops: 'ALL',
    agents: null,
    buckets: ['2026-03-01'],
    to: '2026-03-31',
    measures: ['salesAmount'],
    cut: 'CHANNEL',
  };
  expect(() => buildFactMeasuresSql(query)).toThrow('CHANNEL');
});
