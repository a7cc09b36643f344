import Fastify from 'fastify';
import { Pool } from 'pg';
import type { SqlQuery } from '../../src/db/sql-query';
import { buildFactMeasuresSql } from '../../src/db/sql/fact-measures-query.sql';
import { buildRollupMeasuresSql } from '../../src/db/sql/rollup-measures.sql';
import { tenantSetting } from '../../src/db/snapshot';
import type { Principal } from '../../src/domain/access';
import { needsOf } from '../../src/domain/kpi';
import { MetricCatalogue } from '../../src/domain/metric-catalogue';
import type { MeasureQuery } from '../../src/domain/measure-query';
import { addDays } from '../../src/domain/period';
import type { Day } from '../../src/domain/zone';
import { AGENTS, FIRST_DAY, type KpiWorld, LAST_DAY, makeKpiWorld, SHOPS } from './kpi-world';
import { measureLoad } from './load';
import { measureInTurn, printTable, secondsOf } from './measure';
import { type BenchServer, describeMachine, startBenchServer } from './server';

const METRICS = [
  'receivedBuyers',
  'replyRate',
  'inquiringBuyers',
  'orderingBuyers',
  'inquiryConversionRate',
  'inquiryPaidConversionRate',
  'orderSuccessRate',
  'salesAmount',
  'salesBuyers',
  'averageSpendPerBuyer',
  'averageResponseSeconds',
  'fastResponseRate30',
  'firstResponseSeconds',
  'sessionsHandled',
  'csatRate',
  'selfResolvedRefundRate',
];
const MONTH = { from: '2026-05-20', to: '2026-06-19' } as const;
const HALF_YEAR = { from: FIRST_DAY, to: LAST_DAY } as const;

/** Shows the goals of the KPI engine, each as a ratio within this run. */
export async function benchKpi(sessions = 1_000_000): Promise<void> {
  const server = await startBenchServer();
  try {
    console.log(describeMachine());
    const full = await makeWorld(server, sessions);
    await compareWithFacts(server, full.world);
    await compareIsolation(server, full.world);
    await compareHttp(server, full.world, full.key);
    const half = await makeWorld(server, Math.round(sessions / 2));
    await compareSizes(server, full.world, half.world);
    // Last: it adds to the facts.
    await compareRefresh(server, full.world);
  } finally {
    await server.close();
  }
}

async function makeWorld(server: BenchServer, sessions: number): Promise<{ world: KpiWorld; key: string }> {
  const { id, key } = await server.createOrganization();
  const start = performance.now();
  const world = await makeKpiWorld(server.superuser, id, sessions);
  const seconds = (performance.now() - start) / 1000;
  const rollup = await secondsOf(async () => {
    await server.rollup.refresh(id, null);
    while ((await server.rollup.closeMonths(id, addDays(LAST_DAY, 5))) > 0);
  });
  for (const table of ['agent_day', 'shop_day', 'agent_month', 'shop_month', 'agent_buyer_day', 'shop_buyer_day']) {
    await server.superuser.query(`vacuum analyze ${table}`);
  }
  const { rows } = await server.superuser.query<{ cells: string; states: string; facts: string }>(
    `select pg_size_pretty(sum(pg_total_relation_size(c.oid)) filter (where c.relname ~ '^(agent|shop)_(day|month)$')) as cells,
            pg_size_pretty(sum(pg_total_relation_size(c.oid)) filter (where c.relname ~ 'buyer_day$')) as states,
            pg_size_pretty(sum(pg_total_relation_size(c.oid)) filter (where c.relname in ('session', 'orders', 'refund', 'complaint'))) as facts
     from pg_class c where c.relkind = 'r'`,
  );
  const sizes = rows[0];
  console.log(
    `\n${sessions.toLocaleString('en')} sessions, ${AGENTS} agents, ${SHOPS} shops, six months: made in ${seconds.toFixed(0)} s, ` +
      `rolled up in ${rollup.toFixed(0)} s; facts ${sizes?.facts}, buyers' days ${sizes?.states}, cells ${sizes?.cells}`,
  );
  return { world, key };
}

interface Case {
  readonly name: string;
  readonly query: MeasureQuery;
}

function agentsQuery(
  { organizationId, agentIds }: KpiWorld,
  { from, to }: { from: Day; to: Day },
  count: number,
): MeasureQuery {
  const catalogue = MetricCatalogue.builtIn;
  const { measures } = needsOf(
    METRICS.map((key) => catalogue.get(key)),
    'AGENT',
    catalogue,
  );
  const agents = agentIds.slice(0, count).map((id) => ({ group: id, member: id }));
  return { organizationId, kind: 'AGENT', shops: 'ALL', agents, buckets: [from], to, measures };
}

