import { RECORD_KINDS, type RecordKind } from '../../src/domain/records';
import { IngestionService } from '../../src/services/ingestion.service';
import { ingestStream } from '../../src/services/ingest-stream';
import { startTestApi, type TestApi } from '../support/api';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makePrincipal } from '../support/ingest';
import { readTables } from '../support/tables';
import { at, makeWorld } from '../support/world';

const INGEST = `mutation($input: IngestInput!) {
  ingest(input: $input) {
    accepted unchanged stale rejected { kind index externalId field code message } userErrors { code message field }
  }
}`;

const GOOD: Readonly<Record<string, readonly object[]>> = {
  ...(makeWorld(3) as Record<string, object[]>),
  presences: [{ externalId: 'p1', agent: 'a0', shop: 's1', startedAt: at(0), endedAt: at(60) }],
};

/** One bad record of every kind, in the middle of good ones. */
const BAD: Readonly<Record<RecordKind, unknown>> = {
  clients: { externalId: 'c9' },
  teams: { externalId: 't9', name: 5 },
  shops: { externalId: 's9', client: 'c1', name: 'S', platform: 'EBAY' },
  agents: { externalId: 'a9', name: 'A', team: 'none' },
  sessions: { externalId: 'x9', shop: 's1', buyer: 'b', startedAt: at(0), csat: 6 },
  orders: { externalId: 'o9', shop: 's1', buyer: 'b', placedAt: at(0), amount: '1e400' },
  refunds: { externalId: 'r9', shop: 's1', order: 'o', status: 'COMPLETED', openedAt: at(0), amount: '1' },
  complaints: { externalId: 'k9', shop: 's1', category: 'a\0', openedAt: at(0) },
  presences: { externalId: 'p9', agent: 'a0', startedAt: at(1), endedAt: at(0) },
  observations: { measure: 'exam', on: '2026-03-01', value: '1' },
  targets: { metric: 'x', agent: 'a0', from: '2026-02-30', to: '2026-03-01', value: '1' },
};

interface Outcome {
  readonly accepted: number;
  readonly unchanged: number;
  readonly stale: number;
  readonly rejected: readonly Record<string, unknown>[];
}

function recordsOf(kind: RecordKind): unknown[] {
  const [first, ...others] = GOOD[kind] ?? [];
  return [first, BAD[kind], ...others];
}

type Cell = string | number | boolean | unknown[] | null | undefined;

const cell = (value: Cell): string => {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'string' ? value : Array.isArray(value) ? JSON.stringify(value) : String(value);
  return `"${text.replaceAll('"', '""')}"`;
};

function toCsv(records: readonly unknown[]): string {
  const rows = records as Record<string, Cell>[];
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return [columns.join(','), ...rows.map((row) => columns.map((column) => cell(row[column])).join(','))].join('\r\n');
}

