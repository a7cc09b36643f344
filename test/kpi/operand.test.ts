import fc from 'fast-check';
import {
  buildObservationsSql,
  buildOwnTargetsSql,
  type ObservationQuery,
  type ObservedRow,
  type OwnTargetRow,
} from '../../src/db/sql/operand.sql';
import type { SqlRunner } from '../../src/db/sql-query';
import { type GroupMember, NO_SHOP } from '../../src/domain/measure-query';
import { addDays } from '../../src/domain/period';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makeShop, makeWorld, storeWorld } from '../support/facts';

interface Observation {
  readonly measure: string;
  readonly agent: number | null;
  readonly shop: number | null;
  readonly day: string;
  readonly value: string;
}

const AGENTS = [1, 2, 3];
const SHOPS = [1, 2];
const FIRST = '2026-03-01';
const DAYS = Array.from({ length: 12 }, (_, n) => addDays(FIRST, n));

const WORLD = makeWorld({
  shops: [makeShop({ id: 'tea' }), makeShop({ id: 'silk' })],
  agents: ['ann', 'bob', 'cat'].map((id) => ({ id, team: 'east' })),
});

let db: TestDatabase;
let organizationId: number;
let runner: SqlRunner;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

async function store(observations: readonly Observation[]): Promise<void> {
  await runner.query({
    text: `insert into observation (organization_id, measure, agent_id, shop_id, observed_on, value)
      select $1, o.measure, o.agent, o.shop, o.day, o.value
      from jsonb_to_recordset($2::jsonb) o (measure text, agent int, shop int, day date, value numeric)`,
    values: [organizationId, JSON.stringify(observations)],
  });
}

const observe = (query: ObservationQuery, ...keys: string[]): Promise<ObservedRow[]> =>
  runner.query<ObservedRow>(buildObservationsSql(query, keys));

const itself = (id: number): GroupMember => ({ group: id, member: id });

describe('observations', () => {
  beforeAll(async () => {
    ({ organizationId } = await storeWorld(db, WORLD));
    runner = db.tenant(organizationId);
    await store([
      { measure: 'exam', agent: 1, shop: null, day: '2026-03-02', value: '80' },
      { measure: 'exam', agent: 1, shop: 1, day: '2026-03-04', value: '90.50' },
      { measure: 'exam', agent: 2, shop: 1, day: '2026-03-04', value: '70' },
      { measure: 'exam', agent: 2, shop: 2, day: '2026-03-04', value: '71' },
      { measure: 'dsr', agent: null, shop: 1, day: '2026-03-05', value: '-4.8' },
    ]);
  });

  const query = (overrides: Partial<ObservationQuery>): ObservationQuery => ({
    organizationId,
    kind: 'AGENT',
    shops: 'ALL',
    agents: AGENTS.map(itself),
    buckets: ['2026-03-01'],
    to: '2026-03-31',
    ...overrides,
  });

  test('of agents are theirs in any shop and in none', async () => {
    expect(await observe(query({}), 'exam')).toEqual(
      expect.arrayContaining([
        { shopGroup: 0, agentGroup: 1, bucket: 0, measure: 'exam', sum: '170.5', count: 2, last: '90.5' },
        { shopGroup: 0, agentGroup: 2, bucket: 0, measure: 'exam', sum: '141', count: 2, last: '70.5' },
      ]),
    );
    expect(await observe(query({}), 'dsr')).toEqual([]);
  });

  test('of some shops leave out those without one, unless these are asked for', async () => {
    const agents = [itself(1)];
    const sums = async (...shops: number[]): Promise<string[]> =>
      (await observe(query({ agents, shops: shops.map((member) => ({ group: 9, member })) }), 'exam')).map(
        ({ sum }) => sum,
      );
    expect(await sums(1)).toEqual(['90.5']);
    expect(await sums(1, NO_SHOP)).toEqual(['170.5']);
    expect(await sums(2)).toEqual([]);
  });

  test('of shops are those of its agents too', async () => {
    const rows = await observe(query({ kind: 'SHOP', agents: null, shops: [itself(1)] }), 'exam', 'dsr');
    expect(rows).toEqual(
      expect.arrayContaining([
        { shopGroup: 1, agentGroup: 0, bucket: 0, measure: 'exam', sum: '160.5', count: 2, last: '80.25' },
        { shopGroup: 1, agentGroup: 0, bucket: 0, measure: 'dsr', sum: '-4.8', count: 1, last: '-4.8' },
      ]),
    );
  });

  test('fall into the bucket of their day, and last is that of the bucket', async () => {
    const rows = await observe(
      query({ agents: [itself(1)], buckets: ['2026-03-02', '2026-03-03', '2026-03-04'], to: '2026-03-04' }),
      'exam',
    );
    expect(rows.map(({ bucket, last }) => [bucket, last]).sort()).toEqual([
      [0, '80'],
      [2, '90.5'],
    ]);
    expect(await observe(query({ agents: [itself(1)], buckets: ['2026-03-03'], to: '2026-03-03' }), 'exam')).toEqual(
      [],
    );
  });

  test('of nobody are none', async () => {
    expect(await observe(query({ agents: [] }), 'exam')).toEqual([]);
    expect(await observe(query({ shops: [] }), 'exam')).toEqual([]);
  });
});

