import fc from 'fast-check';
import type { MeasureKey } from '../../src/domain/measures';
import { MEASURE_KEYS, MEASURES } from '../../src/domain/measures';
import type { MetricParts } from '../../src/domain/metric';
import { METRICS } from '../../src/domain/metrics';
import { addDays } from '../../src/domain/period';
import type { Day } from '../../src/domain/zone';
import { cellColumn, peoplePrefix } from '../../src/db/sql/rollup-columns';
import type { SqlRunner } from '../../src/db/sql-query';
import { ShopRollup } from '../../src/services/rollup/shop-rollup';
import { RollupService } from '../../src/services/rollup.service';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { at, makeHandled, makeOrder, makePresence, makeSession, makeWorld, storeWorld } from '../support/facts';
import { changeMarked, readRollups, ROLLUP_TABLES } from '../support/rollups';
import { bruteForce } from './brute-force';
import { FACT_CHANGES } from './fact-changes';
import { randomWorld } from './random-world';

let db: TestDatabase;
let rollups: RollupService;
beforeAll(async () => {
  db = await createTestDatabase();
  rollups = new RollupService(db.database);
});
afterAll(() => db.close());

const RUNS = Number(process.env['ROLLUP_RUNS'] ?? 8);
/** After every month that the worlds have facts in. */
const LATER = '2027-01-15';

async function closeAllMonths(organizationId: number): Promise<number> {
  let all = 0;
  for (;;) {
    const made = await rollups.closeMonths(organizationId, LATER);
    if (made === 0) return all;
    all += made;
  }
}

/** So that a rebuild begins from nothing. */
async function forgetRollups(organizationId: number): Promise<void> {
  const tenant = db.tenant(organizationId);
  for (const table of ROLLUP_TABLES) await tenant.query({ text: `delete from ${table}`, values: [] });
}

type Row = Readonly<Record<string, unknown>> & { readonly day: Day };

/** How many the days add: at each the buyers who were not there since the first one. */
function peopleOf(rows: readonly Row[], prefix: string, from: Day): bigint {
  return rows.reduce((sum, row) => {
    const back = (Date.parse(row.day) - Date.parse(from)) / 86_400_000;
    const gaps = numbers(row[`${prefix}_gaps`]);
    const step = gaps.findIndex((gap) => gap > back);
    return sum + BigInt(numbers(row[`${prefix}_buyers`])[step] ?? 0);
  }, 0n);
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}

/** In millionths. */
function sumOf(rows: readonly Row[], column: string): bigint {
  return rows.reduce((sum, row) => sum + BigInt(Math.round(Number(row[column]) * 1e6)), 0n);
}

type Fraction = readonly [bigint, bigint];

function measuredIn(rows: readonly Row[], measure: MeasureKey, from: Day): bigint {
  if (MEASURES[measure].kind === 'DISTINCT') return peopleOf(rows, peoplePrefix(measure), from) * 1_000_000n;
  if (MEASURES[measure].kind !== 'MAXIMUM') return sumOf(rows, cellColumn(measure));
  return BigInt(Math.max(...rows.map((row) => Number(row[cellColumn(measure)] ?? 0)), 0)) * 1_000_000n;
}

function fractionOf(parts: MetricParts, of: (measure: MeasureKey) => bigint): Fraction | null {
  switch (parts.type) {
    case 'SIMPLE':
      return [of(parts.measure), 1_000_000n];
    case 'DIFFERENCE':
      return [of(parts.minuend) - of(parts.subtrahend), 1_000_000n];
    case 'RATIO':
      return [of(parts.numerator), of(parts.denominator) * BigInt(parts.scale)];
    default:
      return null;
  }
}

/** Comparable: equal fractions are one text. */
function textOf([numerator, denominator]: Fraction): string {
  if (denominator === 0n) return `${numerator === 0n ? 0 : 'some'} of nothing`;
  return String((numerator * 10n ** 15n) / denominator);
}

