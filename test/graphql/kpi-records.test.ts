import { toGlobalId } from '../../src/domain/global-id';
import { METRICS } from '../../src/domain/metrics';
import { RollupService } from '../../src/services/rollup.service';
import { startTestApi, type TestApi } from '../support/api';
import { createTestDatabase, type TestDatabase } from '../support/database';
import {
  at,
  makeComplaint,
  makeHandled,
  makeOrder,
  makeRefund,
  makeShop,
  makeWorld,
  type StoredWorld,
  storeWorld,
} from '../support/facts';

const MARCH = { from: '2026-03-01', to: '2026-03-31' };

const WORLD = makeWorld({
  shops: [makeShop({ id: 'tea' }), makeShop({ id: 'toy', client: 'play' })],
  sessions: [
    makeHandled({ externalId: 's1', buyer: 'b1', csat: 5, resolved: true, resolvedOnFirstContact: false }),
    makeHandled({ externalId: 's2', buyer: 'b1', startedAt: at('2026-03-02 10:30'), agent: 'bob', csat: 3 }),
    makeHandled({ externalId: 's3', buyer: 'b2', startedAt: at('2026-03-09 10:00'), purpose: 'AFTER_SALE' }),
    makeHandled({ externalId: 's4', buyer: 'b3', excluded: true }),
    makeHandled({ externalId: 's5', buyer: 'b4', startedAt: at('2026-04-01 10:00') }),
    makeHandled({ externalId: 's6', shop: 'toy', buyer: 'b1', agent: null, csat: 4 }),
  ],
  orders: [
    makeOrder({ externalId: 'o1', buyer: 'b1' }),
    makeOrder({ externalId: 'o2', buyer: 'b1', placedAt: at('2026-03-20 10:00'), agent: 'ann', reviewScore: 1 }),
    makeOrder({ externalId: 'o3', buyer: 'b7', cancelledAt: at('2026-03-03 10:00') }),
    makeOrder({ externalId: 'o4', shop: 'toy', buyer: 'b1' }),
  ],
  refunds: [
    makeRefund({
      externalId: 'r1',
      order: 'o1',
      status: 'COMPLETED',
      closedAt: at('2026-03-04 10:00'),
      completedBy: 'MERCHANT',
    }),
    makeRefund({ externalId: 'r2', order: 'o1' }),
  ],
  complaints: [
    makeComplaint({ externalId: 'k1', order: 'o1', subOrderCount: 3 }),
    makeComplaint({ externalId: 'k2', session: 's3' }),
  ],
});

let db: TestDatabase;
let api: TestApi;
let stored: StoredWorld;
let key: string;

beforeAll(async () => {
  db = await createTestDatabase();
  api = await startTestApi(db);
  stored = await storeWorld(db, WORLD);
  await new RollupService(db.database).rebuild(stored.organizationId);
  key = await api.createKey(stored.organizationId);
});
afterAll(async () => {
  await api.close();
  await db.close();
});

