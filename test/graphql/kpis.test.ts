import { Snapshot } from '../../src/db/snapshot';
import { toGlobalId } from '../../src/domain/global-id';
import { RollupService } from '../../src/services/rollup.service';
import { type GraphqlAnswer, startTestApi, type TestApi } from '../support/api';
import { createTestDatabase, type TestDatabase } from '../support/database';
import {
  at,
  makeComplaint,
  makeHandled,
  makeOrder,
  makePresence,
  makeRefund,
  makeShop,
  makeWorld,
  type StoredWorld,
  storeWorld,
} from '../support/facts';

const MARCH = { from: '2026-03-01', to: '2026-03-31' };

/** Every session at ten in the morning: the client leaf has the shops tea and tin, the client play has toy, in euros. */
const session = (day: string, agent: string | null, shop: string, buyer: string, more = {}) =>
  makeHandled({ startedAt: at(`${day} 10:00`), agent, shop, buyer, ...more });
/** Paid at eleven, for an agent whom the source names. */
const order = (day: string, agent: string, shop: string, buyer: string, amount: string, more = {}) =>
  makeOrder({ placedAt: at(`${day} 11:00`), agent, shop, buyer, amount, ...more });

const WORLD = makeWorld({
  shops: [
    makeShop({ id: 'tea' }),
    makeShop({ id: 'tin', platform: 'JD' }),
    makeShop({ id: 'toy', client: 'play', platform: 'JD', currency: 'EUR' }),
  ],
  agents: [
    { id: 'ann', team: 'east' },
    { id: 'bob', team: 'east' },
    { id: 'cat', team: 'west' },
    { id: 'dan', team: null },
    { id: 'eve', team: 'west' },
    { id: 'old', team: 'west' },
  ],
  sessions: [
    session('2026-02-03', 'ann', 'tea', 'b5'),
    session('2026-03-02', 'ann', 'tea', 'b1', { channel: 'EMAIL' }),
    session('2026-03-02', 'ann', 'tea', 'b2', { purpose: 'PRE_SALE' }),
    session('2026-03-10', 'ann', 'tea', 'b1', { startedAt: at('2026-03-10 21:30') }),
    session('2026-03-03', 'bob', 'tea', 'b1'),
    session('2026-03-04', 'ann', 'toy', 't1'),
    session('2026-03-04', 'cat', 'toy', 't1'),
    session('2026-03-31', 'dan', 'tin', 'n1'),
    session('2026-03-05', null, 'tea', 'b9'),
  ],
  orders: [
    order('2026-02-03', 'ann', 'tea', 'b5', '40'),
    order('2026-03-02', 'ann', 'tea', 'b1', '100', { externalId: 'o1' }),
    order('2026-03-03', 'bob', 'tea', 'b3', '50'),
    order('2026-03-04', 'cat', 'toy', 't1', '70', { externalId: 'o2' }),
    order('2026-03-20', 'ann', 'tea', 'b2', '60'),
  ],
  refunds: [
    makeRefund({ order: 'o1', kind: 'EXCHANGE', openedAt: at('2026-02-25 10:00') }),
    makeRefund({ order: 'o1', kind: 'REFUND_ONLY', openedAt: at('2026-03-06 10:00') }),
    makeRefund({ order: 'o1', kind: 'REFUND_ONLY', openedAt: at('2026-03-07 10:00') }),
    makeRefund({ order: 'o2', shop: 'toy', openedAt: at('2026-03-07 10:00') }),
  ],
  complaints: [
    makeComplaint({ agent: 'ann', category: 'late' }),
    makeComplaint({ agent: 'bob', category: 'late' }),
    makeComplaint({ shop: 'toy', category: 'rude', subOrderCount: 3 }),
  ],
  presences: [makePresence({ agent: 'ann', shop: null }), makePresence({ agent: 'ann', shop: 'tea' })],
});

let db: TestDatabase;
let api: TestApi;
let stored: StoredWorld;
let key: string;
let limitedKey: string;