test('cells add up over any days to what the facts are by their definitions', async () => {
  await fc.assert(
    fc.asyncProperty(randomWorld, fc.nat(6), fc.constantFrom(0, 1, 3, 40), async (world, start, length) => {
      const { organizationId, shops, agents } = await storeWorld(db, world);
      await rollups.rebuild(organizationId);
      const tenant = db.tenant(organizationId);
      const from = addDays('2026-03-05', start);
      const to = addDays(from, length);
      const read = (table: string): Promise<Row[]> =>
        tenant.query<Row>({
          text: `select t.* from ${table} t where t.day >= $1::date and t.day <= $2::date`,
          values: [from, to],
        });
      const agentDays = await read('agent_day');
      const shopDays = await read('shop_day');
      const actual: Record<string, unknown> = {};
      const expected: Record<string, unknown> = {};
      const compare = (
        name: string,
        rows: readonly Row[],
        plain: ReturnType<typeof bruteForce>,
        agent: boolean,
      ): void => {
        for (const { key, parts, measures } of METRICS.values()) {
          const grain = agent ? 'AGENT' : 'SHOP';
          if (measures.some((measure) => !MEASURES[measure].grains.includes(grain))) continue;
          const fraction = fractionOf(parts, (measure) => measuredIn(rows, measure, from));
          if (fraction === null) continue;
          const [numerator, denominator = 1n] = plain.values.get(key) ?? [0n];
          actual[`${key} of ${name}`] = textOf(fraction);
          expected[`${key} of ${name}`] = textOf([numerator, denominator]);
        }
      };
      for (const shop of shops.names) {
        const ofShop = (row: Row): boolean => row['shop_id'] === shops.of(shop);
        compare(shop, shopDays.filter(ofShop), bruteForce(world, { agents: null, shops: [shop] }, from, to), false);
        for (const agent of agents.names) {
          const rows = agentDays.filter((row) => ofShop(row) && row['agent_id'] === agents.of(agent));
          compare(`${agent} ${shop}`, rows, bruteForce(world, { agents: [agent], shops: [shop] }, from, to), true);
        }
      }
      compare('all', shopDays, bruteForce(world, { agents: null, shops: null }, from, to), false);
      for (const agent of agents.names) {
        const rows = agentDays.filter((row) => row['agent_id'] === agents.of(agent));
        compare(agent, rows, bruteForce(world, { agents: [agent], shops: null }, from, to), true);
      }
      expect(actual).toEqual(expected);
    }),
    { numRuns: RUNS, seed: Number(process.env['SEED'] ?? 20260302), endOnFailure: true },
  );
});

const change = fc.record({ name: fc.constantFrom(...FACT_CHANGES.keys()), record: fc.nat(40), by: fc.nat(60) });
const changes = fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 });

test('working marks off gives the tables that a rebuild gives, whatever the facts went through', async () => {
  await fc.assert(
    fc.asyncProperty(randomWorld, changes, fc.constantFrom(1, 3, 20_000), async (world, steps, marksAtOnce) => {
      const { organizationId } = await storeWorld(db, world);
      const tenant = db.tenant(organizationId);
      await rollups.rebuild(organizationId);
      await closeAllMonths(organizationId);
      for (const step of steps) {
        await changeMarked(db, organizationId, async (tx) => {
          for (const { name, record, by } of step) {
            await tx.query({ text: FACT_CHANGES.get(name) ?? '', values: [record, by] });
          }
        });
        await new RollupService(db.database, marksAtOnce).refresh(organizationId, null);
      }
      expect(await rollups.verify(organizationId)).toEqual({ differences: [], total: 0, pending: [] });
      await closeAllMonths(organizationId);
      const refreshed = await readRollups(tenant);
      await forgetRollups(organizationId);
      await rollups.rebuild(organizationId);
      await closeAllMonths(organizationId);
      expect(refreshed).toEqual(await readRollups(tenant));
    }),
    { numRuns: RUNS, seed: Number(process.env['SEED'] ?? 20260302), endOnFailure: true },
  );
});

/** Two agents who share a buyer over two months. */
const SMALL = makeWorld({
  sessions: [
    makeHandled({ startedAt: at('2026-02-20 10:00') }),
    makeHandled({ startedAt: at('2026-03-02 10:00') }),
    makeHandled({ startedAt: at('2026-03-05 10:00'), agent: 'bob' }),
    makeHandled({ startedAt: at('2026-03-09 10:00') }),
    makeSession({ startedAt: at('2026-03-09 12:00'), agent: null, buyer: 'b2' }),
  ],
  orders: [makeOrder({ placedAt: at('2026-03-09 11:00') })],
  presences: [makePresence(), makePresence({ shop: null })],
});

async function storeSmall(): Promise<{ organizationId: number; tenant: SqlRunner }> {
  const { organizationId } = await storeWorld(db, SMALL);
  await rollups.rebuild(organizationId);
  return { organizationId, tenant: db.tenant(organizationId) };
}

const markShop = (tenant: SqlRunner, organizationId: number): Promise<unknown[]> =>
  tenant.query({ text: 'insert into rollup_mark (organization_id, shop_id) values ($1, 1)', values: [organizationId] });

const FINE = { differences: [], total: 0, pending: [] };

