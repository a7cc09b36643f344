import fc from 'fast-check';
import { creditOrder, type AttributionRule, type BuyerSession } from '../../src/domain/attribution';
import { parseInstant } from '../../src/domain/instant';
import { IngestionService } from '../../src/services/ingestion.service';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { DIRECTORY, makePrincipal } from '../support/ingest';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 1);
const at = (hours: number): string => new Date(START + hours * HOUR).toISOString();

/** A small world in which ties, windows to the millisecond, exclusions and corrections are common. */
const hours = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constantFrom(0.5, 3 + 1 / HOUR, 6 - 1 / HOUR));
const sessionRecord = fc.record({
  externalId: fc.constantFrom('s1', 's2', 's3', 's4', 'Ä', 'z', '\u{1F600}', '\uFB03'),
  shop: fc.constant('s1'),
  buyer: fc.constantFrom('b1', 'b2'),
  agent: fc.constantFrom('a1', 'a2', null),
  channel: fc.constantFrom('CHAT', 'VOICE'),
  answered: fc.constantFrom(true, false, null),
  purpose: fc.constantFrom('PRE_SALE', 'AFTER_SALE', null),
  startedAt: hours.map(at),
  exclusion: fc.constantFrom(null, null, null, 'SPAM'),
});
const orderRecord = fc
  .record({
    externalId: fc.constantFrom('o1', 'o2', 'o3', 'o4'),
    shop: fc.constant('s1'),
    buyer: fc.constantFrom('b1', 'b2'),
    agent: fc.constantFrom('a1', 'a2', null, null, null),
    placedAt: hours.map(at),
    paid: fc.boolean(),
    cancelled: fc.boolean(),
  })
  .map(({ paid, cancelled, ...order }) => ({
    ...order,
    amount: '10',
    paidAt: paid ? order.placedAt : null,
    cancelledAt: cancelled ? order.placedAt : null,
  }));
const rule = fc.record({ touch: fc.constantFrom('FIRST', 'LAST'), windowHours: fc.constantFrom(0, 3, 6, 48) });
const step = fc.oneof(
  fc.array(sessionRecord, { minLength: 1, maxLength: 5 }).map((sessions) => ({ sessions })),
  fc.array(orderRecord, { minLength: 1, maxLength: 5 }).map((orders) => ({ orders })),
  rule.map((attribution) => ({ shops: [{ ...DIRECTORY.shops[0], attribution }] })),
);

interface StoredOrder {
  readonly externalId: string;
  readonly explicitAgent: number | null;
  readonly placedAt: Date;
  readonly paidAt: Date | null;
  readonly cancelledAt: Date | null;
  readonly buyerId: number;
  readonly agentId: number | null;
  readonly basis: string;
  readonly creditedSessionId: string | null;
  readonly assists: { sessionId: string; agentId: number }[];
}

