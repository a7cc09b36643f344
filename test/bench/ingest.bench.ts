import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { describeMachine, startBenchServer, type BenchServer } from './server';
import { measureInTurn, printTable, secondsOf } from './measure';

const ROUNDS = 3;
const AGENTS = 50;
const MESSAGES = 10;
const TABLES = ['buyer', 'session', 'session_messages'];

const INGEST = `mutation($input: IngestInput!) { ingest(input: $input) { accepted unchanged rejected { message } } }`;

/** How many sessions a second come in through the mutation and the stream, beside COPY of the rows they end as. */
export async function benchIngest(sessions = 20_000): Promise<void> {
  const server = await startBenchServer();
  try {
    console.log(`${sessions} sessions with ${MESSAGES} messages each; median of ${ROUNDS} rounds, contenders in turn`);
    console.log(describeMachine());
    const seconds = await measureInTurn(
      {
        'COPY of the same rows, same indexes': (round) => timeCopy(server, makeSessions(sessions, `copy${round}`)),
        'stream, NDJSON': async (round) => (await timeStream(server, makeSessions(sessions, `s${round}`))).first,
        'mutation, 1,000 a call': async (round) => timeMutation(server, makeSessions(sessions, `m${round}`)),
        'stream, the same again': async (round) =>
          (await timeStream(server, makeSessions(sessions, `a${round}`))).again,
      },
      ROUNDS,
    );
    const floor = seconds.get('COPY of the same rows, same indexes') ?? Number.NaN;
    printTable(
      ['door', 'sessions/s', 'of COPY'],
      [...seconds].map(([name, s]) => [name, Math.round(sessions / s).toLocaleString('en'), (floor / s).toFixed(2)]),
    );
  } finally {
    await server.close();
  }
}

function makeSessions(count: number, prefix: string): object[] {
  const start = Date.UTC(2026, 0, 5, 1);
  return Array.from({ length: count }, (_, n) => {
    const startedAt = start + n * 97_000;
    return {
      externalId: `${prefix}-${n}`,
      shop: 's1',
      agent: `a${n % AGENTS}`,
      buyer: `b${(n * 7) % Math.ceil(count * 0.8)}`,
      startedAt: new Date(startedAt).toISOString(),
      csat: (n % 5) + 1,
      messages: Array.from({ length: MESSAGES }, (_unused, m) => ({
        at: new Date(startedAt + m * (5_000 + (n % 13) * 1_000)).toISOString(),
        from: m % 2 ? 'AGENT' : 'BUYER',
      })),
    };
  });
}

async function newOrganization(server: BenchServer) {
  const organization = await server.createOrganization();
  const ndjson = (records: object[]): string => records.map((record) => JSON.stringify(record)).join('\n');
  await send(server, organization.key, 'clients', ndjson([{ externalId: 'c1', name: 'C' }]));
  await send(
    server,
    organization.key,
    'shops',
    ndjson([{ externalId: 's1', client: 'c1', name: 'S', platform: 'JD' }]),
  );
  const agents = Array.from({ length: AGENTS }, (_, n) => ({ externalId: `a${n}`, name: `A ${n}` }));
  await send(server, organization.key, 'agents', ndjson(agents));
  return organization;
}

async function send(server: BenchServer, key: string, kind: string, body: string): Promise<void> {
  const response = await fetch(`${server.url}/v1/ingest/${kind}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
    body,
  });
  const answer = (await response.json()) as { rejected?: unknown[] };
  if (response.status !== 200 || answer.rejected?.length !== 0) throw new Error(JSON.stringify(answer).slice(0, 500));
}

async function timeStream(server: BenchServer, sessions: object[]): Promise<{ first: number; again: number }> {
  const { key } = await newOrganization(server);
  const body = sessions.map((session) => JSON.stringify(session)).join('\n');
  const first = await secondsOf(() => send(server, key, 'sessions', body));
  const again = await secondsOf(() => send(server, key, 'sessions', body));
  return { first, again };
}

async function timeMutation(server: BenchServer, sessions: object[]): Promise<number> {
  const { key } = await newOrganization(server);
  const bodies: string[] = [];
  for (let start = 0; start < sessions.length; start += 1_000) {
    const input = { sessions: sessions.slice(start, start + 1_000) };
    bodies.push(JSON.stringify({ query: INGEST, variables: { input } }));
  }
  return secondsOf(async () => {
    for (const body of bodies) {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body,
      });
      const { data } = (await response.json()) as { data?: { ingest: { rejected: unknown[] } } };
      if (data?.ingest.rejected.length !== 0) throw new Error('A batch was refused.');
    }
  });
}

/** The rows as ingestion made them, copied out and into tables of the same shape, indexes and checks. */
async function timeCopy(server: BenchServer, sessions: object[]): Promise<number> {
  const { id, key } = await newOrganization(server);
  await send(server, key, 'sessions', sessions.map((session) => JSON.stringify(session)).join('\n'));
  const client = await server.superuser.connect();
  try {
    const rows = new Map<string, Buffer>();
    for (const table of TABLES) {
      const chunks: Buffer[] = [];
      const out = client.query(copyTo(`copy (select * from ${table} where organization_id = ${id}) to stdout`));
      for await (const chunk of out) chunks.push(chunk as Buffer);
      rows.set(table, Buffer.concat(chunks));
      await client.query(`create table copy_${table} (like ${table} including all)`);
    }
    const seconds = await secondsOf(async () => {
      for (const [table, data] of rows) {
        await pipeline(Readable.from([data]), client.query(copyFrom(`copy copy_${table} from stdin`)));
      }
    });
    for (const table of TABLES) await client.query(`drop table copy_${table}`);
    return seconds;
  } finally {
    client.release();
  }
}