describe('verify', () => {
  test('finds nothing in what was just made, and the months made of it', async () => {
    const { organizationId } = await storeSmall();
    await closeAllMonths(organizationId);
    expect(await rollups.verify(organizationId)).toEqual(FINE);
  });

  test.each([
    ['a sum', 'update agent_day set sessions_received = 7 where agent_id = 1', 'agent_day', 'sessions_received'],
    [
      'a people count',
      `update agent_day set received_buyers = '{9}' where agent_id = 2`,
      'agent_day',
      'received_buyers',
    ],
    ['a cell that is gone', `delete from shop_day where shop_id = 1 and day = '2026-03-05'`, 'shop_day', 'missing'],
    [
      'a cell of nothing',
      `insert into shop_day (organization_id, shop_id, day) select organization_id, 1, '2026-01-01' from shop`,
      'shop_day',
      'surplus',
    ],
    [
      'a state',
      `update agent_buyer_day set received_gap = 3 where day = '2026-03-05'`,
      'agent_buyer_day',
      'received_gap',
    ],
    ['a state of the shop', `delete from shop_buyer_day where day = '2026-03-05'`, 'shop_buyer_day', 'missing'],
    ['a month', `update agent_month set paid_orders = 5 where day = '2026-03-01'`, 'agent_month', 'paid_orders'],
    [
      'people of a month',
      `update shop_month set received_gaps = '{1}' where day = '2026-03-01'`,
      'shop_month',
      'received_gaps',
    ],
  ])('finds %s that somebody tampered with, and a rebuild mends it', async (_, tamper, table, column) => {
    const { organizationId, tenant } = await storeSmall();
    await closeAllMonths(organizationId);
    await tenant.query({ text: tamper, values: [] });
    const { differences, total } = await rollups.verify(organizationId);
    expect(differences).toContainEqual(expect.objectContaining({ table, column, shopId: 1 }));
    expect(total).toBeGreaterThanOrEqual(differences.length);
    await rollups.rebuild(organizationId);
    await closeAllMonths(organizationId);
    expect(await rollups.verify(organizationId)).toEqual(FINE);
  });

  test('tells what is pending beside, and does not take it for wrong', async () => {
    const { organizationId } = await storeSmall();
    await changeMarked(db, organizationId, async (tx) => {
      await tx.query({ text: `delete from session where external_id = $1`, values: [SMALL.sessions[2]?.externalId] });
    });
    const { differences, pending } = await rollups.verify(organizationId);
    expect(differences).toEqual([]);
    expect(pending).toEqual([{ shopId: 1, marks: 2 }]);
    expect(await rollups.refresh(organizationId, [1])).toBe(2);
    expect(await rollups.verify(organizationId)).toEqual(FINE);
  });
});

describe('refresh', () => {
  test('leaves other shops alone, and works off nothing twice', async () => {
    const { organizationId, tenant } = await storeSmall();
    await markShop(tenant, organizationId);
    expect(await rollups.refresh(organizationId, [0, 2])).toBe(0);
    expect(await rollups.refresh(organizationId, [1])).toBe(1);
    expect(await rollups.refresh(organizationId, null)).toBe(0);
  });

  test('may be run by several processes at once', async () => {
    const { organizationId, tenant } = await storeSmall();
    await forgetRollups(organizationId);
    await markShop(tenant, organizationId);
    await tenant.query({
      text: `insert into rollup_mark (organization_id, shop_id, agent_id, day) values ($1, 0, 1, '2026-03-02')`,
      values: [organizationId],
    });
    const processes = [1, 2, 3].map(() => new RollupService(db.database, 1));
    const worked = await Promise.all(processes.map((process) => process.refresh(organizationId, null)));
    expect(worked.reduce((sum, marks) => sum + marks)).toBe(2);
    expect(await rollups.verify(organizationId)).toEqual(FINE);
  });

  test('answers callers of one moment after one pass that began after their calls', async () => {
    const { organizationId, tenant } = await storeSmall();
    const calls = [];
    for (let call = 0; call < 5; call += 1) {
      await markShop(tenant, organizationId);
      calls.push(rollups.refresh(organizationId, [1]));
    }
    await Promise.all(calls);
    const status = await rollups.status(organizationId);
    expect(status.pending).toBe(0);
  });

  test('that was interrupted before its commit has lost nothing', async () => {
    const { organizationId, tenant } = await storeSmall();
    await changeMarked(db, organizationId, async (tx) => {
      await tx.query({ text: `update session set agent_id = 2 where agent_id = 1`, values: [] });
    });
    const before = await readRollups(tenant);
    const interrupted = db.database.transaction(
      organizationId,
      async (tx) => {
        await new ShopRollup(tx, organizationId, 1).workOff(1000);
        throw new Error('The power is gone.');
      },
      { repeatableRead: true },
    );
    await expect(interrupted).rejects.toThrow('The power is gone.');
    expect(await readRollups(tenant)).toEqual(before);
    expect(await rollups.refresh(organizationId, null)).toBeGreaterThan(0);
    expect(await rollups.verify(organizationId)).toEqual(FINE);
  });

  test('a shop that fails keeps no other from being done', async () => {
    const { organizationId, tenant } = await storeSmall();
    await markShop(tenant, organizationId);
    const failing = new RollupService(db.database);
    await expect(failing.refresh(organizationId, [2 ** 40, 1])).rejects.toThrow();
    expect((await rollups.status(organizationId)).pending).toBe(0);
  });
});