beforeAll(async () => {
  db = await createTestDatabase();
  api = await startTestApi(db);
  stored = await storeWorld(db, WORLD);
  const { organizationId } = stored;
  const runner = db.tenant(organizationId);
  const update = (text: string): Promise<unknown[]> => runner.query({ text, values: [organizationId] });
  await update(`update agent set active = false where organization_id = $1 and external_id in ('dan', 'old')`);
  await update(`update agent set level = 'SENIOR', role = 'PRE_SALE'
    where organization_id = $1 and external_id in ('ann', 'cat')`);
  await update(`update agent set level = 'JUNIOR' where organization_id = $1 and external_id = 'bob'`);
  await new RollupService(db.database).rebuild(organizationId);
  key = await api.createKey(organizationId);
  limitedKey = await api.createKey(organizationId, { clients: ['leaf'] });
});
afterAll(async () => {
  await api.close();
  await db.close();
});

const FIELDS = `period { from to days } comparedTo { from to days } metrics { key }
  rows {
    agent { externalId } team { externalId } shop { externalId } client { externalId } platform level role
    channel purpose hourOfDay complaintCategory refundKind bucketStart bucketEnd
    values { metric value nullReason currency previous change changeRatio }
  }
  total { bucketStart values { metric value nullReason currency previous change } }
  dataAsOf`;

function ask(input: object, asKey = key): Promise<GraphqlAnswer> {
  return api.query(asKey, `query ($input: KpiQueryInput!) { kpis(input: $input) { ${FIELDS} } }`, {
    input: { metrics: ['sessionsReceived'], period: MARCH, ...input },
  });
}

async function report(input: object, asKey = key) {
  const { data, errors } = await ask(input, asKey);
  expect(errors).toBeUndefined();
  return data.kpis;
}

interface Row {
  readonly [field: string]: unknown;
  readonly values: readonly { readonly value: number | null; readonly nullReason: string | null }[];
}

interface Grouped {
  readonly groupBy: readonly string[];
  readonly [argument: string]: unknown;
}

/** Each row as what it is grouped by, and its values or why there is none. */
async function table(input: Grouped, asKey = key): Promise<unknown[][]> {
  const { rows } = await report(input, asKey);
  return rows.map((row: Row) => [
    ...input.groupBy.map((dimension) => nameOf(row[FIELD_OF[dimension] ?? ''])),
    ...(row.bucketStart === null ? [] : [row.bucketStart]),
    ...row.values.map(({ value, nullReason }) => value ?? nullReason),
  ]);
}

const FIELD_OF: Readonly<Record<string, string>> = {
  ...{ AGENT: 'agent', TEAM: 'team', SHOP: 'shop', CLIENT: 'client', PLATFORM: 'platform', LEVEL: 'level' },
  ...{ ROLE: 'role', CHANNEL: 'channel', PURPOSE: 'purpose', HOUR_OF_DAY: 'hourOfDay' },
  ...{ COMPLAINT_CATEGORY: 'complaintCategory', REFUND_KIND: 'refundKind' },
};

function nameOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'externalId' in value ? value.externalId : value;
}

const idOf = {
  agent: (name: string): string => toGlobalId('Agent', stored.agents.of(name)),
  team: (name: string): string => toGlobalId('Team', stored.teams.of(name)),
  shop: (name: string): string => toGlobalId('Shop', stored.shops.of(name)),
  client: (name: string): string => toGlobalId('Client', stored.clients.of(name)),
};

