import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { buildFactMeasuresSql } from '../../src/db/sql/fact-measures-query.sql';
import { measurementsOf } from '../../src/db/sql/measured-rows.sql';
import { buildRollupMeasuresSql } from '../../src/db/sql/rollup-measures.sql';
import { grainOf, isAvailable, metricValue, type MetricValue } from '../../src/domain/kpi';
import type { MeasuredRow, MeasureQuery } from '../../src/domain/measure-query';
import { MEASURE_KEYS, MEASURES } from '../../src/domain/measures';
import { MetricCatalogue } from '../../src/domain/metric-catalogue';
import { addDays, bucketsOf, type Granularity, periodOf } from '../../src/domain/period';
import { NO_FACTS } from '../../src/domain/subject-facts';
import type { Day } from '../../src/domain/zone';
import { RollupService } from '../../src/services/rollup.service';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { type StoredWorld, storeWorld } from '../support/facts';
import { longWorld } from './random-world';
import { AGENT_PARTS, type AgentPart, scopeOf, SHOP_PARTS, type ShopPart, spelledOut } from './scopes';

const SEED = Number(process.env['KPI_SEED'] ?? 20260302);
const METRICS = MetricCatalogue.builtIn.list();
const GRANULARITIES = ['TOTAL', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const satisfies Granularity[];
const SEEN = [null, null, ['tea', 'toy'], ['toy'], ['tin', 'tea']];

interface QueryGrain {
  readonly shopPart: ShopPart;
  readonly agentPart: AgentPart;
}
/** What has one dimension, or is asked most; the others are put together in the same ways. */
const GRAINS: readonly QueryGrain[] = [
  ...SHOP_PARTS.map((shopPart) => ({ shopPart, agentPart: 'EVERYBODY' }) as const),
  ...AGENT_PARTS.slice(1).map((agentPart) => ({ shopPart: 'ORGANIZATION', agentPart }) as const),
  { shopPart: 'SHOP', agentPart: 'AGENT' },
];
const OTHER_GRAINS: readonly QueryGrain[] = SHOP_PARTS.slice(1).flatMap((shopPart) =>
  AGENT_PARTS.slice(1)
    .filter((agentPart) => shopPart !== 'SHOP' || agentPart !== 'AGENT')
    .map((agentPart) => ({ shopPart, agentPart })),
);

interface Question extends QueryGrain {
  readonly from: Day;
  readonly to: Day;
  readonly granularity: Granularity;
  readonly seen: readonly string[] | null;
  readonly isSpelledOut: boolean;
}

const ranges = fc.oneof(
  fc
    .tuple(fc.integer({ min: 0, max: 125 }), fc.constantFrom(1, 1, 2, 6, 7, 28, 31, 45, 90, 150))
    .map(([start, days]) => ({ from: addDays('2026-01-26', start), to: addDays('2026-01-26', start + days - 1) })),
  // Whole months, and a little more or less.
  fc
    .tuple(fc.constantFrom('2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01'), fc.constantFrom(0, 0, 1, -1, 9))
    .chain(([first, more]) =>
      fc
        .constantFrom('2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31')
        .filter((last) => last > first)
        .map((last) => ({ from: addDays(first, -more), to: addDays(last, more) })),
    ),
  fc.constant({ from: '2025-06-01', to: '2026-07-15' }),
);
const question = (grain: QueryGrain): fc.Arbitrary<Question> =>
  fc
    .record({
      range: ranges,
      granularity: fc.constantFrom(...GRANULARITIES),
      seen: fc.constantFrom(...SEEN),
      isSpelledOut: fc.boolean(),
    })
    .map(({ range, ...rest }) => ({ ...range, ...rest, ...grain }));

function questionsOf(grains: readonly QueryGrain[], times: number): Question[] {
  return grains.flatMap((grain, index) => fc.sample(question(grain), { numRuns: times, seed: SEED + index }));
}

/** Every combination, for those who have the time. */
function* everyQuestion(): Iterable<Question> {
  const found = fc.sample(ranges, { numRuns: 60, seed: SEED });
  for (const { shopPart, agentPart } of [...GRAINS, ...OTHER_GRAINS])
    for (const range of found)
      for (const granularity of GRANULARITIES)
        for (const seen of SEEN.slice(1))
          yield { ...range, shopPart, agentPart, granularity, seen, isSpelledOut: false };
}

function measureQuery(stored: StoredWorld, { shopPart, agentPart, seen, ...asked }: Question): MeasureQuery {
  const plain = scopeOf(stored, shopPart, agentPart, seen);
  const { kind, shops, agents } = asked.isSpelledOut ? spelledOut(stored, plain) : plain;
  return {
    organizationId: stored.organizationId,
    kind,
    shops,
    agents,
    buckets: bucketsOf(periodOf(asked.from, asked.to), asked.granularity).map(({ from }) => from),
    to: asked.to,
    measures: MEASURE_KEYS.filter((key) => MEASURES[key].grains.includes(grainOf(kind))),
  };
}

/** Every metric, of what was measured and an observation and a target of everything that formulas name. */
function valuesOf(row: MeasuredRow, { kind }: MeasureQuery): MetricValue[] {
  const operands = METRICS.map((metric) => MetricCatalogue.builtIn.operandsOf(metric));
  const facts = {
    ...NO_FACTS,
    measured: measurementsOf(row),
    observed: new Map(operands.flatMap(({ observations }) => observations.map((key) => [key, OBSERVED] as const))),
    targets: new Map(operands.flatMap(({ targets }) => targets.map((key) => [key, '7'] as const))),
    targetedSales: measurementsOf(row).get('salesAmount') ?? null,
  };
  return METRICS.map((metric) => metricValue(metric, kind, facts, MetricCatalogue.builtIn));
}
const OBSERVED = { sum: '12.5', count: 2, last: '6' };

/** Equal rows have equal values; some of each answer show that they have values at all. */
const EVALUATED_ROWS = 20;

const nameOf = (row: MeasuredRow): string => `${row.shopGroup} ${row.agentGroup} ${row.bucket} ${row.cut ?? ''}`;
const sorted = (rows: readonly MeasuredRow[]): MeasuredRow[] =>
  rows.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));