const day = fc.constantFrom(...DAYS);
const observation = fc.record<Observation>({
  measure: fc.constantFrom('exam', 'dsr', 'other'),
  agent: fc.option(fc.constantFrom(...AGENTS)),
  shop: fc.option(fc.constantFrom(...SHOPS)),
  day,
  value: fc.integer({ min: -9_999, max: 9_999 }).map((cents) => (cents / 100).toFixed(2)),
});
const grouped = (members: readonly number[]): fc.Arbitrary<GroupMember[]> =>
  fc
    .tuple(fc.subarray([...members]), fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 4, maxLength: 4 }))
    .map(([some, groups]) => some.map((member, index) => ({ group: groups[index] ?? 1, member })));
const randomQuery = fc
  .record({
    kind: fc.constantFrom('AGENT' as const, 'AGENT_SET' as const, 'SHOP' as const),
    shops: fc.oneof(fc.constant('ALL' as const), grouped([...SHOPS, NO_SHOP])),
    agents: grouped(AGENTS),
    buckets: fc.uniqueArray(day, { minLength: 1, maxLength: 4 }).map((days) => days.sort()),
    length: fc.nat(8),
  })
  .map(({ kind, shops, agents, buckets, length }) => ({
    kind,
    shops,
    agents: kind === 'SHOP' ? null : kind === 'AGENT' ? agents.map(({ member }) => itself(member)) : agents,
    buckets,
    to: addDays(buckets.at(-1) ?? FIRST, length),
  }));

/** The same by reading every observation in turn. */
function observedByHand(query: ObservationQuery, observations: readonly Observation[]): Map<string, Observation[]> {
  const found = new Map<string, Observation[]>();
  for (const one of observations) {
    const shop =
      query.shops === 'ALL' ? { group: 0 } : query.shops.find(({ member }) => member === (one.shop ?? NO_SHOP));
    const agent = query.agents ? query.agents.find(({ member }) => member === one.agent) : { group: 0 };
    const bucket = query.buckets.filter((first) => first <= one.day).length - 1;
    if (!shop || !agent || bucket < 0 || one.day > query.to || one.measure === 'other') continue;
    const key = [shop.group, agent.group, bucket, one.measure].join(' ');
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  return found;
}

const cents = (values: readonly { readonly value: string }[]): number =>
  values.reduce((sum, { value }) => sum + Math.round(Number(value) * 100), 0);

test('observations are summed, counted and averaged on the last day as by hand', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(
        observation.filter(({ agent, shop }) => agent !== null || shop !== null),
        {
          maxLength: 30,
          selector: ({ value: _, ...identity }) => JSON.stringify(identity),
        },
      ),
      fc.array(randomQuery, { minLength: 5, maxLength: 5 }),
      async (observations, queries) => {
        ({ organizationId } = await storeWorld(db, WORLD));
        runner = db.tenant(organizationId);
        await store(observations);
        for (const query of queries.map((one) => ({ ...one, organizationId }))) {
          const expected = observedByHand(query, observations);
          const rows = await observe(query, 'exam', 'dsr');
          expect(rows).toHaveLength(expected.size);
          for (const { shopGroup, agentGroup, bucket, measure, sum, count, last } of rows) {
            const those = expected.get([shopGroup, agentGroup, bucket, measure].join(' ')) ?? [];
            const lastDay = those
              .map((one) => one.day)
              .sort()
              .at(-1);
            const ofLastDay = those.filter((one) => one.day === lastDay);
            expect(count).toBe(those.length);
            expect(Math.round(Number(sum) * 100)).toBe(cents(those));
            expect(Number(last) * 100).toBeCloseTo(cents(ofLastDay) / ofLastDay.length, 8);
            expect(last).not.toMatch(/\.\d*0$/);
          }
        }
      },
    ),
    { numRuns: 25 },
  );
});