describe('the credit of orders', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.close());

  async function readOrders(organizationId: number): Promise<StoredOrder[]> {
    return db.tenant(organizationId).query<StoredOrder>({
      text: `
        select o.external_id as "externalId", o.explicit_agent_id as "explicitAgent", o.placed_at as "placedAt",
               o.paid_at as "paidAt", o.cancelled_at as "cancelledAt", o.buyer_id as "buyerId",
               o.agent_id as "agentId", o.attribution as basis, o.credited_session_id as "creditedSessionId",
               coalesce((select json_agg(json_build_object('sessionId', a.session_id::text, 'agentId', a.agent_id)
                                         order by a.session_id)
                         from order_assist a where a.order_id = o.id), '[]') as assists
        from orders o order by o.external_id`,
      values: [],
    });
  }

  async function readSessions(organizationId: number) {
    return db.tenant(organizationId).query<{
      id: string;
      externalId: string;
      agentId: number | null;
      buyerId: number;
      startedAt: Date;
      channel: string;
      answered: boolean | null;
      purpose: string | null;
      exclusion: string | null;
    }>({
      text: `
        select id, external_id as "externalId", agent_id as "agentId", buyer_id as "buyerId",
               started_at as "startedAt", channel, answered, purpose, source_exclusion as exclusion
        from session`,
      values: [],
    });
  }

  async function expectTwinsEqual(organizationId: number, attribution: AttributionRule): Promise<void> {
    const sessions = await readSessions(organizationId);
    for (const order of await readOrders(organizationId)) {
      const mine: BuyerSession[] = sessions
        .filter(({ buyerId }) => buyerId === order.buyerId)
        .map((session) => ({
          id: Number(session.id),
          externalId: session.externalId,
          agentId: session.agentId,
          startedAt: session.startedAt.getTime(),
          inquiry:
            session.exclusion === null &&
            session.purpose !== 'AFTER_SALE' &&
            !(session.channel === 'VOICE' && session.answered !== true),
        }));
      const credit = creditOrder(
        {
          placedAt: order.placedAt.getTime(),
          paidAt: order.paidAt?.getTime() ?? null,
          cancelledAt: order.cancelledAt?.getTime() ?? null,
          explicitAgent: order.explicitAgent,
        },
        mine,
        attribution,
      );
      expect({
        agentId: order.agentId,
        basis: order.basis,
        creditedSessionId: order.creditedSessionId === null ? null : Number(order.creditedSessionId),
        assists: order.assists.map(({ sessionId, agentId }) => ({ sessionId: Number(sessionId), agentId })),
      }).toEqual({ ...credit, assists: credit.assists.toSorted((a, b) => a.sessionId - b.sessionId) });
    }
  }

  it('is the same by the pure rule and by SQL, whatever arrives in whatever order', async () => {
    const ingestion = new IngestionService(db.database, null);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        const organizationId = await db.createOrganization();
        const principal = makePrincipal(organizationId);
        let attribution: AttributionRule = { touch: 'LAST', windowHours: 48 };
        await ingestion.ingest(principal, DIRECTORY);
        for (const batch of steps) {
          const result = await ingestion.ingest(principal, batch);
          expect(result.rejected).toEqual([]);
          if ('shops' in batch) attribution = batch.shops[0]?.attribution ?? attribution;
          await expectTwinsEqual(organizationId, attribution);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('goes to a session that arrives after its order, and leaves it when the session is excluded', async () => {
    const organizationId = await db.createOrganization();
    const principal = makePrincipal(organizationId);
    const ingestion = new IngestionService(db.database, null);
    const session = { externalId: 'late', shop: 's1', buyer: 'b', agent: 'a1', startedAt: at(1) };
    await ingestion.ingest(principal, DIRECTORY);
    await ingestion.ingest(principal, {
      orders: [{ externalId: 'o', shop: 's1', buyer: 'b', placedAt: at(2), paidAt: at(2), amount: '10' }],
    });
    expect((await readOrders(organizationId))[0]).toMatchObject({ basis: 'UNATTRIBUTED', agentId: null });

    await ingestion.ingest(principal, { sessions: [session] });
    expect((await readOrders(organizationId))[0]).toMatchObject({ basis: 'LAST_TOUCH', agentId: expect.any(Number) });

    await ingestion.ingest(principal, { sessions: [{ ...session, exclusion: 'SPAM' }] });
    expect((await readOrders(organizationId))[0]).toMatchObject({ basis: 'UNATTRIBUTED', creditedSessionId: null });
  });

  it.each([
    ['at the very instant windowHours after the session started is credited', 48 * HOUR, 'LAST_TOUCH'],
    ['one millisecond later is not', 48 * HOUR + 1, 'UNATTRIBUTED'],
    ['at the very instant the session started is credited', 0, 'LAST_TOUCH'],
    ['one millisecond before it started is not', -1, 'UNATTRIBUTED'],
  ])('an order placed %s', async (_, offset, basis) => {
    const organizationId = await db.createOrganization();
    const principal = makePrincipal(organizationId);
    const ingestion = new IngestionService(db.database, null);
    const startedAt = parseInstant(at(100)) ?? 0;
    await ingestion.ingest(principal, {
      ...DIRECTORY,
      sessions: [{ externalId: 'x', shop: 's1', buyer: 'b', agent: 'a1', startedAt: at(100) }],
      orders: [
        { externalId: 'o', shop: 's1', buyer: 'b', placedAt: new Date(startedAt + offset).toISOString(), amount: '1' },
      ],
    });
    expect((await readOrders(organizationId))[0]).toMatchObject({ basis });
  });
});
