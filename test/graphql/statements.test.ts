import { Snapshot } from '../../src/db/snapshot';
import { IngestionService } from '../../src/services/ingestion.service';
import { startTestApi, type TestApi } from '../support/api';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makePrincipal } from '../support/ingest';
import { makeWorld, MARCH } from '../support/world';

/** What a query costs must not grow with the rows it returns: a list of twenty takes as many statements as one of five. */
describe('statements of a request', () => {
  let db: TestDatabase;
  let api: TestApi;
  let key: string;
  let limitedKey: string;
  beforeAll(async () => {
    db = await createTestDatabase();
    api = await startTestApi(db);
    const organizationId = await db.createOrganization();
    const result = await new IngestionService(db.database).ingest(makePrincipal(organizationId), makeWorld(20));
    expect(result.rejected).toEqual([]);
    key = await api.createKey(organizationId);
    limitedKey = await api.createKey(organizationId, { clients: ['c1'] });
  });
  afterAll(async () => {
    await api.close();
    await db.close();
  });

  async function countStatements(query: string, asKey = key): Promise<number> {
    const run = jest.spyOn(Snapshot.prototype, 'query');
    const { errors } = await api.query(asKey, query);
    const count = run.mock.calls.length;
    run.mockRestore();
    expect(errors).toBeUndefined();
    return count;
  }

  it.each<[string, number, (first: number) => string]>([
    ['a list', 1, (n) => `{ sessions(first: ${n}) { nodes { id } } }`],
    ['a list with its total', 2, (n) => `{ sessions(first: ${n}) { totalCount nodes { id } } }`],
    [
      'agents → sessions → orders → refunds',
      4,
      (n) => `{ agents(first: ${n}) { nodes { sessions(first: ${n}) { nodes { orders { refunds { id } } } } } } }`,
    ],
    [
      'the same by edges, with totals',
      6,
      (n) =>
        `{ agents(first: ${n}) { totalCount edges { node { sessions(first: ${n}) { totalCount edges { node { orders { refunds { id } } } } } } } } }`,
    ],
    [
      'sessions with all they belong to',
      7,
      (n) =>
        `{ sessions(first: ${n}) { nodes { shop { client { name } } agent { team { name } } buyer { externalId } messages { at } } } }`,
    ],
    [
      'orders with all that belongs to them',
      9,
      (n) =>
        `{ orders(first: ${n}) { nodes { shop { id } buyer { id } agent { id } creditedSession { id } assistingAgents { id } refunds { order { id } } complaints { session { id } } } } }`,
    ],
    [
      'shops of clients and their orders',
      3,
      (n) => `{ clients(first: ${n}) { nodes { shops { nodes { orders(first: ${n}) { nodes { id } } } } } } }`,
    ],
    [
      'agents of teams',
      3,
      (n) => `{ teams(first: ${n}) { nodes { agents(first: ${n}) { totalCount nodes { id } } } } }`,
    ],
    [
      'refunds and complaints of agents',
      3,
      (n) => `{ agents(first: ${n}) { nodes { refunds { nodes { id } } complaints { nodes { id } } } } }`,
    ],
    [
      'KPIs of agents, through aliases and fragments',
      2,
      (n) =>
        `query { agents(first: ${n}) { nodes { kpis(period: ${MARCH}) { ...A rate: inquiryConversionRate value(metric: "replyRate") { value } } } } } fragment A on Kpis { salesAmount ... on Kpis { receivedBuyers } }`,
    ],
    [
      'KPIs of agents over two periods',
      3,
      (n) =>
        `{ agents(first: ${n}) { nodes { march: kpis(period: ${MARCH}) { salesAmount } day: kpis(period: { from: "2026-03-02", to: "2026-03-02" }) { salesAmount } } } }`,
    ],
    [
      'KPIs of agents compared to the period before',
      3,
      (n) =>
        `{ agents(first: ${n}) { nodes { kpis(period: ${MARCH}) { value(metric: "salesAmount", compareTo: PREVIOUS_PERIOD) { change } } } } }`,
    ],
    ['KPIs of teams', 3, (n) => `{ teams(first: ${n}) { nodes { kpis(period: ${MARCH}) { salesAmount } } } }`],
    ['KPIs of shops', 2, (n) => `{ shops(first: ${n}) { nodes { kpis(period: ${MARCH}) { salesAmount } } } }`],
    ['KPIs of clients', 3, (n) => `{ clients(first: ${n}) { nodes { kpis(period: ${MARCH}) { salesAmount } } } }`],
    [
      'KPIs by a preset',
      3,
      (n) => `{ agents(first: ${n}) { nodes { kpis(period: { preset: LAST_MONTH }) { salesAmount } } } }`,
    ],
    [
      'the typed KPIs of fifty agents',
      2,
      (n) =>
        `{ agents(first: ${n}) { nodes { kpis(period: ${MARCH}) { salesAmount replyRate netSalesAmount repurchaseRate peakConcurrentSessions onlineHours } } } }`,
    ],
    [
      'KPIs of agents with targets and observations',
      5,
      (n) => `{ agents(first: ${n}) { nodes { kpis(period: ${MARCH}) { salesTargetAttainment knowledgeScore } } } }`,
    ],
    [
      'a report by agent: who they are, and the numbers',
      2,
      (n) =>
        `{ kpis(input: { metrics: ["salesAmount", "replyRate"], groupBy: [AGENT], limit: ${n}, period: ${MARCH} }) { rows { values { exact } } } }`,
    ],
    [
      'a report with everything',
      10,
      (n) =>
        `{ kpis(input: { metrics: ["salesAmount"], groupBy: [AGENT, SHOP], granularity: WEEK, limit: ${n}, compareTo: PREVIOUS_YEAR, period: ${MARCH} }) { rows { agent { name } shop { name } values { previous } } total { values { exact } } dataAsOf metrics { name } } }`,
    ],
    [
      'the records behind a number, with their count',
      3,
      (n) =>
        `{ kpiRecords(metric: "csatRate", part: NUMERATOR, period: ${MARCH}, first: ${n}) { totalCount nodes { id } } }`,
    ],
    ['nothing but the total', 2, (n) => `{ agents(first: ${n}) { totalCount } }`],
  ])('%s: at most %i, however many rows', async (_, most, query) => {
    const [few, many] = [await countStatements(query(5)), await countStatements(query(20))];
    expect(many).toBe(few);
    expect(many).toBeLessThanOrEqual(most);
  });

  it('for a key limited to clients: one more, to learn which shops these have', async () => {
    for (const query of ['{ sessions { nodes { id } } }', `{ agents { nodes { sessions { nodes { id } } } } }`]) {
      expect(await countStatements(query, limitedKey)).toBe((await countStatements(query)) + 1);
    }
  });

  it('measures only what is selected', async () => {
    const run = jest.spyOn(Snapshot.prototype, 'query');
    await api.query(
      key,
      `{ agents { nodes { kpis(period: ${MARCH}) { salesAmount inquiringBuyers @skip(if: true) } } } }`,
    );
    const texts = run.mock.calls.map(([statement]) => statement.text);
    run.mockRestore();
    expect(texts).toHaveLength(2);
    expect(texts[1]).toContain('orders');
    expect(texts[1]).not.toMatch(/session_messages|complaint|refund|presence/);
  });
});
