import fc from 'fast-check';
import { RECORD_KINDS, type RecordKind } from '../../src/domain/records';
import { IngestionService } from '../../src/services/ingestion.service';
import type { IngestBatch, IngestResult } from '../../src/services/ingest-result';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { DIRECTORY, makePrincipal } from '../support/ingest';
import { readTables } from '../support/tables';

const DAY = 86_400_000;
const START = Date.UTC(2026, 2, 1);
const at = (ms: number): string => new Date(START + ms).toISOString();

const SESSION = { externalId: 'x1', shop: 's1', agent: 'a1', buyer: 'b1', startedAt: at(0) };
const ORDER = { externalId: 'o1', shop: 's1', buyer: 'b1', placedAt: at(0), amount: '10.00' };
const REFUND = { externalId: 'r1', shop: 's1', order: 'o1', status: 'OPEN', openedAt: at(0), amount: '5' };
const COMPLAINT = { externalId: 'k1', shop: 's1', category: 'delay', openedAt: at(0) };

describe('ingestion', () => {
  let db: TestDatabase;
  let ingestion: IngestionService;
  beforeAll(async () => {
    db = await createTestDatabase();
    ingestion = new IngestionService(db.database, null);
  });
  afterAll(() => db.close());

  async function newOrganization(directory: IngestBatch = DIRECTORY) {
    const organizationId = await db.createOrganization();
    const principal = makePrincipal(organizationId);
    await ingestion.ingest(principal, directory);
    return { organizationId, principal, tenant: db.tenant(organizationId) };
  }

  async function take(batch: IngestBatch): Promise<IngestResult> {
    const { principal } = await newOrganization();
    return ingestion.ingest(principal, batch);
  }

  describe('counts every record once', () => {
    it('as accepted when new or changed, unchanged when sent again, stale when older', async () => {
      const { principal } = await newOrganization();
      const session = { ...SESSION, updatedAt: at(DAY) };
      const counts = async (record: object) => {
        const { accepted, unchanged, stale } = await ingestion.ingest(principal, { sessions: [record] });
        return { accepted, unchanged, stale };
      };
      expect(await counts(session)).toEqual({ accepted: 1, unchanged: 0, stale: 0 });
      expect(await counts(session)).toEqual({ accepted: 0, unchanged: 1, stale: 0 });
      expect(await counts({ ...session, csat: 4 })).toEqual({ accepted: 1, unchanged: 0, stale: 0 });
      expect(await counts({ ...session, csat: 1, updatedAt: at(0) })).toEqual({ accepted: 0, unchanged: 0, stale: 1 });
      expect(await counts(SESSION)).toEqual({ accepted: 1, unchanged: 0, stale: 0 });
    });

    it('sees a change of message times that changes no figure', async () => {
      const { principal } = await newOrganization();
      const withTime = (ms: number) => ({ ...SESSION, messages: [{ at: at(ms), from: 'BOT' }] });
      await ingestion.ingest(principal, { sessions: [{ ...withTime(5), endedAt: at(DAY) }] });
      const again = {
        ...withTime(5),
        messages: [
          { at: at(1), from: 'BOT' },
          { at: at(5), from: 'BOT' },
        ],
        endedAt: at(DAY),
      };
      expect(await ingestion.ingest(principal, { sessions: [again] })).toMatchObject({ accepted: 1, unchanged: 0 });
    });

    it('of several versions in a batch the newest counts, else the last one sent', async () => {
      const { principal, tenant } = await newOrganization();
      const result = await ingestion.ingest(principal, {
        sessions: [
          { ...SESSION, csat: 3, updatedAt: at(2 * DAY) },
          { ...SESSION, csat: 1, updatedAt: at(DAY) },
          { ...SESSION, externalId: 'x2', csat: 1 },
          { ...SESSION, externalId: 'x2', csat: 5 },
        ],
      });
      expect(result).toMatchObject({ accepted: 2, unchanged: 0, stale: 2, rejected: [] });
      const { session } = await readTables(tenant);
      expect(session).toMatchObject([{ csat: 3 }, { csat: 5 }]);
    });
  });

  it('keeps what users decided through every resend', async () => {
    const { principal, tenant } = await newOrganization();
    await ingestion.ingest(principal, { sessions: [SESSION] });
    await tenant.query({
      text: `update session set excluded_reason = 'TEST', excluded_by = 'key', excluded_at = now()`,
      values: [],
    });
    await ingestion.ingest(principal, { sessions: [{ ...SESSION, csat: 5 }] });
    expect((await readTables(tenant)).session).toMatchObject([
      { csat: 5, excluded_reason: 'TEST', excluded_by: 'key' },
    ]);
  });

  it('keeps ids beyond 2^53 exactly', async () => {
    const { principal, tenant } = await newOrganization();
    const ids = ['9007199254740993', '9007199254740992', '18446744073709551617'];
    await ingestion.ingest(principal, { sessions: ids.map((externalId) => ({ ...SESSION, externalId })) });
    const { session } = await readTables(tenant);
    expect(session?.map((row) => (row as { external_id: string }).external_id).toSorted()).toEqual(ids.toSorted());
  });

  describe('rejects', () => {
    const kindsWithShop: [RecordKind, object][] = [
      ['sessions', SESSION],
      ['orders', ORDER],
      ['refunds', REFUND],
      ['complaints', COMPLAINT],
    ];
    const bad: [string, RecordKind, unknown, Record<string, unknown>][] = [
      [
        'an unknown client',
        'shops',
        { ...DIRECTORY.shops[0], client: 'no' },
        { field: 'client', code: 'UNKNOWN_REFERENCE' },
      ],
      [
        'an unknown team',
        'agents',
        { externalId: 'a', name: 'A', team: 'no' },
        { field: 'team', code: 'UNKNOWN_REFERENCE' },
      ],
      ...kindsWithShop.flatMap(([kind, record]): typeof bad => [
        [`an unknown shop of ${kind}`, kind, { ...record, shop: 'no' }, { field: 'shop', code: 'UNKNOWN_REFERENCE' }],
        [
          `an unknown agent of ${kind}`,
          kind,
          { ...record, agent: 'no' },
          { field: 'agent', code: 'UNKNOWN_REFERENCE' },
        ],
      ]),
      [
        'an end before the start',
        'sessions',
        { ...SESSION, endedAt: at(-1) },
        { field: 'endedAt', code: 'INVALID_VALUE' },
      ],
      ['csat 0', 'sessions', { ...SESSION, csat: 0 }, { field: 'csat', code: 'OUT_OF_RANGE' }],
      ['csat 6', 'sessions', { ...SESSION, csat: 6 }, { field: 'csat', code: 'OUT_OF_RANGE' }],
      ['reviewScore 0', 'orders', { ...ORDER, reviewScore: 0 }, { field: 'reviewScore', code: 'OUT_OF_RANGE' }],
      ['a negative amount', 'orders', { ...ORDER, amount: '-1' }, { field: 'amount', code: 'OUT_OF_RANGE' }],
      ['1e400', 'orders', { ...ORDER, amount: '1e400' }, { field: 'amount', code: 'INVALID_VALUE' }],
      ['an infinite number', 'orders', { ...ORDER, amount: Infinity }, { field: 'amount', code: 'INVALID_VALUE' }],
      ['NaN', 'orders', { ...ORDER, amount: 'NaN' }, { field: 'amount', code: 'INVALID_VALUE' }],
      [
        'a number that lost digits',
        'orders',
        { ...ORDER, amount: 12345678901234.567 },
        { field: 'amount', code: 'INVALID_VALUE' },
      ],
      ['an unknown channel', 'sessions', { ...SESSION, channel: 'FAX' }, { field: 'channel', code: 'INVALID_VALUE' }],
      [
        'a number as an id',
        'sessions',
        { ...SESSION, externalId: 9007199254740993 },
        { field: 'externalId', code: 'INVALID_TYPE' },
      ],
      [
        'a day that does not exist',
        'agents',
        { externalId: 'a', name: 'A', hiredOn: '2026-02-30' },
        { field: 'hiredOn', code: 'INVALID_VALUE' },
      ],
      [
        'an instant without a zone',
        'sessions',
        { ...SESSION, startedAt: '2026-01-01T00:00:00' },
        { field: 'startedAt', code: 'INVALID_VALUE' },
      ],
      [
        'an instant called infinity',
        'sessions',
        { ...SESSION, startedAt: 'infinity' },
        { field: 'startedAt', code: 'INVALID_VALUE' },
      ],
      [
        'NUL in a text',
        'complaints',
        { ...COMPLAINT, category: 'a\0b' },
        { field: 'category', code: 'INVALID_ENCODING' },
      ],
      [
        'what is left of broken UTF-8',
        'complaints',
        { ...COMPLAINT, category: 'a\uFFFD' },
        { field: 'category', code: 'INVALID_ENCODING' },
      ],
      [
        'a lone surrogate',
        'complaints',
        { ...COMPLAINT, category: '\uD800' },
        { field: 'category', code: 'INVALID_ENCODING' },
      ],
      ['a missing field', 'orders', { ...ORDER, placedAt: undefined }, { field: 'placedAt', code: 'REQUIRED' }],
      ['a field that does not exist', 'orders', { ...ORDER, total: 1 }, { field: 'total', code: 'UNKNOWN_FIELD' }],
      [
        'a completed refund without closedAt',
        'refunds',
        { ...REFUND, status: 'COMPLETED' },
        { field: 'closedAt', code: 'REQUIRED' },
      ],
      [
        'an observation of nobody',
        'observations',
        { measure: 'exam', on: '2026-01-01', value: '1' },
        { field: 'agent', code: 'REQUIRED' },
      ],
      [
        'a zone the database does not know',
        'shops',
        { ...DIRECTORY.shops[0], timeZone: 'Mars/Olympus' },
        { field: 'timeZone', code: 'INVALID_VALUE' },
      ],
      ['what is no object', 'orders', 'o1', { field: null, code: 'INVALID_TYPE' }],
    ];
    it.each(bad)('%s', async (_, kind, record, expected) => {
      const good = { externalId: 'good', name: 'Good' };
      const result = await take({ [kind]: [record], ...(kind === 'teams' ? {} : { teams: [good] }) });
      expect(result.rejected).toEqual([
        expect.objectContaining({
          kind,
          index: 0,
          message: expect.stringMatching(/^[A-Z`].*\.$|^\w+ is before \w+\.$/),
          ...expected,
        }),
      ]);
      expect(result.accepted).toBe(1);
    });

    it('messages together with summary', async () => {
      const summary = {
        buyerMessages: 1,
        agentReplies: 1,
        answeredRounds: 1,
        unansweredRounds: 0,
        totalResponseSeconds: 5,
      };
      const result = await take({ sessions: [{ ...SESSION, messages: [], summary }] });
      expect(result.rejected).toMatchObject([{ field: 'summary', code: 'INVALID_VALUE', externalId: 'x1' }]);
    });

    it('a bad message by its place', async () => {
      const messages = [
        { at: at(0), from: 'BUYER' },
        { at: at(1), from: 'CAT' },
      ];
      const result = await take({ sessions: [{ ...SESSION, messages }] });
      expect(result.rejected).toMatchObject([{ field: 'messages.1.from', code: 'INVALID_VALUE' }]);
    });

    it('a target that overlaps another of the same subject, and lets it be replaced', async () => {
      const { principal } = await newOrganization();
      const target = { metric: 'salesAmount', agent: 'a1', from: '2026-01-01', to: '2026-01-31', value: '100' };
      const result = await ingestion.ingest(principal, {
        targets: [target, { ...target, from: '2026-01-31', to: '2026-02-28' }, { ...target, agent: 'a2' }],
      });
      expect(result).toMatchObject({ accepted: 2, rejected: [{ index: 1, code: 'CONFLICT', field: 'from' }] });
      expect(await ingestion.ingest(principal, { targets: [{ ...target, value: '200' }] })).toMatchObject({
        accepted: 1,
      });
    });
  });

  describe('with a key limited to clients', () => {
    const TWO_CLIENTS = {
      ...DIRECTORY,
      clients: [...DIRECTORY.clients, { externalId: 'c2', name: 'Client 2' }],
      shops: [...DIRECTORY.shops, { externalId: 's2', client: 'c2', name: 'Shop 2', platform: 'JD' }],
    };

    async function limited() {
      const world = await newOrganization(TWO_CLIENTS);
      const [client] = await world.tenant.query<{ id: number }>({
        text: `select id from client where external_id = 'c1'`,
        values: [],
      });
      return { ...world, limited: makePrincipal(world.organizationId, { clientIds: [client?.id ?? 0] }) };
    }

    it('takes records of its shops, and knows no others', async () => {
      const { limited: principal } = await limited();
      const result = await ingestion.ingest(principal, {
        sessions: [SESSION, { ...SESSION, shop: 's2' }, { ...SESSION, shop: 'no' }],
      });
      expect(result.accepted).toBe(1);
      const [foreign, missing] = result.rejected;
      expect(foreign).toEqual({ ...missing, index: 1 });
    });

    it('refuses what belongs to the whole organization', async () => {
      const { limited: principal } = await limited();
      const result = await ingestion.ingest(principal, {
        ...TWO_CLIENTS,
        presences: [{ externalId: 'p', agent: 'a1', startedAt: at(0), endedAt: at(1) }],
        targets: [{ metric: 'salesAmount', agent: 'a1', from: '2026-01-01', to: '2026-01-31', value: '100' }],
      });
      expect(result.accepted).toBe(0);
      // The foreign shop's client is unknown to it, like one that does not exist.
      expect(new Set(result.rejected.map(({ code }) => code))).toEqual(new Set(['FORBIDDEN']));
    });

    it("does not overwrite another client's presence", async () => {
      const { principal, limited: limitedPrincipal } = await limited();
      const presence = { externalId: 'p', agent: 'a1', startedAt: at(0), endedAt: at(1) };
      await ingestion.ingest(principal, { presences: [{ ...presence, shop: 's2' }] });
      const result = await ingestion.ingest(limitedPrincipal, { presences: [{ ...presence, shop: 's1' }] });
      expect(result).toMatchObject({ accepted: 0, rejected: [{ code: 'CONFLICT', field: 'externalId' }] });
    });
  });

  it('is refused to a key without the scope', async () => {
    const { principal } = await newOrganization();
    await expect(ingestion.ingest({ ...principal, scopes: new Set() }, {})).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('derives a shop again when its hours, zone or rule change, as if it had always had them', async () => {
    const records = {
      sessions: Array.from({ length: 30 }, (_, index) => ({
        ...SESSION,
        externalId: `x${index}`,
        startedAt: at(index * 5_000_000),
        messages: [
          { at: at(index * 5_000_000), from: 'BUYER' },
          { at: at(index * 5_000_000 + 20_000), from: 'AGENT' },
        ],
      })),
      orders: Array.from({ length: 10 }, (_, index) => ({
        ...ORDER,
        externalId: `o${index}`,
        placedAt: at(index * 15_000_000 + 7),
        paidAt: at(index * 15_000_000 + 8),
      })),
      refunds: [{ ...REFUND, disputedAt: at(DAY - 1) }],
      complaints: [COMPLAINT],
    };
    const shop = {
      ...DIRECTORY.shops[0],
      timeZone: 'America/St_Johns',
      serviceHours: { from: '21:30', to: '03:15' },
      attribution: { touch: 'FIRST', windowHours: 2 },
    };
    const [changed, always] = [await newOrganization(), await newOrganization({ ...DIRECTORY, shops: [shop] })];
    await ingestion.ingest(changed.principal, records);
    const before = await readTables(changed.tenant);
    await ingestion.ingest(changed.principal, { shops: [shop] });
    await ingestion.ingest(always.principal, records);
    const after = await readTables(changed.tenant);
    expect(after).not.toEqual(before);
    expect(after).toEqual(await readTables(always.tenant));
  });

  describe('ends in the same tables', () => {
    /** Every record has several versions with distinct updatedAt; kinds that have none have one version. */
    const world = fc
      .record({
        sessions: fc.array(
          fc.record({
            externalId: fc.constantFrom('x1', 'x2', 'x3', 'x4'),
            buyer: fc.constantFrom('b1', 'b2'),
            agent: fc.constantFrom('a1', 'a2', null),
            startedAt: fc.integer({ min: 0, max: 20 }).map((n) => at(n * 3_600_000)),
            csat: fc.constantFrom(null, 1, 5),
            messages: fc.constantFrom(
              null,
              [],
              [
                { at: at(0), from: 'BUYER' },
                { at: at(9_000), from: 'AGENT' },
              ],
            ),
            exclusion: fc.constantFrom(null, null, 'SPAM'),
          }),
          { maxLength: 8 },
        ),
        orders: fc.array(
          fc.record({
            externalId: fc.constantFrom('o1', 'o2', 'o3'),
            buyer: fc.constantFrom('b1', 'b2'),
            agent: fc.constantFrom('a1', null, null),
            placedAt: fc.integer({ min: 0, max: 20 }).map((n) => at(n * 3_600_000)),
            paidAt: fc.constantFrom(null, at(DAY)),
            cancelledAt: fc.constantFrom(null, null, at(DAY)),
            amount: fc.constantFrom('1', '2.50'),
          }),
          { maxLength: 6 },
        ),
        refunds: fc.array(
          fc.record({
            externalId: fc.constantFrom('r1', 'r2'),
            order: fc.constantFrom('o1', 'o9'),
            status: fc.constantFrom('OPEN', 'REJECTED'),
            openedAt: fc.constant(at(0)),
            amount: fc.constantFrom('1', '2'),
          }),
          { maxLength: 4 },
        ),
        complaints: fc.array(
          fc.record({
            externalId: fc.constantFrom('k1', 'k2'),
            session: fc.constantFrom('x1', 'x9', null),
            category: fc.constantFrom('a', 'b'),
            openedAt: fc.constant(at(0)),
          }),
          { maxLength: 4 },
        ),
      })
      .map((batch) =>
        Object.entries(batch).flatMap(([kind, records]) =>
          records.map((record, version) => ({ kind, record: { ...record, shop: 's1', updatedAt: at(version) } })),
        ),
      );

    const arrival = world.chain((records) =>
      fc.record({
        records: fc.constant(records),
        order: fc.shuffledSubarray(records, { minLength: records.length, maxLength: records.length }),
        replayed: fc.subarray(records),
        cuts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
      }),
    );

    function toBatch(records: readonly { kind: string; record: object }[]): IngestBatch {
      return Object.fromEntries(
        RECORD_KINDS.map((kind) => [kind, records.filter((one) => one.kind === kind).map(({ record }) => record)]),
      );
    }

    it('in any order, any batching, and sent again', async () => {
      await fc.assert(
        fc.asyncProperty(arrival, async ({ records, order, replayed, cuts }) => {
          const [once, scattered] = [await newOrganization(), await newOrganization()];
          await ingestion.ingest(once.principal, toBatch(records));
          const arriving = [...order, ...replayed];
          for (let start = 0, turn = 0; start < arriving.length; turn += 1) {
            const size = cuts[turn % cuts.length] ?? 1;
            await ingestion.ingest(scattered.principal, toBatch(arriving.slice(start, start + size)));
            start += size;
          }
          expect(await readTables(scattered.tenant)).toEqual(await readTables(once.tenant));
        }),
        { numRuns: 40 },
      );
    });

    it('by several batches at once', async () => {
      const sessions = Array.from({ length: 60 }, (_, index) => ({
        ...SESSION,
        externalId: `x${index}`,
        buyer: `b${index % 7}`,
        agent: index % 2 ? 'a1' : 'a2',
        startedAt: at(index * 600_000),
      }));
      const orders = Array.from({ length: 40 }, (_, index) => ({
        ...ORDER,
        externalId: `o${index}`,
        buyer: `b${index % 7}`,
        placedAt: at(index * 1_200_000),
        paidAt: at(DAY),
      }));
      const [together, apart] = [await newOrganization(), await newOrganization()];
      await ingestion.ingest(together.principal, { sessions, orders });
      await Promise.all([
        ...[0, 1, 2].map((n) =>
          ingestion.ingest(apart.principal, { sessions: sessions.filter((_, i) => i % 3 === n) }),
        ),
        ...[0, 1].map((n) =>
          ingestion.ingest(apart.principal, { orders: orders.filter((_, i) => i % 2 === n).toReversed() }),
        ),
        ingestion.ingest(apart.principal, { sessions: sessions.toReversed(), orders }),
      ]);
      expect(await readTables(apart.tenant)).toEqual(await readTables(together.tenant));
    });
  });
});