describe('dataAsOf', () => {
  test('is now, or when the oldest pending mark was made', async () => {
    const { organizationId, tenant } = await storeSmall();
    const [now] = await tenant.query<{ now: Date }>({ text: 'select now()', values: [] });
    const fresh = await rollups.dataAsOf(tenant, organizationId);
    expect(fresh.getTime()).toBeGreaterThanOrEqual(Number(now?.now));
    await markShop(tenant, organizationId);
    const { since, pending } = await rollups.status(organizationId);
    expect(pending).toBe(1);
    expect(await rollups.dataAsOf(tenant, organizationId)).toEqual(new Date(Number(since) - 1));
  });
});

describe('months', () => {
  const madeMonths = async (tenant: SqlRunner): Promise<string[]> => {
    const rows = await tenant.query<{ shop_id: number; month: Day }>({
      text: 'select r.shop_id, r.month from rollup_month r order by r.month, r.shop_id',
      values: [],
    });
    return rows.map(({ shop_id, month }) => `${shop_id} ${month}`);
  };

  test('are made when they are over in every zone, from the first cell on, of shops without any cell too', async () => {
    const { organizationId, tenant } = await storeSmall();
    expect(await rollups.closeMonths(organizationId, '2026-03-02')).toBe(0);
    expect(await rollups.closeMonths(organizationId, '2026-03-03')).toBe(2);
    expect(await madeMonths(tenant)).toEqual(['0 2026-02-01', '1 2026-02-01']);
    expect(await rollups.closeMonths(organizationId, '2026-05-02')).toBe(2);
    expect(await rollups.closeMonths(organizationId, '2026-05-03')).toBe(2);
    expect(await rollups.closeMonths(organizationId, '2026-05-03')).toBe(0);
  });

  test('are taken back when a cell of theirs changes, and made again', async () => {
    const { organizationId, tenant } = await storeSmall();
    await rollups.closeMonths(organizationId, '2026-04-10');
    const before = await readRollups(tenant);
    const exclude = (reason: string | null): Promise<void> =>
      changeMarked(db, organizationId, async (tx) => {
        await tx.query({ text: `update session set excluded_reason = $1 where buyer_id = 2`, values: [reason] });
      });
    await exclude('TEST');
    expect(await rollups.closeMonths(organizationId, '2026-04-10')).toBe(0);
    await rollups.refresh(organizationId, null);
    expect(await madeMonths(tenant)).toEqual(['0 2026-02-01', '1 2026-02-01', '0 2026-03-01']);
    expect(
      await tenant.query({ text: `select from shop_month where day = '2026-03-01' and shop_id = 1`, values: [] }),
    ).toEqual([]);
    await exclude(null);
    await rollups.refresh(organizationId, null);
    expect(await rollups.closeMonths(organizationId, '2026-04-10')).toBe(1);
    expect(await readRollups(tenant)).toEqual(before);
  });

  test('count a buyer once, as long after the month’s first day as that was after the visit before', async () => {
    const { organizationId, tenant } = await storeSmall();
    await rollups.closeMonths(organizationId, '2026-04-10');
    const [march] = await tenant.query<Row>({
      text: `select * from agent_month where agent_id = 1 and shop_id = 1 and day = '2026-03-01'`,
      values: [],
    });
    expect(march).toMatchObject({ sessions_received: 2, received_gaps: [9], received_buyers: [1], paid_orders: 1 });
  });
});

test('every measure has its column', async () => {
  const columns = await db.tenant(1).query<{ name: string }>({
    text: `select attname as name from pg_attribute where attrelid = 'agent_day'::regclass`,
    values: [],
  });
  const names = new Set(columns.map(({ name }) => name));
  const missing = MEASURE_KEYS.filter((key) =>
    MEASURES[key].kind === 'DISTINCT' ? !names.has(`${peoplePrefix(key)}_gaps`) : !names.has(cellColumn(key)),
  );
  expect(missing).toEqual([]);
});