describe('rows', () => {
  it('without a grouping: one for all, facts without an agent among them', async () => {
    expect(await table({ groupBy: [] })).toEqual([[8]]);
    const { rows } = await report({ groupBy: ['ORGANIZATION'], metrics: ['sessionsReceived', 'receivedBuyers'] });
    expect(rows.map((row: Row) => row.values)).toMatchObject([[{ value: 8 }, { value: 5 }]]);
  });

  it('of agents: the active ones, and others with facts', async () => {
    expect(await table({ groupBy: ['AGENT'] })).toEqual([
      ['ann', 4],
      ['bob', 1],
      ['cat', 1],
      ['dan', 1],
      ['eve', 0],
    ]);
  });

  it('of teams: people whom members share count once; agents without a team make a row', async () => {
    expect(await table({ groupBy: ['TEAM'], metrics: ['receivedBuyers', 'sessionsReceived'] })).toEqual([
      ['east', 3, 5],
      ['west', 1, 1],
      [null, 1, 1],
    ]);
  });

  it('of levels and roles, as they are now', async () => {
    expect(await table({ groupBy: ['LEVEL'] })).toEqual([
      ['JUNIOR', 1],
      ['SENIOR', 5],
      [null, 1],
    ]);
    expect(await table({ groupBy: ['ROLE', 'LEVEL'] })).toEqual([
      ['PRE_SALE', 'SENIOR', 5],
      [null, 'JUNIOR', 1],
      [null, null, 1],
    ]);
  });

  it('of shops, clients and platforms: all of them', async () => {
    expect(await table({ groupBy: ['SHOP'] })).toEqual([
      ['tea', 5],
      ['tin', 1],
      ['toy', 2],
    ]);
    expect(await table({ groupBy: ['CLIENT'] })).toEqual([
      ['leaf', 6],
      ['play', 2],
    ]);
    expect(await table({ groupBy: ['PLATFORM', 'CLIENT'] })).toEqual([
      ['JD', 'leaf', 1],
      ['JD', 'play', 2],
      ['TAOBAO', 'leaf', 5],
    ]);
  });

  it('of agents in shops: those that meet; all pairs where gaps are filled', async () => {
    expect(await table({ groupBy: ['AGENT', 'SHOP'] })).toEqual([
      ['ann', 'tea', 3],
      ['ann', 'toy', 1],
      ['bob', 'tea', 1],
      ['cat', 'toy', 1],
      ['dan', 'tin', 1],
    ]);
    const filled = await table({ groupBy: ['SHOP', 'AGENT'], fillGaps: true });
    expect(filled).toHaveLength(4 * 3 + 1);
    expect(filled).toContainEqual(['tin', 'eve', 0]);
  });

  it('of days: those with facts; all of them where gaps are filled', async () => {
    expect(await table({ groupBy: ['AGENT'], granularity: 'DAY', filter: { agentIds: [idOf.agent('ann')] } })).toEqual([
      ['ann', '2026-03-02', 2],
      ['ann', '2026-03-04', 1],
      ['ann', '2026-03-10', 1],
    ]);
    const filled = await table({ groupBy: ['TEAM'], granularity: 'DAY', fillGaps: true });
    expect(filled).toHaveLength(3 * 31);
    expect(filled[0]).toEqual(['east', '2026-03-01', 0]);
    expect(filled[1]).toEqual(['east', '2026-03-02', 2]);
  });

  it('of weeks and months: cut to the period, and people counted once in each', async () => {
    const { rows } = await report({
      metrics: ['receivedBuyers'],
      granularity: 'WEEK',
      filter: { shopIds: [idOf.shop('tea')] },
    });
    expect(rows.map((row: Row) => [row.bucketStart, row.bucketEnd, row.values[0]?.value])).toEqual([
      ['2026-03-02', '2026-03-08', 3],
      ['2026-03-09', '2026-03-15', 1],
    ]);
    expect(
      await table({
        groupBy: ['CLIENT'],
        metrics: ['salesAmount'],
        granularity: 'MONTH',
        period: { from: '2026-02-03', to: '2026-03-02' },
      }),
    ).toEqual([
      ['leaf', '2026-02-03', 40],
      ['leaf', '2026-03-01', 100],
    ]);
  });

  it('have stable ids, one for each', async () => {
    const ids = async () => {
      const { data } = await api.query(
        key,
        `query ($input: KpiQueryInput!) { kpis(input: $input) { rows { id } total { id } } }`,
        { input: { metrics: ['sessionsReceived'], period: MARCH, groupBy: ['AGENT'], granularity: 'WEEK' } },
      );
      return [...data.kpis.rows, data.kpis.total].map(({ id }: { id: string }) => id);
    };
    const first = await ids();
    expect(new Set(first).size).toBe(first.length);
    expect(await ids()).toEqual(first);
  });

  it('name what they are grouped by, and nothing else', async () => {
    const { rows } = await report({ groupBy: ['AGENT'] });
    expect(rows[0]).toMatchObject({
      agent: { externalId: 'ann' },
      ...{ team: null, shop: null, client: null, platform: null, level: null, role: null, channel: null },
      ...{ bucketStart: null, bucketEnd: null },
    });
  });
});