const RECORDS = `query (
  $metric: String!, $part: KpiPart!, $period: PeriodInput!, $filter: KpiFilter
  $first: Int, $after: String, $last: Int, $before: String
) {
  kpiRecords(metric: $metric, part: $part, period: $period, filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    totalCount
    edges { cursor }
    nodes {
      id __typename
      ... on Session { externalId } ... on Order { externalId } ... on Refund { externalId }
      ... on Complaint { externalId } ... on Buyer { externalId shop { externalId } }
    }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

interface Arguments {
  readonly metric: string;
  readonly part?: 'NUMERATOR' | 'DENOMINATOR';
  readonly [argument: string]: unknown;
}

const ask = (wanted: Arguments, asKey = key) =>
  api.query(asKey, RECORDS, { part: 'NUMERATOR', period: MARCH, first: 100, ...wanted });

async function records(wanted: Arguments, asKey = key) {
  const { data, errors } = await ask(wanted, asKey);
  expect(errors).toBeUndefined();
  return data.kpiRecords;
}

async function names(wanted: Arguments, asKey = key): Promise<string[]> {
  const { nodes } = await records(wanted, asKey);
  return nodes
    .map((node: { __typename: string; externalId: string }) => `${node.__typename} ${node.externalId}`)
    .sort();
}

describe('the records behind a number', () => {
  it.each<[string, 'NUMERATOR' | 'DENOMINATOR', string[]]>([
    ['sessionsReceived', 'NUMERATOR', ['Session s1', 'Session s2', 'Session s3', 'Session s6']],
    ['excludedSessions', 'NUMERATOR', ['Session s4']],
    ['csatRate', 'NUMERATOR', ['Session s1', 'Session s6']],
    ['csatRate', 'DENOMINATOR', ['Session s1', 'Session s2', 'Session s6']],
    ['csatAverage', 'NUMERATOR', ['Session s1', 'Session s2', 'Session s6']],
    ['receivedBuyers', 'NUMERATOR', ['Buyer b1', 'Buyer b1', 'Buyer b2']],
    ['inquiryPaidConversionRate', 'DENOMINATOR', ['Buyer b1', 'Buyer b1']],
    ['salesAmount', 'NUMERATOR', ['Order o1', 'Order o2']],
    ['shopSalesAmount', 'NUMERATOR', ['Order o1', 'Order o2', 'Order o4']],
    ['badReviews', 'NUMERATOR', ['Order o2']],
    ['refundCount', 'NUMERATOR', ['Refund r1', 'Refund r2']],
    ['selfResolvedRefundRate', 'DENOMINATOR', ['Refund r1']],
    ['complaintCount', 'NUMERATOR', ['Complaint k1', 'Complaint k2']],
    ['complaintRate', 'DENOMINATOR', ['Order o1', 'Order o2', 'Order o4']],
  ])('%s, %s', async (metric, part, expected) => {
    expect(await names({ metric, part })).toEqual(expected);
  });

  it('follow the filter', async () => {
    const agents = (...ids: string[]) => ({ agentIds: ids.map((id) => toGlobalId('Agent', stored.agents.of(id))) });
    expect(await names({ metric: 'sessionsReceived', filter: agents('bob') })).toEqual(['Session s2']);
    expect(await names({ metric: 'assistedBuyers', filter: agents('ann') })).toEqual(['Buyer b1']);
    expect(await names({ metric: 'receivedBuyers', filter: agents('ann', 'bob') })).toEqual(['Buyer b1', 'Buyer b2']);
    const shop = toGlobalId('Shop', stored.shops.of('toy'));
    expect(await names({ metric: 'sessionsReceived', filter: { shopIds: [shop] } })).toEqual(['Session s6']);
    expect(await records({ metric: 'sessionsReceived', filter: { agentIds: [] } })).toMatchObject({
      totalCount: 0,
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null },
    });
  });

  it('come in pages, forward and backward', async () => {
    const metric = 'sessionsReceived';
    const all = (await records({ metric })).nodes;
    const forward = await records({ metric, first: 3 });
    expect([forward.totalCount, forward.nodes, forward.pageInfo.hasNextPage]).toEqual([4, all.slice(0, 3), true]);
    const rest = await records({ metric, first: 3, after: forward.pageInfo.endCursor });
    expect([rest.nodes, rest.pageInfo]).toMatchObject([all.slice(3), { hasNextPage: false, hasPreviousPage: true }]);
    const backward = await records({ metric, first: undefined, last: 2, before: forward.pageInfo.endCursor });
    expect([backward.nodes, backward.pageInfo.hasPreviousPage]).toEqual([all.slice(0, 2), false]);
    const { errors } = await ask({ metric: 'refundCount', after: forward.pageInfo.endCursor });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_CURSOR', field: 'after' });
  });

  it('of a key limited to clients are those of their shops', async () => {
    const limited = await api.createKey(stored.organizationId, { clients: ['play'] });
    expect(await names({ metric: 'sessionsReceived' }, limited)).toEqual(['Session s6']);
    expect(await names({ metric: 'receivedBuyers' }, limited)).toEqual(['Buyer b1']);
    const tea = toGlobalId('Shop', stored.shops.of('tea'));
    const { errors } = await ask({ metric: 'sessionsReceived', filter: { shopIds: [tea] } }, limited);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', field: 'shopIds' });
  });

  it.each<[string, Arguments, string]>([
    ['an unknown metric', { metric: 'nonsense' }, 'metric'],
    ['a denominator that there is not', { metric: 'salesAmount', part: 'DENOMINATOR' }, 'part'],
    ['a difference', { metric: 'netSalesAmount' }, 'part'],
    ['days', { metric: 'sessionsPerAgentDay', part: 'DENOMINATOR' }, 'part'],
    ['time online', { metric: 'onlineHours' }, 'part'],
    ['observations', { metric: 'dsrService' }, 'part'],
    ['targets', { metric: 'salesTargetAttainment' }, 'part'],
    ['a metric of agents, of shops', { metric: 'assistedBuyers' }, 'metric'],
    ['too large a page', { metric: 'salesAmount', first: 101 }, 'first'],
  ])('are not there for %s', async (_, wanted, field) => {
    const { errors } = await ask(wanted);
    expect(errors?.map(({ extensions }) => [extensions.code, extensions.field])).toEqual([['BAD_USER_INPUT', field]]);
  });

  it('need both scopes', async () => {
    for (const scope of ['KPI_READ', 'RECORDS_READ'] as const) {
      const one = await api.createKey(stored.organizationId, { scopes: [scope] });
      expect((await ask({ metric: 'salesAmount' }, one)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    }
  });

  it('are as many as the number says, for every metric that counts records or people', async () => {
    const counted = [...METRICS.values()].filter(
      ({ unit, additivity, grains, measures }) =>
        unit === 'COUNT' && additivity !== 'RATIO' && grains.includes('SHOP') && measures[0] !== 'complaintCount',
    );
    expect(counted.length).toBeGreaterThan(10);
    const { data } = await api.query(
      key,
      `query ($input: KpiQueryInput!) { kpis(input: $input) { rows { values { metric value } } } }`,
      { input: { metrics: counted.map((metric) => metric.key), period: MARCH } },
    );
    const [row] = data.kpis.rows;
    for (const { metric, value } of row.values) {
      expect([metric, (await records({ metric })).totalCount]).toEqual([metric, value]);
    }
  });
});
