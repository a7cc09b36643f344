import { buildRollupMeasuresSql } from '../../src/db/sql/rollup-measures.sql';
import { wholeMonths } from '../../src/db/sql/month-run.sql';
import type { MeasuredRow, MeasureQuery } from '../../src/domain/measure-query';
import { addDays } from '../../src/domain/period';
import { RollupService } from '../../src/services/rollup.service';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeHandled, makeShop, makeWorld, type StoredWorld, storeWorld } from '../support/facts';

describe('whole months', () => {
  const of = (from: string, to: string, ...more: string[]): string[] => wholeMonths({ buckets: [from, ...more], to });

  test('are those from their first day to their last within the period', () => {
    expect(of('2026-01-01', '2026-03-31')).toEqual(['2026-01-01', '2026-02-01', '2026-03-01']);
    expect(of('2026-01-02', '2026-03-30')).toEqual(['2026-02-01']);
    expect(of('2026-02-01', '2026-02-28')).toEqual(['2026-02-01']);
    expect(of('2028-02-01', '2028-02-28')).toEqual([]);
    expect(of('2025-12-15', '2026-01-30')).toEqual([]);
    expect(of('2025-12-01', '2026-01-31')).toEqual(['2025-12-01', '2026-01-01']);
  });

  test('have no bucket begin within them', () => {
    expect(of('2026-01-01', '2026-03-31', '2026-02-01', '2026-03-01')).toHaveLength(3);
    expect(of('2026-01-01', '2026-03-31', '2026-02-28')).toEqual(['2026-01-01', '2026-03-01']);
    expect(of('2026-01-01', '2026-03-31', '2026-03-02')).toEqual(['2026-01-01', '2026-02-01']);
  });
});

describe('cells', () => {
  let db: TestDatabase;
  let stored: StoredWorld;
  /** A session of each of two agents in each of two shops, on the 10th of every month from January to June. */
  beforeAll(async () => {
    db = await createTestDatabase();
    const days = Array.from({ length: 6 }, (_, month) => Date.UTC(2026, month, 10, 4));
    const world = makeWorld({
      shops: [makeShop(), makeShop({ id: 'toy' })],
      sessions: days.flatMap((startedAt) =>
        ['tea', 'toy'].flatMap((shop) => ['ann', 'bob'].map((agent) => makeHandled({ shop, agent, startedAt }))),
      ),
    });
    stored = await storeWorld(db, world);
    const rollup = new RollupService(db.database);
    await rollup.rebuild(stored.organizationId);
    while ((await rollup.closeMonths(stored.organizationId, '2026-06-15')) > 0);
    // Tells from where a number was read: the cells of months say 100 more.
    for (const table of ['agent_month', 'shop_month']) {
      await run(`update ${table} c set sessions_received = c.sessions_received + 100 where c.organization_id = $1`);
    }
  });
  afterAll(() => db.close());

  const run = (text: string): Promise<unknown> =>
    db.tenant(stored.organizationId).query({ text, values: [stored.organizationId] });

  async function received(from: string, to: string, query: Partial<MeasureQuery> = {}): Promise<(string | null)[]> {
    const { organizationId } = stored;
    const sql = buildRollupMeasuresSql({
      ...{ organizationId, kind: 'SHOP', shops: 'ALL', agents: null, buckets: [from], to },
      ...{ measures: ['sessionsReceived'], ...query },
    });
    const rows = await db.tenant(organizationId).query<MeasuredRow>(sql);
    return rows.toSorted((a, b) => a.bucket - b.bucket).map((row) => row.sessionsReceived ?? null);
  }

  test('of whole months are read where they stand, those of days before and after them', async () => {
    expect(await received('2026-01-05', '2026-04-20')).toEqual([String(4 * 4 + 2 * 2 * 100)]);
    expect(await received('2026-01-01', '2026-05-31')).toEqual([String(5 * 4 + 5 * 2 * 100)]);
    // June is not over.
    expect(await received('2026-05-20', '2026-06-30')).toEqual(['4']);
    const agents = ['ann', 'bob'].map((name) => ({ group: 1, member: stored.agents.of(name) }));
    expect(await received('2026-01-10', '2026-06-10', { kind: 'AGENT_SET', agents })).toEqual([
      String(6 * 4 + 4 * 4 * 100),
    ]);
  });

  test('of months serve buckets that begin with them, and no others', async () => {
    // March is split; before it the run of months is longer than after it.
    const buckets = ['2026-01-01', '2026-02-01', '2026-03-15', '2026-04-01'];
    expect(await received('2026-01-01', '2026-04-30', { buckets })).toEqual(['204', '208', '4']);
    const weeks = Array.from({ length: 17 }, (_, week) => addDays('2026-01-01', 7 * week));
    expect(new Set(await received('2026-01-01', '2026-04-30', { buckets: weeks }))).toEqual(new Set(['4']));
  });

  test('of a month that a shop of those asked for lacks are left out: the longest run without it is taken', async () => {
    await run(`delete from rollup_month m where m.organization_id = $1 and m.shop_id = 2 and m.month = '2026-02-01'`);
    expect(await received('2026-01-01', '2026-05-31')).toEqual([String(5 * 4 + 3 * 2 * 100)]);
    const shops = (names: readonly string[]) => names.map((name) => ({ group: 0, member: stored.shops.of(name) }));
    expect(await received('2026-01-01', '2026-05-31', { shops: shops(['tea']) })).toEqual(['10']);
    const many = { shops: [...shops(['tea']), ...[7, 8, 9].map((member) => ({ group: 0, member }))] };
    expect(await received('2026-01-01', '2026-05-31', many)).toEqual(['10']);
  });

  test('are not looked for by month where there are few of days', () => {
    const { organizationId } = stored;
    const query: MeasureQuery = {
      ...{ organizationId, kind: 'AGENT', shops: 'ALL', agents: [{ group: 1, member: 1 }] },
      ...{ buckets: ['2026-01-01'], to: '2026-01-31', measures: ['sessionsReceived'] },
    };
    expect(buildRollupMeasuresSql(query).text).not.toContain('month');
    expect(buildRollupMeasuresSql({ ...query, to: '2026-12-31' }).text).toContain('agent_month');
    expect(buildRollupMeasuresSql(query).text).not.toMatch(/join|inquiring/);
  });

  test('know no cuts', () => {
    const query: MeasureQuery = {
      ...{ organizationId: 1, kind: 'SHOP', shops: 'ALL', agents: null, cut: 'CHANNEL' },
      ...{ buckets: ['2026-01-01'], to: '2026-01-31', measures: ['sessionsReceived'] },
    };
    expect(() => buildRollupMeasuresSql(query)).toThrow('facts');
  });
});