describe('filters', () => {
  it.each<[string, () => object, unknown[][]]>([
    ['a shop', () => ({ shopIds: [idOf.shop('toy')] }), [[2]]],
    ['a client and a platform', () => ({ clientIds: [idOf.client('leaf')], platforms: ['JD'] }), [[1]]],
    ['a team', () => ({ teamIds: [idOf.team('east')] }), [[5]]],
    [
      'agents and a shop',
      () => ({ agentIds: [idOf.agent('ann'), idOf.agent('cat')], shopIds: [idOf.shop('toy')] }),
      [[2]],
    ],
    ['an agent and another team', () => ({ agentIds: [idOf.agent('ann')], teamIds: [idOf.team('west')] }), [[0]]],
    ['nobody', () => ({ agentIds: [] }), [[0]]],
  ])('%s', async (_, filter, expected) => {
    expect(await table({ groupBy: [], filter: filter() })).toEqual(expected);
  });

  it('narrow what is listed', async () => {
    expect(await table({ groupBy: ['AGENT'], filter: { teamIds: [idOf.team('west')] } })).toEqual([
      ['cat', 1],
      ['eve', 0],
    ]);
    expect(await table({ groupBy: ['SHOP'], filter: { clientIds: [idOf.client('play')] } })).toEqual([['toy', 2]]);
    expect(await table({ groupBy: ['AGENT'], filter: { shopIds: [idOf.shop('tin')] } })).toEqual([
      ...[
        ['ann', 0],
        ['bob', 0],
        ['cat', 0],
      ],
      ...[
        ['dan', 1],
        ['eve', 0],
      ],
    ]);
  });

  it('on agents leave out facts without one, in rows of shops too', async () => {
    const filter = { teamIds: [idOf.team('east')] };
    expect(await table({ groupBy: ['SHOP'], filter })).toEqual([
      ['tea', 4],
      ['tin', 0],
      ['toy', 1],
    ]);
    expect(await table({ groupBy: ['SHOP', 'TEAM'], filter })).toEqual([
      ['tea', 'east', 4],
      ['toy', 'east', 1],
    ]);
  });
});

describe('order and limit', () => {
  it('order groups by their value over the whole period, nulls last, ties by what they are of', async () => {
    const groupBy = ['AGENT'];
    const metrics = ['averageOrderValue'];
    expect(await table({ groupBy, metrics, orderBy: { metric: 'averageOrderValue', direction: 'DESC' } })).toEqual([
      ['ann', 80],
      ['cat', 70],
      ['bob', 50],
      ['eve', 'ZERO_DENOMINATOR'],
    ]);
    expect(await table({ groupBy, metrics, orderBy: { metric: 'averageOrderValue', direction: 'ASC' } })).toEqual([
      ['bob', 50],
      ['cat', 70],
      ['ann', 80],
      ['eve', 'ZERO_DENOMINATOR'],
    ]);
    expect(await table({ groupBy, orderBy: { metric: 'sessionsReceived', direction: 'DESC' }, limit: 2 })).toEqual([
      ['ann', 4],
      ['bob', 1],
    ]);
  });

  it('take a metric that is not asked for, and keep the rows of a group together', async () => {
    const orderBy = { metric: 'salesAmount', direction: 'ASC' };
    expect(await table({ groupBy: ['AGENT'], granularity: 'WEEK', orderBy })).toEqual([
      ['dan', '2026-03-30', 1],
      ['bob', '2026-03-02', 1],
      ['cat', '2026-03-02', 1],
      ['ann', '2026-03-02', 3],
      ['ann', '2026-03-09', 1],
    ]);
    expect(
      await table({ groupBy: ['AGENT'], granularity: 'WEEK', orderBy: { ...orderBy, direction: 'DESC' }, limit: 1 }),
    ).toEqual([
      ['ann', '2026-03-02', 3],
      ['ann', '2026-03-09', 1],
    ]);
  });

  it('a limit alone takes the first groups', async () => {
    expect(await table({ groupBy: ['SHOP'], limit: 2 })).toEqual([
      ['tea', 5],
      ['tin', 1],
    ]);
  });
});