function shopsQuery(world: KpiWorld, { from, to }: { from: Day; to: Day }): MeasureQuery {
  const { organizationId, shopIds } = world;
  const shops = shopIds.map((id) => ({ group: id, member: id }));
  return { ...agentsQuery(world, { from, to }, 0), organizationId, kind: 'SHOP', shops, agents: null };
}

function teamsQuery(world: KpiWorld, period: { from: Day; to: Day }): MeasureQuery {
  const agents = world.agentIds.map((id, n) => ({ group: n % 10, member: id }));
  return { ...agentsQuery(world, period, 0), kind: 'AGENT_SET', agents };
}

async function compareWithFacts(server: BenchServer, world: KpiWorld): Promise<void> {
  const cases: Case[] = [
    { name: `${AGENTS} agents × 31 days`, query: agentsQuery(world, MONTH, AGENTS) },
    { name: `${AGENTS} agents × six whole months`, query: agentsQuery(world, HALF_YEAR, AGENTS) },
    { name: '1 agent × 31 days', query: agentsQuery(world, MONTH, 1) },
    { name: `${SHOPS} shops × six whole months`, query: shopsQuery(world, HALF_YEAR) },
    { name: '10 teams × 31 days', query: teamsQuery(world, MONTH) },
  ];
  const rows: string[][] = [];
  for (const { name, query } of cases) {
    const ms = await measureInTurn(
      {
        facts: () => databaseMs(server, world, buildFactMeasuresSql(query)),
        rollup: () => databaseMs(server, world, buildRollupMeasuresSql(query)),
      },
      5,
    );
    const [facts = NaN, rollup = NaN] = [ms.get('facts'), ms.get('rollup')];
    rows.push([name, facts.toFixed(1), rollup.toFixed(2), (facts / rollup).toFixed(0)]);
  }
  console.log(`\nAll that ${METRICS.length} metrics are made of; execution in the database, median of 5, in turn`);
  printTable(['', 'facts ms', 'rollup ms', '×'], rows);
}

/** Execution time as the server sees it, as the API's login, in the organization's transaction. */
async function databaseMs(server: BenchServer, world: KpiWorld, { text, values }: SqlQuery): Promise<number> {
  const client = await server.reader.connect();
  try {
    await client.query(`begin; ${tenantSetting(world.organizationId)}`);
    const { rows } = await client.query<{ 'QUERY PLAN': [{ 'Execution Time': number }] }>(
      `explain (analyze, timing off, format json) ${text}`,
      values,
    );
    await client.query('commit');
    return rows[0]?.['QUERY PLAN'][0]['Execution Time'] ?? Number.NaN;
  } finally {
    client.release();
  }
}

async function compareSizes(server: BenchServer, full: KpiWorld, half: KpiWorld): Promise<void> {
  const run = (world: KpiWorld) => (): Promise<number> =>
    databaseMs(server, world, buildRollupMeasuresSql(agentsQuery(world, MONTH, AGENTS)));
  const ms = await measureInTurn({ half: run(half), full: run(full) }, 15);
  const [small = NaN, large = NaN] = [ms.get('half'), ms.get('full')];
  console.log(
    `\nThe same report on twice the sessions: ${(large / small).toFixed(2)} × (${small.toFixed(2)} → ${large.toFixed(2)} ms)`,
  );
}

async function compareIsolation(server: BenchServer, world: KpiWorld): Promise<void> {
  const open = new Pool({ connectionString: server.superuserUrl, max: 1, pipeline: true });
  const times = 300;
  const query = (): SqlQuery => buildRollupMeasuresSql(agentsQuery(world, MONTH, 1));
  try {
    const seconds = await measureInTurn(
      {
        without: () =>
          secondsOf(async () => {
            for (let n = 0; n < times; n += 1) await open.query({ ...query(), name: 'plain' });
          }),
        with: () =>
          secondsOf(async () => {
            for (let n = 0; n < times; n += 1) {
              const snapshot = server.database.snapshot(world.organizationId);
              await snapshot.query(query());
              void snapshot.end();
            }
          }),
      },
      7,
    );
    const [without = NaN, with_ = NaN] = [seconds.get('without'), seconds.get('with')];
    console.log(
      `\nRow security and the request's transaction, 1 agent × 31 days: ${(with_ / without).toFixed(2)} × ` +
        `(${((without / times) * 1000).toFixed(2)} → ${((with_ / times) * 1000).toFixed(2)} ms)`,
    );
  } finally {
    await open.end();
  }
}

const REPORT = `query($input: KpiQueryInput!) {
  kpis(input: $input) { rows { agent { id name } values { metric value } } }
}`;

