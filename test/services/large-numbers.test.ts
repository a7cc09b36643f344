import { IngestionService } from '../../src/services/ingestion.service';
import { KpiService } from '../../src/services/kpi.service';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { DIRECTORY, makePrincipal } from '../support/ingest';

const MOST = 2_147_483_647;

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

it('the largest numbers that records may have add up, over a day and over a month', async () => {
  const organizationId = await db.createOrganization();
  const ingestion = new IngestionService(db.database);
  const at = '2026-03-02T10:00:00Z';
  const common = { shop: 's1', buyer: 'b1', agent: 'a1' };
  const summary = {
    ...{ buyerMessages: MOST, agentReplies: MOST, answeredRounds: MOST, unansweredRounds: MOST },
    totalResponseSeconds: MOST,
  };
  const three = [1, 2, 3].map((n) => ({ ...common, externalId: `x${n}` }));
  await ingestion.ingest(makePrincipal(organizationId), {
    ...DIRECTORY,
    sessions: three.map((one) => ({ ...one, startedAt: at, summary })),
    orders: three.map((one) => ({
      ...{ ...one, placedAt: at, paidAt: at, amount: '1' },
      ...{ itemCount: MOST, subOrderCount: MOST },
    })),
    complaints: three.map(({ externalId, shop, agent }) => ({
      ...{ externalId, shop, agent, category: 'late', openedAt: at, subOrderCount: MOST },
    })),
  });
  const metrics = ['itemsSold', 'complaintCount', 'averageResponseSeconds'];
  const table = await new KpiService().query(
    db.tenant(organizationId),
    { organizationId, clientIds: null, shopIds: null },
    { subjects: { type: 'ORGANIZATION' }, period: { from: '2026-03-01', to: '2026-03-31', days: 31 }, metrics },
  );
  const [values] = [...table.values()];
  expect(metrics.map((key) => values?.get(key)?.exact)).toEqual([String(3 * MOST), String(3 * MOST), '1']);
});

it('a presence of more than 31 days is a wrong date', async () => {
  const organizationId = await db.createOrganization();
  const presence = { agent: 'a1', startedAt: '2026-03-01T00:00:00Z' };
  const { accepted, rejected } = await new IngestionService(db.database).ingest(makePrincipal(organizationId), {
    ...DIRECTORY,
    presences: [
      { ...presence, externalId: 'p1', endedAt: '2026-04-01T00:00:00Z' },
      { ...presence, externalId: 'p2', endedAt: '2026-04-01T00:00:00.001Z' },
    ],
  });
  expect(rejected).toMatchObject([{ kind: 'presences', index: 1, field: 'endedAt', code: 'INVALID_VALUE' }]);
  expect(accepted).toBe(6);
});