describe('the doors', () => {
  let db: TestDatabase;
  let api: TestApi;
  let ingestion: IngestionService;
  beforeAll(async () => {
    db = await createTestDatabase();
    api = await startTestApi(db);
    ingestion = new IngestionService(db.database);
  });
  afterAll(async () => {
    await api.close();
    await db.close();
  });

  async function throughMutation(key: string, kind: RecordKind, records: readonly unknown[]): Promise<Outcome> {
    const { data, errors } = await api.query(key, INGEST, { input: { [kind]: records } });
    expect(errors).toBeUndefined();
    const { userErrors, ...outcome } = data.ingest;
    expect(userErrors).toEqual([]);
    return outcome;
  }

  async function throughHttp(key: string, kind: RecordKind, type: string, payload: string): Promise<Outcome> {
    const response = await api.app.inject({
      method: 'POST',
      url: `/v1/ingest/${kind}`,
      headers: { authorization: `Bearer ${key}`, 'content-type': type },
      payload,
    });
    expect(response.statusCode).toBe(200);
    const { rejected, ...counts } = response.json<Outcome>();
    return {
      ...counts,
      rejected: rejected.map(({ line, ...rest }) => (expect(line).toEqual(expect.any(Number)), rest)),
    };
  }

  it('take the same records with the same result: mutation, NDJSON and CSV', async () => {
    const send: Record<string, (key: string, kind: RecordKind, records: unknown[]) => Promise<Outcome>> = {
      mutation: (key, kind, records) => throughMutation(key, kind, records),
      ndjson: (key, kind, records) =>
        throughHttp(key, kind, 'application/x-ndjson', records.map((record) => JSON.stringify(record)).join('\n')),
      csv: (key, kind, records) => throughHttp(key, kind, 'text/csv', toCsv(records)),
    };
    const outcomes: Record<string, Record<string, Outcome>> = {};
    const tables: Record<string, unknown> = {};
    for (const [door, through] of Object.entries(send)) {
      const organizationId = await db.createOrganization();
      const key = await api.createKey(organizationId);
      outcomes[door] = {};
      for (const kind of RECORD_KINDS) outcomes[door][kind] = await through(key, kind, recordsOf(kind));
      tables[door] = await readTables(db.tenant(organizationId));
    }
    for (const kind of RECORD_KINDS) {
      const expected = outcomes.mutation?.[kind];
      expect(expected?.rejected).toMatchObject([{ kind, index: 1 }]);
      expect(expected?.accepted).toBe(GOOD[kind]?.length);
      expect(outcomes.ndjson?.[kind]).toEqual(expected);
      // A cell has no types: a number in quotes is text like any other.
      if (kind !== 'teams') expect(outcomes.csv?.[kind]).toEqual(expected);
    }
    expect(tables.ndjson).toEqual(tables.mutation);
    delete (tables.csv as Record<string, unknown>).team;
    delete (tables.mutation as Record<string, unknown>).team;
    expect(tables.csv).toEqual(tables.mutation);
  });

  it('the mutation takes all kinds in one call, whatever their order, and variables of any shape', async () => {
    const organizationId = await db.createOrganization();
    const key = await api.createKey(organizationId);
    const { sessions, ...rest } = GOOD;
    const answer = await api.query(
      key,
      `mutation($sessions: [SessionRecord!], $rest: IngestInput!) {
        a: ingest(input: $rest) { accepted rejected { code } }
        b: ingest(input: { sessions: $sessions, orders: [] }) { accepted rejected { index field code externalId } }
      }`,
      { rest, sessions: [BAD.sessions, ...(sessions ?? [])] },
    );
    expect(answer.errors).toBeUndefined();
    expect(answer.data.a.rejected).toEqual([]);
    expect(answer.data.b).toEqual({
      accepted: sessions?.length,
      rejected: [{ index: 0, field: 'csat', code: 'OUT_OF_RANGE', externalId: 'x9' }],
    });
  });

  it('the mutation refuses more than 1,000 records and writes nothing', async () => {
    const organizationId = await db.createOrganization();
    const key = await api.createKey(organizationId);
    const teams = Array.from({ length: 1001 }, (_, n) => ({ externalId: `t${n}`, name: 'T' }));
    const { data } = await api.query(key, INGEST, { input: { teams } });
    expect(data.ingest).toMatchObject({ accepted: 0, userErrors: [{ code: 'BAD_USER_INPUT', field: ['input'] }] });
    expect((await readTables(db.tenant(organizationId))).team).toEqual([]);
  });

  it('the mutation refuses what is no IngestInput as GraphQL does', async () => {
    const key = await api.createKey(await db.createOrganization());
    for (const variables of [{ input: { sessionz: [] } }, { input: { sessions: 'x' } }, { input: null }, {}]) {
      const { errors } = await api.query(key, INGEST, variables);
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
    const literal = await api.query(
      key,
      'mutation { ingest(input: { agents: [{ externalId: "a", name: "A", level: BOSS }] }) { accepted } }',
    );
    expect(literal).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it('a stream that breaks off leaves whole batches, and sent again gives the same tables', async () => {
    const [broken, whole] = [await db.createOrganization(), await db.createOrganization()];
    const { sessions, orders: _orders, ...rest } = makeWorld(3);
    for (const organizationId of [broken, whole]) await ingestion.ingest(makePrincipal(organizationId), rest);
    const records = (sessions ?? []).map((raw, index) => ({ line: index + 1, raw, size: 1 }));
    async function* breaking() {
      yield* records.slice(0, 7);
      await Promise.resolve();
      throw new Error('connection lost');
    }
    async function* all() {
      await Promise.resolve();
      yield* records;
    }
    const options = { batchSize: 3 };
    await expect(ingestStream(ingestion, makePrincipal(broken), 'sessions', breaking(), options)).rejects.toThrow();
    expect((await readTables(db.tenant(broken))).session).toHaveLength(6);
    await ingestStream(ingestion, makePrincipal(broken), 'sessions', all(), options);
    await ingestStream(ingestion, makePrincipal(whole), 'sessions', all(), options);
    expect(await readTables(db.tenant(broken))).toEqual(await readTables(db.tenant(whole)));
  });
});