describe('comparison', () => {
  it('with the period before: the days just before, with change and ratio apart', async () => {
    const { comparedTo, rows, total } = await report({
      metrics: ['salesAmount'],
      groupBy: ['AGENT'],
      compareTo: 'PREVIOUS_PERIOD',
    });
    expect(comparedTo).toEqual({ from: '2026-01-29', to: '2026-02-28', days: 31 });
    expect(rows.map((row: Row) => row.values[0])).toMatchObject([
      { value: 160, previous: 40, change: 120, changeRatio: 3 },
      { value: 50, previous: 0, change: 50, changeRatio: null },
      { value: 70, previous: 0, change: 70, changeRatio: null },
      { value: 0, previous: 0, change: 0, changeRatio: null },
    ]);
    expect(total.values[0]).toMatchObject({ value: null, nullReason: 'MIXED_CURRENCIES', previous: 40, change: null });
  });

  it('of buckets: with those as far from the start, cut at the end of the compared period', async () => {
    const { rows } = await report({
      period: { from: '2026-03-01', to: '2026-03-10' },
      metrics: ['salesAmount'],
      filter: { shopIds: [idOf.shop('tea')] },
      granularity: 'WEEK',
      compareTo: 'PREVIOUS_PERIOD',
      fillGaps: true,
    });
    // 19 to 28 February: 1 + 7 + 2 days, none with sales.
    expect(rows.map((row: Row) => [row.bucketStart, row.values[0]])).toMatchObject([
      ['2026-03-01', { value: 0, previous: 0 }],
      ['2026-03-02', { value: 150, previous: 0, change: 150 }],
      ['2026-03-09', { value: 0, previous: 0 }],
    ]);
    const year = await report({
      period: { from: '2027-02-01', to: '2027-02-07' },
      metrics: ['salesAmount'],
      filter: { shopIds: [idOf.shop('tea')] },
      granularity: 'DAY',
      compareTo: 'PREVIOUS_YEAR',
      fillGaps: true,
    });
    expect(year.rows.map((row: Row) => row.values[0])).toMatchObject(
      [0, 0, 40, 0, 0, 0, 0].map((previous) => ({ value: 0, previous, change: 0 - previous })),
    );
  });
});

describe('own windows', () => {
  it('each metric over its own days, and the others over the period', async () => {
    const query = {
      period: { from: '2026-03-24', to: '2026-03-24' },
      metrics: ['sessionsReceived', 'refundCount', 'refundRate'],
      groupBy: ['SHOP'],
    };
    expect(await table({ ...query, ownWindow: false })).toEqual([
      ['tea', 0, 0, 'ZERO_DENOMINATOR'],
      ['tin', 0, 0, 'ZERO_DENOMINATOR'],
      ['toy', 0, 0, 'ZERO_DENOMINATOR'],
    ]);
    // The 28 days from 25 February.
    expect(await table({ ...query, ownWindow: true, orderBy: { metric: 'refundCount', direction: 'DESC' } })).toEqual([
      ['tea', 0, 3, 1],
      ['toy', 0, 1, 1],
      ['tin', 0, 0, 'ZERO_DENOMINATOR'],
    ]);
  });
});

