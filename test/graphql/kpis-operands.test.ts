import { Snapshot } from '../../src/db/snapshot';
import { toGlobalId } from '../../src/domain/global-id';
import { RollupService } from '../../src/services/rollup.service';
import { startTestApi, type TestApi } from '../support/api';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { at, makeHandled, makeOrder, makeShop, makeWorld, type StoredWorld, storeWorld } from '../support/facts';

const MARCH = { from: '2026-03-01', to: '2026-03-31' };

const sale = (day: string, agent: string, amount: string, shop = 'tea') =>
  makeOrder({ placedAt: at(`${day} 11:00`), agent, amount, shop });

const WORLD = makeWorld({
  shops: [makeShop({ id: 'tea' }), makeShop({ id: 'toy', client: 'play', currency: 'EUR' })],
  agents: [
    { id: 'ann', team: 'east' },
    { id: 'bob', team: 'east' },
    { id: 'cat', team: null },
  ],
  sessions: [makeHandled({ agent: 'ann' })],
  orders: [
    sale('2026-03-02', 'ann', '100'),
    sale('2026-03-12', 'ann', '30'),
    sale('2026-03-25', 'ann', '7'),
    sale('2026-03-12', 'bob', '50'),
    sale('2026-03-12', 'cat', '40'),
    sale('2026-03-13', 'cat', '60', 'toy'),
  ],
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
  const { organizationId, agents, teams, shops } = stored;
  await new RollupService(db.database).rebuild(organizationId);
  key = await api.createKey(organizationId);
  limitedKey = await api.createKey(organizationId, { clients: ['leaf'] });
  const [ann, cat, east, tea] = [agents.of('ann'), agents.of('cat'), teams.of('east'), shops.of('tea')];
  const tables = {
    target: [
      { metric: 'salesAmount', agent_id: ann, from_day: '2026-03-01', to_day: '2026-03-10', value: '200' },
      { metric: 'salesAmount', agent_id: ann, from_day: '2026-03-11', to_day: '2026-03-20', value: '60' },
      // Begins before March.
      { metric: 'salesAmount', agent_id: ann, from_day: '2026-02-20', to_day: '2026-03-02', value: '9999' },
      {
        metric: 'salesAmount',
        agent_id: ann,
        shop_id: tea,
        from_day: '2026-03-01',
        to_day: '2026-03-31',
        value: '137',
      },
      { metric: 'salesAmount', agent_id: cat, from_day: '2026-03-12', to_day: '2026-03-13', value: '1' },
      { metric: 'salesAmount', team_id: east, from_day: '2026-03-01', to_day: '2026-03-31', value: '374' },
      { metric: 'salesAmount', shop_id: tea, from_day: '2026-03-12', to_day: '2026-03-12', value: '0' },
      { metric: 'salesAmount', from_day: '2026-03-02', to_day: '2026-03-12', value: '440' },
      { metric: 'callVolume', agent_id: ann, from_day: '2026-03-01', to_day: '2026-03-31', value: '5000' },
    ],
    observation: [
      { measure: 'exam', agent_id: ann, observed_on: '2026-03-02', value: '80' },
      { measure: 'exam', agent_id: ann, observed_on: '2026-03-20', value: '91' },
      { measure: 'exam', agent_id: ann, shop_id: tea, observed_on: '2026-03-20', value: '90' },
      { measure: 'dsrService', shop_id: tea, observed_on: '2026-02-01', value: '4.8' },
      { measure: 'dsrService', shop_id: tea, observed_on: '2026-03-05', value: '4.6' },
    ],
  };
  for (const [table, rows] of Object.entries(tables)) {
    for (const row of rows) {
      const columns = Object.keys(row);
      await db.tenant(organizationId).query({
        text: `insert into ${table} (organization_id, ${columns.join(', ')})
          values ($1, ${columns.map((_, index) => `$${index + 2}`).join(', ')})`,
        values: [organizationId, ...Object.values(row)],
      });
    }
  }
});
afterAll(async () => {
  await api.close();
  await db.close();
});

/** Rows by the name of their agent, team or shop: the exact values, or why there are none. */
async function values(input: object, asKey = key): Promise<unknown[][]> {
  const { data, errors } = await api.query(
    asKey,
    `query ($input: KpiQueryInput!) { kpis(input: $input) {
      rows { agent { externalId } team { externalId } shop { externalId } values { exact nullReason } }
    } }`,
    { input: { period: MARCH, ...input } },
  );
  expect(errors).toBeUndefined();
  interface Row {
    readonly agent: { readonly externalId: string } | null;
    readonly team: { readonly externalId: string } | null;
    readonly shop: { readonly externalId: string } | null;
    readonly values: readonly { readonly exact: string | null; readonly nullReason: string | null }[];
  }
  return data.kpis.rows.map((row: Row) => [
    (row.agent ?? row.team ?? row.shop)?.externalId ?? null,
    ...row.values.map(({ exact, nullReason }) => exact ?? nullReason),
  ]);
}

