import fc from 'fast-check';
import { buildFactMeasuresSql } from '../../src/db/sql/fact-measures-query.sql';
import { MEASURE_SQL } from '../../src/db/sql/fact-measures.sql';
import {
  buildKpiRecordCountSql,
  buildKpiRecordsSql,
  type KpiRecordPage,
  type KpiRecordsQuery,
  recordTypeOf,
} from '../../src/db/sql/kpi-records.sql';
import type { SqlRunner } from '../../src/db/sql-query';
import { grainOf } from '../../src/domain/kpi';
import type { MeasuredRow } from '../../src/domain/measure-query';
import { MEASURE_KEYS, type MeasureKey, MEASURES } from '../../src/domain/measures';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeOrder, makeSession, makeWorld, storeWorld } from '../support/facts';
import { longWorld } from './random-world';
import { AGENT_PARTS, type Scope, type ScopeGroup, scopeOf, SHOP_PARTS } from './scopes';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const ALL: KpiRecordPage = { after: null, before: null, limit: 10_000, backward: false };

async function list(
  runner: SqlRunner,
  query: KpiRecordsQuery,
  measure: MeasureKey,
  page: Partial<KpiRecordPage> = {},
): Promise<string[]> {
  const rows = await runner.query<{ key: string | number }>(buildKpiRecordsSql(query, measure, { ...ALL, ...page }));
  return rows.map(({ key }) => String(key));
}

async function count(runner: SqlRunner, query: KpiRecordsQuery, measure: MeasureKey): Promise<number | undefined> {
  const [row] = await runner.query<{ count: number }>(buildKpiRecordCountSql(query, measure));
  return row?.count;
}

/** One group of the scope alone. */
function queryOf(organizationId: number, { kind, shops, agents }: Scope, { shopGroup, agentGroup }: ScopeGroup) {
  return {
    organizationId,
    kind,
    shops: shops === 'ALL' ? shops : shops.filter(({ group }) => group === shopGroup),
    agents: agents && agents.filter(({ group }) => group === agentGroup),
    buckets: ['2026-02-01'],
    to: '2026-04-05',
  };
}

/** What the records of a sum add up to. */
const SUMS: { readonly [Key in MeasureKey]?: string } = {
  responseMs: 'sum(r.response_ms) from session r',
  timedRounds: 'sum(r.timed_rounds) from session r',
  handleMs: 'sum(r.handle_ms) from session r',
  talkSeconds: 'sum(r.talk_seconds) from session r',
  salesAmount: 'sum(coalesce(r.paid_amount, r.amount)) from orders r',
  itemsSold: 'sum(r.item_count) from orders r',
  refundedSalesAmount: 'sum(r.amount) from refund r',
  complaintCount: 'sum(r.sub_order_count) from complaint r',
};

test('as many records as the measure counts, and those of a sum add up to it', async () => {
  const scopes = SHOP_PARTS.flatMap((shopPart) => AGENT_PARTS.map((agentPart) => ({ shopPart, agentPart })));
  const [world] = fc.sample(longWorld, { numRuns: 1, seed: 20260302 });
  const stored = await storeWorld(db, world ?? makeWorld());
  const runner = db.tenant(stored.organizationId);
  const listed = new Set<MeasureKey>();
  for (const { shopPart, agentPart } of scopes) {
    const scope = scopeOf(stored, shopPart, agentPart, null);
    const [group] = scope.groups.slice(-1);
    if (!group) continue;
    const query = queryOf(stored.organizationId, scope, group);
    const measures = MEASURE_KEYS.filter((key) => MEASURES[key].grains.includes(grainOf(scope.kind)));
    const [row] = await runner.query<MeasuredRow>(buildFactMeasuresSql({ ...query, measures }));
    for (const measure of measures.filter((key) => recordTypeOf(key) !== null)) {
      const keys = await list(runner, query, measure);
      const amount = Number(row?.[measure] ?? 0);
      const found = { measure, scope, records: await count(runner, query, measure) };
      expect(found).toEqual({ measure, scope, records: keys.length });
      if (keys.length > 0) listed.add(measure);
      if (MEASURE_SQL[measure].aggregate.startsWith('count'))
        expect(found).toEqual({ measure, scope, records: amount });
      const sum = SUMS[measure];
      if (sum === undefined) continue;
      const values = [stored.organizationId, keys];
      const text = `select coalesce(${sum.replace(' from ', ', 0) as sum from ')} where r.organization_id = $1 and r.id = any($2::bigint[])`;
      const [added] = await runner.query<{ sum: string }>({ text, values });
      expect([measure, Number(added?.sum)]).toEqual([measure, amount]);
    }
  }
  expect(MEASURE_KEYS.filter((key) => recordTypeOf(key) !== null && !listed.has(key))).toEqual([]);
});

test('pages follow each other in either direction, and between two marks', async () => {
  const buyers = Array.from({ length: 7 }, (_, i) => `b${i}`);
  const world = makeWorld({
    // Twice each: people and records are listed once.
    sessions: [...buyers, ...buyers].map((buyer) => makeSession({ buyer })),
    orders: [...buyers, ...buyers].map((buyer) => makeOrder({ buyer })),
  });
  const { organizationId } = await storeWorld(db, world);
  const runner = db.tenant(organizationId);
  const query = {
    organizationId,
    kind: 'SHOP',
    shops: 'ALL',
    agents: null,
    buckets: ['2026-03-01'],
    to: '2026-03-31',
  } as const;
  for (const measure of ['inquiringBuyers', 'payingBuyers', 'sessionsReceived', 'salesBuyers'] as const) {
    const all = await list(runner, query, measure);
    expect(all).toEqual(all.toSorted((a, b) => Number(a) - Number(b)));
    const pages = (page: Partial<KpiRecordPage>): Promise<string[]> => list(runner, query, measure, page);
    expect(await pages({ limit: 3 })).toEqual(all.slice(0, 3));
    expect(await pages({ limit: 3, after: all[2] ?? null })).toEqual(all.slice(3, 6));
    expect(await pages({ limit: 3, backward: true })).toEqual(all.slice(-3).reverse());
    expect(await pages({ limit: 3, backward: true, before: all.at(-3) ?? null })).toEqual(all.slice(-6, -3).reverse());
    expect(await pages({ after: all[1] ?? null, before: all[5] ?? null })).toEqual(all.slice(2, 5));
    expect(await pages({ after: all.at(-1) ?? null })).toEqual([]);
  }
});

test('days, accounts and what is open at once are no records', () => {
  const without = MEASURE_KEYS.filter((key) => recordTypeOf(key) === null);
  expect(without).toEqual([
    ...['judgedBuyerDays', 'effectiveBuyerDays', 'accountDays', 'onlineMs', 'agentDays', 'peakConcurrentSessions'],
  ]);
  const query = {
    organizationId: 1,
    kind: 'SHOP',
    shops: 'ALL',
    agents: null,
    buckets: ['2026-03-01'],
    to: '2026-03-31',
  } as const;
  for (const measure of without) {
    expect(() => buildKpiRecordsSql(query, measure, ALL)).toThrow(measure);
    expect(() => buildKpiRecordCountSql(query, measure)).toThrow(measure);
  }
});

test.each([
  ['inquiringBuyers', 'Buyer'],
  ['responseMs', 'Session'],
  ['excludedSessions', 'Session'],
  ['salesAmount', 'Order'],
  ['refundedSalesAmount', 'Refund'],
  ['refundsDisputed', 'Refund'],
  ['complaintCount', 'Complaint'],
] as const)('behind %s there are records of the type %s', (measure, type) => {
  expect(recordTypeOf(measure)).toBe(type);
});