describe('cuts', () => {
  const metrics = ['sessionsReceived', 'salesAmount'];
  it('split sessions by channel, purpose and hour; a metric of anything else has no value there', async () => {
    const none = 'NOT_AVAILABLE_AT_THIS_GRAIN';
    expect(await table({ groupBy: ['CHANNEL'], metrics })).toEqual([
      ['CHAT', 7, none],
      ['EMAIL', 1, none],
    ]);
    expect(await table({ groupBy: ['PURPOSE'], metrics })).toEqual([
      ['PRE_SALE', 1, none],
      [null, 7, none],
    ]);
    expect(
      await table({ groupBy: ['AGENT', 'HOUR_OF_DAY'], metrics, filter: { teamIds: [idOf.team('east')] } }),
    ).toEqual([
      ['ann', 10, 3, none],
      ['ann', 21, 1, none],
      ['bob', 10, 1, none],
    ]);
    expect(await table({ groupBy: ['CHANNEL'], metrics: ['salesAmount'] })).toEqual([
      ['CHAT', none],
      ['EMAIL', none],
    ]);
  });

  it('split complaints by category and refunds by kind', async () => {
    expect(await table({ groupBy: ['COMPLAINT_CATEGORY'], metrics: ['complaintCount'] })).toEqual([
      ['late', 2],
      ['rude', 3],
    ]);
    expect(
      await table({
        groupBy: ['REFUND_KIND'],
        metrics: ['refundCount'],
        orderBy: { metric: 'refundCount', direction: 'DESC' },
        limit: 1,
        granularity: 'DAY',
      }),
    ).toEqual([
      ['REFUND_ONLY', '2026-03-06', 1],
      ['REFUND_ONLY', '2026-03-07', 1],
    ]);
  });

  it('leave the total whole', async () => {
    const { total } = await report({ groupBy: ['CHANNEL'], metrics });
    expect(total.values).toMatchObject([{ value: 8 }, { nullReason: 'MIXED_CURRENCIES' }]);
  });
});

describe('the total', () => {
  it('is of all that was asked for, and not of the rows', async () => {
    const metrics = ['receivedBuyers', 'sessionsReceived'];
    const { total } = await report({ groupBy: ['SHOP'], metrics, limit: 1, granularity: 'DAY' });
    expect(total).toMatchObject({ bucketStart: null, values: [{ value: 5 }, { value: 8 }] });
  });

  it('over agents is of agents alone, as one', async () => {
    const { total } = await report({
      groupBy: ['AGENT'],
      metrics: ['sessionsReceived', 'receivedBuyers', 'peakConcurrentSessions', 'shopSalesAmount'],
    });
    expect(total.values.map(({ value, nullReason }: Row['values'][0]) => value ?? nullReason)).toEqual([
      ...[7, 4],
      ...['NOT_AVAILABLE_AT_THIS_GRAIN', 'NOT_AVAILABLE_AT_THIS_GRAIN'],
    ]);
  });

  it('has what belongs to no shop; rows of shops have not', async () => {
    const metrics = ['onlineHours'];
    const { rows, total } = await report({ groupBy: ['SHOP'], metrics });
    expect(rows.map((row: Row) => row.values[0])).toMatchObject([
      { value: 3 },
      { nullReason: 'ZERO_DENOMINATOR' },
      { nullReason: 'ZERO_DENOMINATOR' },
    ]);
    const { data } = await api.query(
      key,
      `query ($input: KpiQueryInput!) { kpis(input: $input) { total { values { numerator denominator } } } }`,
      { input: { metrics, period: MARCH, groupBy: ['SHOP'] } },
    );
    expect(data.kpis.total.values).toEqual([{ numerator: '6', denominator: '2' }]);
    expect(total.values).toMatchObject([{ value: 3 }]);
  });
});

describe('values', () => {
  it('come in the order asked for, however often', async () => {
    const metrics = ['salesAmount', 'sessionsReceived', 'salesAmount'];
    const { metrics: listed, rows } = await report({ metrics, groupBy: ['AGENT'], limit: 1 });
    expect(listed.map((metric: { key: string }) => metric.key)).toEqual(metrics);
    expect(rows[0].values).toMatchObject([{ metric: 'salesAmount', value: 160 }, { value: 4 }, { value: 160 }]);
  });

  it('never add up different currencies', async () => {
    const { rows } = await report({
      metrics: ['salesAmount', 'salesBuyers', 'averageSpendPerBuyer'],
      groupBy: ['PLATFORM'],
    });
    expect(rows[0].values).toMatchObject([
      { value: 70, currency: 'EUR' },
      { value: 1 },
      { value: 70, currency: 'EUR' },
    ]);
    const { total } = await report({ metrics: ['salesAmount', 'salesBuyers'] });
    expect(total.values).toMatchObject([{ value: null, nullReason: 'MIXED_CURRENCIES', currency: null }, { value: 4 }]);
  });

  it('are the same as typed fields', async () => {
    const { data } = await api.query(
      key,
      `{ agents { nodes { externalId kpis(period: { from: "2026-03-01", to: "2026-03-31" }) {
        sessionsReceived receivedBuyers salesAmount replyRate value(metric: "averageOrderValue") { value }
      } } } }`,
    );
    const metrics = ['sessionsReceived', 'receivedBuyers', 'salesAmount', 'replyRate', 'averageOrderValue'];
    const { rows } = await report({ metrics, groupBy: ['AGENT'] });
    for (const row of rows) {
      const { kpis } = data.agents.nodes.find(
        (node: { externalId: string }) => node.externalId === row.agent.externalId,
      );
      const typed = [
        kpis.sessionsReceived,
        kpis.receivedBuyers,
        Number(kpis.salesAmount),
        kpis.replyRate,
        kpis.value.value,
      ];
      expect(row.values.map(({ value }: { value: number }) => value)).toEqual(typed);
    }
  });
});