const agentIds = (...names: string[]): string[] => names.map((name) => toGlobalId('Agent', stored.agents.of(name)));
const shopIds = (...names: string[]): string[] => names.map((name) => toGlobalId('Shop', stored.shops.of(name)));

describe('targets', () => {
  const metrics = ['salesTargetAttainment'];

  it('of an agent: the sales of the days that they cover, by their sum; those that begin before do not count', async () => {
    expect(await values({ metrics, groupBy: ['AGENT'] })).toEqual([
      ['ann', '0.5'],
      ['bob', 'NO_TARGET'],
      ['cat', 'MIXED_CURRENCIES'],
    ]);
    expect(await values({ metrics, filter: { agentIds: agentIds('ann') } })).toEqual([[null, '0.5']]);
    expect(await values({ metrics, groupBy: ['TEAM', 'AGENT'], limit: 1 })).toEqual([['ann', '0.5']]);
  });

  it('are those of exactly the subject', async () => {
    expect(await values({ metrics, groupBy: ['TEAM'] })).toEqual([
      ['east', '0.5'],
      [null, 'NO_TARGET'],
    ]);
    expect(await values({ metrics, groupBy: ['SHOP'] })).toEqual([
      ['tea', 'ZERO_DENOMINATOR'],
      ['toy', 'NO_TARGET'],
    ]);
    expect(await values({ metrics, groupBy: ['AGENT'], filter: { shopIds: shopIds('tea') } })).toEqual([
      ['ann', '1'],
      ['bob', 'NO_TARGET'],
      ['cat', 'NO_TARGET'],
    ]);
    expect(await values({ metrics })).toEqual([[null, '0.5']]);
    expect(await values({ metrics, groupBy: ['CLIENT'], limit: 1 })).toEqual([[null, 'NO_TARGET']]);
    expect(await values({ metrics, filter: { agentIds: agentIds('ann', 'bob') } })).toEqual([[null, 'NO_TARGET']]);
    expect(await values({ metrics, groupBy: ['LEVEL'] })).toEqual([[null, 'NO_TARGET']]);
    expect(await values({ metrics, groupBy: ['TEAM'], filter: { agentIds: agentIds('ann', 'bob') } })).toEqual([
      ['east', 'NO_TARGET'],
    ]);
  });

  it('lie within the bucket', async () => {
    const query = {
      metrics,
      groupBy: ['AGENT'],
      granularity: 'WEEK',
      filter: { agentIds: agentIds('ann') },
      fillGaps: true,
    };
    expect(await values({ ...query, period: { from: '2026-03-02', to: '2026-03-15' } })).toEqual([
      ['ann', 'NO_TARGET'],
      ['ann', 'NO_TARGET'],
    ]);
    expect(await values({ ...query, granularity: 'MONTH', period: { from: '2026-02-20', to: '2026-03-31' } })).toEqual([
      ['ann', 'NO_TARGET'],
      ['ann', '0.5'],
    ]);
  });

  it('without a shop are not of a key that sees some shops only', async () => {
    expect(await values({ metrics, groupBy: ['AGENT'], limit: 1 }, limitedKey)).toEqual([['ann', 'NO_TARGET']]);
    expect(await values({ metrics, groupBy: ['AGENT', 'SHOP'], limit: 1 }, limitedKey)).toEqual([['ann', '1']]);
  });

  it('are the same in typed fields', async () => {
    const { data } = await api.query(
      key,
      `{ agents { nodes { kpis(period: { from: "2026-03-01", to: "2026-03-31" }) { salesTargetAttainment } } }
         teams { nodes { kpis(period: { from: "2026-03-01", to: "2026-03-31" }) { salesTargetAttainment } } }
         shops { nodes { kpis(period: { from: "2026-03-01", to: "2026-03-31" }) { salesTargetAttainment } } }
         viewer { organization { kpis(period: { from: "2026-03-01", to: "2026-03-31" }) { salesTargetAttainment } } } }`,
    );
    const attainments = (list: { nodes: readonly { kpis: { salesTargetAttainment: number | null } }[] }) =>
      list.nodes.map(({ kpis }) => kpis.salesTargetAttainment);
    expect(attainments(data.agents)).toEqual([0.5, null, null]);
    expect(attainments(data.teams)).toEqual([0.5]);
    expect(attainments(data.shops)).toEqual([null, null]);
    expect(data.viewer.organization.kpis.salesTargetAttainment).toBe(0.5);
  });
});

