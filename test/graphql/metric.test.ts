import { METRICS } from '../../src/domain/metrics';
import { Snapshot } from '../../src/db/snapshot';
import { IngestionService } from '../../src/services/ingestion.service';
import { type GraphqlAnswer, startTestApi, type TestApi } from '../support/api';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { DIRECTORY, makePrincipal } from '../support/ingest';

const DEFINE = `mutation Define($input: DefineMetricInput!) {
  defineMetric(input: $input) {
    metric { key version name description formula measures unit direction grains additivity builtIn source }
    userErrors { code message field }
  }
}`;

const INPUT = {
  key: 'loadFactor',
  name: '负荷',
  description: 'Calls for each call planned.',
  formula: 'callsOffered ÷ target(callVolume)',
  unit: 'RATIO',
  direction: 'HIGHER_IS_BETTER',
};

describe('metrics over GraphQL', () => {
  let db: TestDatabase;
  let api: TestApi;
  let organizationId: number;
  let key: string;
  beforeAll(async () => {
    db = await createTestDatabase();
    api = await startTestApi(db);
    organizationId = await db.createOrganization();
    const ingestion = new IngestionService(db.database);
    expect((await ingestion.ingest(makePrincipal(organizationId), DIRECTORY)).rejected).toEqual([]);
    key = await api.createKey(organizationId);
  });
  afterAll(async () => {
    await api.close();
    await db.close();
  });

  const define = (input: object, asKey = key): Promise<GraphqlAnswer> => api.query(asKey, DEFINE, { input });
  const codeOf = ({ errors }: GraphqlAnswer): unknown => errors?.[0]?.extensions;

  async function countStatements(query: string): Promise<number> {
    const run = jest.spyOn(Snapshot.prototype, 'query');
    const { errors } = await api.query(key, query);
    const count = run.mock.calls.length;
    run.mockRestore();
    expect(errors).toBeUndefined();
    return count;
  }

  test('the catalogue says everything of a metric, in both languages', async () => {
    const { data } = await api.query(
      key,
      `{ metrics(keys: ["refundRate", "peakConcurrentSessions"]) {
        key version name zh: name(locale: "zh-CN") formula measures unit direction grains additivity dimensions builtIn
        defaultWindowDays description zhDescription: description(locale: "zh-CN") source
      } }`,
    );
    expect(data.metrics).toEqual([
      {
        key: 'refundRate',
        version: 1,
        name: 'Refund rate',
        zh: '退款率',
        formula: 'refundCount / paidSubOrders',
        measures: ['refundCount', 'paidSubOrders'],
        unit: 'RATIO',
        direction: 'LOWER_IS_BETTER',
        grains: ['AGENT', 'SHOP'],
        additivity: 'RATIO',
        dimensions: ['TEAM', 'AGENT', 'LEVEL', 'ROLE', 'ORGANIZATION', 'CLIENT', 'SHOP', 'PLATFORM'],
        builtIn: true,
        defaultWindowDays: 28,
        description: expect.stringMatching(/^Refunds opened for each sub-order/),
        zhDescription: expect.stringMatching(/^退款笔数与/),
        source: 'HiShop Taobao core indicators',
      },
      expect.objectContaining({
        key: 'peakConcurrentSessions',
        grains: ['AGENT'],
        additivity: 'MAXIMUM',
        defaultWindowDays: null,
        dimensions: ['AGENT', 'CHANNEL', 'PURPOSE', 'HOUR_OF_DAY'],
      }),
    ]);
  });

  test.each([
    ['zh-CN', '回复率'],
    ['zh', '回复率'],
    ['zh-Hans-CN', '回复率'],
    ['ZH_cn', '回复率'],
    ['en', 'Reply rate'],
    ['en-GB', 'Reply rate'],
    ['fr', 'Reply rate'],
    ['', 'Reply rate'],
    ['zhuang', 'Reply rate'],
  ])('in the locale %p a name is %s', async (locale, name) => {
    const query = `query Named($locale: String) { metrics(keys: ["replyRate"]) { name(locale: $locale) } }`;
    expect((await api.query(key, query, { locale })).data.metrics).toEqual([{ name }]);
  });

  test('without keys all are listed, built-in ones in the order of the catalogue first', async () => {
    await define({ ...INPUT, key: 'zeta' });
    await define({ ...INPUT, key: 'alpha' });
    const { data } = await api.query(key, '{ metrics { key builtIn } }');
    const listed: { key: string; builtIn: boolean }[] = data.metrics;
    expect(listed.filter(({ builtIn }) => builtIn).map((metric) => metric.key)).toEqual([...METRICS.keys()]);
    expect(listed.slice(METRICS.size).map((metric) => metric.key)).toEqual(expect.arrayContaining(['alpha', 'zeta']));
  });

  test('built-in metrics take no statement, others one', async () => {
    await define({ ...INPUT, key: 'counted' });
    expect(await countStatements('{ metrics(keys: ["salesAmount", "csatRate"]) { name description } }')).toBe(0);
    expect(await countStatements('{ metrics(keys: ["salesAmount", "counted"]) { name } }')).toBe(1);
    expect(await countStatements('{ metrics { name } }')).toBe(1);
  });

  test('an unknown key is told by its argument', async () => {
    const answer = await api.query(key, '{ metrics(keys: ["salesAmount", "nope"]) { key } }');
    expect(codeOf(answer)).toMatchObject({ code: 'BAD_USER_INPUT', field: 'keys' });
    expect(answer.errors?.[0]?.message).toBe('There is no metric nope.');
  });

  test('a metric is defined, and the next definition is its next version', async () => {
    expect((await define(INPUT)).data.defineMetric).toEqual({
      metric: {
        key: 'loadFactor',
        version: 1,
        name: '负荷',
        description: 'Calls for each call planned.',
        formula: 'callsOffered ÷ target(callVolume)',
        measures: ['callsOffered'],
        unit: 'RATIO',
        direction: 'HIGHER_IS_BETTER',
        grains: ['AGENT', 'SHOP'],
        additivity: 'RATIO',
        builtIn: false,
        source: '',
      },
      userErrors: [],
    });
    expect((await define(INPUT)).data.defineMetric.metric.version).toBe(1);
    expect((await define({ ...INPUT, formula: 'callsOffered' })).data.defineMetric.metric.version).toBe(2);
    const { data } = await api.query(
      key,
      '{ metrics(keys: ["loadFactor"]) { version formula name(locale: "zh-CN") description(locale: "zh-CN") } }',
    );
    expect(data.metrics).toEqual([
      { version: 2, formula: 'callsOffered', name: '负荷', description: 'Calls for each call planned.' },
    ]);
  });

  test('a metric that was defined is a value of whoever has its parts', async () => {
    await define({ ...INPUT, key: 'threeMore', formula: 'sessionsReceived + 3' });
    const { data, errors } = await api.query(
      key,
      `{ agents { nodes { kpis(period: { from: "2026-03-01", to: "2026-03-31" }) {
        value(metric: "threeMore") { metric value exact numerator denominator nullReason }
      } } } }`,
    );
    expect(errors).toBeUndefined();
    const value = { metric: 'threeMore', value: 3, exact: '3', numerator: '3', denominator: null, nullReason: null };
    expect(data.agents.nodes).toEqual([{ kpis: { value } }, { kpis: { value } }]);
  });

  test('a refused definition is told with its place, and changes nothing', async () => {
    const { data, errors } = await define({ ...INPUT, key: 'Bad', formula: '1 + nope(2)' });
    expect(errors).toBeUndefined();
    expect(data.defineMetric).toEqual({
      metric: null,
      userErrors: [
        {
          code: 'BAD_USER_INPUT',
          message: 'A key is a small letter, then letters and digits, at most 64 in all.',
          field: ['input', 'key'],
        },
        {
          code: 'BAD_USER_INPUT',
          message: 'Position 5: There are only these functions: sum, avg, count, last, min, max, target.',
          field: ['input', 'formula'],
        },
      ],
    });
    expect(codeOf(await api.query(key, '{ metrics(keys: ["Bad"]) { key } }'))).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  test('reading takes KPI_READ, defining EVALUATION_WRITE and all clients', async () => {
    const reader = await api.createKey(organizationId, { scopes: ['KPI_READ'] });
    const writer = await api.createKey(organizationId, { scopes: ['EVALUATION_WRITE'] });
    const limited = await api.createKey(organizationId, { clients: ['c1'] });
    const forbidden = { code: 'FORBIDDEN' };
    expect(codeOf(await api.query(writer, '{ metrics { key } }'))).toMatchObject(forbidden);
    expect((await api.query(reader, '{ metrics { key } }')).errors).toBeUndefined();
    expect((await api.query(limited, '{ metrics { key } }')).errors).toBeUndefined();
    expect(codeOf(await define({ ...INPUT, key: 'mine' }, reader))).toMatchObject(forbidden);
    expect(codeOf(await define({ ...INPUT, key: 'mine' }, limited))).toMatchObject(forbidden);
    expect((await define({ ...INPUT, key: 'mine' }, writer)).data.defineMetric.userErrors).toEqual([]);
  });

  test('metrics of another organization are unknown, as if there were none', async () => {
    await define({ ...INPUT, key: 'ours' });
    const other = await api.createKey(await db.createOrganization('Other'));
    const answer = await api.query(other, '{ metrics(keys: ["ours"]) { key } }');
    expect(answer.errors?.[0]?.message).toBe('There is no metric ours.');
    const { data } = await api.query(other, '{ metrics { builtIn } }');
    expect(data.metrics).toHaveLength(METRICS.size);
  });
});
