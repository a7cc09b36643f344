import fc from 'fast-check';
import type { Access } from '../../src/domain/access';
import { isAvailable, type MetricValue, type SubjectKind } from '../../src/domain/kpi';
import type { Metric } from '../../src/domain/metric';
import { METRICS } from '../../src/domain/metrics';
import { addDays } from '../../src/domain/period';
import { KpiService, type KpiSubjects, ORGANIZATION } from '../../src/services/kpi.service';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { type StoredWorld, storeWorld } from '../support/facts';
import { bruteForce, type Subject } from './brute-force';
import { AGENTS, randomWorld, SHOPS } from './random-world';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

interface Case {
  readonly kind: SubjectKind;
  readonly subjects: KpiSubjects;
  /** What each subject number stands for. */
  readonly meaning: ReadonlyMap<number, Subject>;
}

const namesOf = (of: readonly { readonly id: string }[]): string[] => of.map(({ id }) => id);

/** Every way to ask; `seen` are the shops of the caller, null for all. */
function casesOf({ agents, shops, teams, clients }: StoredWorld, seen: readonly string[] | null): Case[] {
  const within = (names: readonly string[]): string[] => names.filter((name) => seen?.includes(name) ?? true);
  const idsOf = (ids: { names: readonly string[]; of: (name: string) => number }): number[] =>
    ids.names.map((n) => ids.of(n));
  const members = (team: string): string[] => namesOf(AGENTS.filter((agent) => agent.team === team));
  const shopsOf = (client: string): string[] => namesOf(SHOPS.filter((shop) => shop.client === client));
  const organization = (subject: Subject): Case['meaning'] => new Map([[ORGANIZATION, subject]]);
  return [
    {
      kind: 'AGENT',
      subjects: { type: 'AGENT', ids: idsOf(agents) },
      meaning: new Map(agents.names.map((name) => [agents.of(name), { agents: [name], shops: seen }])),
    },
    {
      kind: 'AGENT',
      subjects: { type: 'AGENT', ids: idsOf(agents), shopIds: [shops.of('tea'), shops.of('tin')] },
      meaning: new Map(
        agents.names.map((name) => [agents.of(name), { agents: [name], shops: within(['tea', 'tin']) }]),
      ),
    },
    {
      kind: 'AGENT_SET',
      subjects: { type: 'TEAM', ids: idsOf(teams) },
      meaning: new Map(teams.names.map((name) => [teams.of(name), { agents: members(name), shops: seen }])),
    },
    {
      kind: 'SHOP',
      subjects: { type: 'SHOP', ids: idsOf(shops) },
      meaning: new Map(shops.names.map((name) => [shops.of(name), { agents: null, shops: within([name]) }])),
    },
    {
      kind: 'SHOP',
      subjects: { type: 'CLIENT', ids: idsOf(clients) },
      meaning: new Map(clients.names.map((name) => [clients.of(name), { agents: null, shops: within(shopsOf(name)) }])),
    },
    {
      kind: 'SHOP',
      subjects: { type: 'ORGANIZATION' },
      meaning: organization({ agents: null, shops: seen }),
    },
    {
      kind: 'SHOP',
      subjects: { type: 'ORGANIZATION', filter: { platforms: ['TAOBAO'] } },
      meaning: organization({ agents: null, shops: within(['tea', 'tin']) }),
    },
    {
      kind: 'AGENT_SET',
      subjects: { type: 'ORGANIZATION', filter: { agentIds: [agents.of('ann'), agents.of('cat')] } },
      meaning: organization({ agents: ['ann', 'cat'], shops: seen }),
    },
    {
      kind: 'AGENT',
      subjects: { type: 'ORGANIZATION', filter: { agentIds: [agents.of('bob')], clientIds: [clients.of('leaf')] } },
      meaning: organization({ agents: ['bob'], shops: within(shopsOf('leaf')) }),
    },
    {
      kind: 'AGENT_SET',
      subjects: { type: 'ORGANIZATION', filter: { teamIds: [teams.of('east')], shopIds: [shops.of('toy')] } },
      meaning: organization({ agents: members('east'), shops: within(['toy']) }),
    },
  ];
}

type Expected = Pick<MetricValue, 'exact' | 'nullReason'>;
const nothing = (nullReason: MetricValue['nullReason']): Expected => ({ exact: null, nullReason });

function expectedOf(metric: Metric, kind: SubjectKind, plain: ReturnType<typeof bruteForce>): Expected {
  if (!isAvailable(metric, kind)) return nothing('NOT_AVAILABLE_AT_THIS_GRAIN');
  const isMixed =
    (metric.measures.includes('salesAmount') && plain.mixedSales) ||
    (metric.measures.includes('refundedSalesAmount') && plain.mixedNetSales) ||
    (metric.measures.includes('shopSalesAmount') && plain.mixedShopSales);
  if (isMixed) return nothing('MIXED_CURRENCIES');
  const parts = plain.values.get(metric.key);
  if (parts === undefined) throw new Error(`${metric.key} has no brute force twin.`);
  if (parts === null) return nothing('NO_DATA');
  const [numerator, denominator = 1n] = parts;
  return denominator === 0n
    ? nothing('ZERO_DENOMINATOR')
    : { exact: decimal(numerator, denominator), nullReason: null };
}

/** The fraction with 12 decimals, half away from zero, without trailing zeros. */
function decimal(numerator: bigint, denominator: bigint): string {
  const scaled = (2n * (numerator < 0n ? -numerator : numerator) * 10n ** 12n + denominator) / (2n * denominator);
  const digits = String(scaled).padStart(13, '0');
  const text = `${digits.slice(0, -12)}.${digits.slice(-12)}`.replace(/\.?0+$/, '');
  return numerator < 0n && scaled > 0n ? `-${text}` : text;
}

test('every metric of every subject equals the brute force over the same facts', async () => {
  const service = new KpiService();
  const metrics = [...METRICS.values()];
  await fc.assert(
    fc.asyncProperty(randomWorld, fc.nat(7), fc.constantFrom(0, 1, 4, 60), async (world, start, length) => {
      const stored = await storeWorld(db, world);
      const runner = db.tenant(stored.organizationId);
      const from = addDays('2026-03-05', start);
      const period = { from, to: addDays(from, length), days: length + 1 };
      for (const seen of [null, ['tea', 'toy']]) {
        const access: Access = {
          organizationId: stored.organizationId,
          clientIds: null,
          shopIds: seen && seen.map((name) => stored.shops.of(name)),
        };
        for (const { kind, subjects, meaning } of casesOf(stored, seen)) {
          const table = await service.query(runner, access, { subjects, period, metrics: [...METRICS.keys()] });
          const actual: Record<string, unknown> = {};
          const expected: Record<string, unknown> = {};
          for (const [id, subject] of meaning) {
            const plain = bruteForce(world, subject, period.from, period.to);
            for (const metric of metrics) {
              const value = table.get(id)?.get(metric.key);
              const name = `${metric.key} of ${JSON.stringify(subject)}`;
              actual[name] = { exact: value?.exact, nullReason: value?.nullReason };
              expected[name] = expectedOf(metric, kind, plain);
            }
          }
          expect(actual).toEqual(expected);
        }
      }
    }),
    { numRuns: Number(process.env['KPI_RUNS'] ?? 25), seed: 20260302 },
  );
}, 600_000);