describe('observations', () => {
  it('count for the agent, from the shops that count', async () => {
    const query = { metrics: ['knowledgeScore'], groupBy: ['AGENT'], limit: 1 };
    expect(await values(query)).toEqual([['ann', '87']]);
    expect(await values({ ...query, filter: { shopIds: shopIds('tea') } })).toEqual([['ann', '90']]);
    expect(await values(query, limitedKey)).toEqual([['ann', '90']]);
  });

  it('make a row of a bucket', async () => {
    const query = { metrics: ['knowledgeScore'], groupBy: ['AGENT'], granularity: 'WEEK' };
    expect(await values(query)).toEqual([
      ['ann', '80'],
      ['ann', '90.5'],
    ]);
  });

  it('of a shop are taken over the window of the metric', async () => {
    const query = { metrics: ['dsrService'], groupBy: ['SHOP'] };
    expect(await values(query)).toEqual([
      ['tea', '4.6'],
      ['toy', 'NO_DATA'],
    ]);
    expect(await values({ ...query, ownWindow: true })).toEqual([
      ['tea', '4.7'],
      ['toy', 'NO_DATA'],
    ]);
    expect(await values({ metrics: ['dsrService'], groupBy: ['AGENT'], limit: 1 })).toEqual([
      ['ann', 'NOT_AVAILABLE_AT_THIS_GRAIN'],
    ]);
  });
});

describe('metrics of the organization', () => {
  beforeAll(async () => {
    const { data, errors } = await api.query(
      key,
      `mutation ($input: DefineMetricInput!) { defineMetric(input: $input) { metric { key } userErrors { message } } }`,
      {
        input: {
          ...{ key: 'salesPerSession', name: 'Sales per session', unit: 'MONEY', direction: 'HIGHER_IS_BETTER' },
          formula: 'salesAmount / sessionsReceived',
        },
      },
    );
    expect(errors).toBeUndefined();
    expect(data.defineMetric.userErrors).toEqual([]);
  });

  it('are asked for as built-in ones, in reports and of subjects', async () => {
    const metrics = ['salesPerSession', 'sessionsReceived'];
    const orderBy = { metric: 'salesPerSession', direction: 'DESC' };
    expect(await values({ metrics, groupBy: ['AGENT'], orderBy, limit: 2 })).toEqual([
      ['ann', '137', '1'],
      ['bob', 'ZERO_DENOMINATOR', '0'],
    ]);
    const { data, errors } = await api.query(
      key,
      `{ agents { nodes { kpis(period: { from: "2026-03-01", to: "2026-03-31" }) {
        sessionsReceived
        value(metric: "salesPerSession", compareTo: PREVIOUS_PERIOD) { exact numerator denominator currency previous nullReason }
      } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.agents.nodes[0].kpis).toEqual({
      sessionsReceived: 1,
      value: { exact: '137', numerator: '137', denominator: '1', currency: 'CNY', previous: null, nullReason: null },
    });
  });

  it('have the records of their sides', async () => {
    const { data } = await api.query(
      key,
      `{ kpiRecords(metric: "salesPerSession", part: NUMERATOR, period: { from: "2026-03-01", to: "2026-03-31" }) { totalCount } }`,
    );
    expect(data.kpiRecords.totalCount).toBe(6);
  });

  it('unknown ones are an error of their own field', async () => {
    const { data, errors } = await api.query(
      key,
      `{ agents(first: 1) { nodes { kpis(period: { from: "2026-03-01", to: "2026-03-31" }) {
        sessionsReceived value(metric: "nonsense") { value }
      } } } }`,
    );
    expect(data).toBeNull();
    expect(errors?.[0]).toMatchObject({
      path: ['agents', 'nodes', 0, 'kpis', 'value'],
      extensions: { code: 'BAD_USER_INPUT', field: 'metric' },
    });
  });

  it('are looked up only where a key is not built in', async () => {
    const textsOf = async (metrics: readonly string[]): Promise<string[]> => {
      const run = jest.spyOn(Snapshot.prototype, 'query');
      await values({ metrics, groupBy: ['AGENT'] });
      const texts = run.mock.calls.map(([statement]) => statement.text);
      run.mockRestore();
      return texts.filter((text) => text.includes('custom_metric'));
    };
    expect(await textsOf(['salesAmount'])).toEqual([]);
    expect(await textsOf(['salesAmount', 'salesPerSession'])).toHaveLength(1);
  });
});