describe('how far the numbers are', () => {
  it('is now where nothing is to be worked out, else before the first of it', async () => {
    const { dataAsOf } = await report({});
    const again = await report({});
    expect(Date.parse(again.dataAsOf)).toBeGreaterThanOrEqual(Date.parse(dataAsOf));
    const runner = db.tenant(stored.organizationId);
    await runner.query({
      text: `insert into rollup_mark (organization_id, shop_id, marked_at) values ($1, 1, '2026-03-01T00:00:00Z')`,
      values: [stored.organizationId],
    });
    expect(Date.parse((await report({})).dataAsOf)).toBeLessThan(Date.parse('2026-03-01T00:00:00Z'));
    await runner.query({ text: 'delete from rollup_mark where organization_id = $1', values: [stored.organizationId] });
  });
});

describe('presets', () => {
  it("begin at the organization's today, as those of typed fields", async () => {
    const period = { preset: 'LAST_MONTH' };
    const { data } = await api.query(
      key,
      `{ viewer { organization { kpis(period: { preset: LAST_MONTH }) { period { from to days } } } } }`,
    );
    expect((await report({ period, compareTo: 'PREVIOUS_PERIOD' })).period).toEqual(
      data.viewer.organization.kpis.period,
    );
  });
});

describe('a key limited to clients', () => {
  it('gets rows, totals and agents of their shops only', async () => {
    expect(await table({ groupBy: ['SHOP'] }, limitedKey)).toEqual([
      ['tea', 5],
      ['tin', 1],
    ]);
    expect(await table({ groupBy: ['AGENT'] }, limitedKey)).toEqual([
      ['ann', 3],
      ['bob', 1],
      ['dan', 1],
    ]);
    expect(await table({ groupBy: ['TEAM'] }, limitedKey)).toEqual([
      ['east', 4],
      [null, 1],
    ]);
    expect(await table({ groupBy: ['LEVEL'] }, limitedKey)).toEqual([[null, 5]]);
    const { total } = await report({ groupBy: ['AGENT'], metrics: ['salesAmount', 'onlineHours'] }, limitedKey);
    expect(total.values).toMatchObject([{ value: 210, currency: 'CNY' }, { value: 3 }]);
  });

  it("cannot tell another client's things from what does not exist", async () => {
    const cases: [string, string, string][] = [
      ['shopIds', idOf.shop('toy'), toGlobalId('Shop', 999)],
      ['clientIds', idOf.client('play'), toGlobalId('Client', 999)],
      ['agentIds', idOf.agent('cat'), toGlobalId('Agent', 999)],
      ['teamIds', idOf.team('west'), toGlobalId('Team', 999)],
    ];
    for (const [field, ...ids] of cases) {
      for (const id of ids) {
        const { data, errors } = await ask({ filter: { [field]: [id] } }, limitedKey);
        expect(data).toBeNull();
        expect(errors?.map(({ extensions }) => [extensions.code, extensions.field])).toEqual([['NOT_FOUND', field]]);
      }
    }
  });
});