test('the mean of the last day is told to more places than it is ever rounded to', async () => {
  ({ organizationId } = await storeWorld(db, WORLD));
  runner = db.tenant(organizationId);
  await store(
    AGENTS.map((agent) => ({ measure: 'exam', agent, shop: null, day: FIRST, value: agent === 1 ? '1' : '0' })),
  );
  const shops = [{ group: 1, member: NO_SHOP }];
  const [row] = await observe(
    { organizationId, kind: 'SHOP', shops, agents: null, buckets: [FIRST], to: FIRST },
    'exam',
  );
  expect(row?.last).toBe(`0.${'3'.repeat(40)}`);
});

describe('targets', () => {
  const targets = (from: string, to: string, ...keys: string[]): Promise<OwnTargetRow[]> =>
    runner.query<OwnTargetRow>(buildOwnTargetsSql(organizationId, keys, from, to));

  test('are those that lie within the days, with the one subject that each is of', async () => {
    ({ organizationId } = await storeWorld(db, WORLD));
    runner = db.tenant(organizationId);
    await runner.query({
      text: `insert into target (organization_id, metric, agent_id, team_id, shop_id, from_day, to_day, value)
        values ($1, 'salesAmount', 1, null, null, '2026-03-01', '2026-03-10', 1000.50),
          ($1, 'salesAmount', null, 1, 2, '2026-03-02', '2026-03-02', 7),
          ($1, 'salesAmount', 1, null, null, '2026-03-11', '2026-03-20', 2000),
          ($1, 'csatRate', null, null, null, '2026-03-01', '2026-03-31', 0.9)`,
      values: [organizationId],
    });
    const first = {
      metric: 'salesAmount',
      agentId: 1,
      teamId: null,
      shopId: null,
      from: '2026-03-01',
      to: '2026-03-10',
      value: '1000.50',
    };
    const second = {
      metric: 'salesAmount',
      agentId: null,
      teamId: 1,
      shopId: 2,
      from: '2026-03-02',
      to: '2026-03-02',
      value: '7',
    };
    expect(await targets('2026-03-01', '2026-03-10', 'salesAmount', 'csatRate')).toEqual([first, second]);
    expect(await targets('2026-03-02', '2026-03-10', 'salesAmount')).toEqual([second]);
    expect(await targets('2026-03-01', '2026-03-09', 'salesAmount')).toEqual([second]);
    expect(await targets('2026-03-01', '2026-03-31', 'csatRate')).toMatchObject([
      { agentId: null, teamId: null, shopId: null, value: '0.9' },
    ]);
    expect(await targets('2026-03-01', '2026-03-31')).toEqual([]);
  });

  test('are those of the organization alone', async () => {
    const other = await db.createOrganization('Other');
    expect(await db.tenant(other).query(buildOwnTargetsSql(other, ['salesAmount'], FIRST, '2026-03-31'))).toEqual([]);
  });
});
