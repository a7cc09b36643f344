import fc from 'fast-check';
import { buildFactMeasuresSql } from '../../src/db/sql/fact-measures-query.sql';
import type { SqlRunner } from '../../src/db/sql-query';
import type { Access } from '../../src/domain/access';
import type { KpiReportInput } from '../../src/domain/kpi-report';
import type { KpiFilter } from '../../src/domain/kpi-report-filter';
import type { KpiDimension } from '../../src/domain/metric';
import { MetricCatalogue } from '../../src/domain/metric-catalogue';
import { addDays, type Granularity } from '../../src/domain/period';
import { PLATFORMS } from '../../src/domain/records';
import { KpiService } from '../../src/services/kpi.service';
import type { KpiReport } from '../../src/services/kpi/kpi-report';
import { RollupService } from '../../src/services/rollup.service';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { type StoredWorld, storeWorld } from '../support/facts';
import { randomWorld } from '../kpi/random-world';

const METRICS = [
  ...['receivedBuyers', 'inquiryConversionRate', 'effectiveReplyRate', 'sessionsPerAgentDay', 'onlineHours'],
  ...['netSalesAmount', 'repurchaseRate', 'complaintRate', 'selfResolvedRefundRate', 'averageResponseSeconds'],
];

let db: TestDatabase;
let stored: StoredWorld;
let runner: SqlRunner;
let access: Access;

beforeAll(async () => {
  db = await createTestDatabase();
  const [world] = fc.sample(randomWorld, { numRuns: 1, seed: 20260302 });
  if (!world) throw new Error('A world was made.');
  stored = await storeWorld(db, world);
  await new RollupService(db.database).rebuild(stored.organizationId);
  runner = db.tenant(stored.organizationId);
  access = { organizationId: stored.organizationId, clientIds: null, shopIds: null };
});
afterAll(() => db.close());

const fromRollups = new KpiService();
const fromFacts = new KpiService({ measures: buildFactMeasuresSql });

function reportOf(input: Partial<KpiReportInput> & Pick<KpiReportInput, 'period'>, service = fromRollups) {
  const query = { input: { metrics: METRICS, ...input }, today: '2026-04-01', catalogue: MetricCatalogue.builtIn };
  return service.report(runner, access, { ...query, withTotal: true });
}

const GROUPINGS: readonly (readonly KpiDimension[])[] = [
  ...([[], ['SHOP'], ['CLIENT'], ['PLATFORM'], ['AGENT'], ['TEAM']] as const),
  ...([
    ['AGENT', 'SHOP'],
    ['TEAM', 'PLATFORM'],
    ['CLIENT', 'TEAM'],
  ] as const),
];

const inputs = fc.record({
  groupBy: fc.constantFrom(...GROUPINGS),
  granularity: fc.constantFrom<Granularity>('TOTAL', 'DAY', 'WEEK', 'MONTH'),
  period: fc
    .tuple(fc.nat(14), fc.nat(20))
    .map(([start, length]) => ({ from: addDays('2026-03-01', start), to: addDays('2026-03-01', start + length) })),
  fillGaps: fc.boolean(),
  compareTo: fc.constantFrom('PREVIOUS_PERIOD' as const, null),
  limit: fc.constantFrom(null, 2),
});

const runs = { numRuns: 30, seed: 20260302 };

/** What a row is of, as a filter; null for what no filter names. */
function filterOf({ group }: KpiReport['rows'][number]): KpiFilter | null {
  const { CLIENT, SHOP, PLATFORM, TEAM, AGENT } = group;
  if (TEAM === null) return null;
  const list = (id: unknown): number[] | null => (typeof id === 'number' ? [id] : null);
  const platforms = PLATFORMS.filter((platform) => platform === PLATFORM);
  return {
    clientIds: list(CLIENT),
    shopIds: list(SHOP),
    platforms: PLATFORM === undefined ? null : platforms,
    teamIds: list(TEAM),
    agentIds: list(AGENT),
  };
}

it('a report from the rollups is the one from the facts', () =>
  fc.assert(
    fc.asyncProperty(inputs, async (input) => {
      expect(await reportOf(input)).toEqual(await reportOf(input, fromFacts));
    }),
    runs,
  ));

it('a row has the numbers of its subject and its days alone', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(inputs, fc.nat(), async (input, any) => {
      const { rows } = await reportOf({ ...input, compareTo: null });
      const row = rows[any % Math.max(rows.length, 1)];
      const filter = row && filterOf(row);
      if (!row || !filter) return;
      const alone = await reportOf({ period: row.bucket ?? input.period, filter });
      expect(alone.total?.values).toEqual(row.values);
      compared += 1;
    }),
    { ...runs, numRuns: 60 },
  );
  expect(compared).toBeGreaterThan(30);
});

it('what a row is compared to are the numbers of those days', () =>
  fc.assert(
    fc.asyncProperty(inputs, async (input) => {
      const whole = await reportOf({ ...input, granularity: 'TOTAL', compareTo: 'PREVIOUS_PERIOD', fillGaps: true });
      if (!whole.comparedTo) throw new Error('A comparison was asked for.');
      const { from, to } = whole.comparedTo;
      const before = await reportOf({
        ...input,
        granularity: 'TOTAL',
        compareTo: null,
        fillGaps: true,
        period: { from, to },
      });
      const valuesOf = new Map(before.rows.map((row) => [JSON.stringify(row.group), row.values]));
      for (const { group, values } of whole.rows) {
        const earlier = valuesOf.get(JSON.stringify(group));
        if (!earlier) continue;
        const isComparable = values.map(
          ({ currency }, index) => !currency || !earlier[index]?.currency || currency === earlier[index].currency,
        );
        expect(values.map(({ previous }) => previous)).toEqual(
          earlier.map(({ value }, index) => (isComparable[index] ? value : null)),
        );
      }
    }),
    runs,
  ));

it('the total has the numbers of a report without groups', () =>
  fc.assert(
    fc.asyncProperty(inputs, async (input) => {
      const agentIds = stored.agents.names.map((name) => stored.agents.of(name));
      const namesAgents = input.groupBy.some((dimension) => dimension === 'AGENT' || dimension === 'TEAM');
      const whole = await reportOf({
        period: input.period,
        compareTo: input.compareTo,
        filter: namesAgents ? { agentIds } : null,
      });
      expect((await reportOf(input)).total?.values).toEqual(whole.rows[0]?.values);
    }),
    runs,
  ));