it('another organization gets nothing by these ids', async () => {
  const foreign = await api.createKey(await db.createOrganization('Other'));
  for (const filter of [{ shopIds: [idOf.shop('tea')] }, { agentIds: [idOf.agent('ann')] }]) {
    const { data: nothing, errors } = await ask({ groupBy: ['AGENT'], filter }, foreign);
    expect([nothing, errors?.[0]?.extensions.code]).toEqual([null, 'NOT_FOUND']);
  }
  expect(await table({ groupBy: ['SHOP'] }, foreign)).toEqual([]);
  const { data } = await api.query(
    foreign,
    `{ kpiRecords(metric: "sessionsReceived", part: NUMERATOR, period: { from: "2026-03-01", to: "2026-03-31" }) {
      totalCount nodes { id }
    } }`,
  );
  expect(data.kpiRecords).toEqual({ totalCount: 0, nodes: [] });
});

describe('bad input', () => {
  const days = (from: string, to: string) => ({ period: { from, to } });
  it.each<[string, object, string, string?]>([
    ['no metric', { metrics: [] }, 'metrics'],
    ['too many metrics', { metrics: Array(101).fill('salesAmount') }, 'metrics'],
    ['an unknown metric', { metrics: ['salesAmount', 'nonsense'] }, 'metrics'],
    ['from after to', days('2026-03-02', '2026-03-01'), 'from'],
    ['more than 1,100 days', days('2020-01-01', '2026-03-01'), 'to'],
    ['both preset and dates', { period: { preset: 'TODAY', ...MARCH } }, 'preset'],
    ['neither', { period: {} }, 'from'],
    ['groupBy twice', { groupBy: ['AGENT', 'SHOP', 'AGENT'] }, 'groupBy'],
    ['two cuts', { groupBy: ['CHANNEL', 'PURPOSE'] }, 'groupBy'],
    ['limit 0', { limit: 0 }, 'limit'],
    ['an unknown metric to order by', { orderBy: { metric: 'nonsense', direction: 'ASC' } }, 'orderBy'],
    [
      'a metric to order by that agents do not have',
      { groupBy: ['AGENT'], orderBy: { metric: 'shopSalesAmount', direction: 'ASC' } },
      'orderBy',
    ],
    [
      'a metric to order by that the cut does not have',
      { groupBy: ['CHANNEL'], orderBy: { metric: 'salesAmount', direction: 'ASC' } },
      'orderBy',
    ],
    ['own windows of days', { ownWindow: true, granularity: 'DAY' }, 'ownWindow'],
    ['the id of another type', { filter: { shopIds: [toGlobalId('Agent', 1)] } }, 'shopIds'],
  ])('%s: an error that names the field', async (_, input, field) => {
    const { errors, data } = await ask(input);
    expect(data).toBeNull();
    expect(errors?.map(({ extensions }) => [extensions.code, extensions.field])).toEqual([['BAD_USER_INPUT', field]]);
  });

  it('more than 20,000 rows: the error names the feed, before anything is measured', async () => {
    const organizationId = await db.createOrganization('Large');
    await db.tenant(organizationId).query({
      text: `insert into agent (organization_id, external_id, name, active)
        select $1, 'a' || n, 'Agent', true
        from generate_series(1, 19) n`,
      values: [organizationId],
    });
    const largeKey = await api.createKey(organizationId);
    const run = jest.spyOn(Snapshot.prototype, 'query');
    const large = { groupBy: ['AGENT'], granularity: 'DAY', fillGaps: true, ...days('2023-04-01', '2026-03-31') };
    const { errors } = await ask(large, largeKey);
    const texts = run.mock.calls.map(([statement]) => statement.text);
    run.mockRestore();
    expect(errors?.[0]?.extensions.code).toBe('RESULT_TOO_LARGE');
    expect(errors?.[0]?.message).toContain('/v1/feeds/kpis');
    expect(texts.filter((text) => text.includes('agent_day'))).toEqual([]);
    expect((await ask({ ...large, limit: 18 }, largeKey)).errors).toBeUndefined();
    expect((await ask({ ...large, fillGaps: false }, largeKey)).errors).toBeUndefined();
  });

  it('a key without KPI_READ is refused', async () => {
    const other = await api.createKey(stored.organizationId, { scopes: ['RECORDS_READ'] });
    expect((await ask({}, other)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});