async function compareHttp(server: BenchServer, world: KpiWorld, key: string): Promise<void> {
  const { rows } = await server.superuser.query<{ id: number; name: string }>(
    'select a.id, a.name from agent a where a.organization_id = $1',
    [world.organizationId],
  );
  const lines: string[][] = [];
  for (const count of [AGENTS, 1]) {
    const [agent] = rows;
    const floor = await startFloor(server, agentsQuery(world, MONTH, count));
    try {
      const globalId = await globalIdOf(server, key, agent?.name ?? '');
      const input = {
        metrics: METRICS,
        groupBy: ['AGENT'],
        period: MONTH,
        ...(count === 1 ? { filter: { agentIds: [globalId] } } : {}),
      };
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
      const load = { headers, connections: 4, seconds: 5 };
      const perSecond = await measureInTurn(
        {
          floor: async () => (await measureLoad({ ...load, url: floor.url, body: '{}' })).perSecond,
          api: async () =>
            (
              await measureLoad({
                ...load,
                url: `${server.url}/graphql`,
                body: JSON.stringify({ query: REPORT, variables: { input } }),
              })
            ).perSecond,
        },
        3,
      );
      const [least = NaN, api = NaN] = [perSecond.get('floor'), perSecond.get('api')];
      lines.push([
        `${count} agents × 31 days × ${METRICS.length} metrics`,
        least.toFixed(0),
        api.toFixed(0),
        (api / least).toFixed(2),
      ]);
    } finally {
      await floor.close();
    }
  }
  console.log(
    '\nOver HTTP, answers a second on 4 connections; the floor is Fastify and pg on the same SQL, rows as JSON',
  );
  printTable(['', 'floor', 'Scoreline', 'of floor'], lines);
}

async function globalIdOf(server: BenchServer, key: string, name: string): Promise<string> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: `{ agents(first: 1, search: "${name}") { nodes { id } } }` }),
  });
  const { data } = (await response.json()) as { data: { agents: { nodes: [{ id: string }] } } };
  return data.agents.nodes[0].id;
}

/** What anybody would write by hand: one statement in the organization's transaction, its rows as they come. */
async function startFloor(
  server: BenchServer,
  query: MeasureQuery,
): Promise<{ url: string; close(): Promise<unknown> }> {
  const app = Fastify();
  app.post('/', async () => {
    const client = await server.reader.connect();
    try {
      void client.query(`begin isolation level repeatable read read only; ${tenantSetting(query.organizationId)}`);
      const { rows } = await client.query({ ...buildRollupMeasuresSql(query), name: 'floor' });
      void client.query('commit');
      return { rows };
    } finally {
      client.release();
    }
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, close: () => app.close() };
}

const LATE = 10_000;

async function compareRefresh(server: BenchServer, world: KpiWorld): Promise<void> {
  const principal: Principal = {
    organizationId: world.organizationId,
    keyId: 0,
    keyName: 'bench',
    scopes: new Set(['INGEST']),
    clientIds: null,
  };
  const seconds = await measureInTurn(
    {
      ingest: (round) =>
        secondsOf(async () => {
          for (let start = 0; start < LATE; start += 2_000) {
            await server.ingestion.ingest(principal, { sessions: lateSessions(round, start, 2_000) });
          }
        }),
      refresh: () => secondsOf(() => server.rollup.refresh(world.organizationId, null)),
    },
    3,
  );
  const [ingest = NaN, refresh = NaN] = [seconds.get('ingest'), seconds.get('refresh')];
  console.log(
    `\n${LATE.toLocaleString('en')} sessions with 10 messages each, over the last three days, all agents: ` +
      `taken in ${ingest.toFixed(2)} s, rolled up in ${refresh.toFixed(2)} s: ${(refresh / ingest).toFixed(2)} ×`,
  );
}

function lateSessions(round: number, start: number, count: number): object[] {
  const first = Date.parse(`${addDays(LAST_DAY, -2)}T01:00:00Z`);
  return Array.from({ length: count }, (_, i) => {
    const n = start + i;
    const startedAt = first + (n % 3) * 86_400_000 + ((n * 7919) % 43_200) * 1_000;
    return {
      externalId: `late-${round}-${n}`,
      shop: `s${(n % SHOPS) + 1}`,
      agent: `a${(n % SHOPS) * (AGENTS / SHOPS) + (n % (AGENTS / SHOPS)) + 1}`,
      buyer: `b${(n * 31) % 5_000}`,
      startedAt: new Date(startedAt).toISOString(),
      messages: Array.from({ length: 10 }, (_unused, m) => ({
        at: new Date(startedAt + m * 7_000).toISOString(),
        from: m % 2 ? 'AGENT' : 'BUYER',
      })),
    };
  });
}