let db: TestDatabase;
let rollup: RollupService;
const worlds: StoredWorld[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
  rollup = new RollupService(db.database);
  for (const [index, world] of fc.sample(longWorld, { numRuns: 3, seed: SEED }).entries()) {
    const stored = await storeWorld(db, world);
    worlds.push(stored);
    await rollup.rebuild(stored.organizationId);
    // One world without months, one with all, and one that lacks a shop's March.
    if (index === 0) continue;
    while ((await rollup.closeMonths(stored.organizationId, '2026-06-20')) > 0);
    if (index === 1) continue;
    await db.tenant(stored.organizationId).query({
      text: `delete from rollup_month m where m.organization_id = $1 and m.shop_id = $2 and m.month = '2026-03-01'`,
      values: [stored.organizationId, stored.shops.of('toy')],
    });
  }
});
afterAll(() => db.close());

/** How often each metric was asked for at each grain, and had a value there. */
const asked = new Map<string, number>();
const answered = new Set<string>();

async function check(stored: StoredWorld, asking: Question): Promise<void> {
  const query = measureQuery(stored, asking);
  const tenant = db.tenant(stored.organizationId);
  const [facts, rollups] = await Promise.all([
    tenant.query<MeasuredRow>(buildFactMeasuresSql(query)).then(sorted),
    tenant.query<MeasuredRow>(buildRollupMeasuresSql(query)).then(sorted),
  ]);
  // Told apart by the slow comparison only where they differ.
  if (!isDeepStrictEqual(rollups, facts)) expect({ asking, rows: rollups }).toEqual({ asking, rows: facts });
  const grain = `${asking.shopPart} × ${asking.agentPart}`;
  for (const metric of METRICS) asked.set(`${grain} ${metric.key}`, (asked.get(`${grain} ${metric.key}`) ?? 0) + 1);
  for (const [index, row] of rollups.slice(0, EVALUATED_ROWS).entries()) {
    const values = valuesOf(row, query);
    expect(isDeepStrictEqual(values, valuesOf(present(facts[index]), query))).toBe(true);
    for (const { metric, exact } of values) if (exact !== null) answered.add(`${grain} ${metric}`);
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('There is one.');
  return value;
}

test('rollups equal the facts, measure by measure and metric by metric, whatever is asked', async () => {
  const questions =
    process.env['KPI_FULL_ORACLE'] === undefined
      ? [...questionsOf(GRAINS, 22), ...questionsOf(OTHER_GRAINS, 3)]
      : everyQuestion();
  let count = 0;
  for (const asking of questions) await check(present(worlds[(count += 1) % worlds.length]), asking);
  expect(count).toBeGreaterThanOrEqual(200);
}, 36_000_000);

test('every metric was asked for at every grain at least 20 times, and has a value at each that it has', () => {
  for (const { shopPart, agentPart } of GRAINS) {
    const grain = `${shopPart} × ${agentPart}`;
    const seldom = METRICS.filter(({ key }) => (asked.get(`${grain} ${key}`) ?? 0) < 20);
    const { kind } = scopeOf(present(worlds[0]), shopPart, agentPart, null);
    const silent = METRICS.filter((metric) => isAvailable(metric, kind) && !answered.has(`${grain} ${metric.key}`));
    expect([grain, seldom.map(({ key }) => key), silent.map(({ key }) => key)]).toEqual([grain, [], []]);
  }
});
