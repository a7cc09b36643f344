import fc from 'fast-check';
import type { SqlRunner } from '../../src/db/sql-query';
import { toGlobalId } from '../../src/domain/global-id';
import { type DeletableKind, DeletionService } from '../../src/services/deletion.service';
import { ExclusionService } from '../../src/services/exclusion.service';
import type { IngestBatch } from '../../src/services/ingest-result';
import { IngestionService } from '../../src/services/ingestion.service';
import { PromptRefresher } from '../../src/services/prompt-refresher';
import { RollupService } from '../../src/services/rollup.service';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { DIRECTORY, makePrincipal } from '../support/ingest';
import { readRollups } from '../support/rollups';

const HOUR = 3_600_000;
/** Over the end of a month, in zones that have different days. */
const START = Date.UTC(2026, 1, 27, 12);
const at = (hours: number): string => new Date(START + hours * HOUR).toISOString();
const AFTERWARDS = '2026-05-01';
const TWO_SHOPS = {
  ...DIRECTORY,
  shops: [
    ...DIRECTORY.shops,
    { externalId: 's2', client: 'c1', name: 'Shop 2', platform: 'JD', timeZone: 'America/New_York' },
  ],
};

/** Few of everything, so that records meet: corrected, moved, named before they arrive, sent twice. */
const shop = fc.constantFrom('s1', 's1', 's1', 's2');
const agent = fc.constantFrom('a1', 'a2', null);
const explicit = fc.constantFrom('a1', 'a2', null, null, null);
const buyer = fc.constantFrom('b1', 'b2');
const hours = fc.integer({ min: 0, max: 14 }).map((n) => n * 5);
const sessionId = fc.constantFrom('x1', 'x2', 'x3', 'x4');
const orderId = fc.constantFrom('o1', 'o2', 'o3');

const session = fc
  .record({
    externalId: sessionId,
    shop,
    agent,
    buyer,
    hour: hours,
    channel: fc.constantFrom('CHAT', 'CHAT', 'VOICE'),
    answered: fc.constantFrom(true, false),
    purpose: fc.constantFrom('PRE_SALE', 'AFTER_SALE', null),
    csat: fc.constantFrom(null, 2, 5),
    exclusion: fc.constantFrom(null, null, null, 'SPAM'),
    conversation: fc.constantFrom([], ['BUYER'], ['BUYER', 'AGENT'], ['AGENT']),
  })
  .map(({ hour, conversation, ...facts }) => ({
    ...facts,
    startedAt: at(hour),
    endedAt: at(hour + 1),
    messages: conversation.map((from, index) => ({ at: at(hour + index / 100), from })),
  }));
const order = fc
  .record({
    externalId: orderId,
    shop,
    buyer,
    agent: explicit,
    hour: hours,
    paidAfter: fc.constantFrom(null, 0, 1, 30),
    isCancelled: fc.constantFrom(true, false, false),
    amount: fc.constantFrom('10', '0', '7.5'),
    reviewScore: fc.constantFrom(null, 1),
  })
  .map(({ hour, paidAfter, isCancelled, ...facts }) => ({
    ...facts,
    placedAt: at(hour),
    paidAt: paidAfter === null ? null : at(hour + paidAfter),
    cancelledAt: isCancelled ? at(hour + 40) : null,
  }));
const refund = fc
  .record({
    externalId: fc.constantFrom('r1', 'r2'),
    shop,
    order: orderId,
    agent: explicit,
    hour: hours,
    status: fc.constantFrom('OPEN', 'COMPLETED'),
    isDisputed: fc.boolean(),
    completedBy: fc.constantFrom('MERCHANT', 'PLATFORM'),
  })
  .map(({ hour, status, isDisputed, ...facts }) => ({
    ...facts,
    status,
    amount: '3',
    openedAt: at(hour),
    closedAt: status === 'OPEN' ? null : at(hour + 26),
    disputedAt: isDisputed ? at(hour + 9) : null,
  }));
const complaint = fc.record({
  externalId: fc.constantFrom('k1', 'k2'),
  shop,
  order: fc.option(orderId),
  session: fc.option(sessionId),
  agent: explicit,
  category: fc.constant('delay'),
  openedAt: hours.map(at),
  upheld: fc.boolean(),
});
const presence = fc
  .record({
    externalId: fc.constantFrom('p1', 'p2', 'p3'),
    shop: fc.option(shop),
    agent: fc.constantFrom('a1', 'a2'),
    account: fc.constantFrom(null, 'desk'),
    hour: hours,
    length: fc.constantFrom(0, 3, 40),
  })
  .map(({ hour, length, ...facts }) => ({ ...facts, startedAt: at(hour), endedAt: at(hour + length) }));
const changedShop = fc
  .record({
    timeZone: fc.constantFrom('Asia/Shanghai', 'America/New_York'),
    serviceHours: fc.constantFrom({ from: '08:00', to: '23:00' }, { from: '00:00', to: '12:00' }),
    attribution: fc.record({ touch: fc.constantFrom('FIRST', 'LAST'), windowHours: fc.constantFrom(6, 48) }),
  })
  .map((changes) => ({ ...DIRECTORY.shops[0], ...changes }));

const some = <T>(record: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(record, { minLength: 1, maxLength: 4 });
const none = fc.constant([]);
const batch = fc.oneof(
  fc.record({ sessions: some(session) }),
  fc.record({ orders: some(order) }),
  fc.record({ refunds: some(refund) }),
  fc.record({ complaints: some(complaint) }),
  fc.record({ presences: some(presence) }),
  fc.record({ shops: fc.tuple(changedShop) }),
  fc.record({
    shops: fc.oneof({ weight: 3, arbitrary: none }, { weight: 1, arbitrary: fc.tuple(changedShop) }),
    sessions: some(session),
    orders: some(order),
    refunds: some(refund),
    complaints: some(complaint),
    presences: some(presence),
  }),
);
const picks = fc.array(fc.nat(20), { minLength: 1, maxLength: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: batch.map((records) => ({ type: 'INGEST' as const, records })) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('EXCLUDE' as const), picks, restore: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('DELETE' as const), pick: fc.nat(20) }) },
);
type Step =
  | { readonly type: 'INGEST'; readonly records: IngestBatch }
  | { readonly type: 'EXCLUDE'; readonly picks: readonly number[]; readonly restore: boolean }
  | { readonly type: 'DELETE'; readonly pick: number };

interface Stored {
  readonly type: string;
  readonly id: string;
  readonly externalId: string;
  readonly shop: string | null;
}

describe('the marks of a write', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.close());

  /** Applies the steps, and after each finds by marks what working out everything again finds. */
  async function expectMarked(steps: readonly Step[]): Promise<void> {
    const rollups = new RollupService(db.database);
    const world = await newOrganization();
    const { organizationId, tenant } = world;
    for (const each of steps) {
      await apply(each, world);
      await rollups.refresh(organizationId, null);
      await rollups.closeMonths(organizationId, AFTERWARDS);
      expect(await countMarks(tenant)).toBe(0);
      const refreshed = await readRollups(tenant);
      await rollups.rebuild(organizationId);
      await rollups.closeMonths(organizationId, AFTERWARDS);
      expect(refreshed).toEqual(await readRollups(tenant));
    }
  }

  const countMarks = async (tenant: SqlRunner): Promise<number> =>
    (await tenant.query({ text: 'select 1 from rollup_mark', values: [] })).length;

  async function newOrganization() {
    const organizationId = await db.createOrganization('Acme', 'Asia/Shanghai');
    const principal = makePrincipal(organizationId);
    const ingestion = new IngestionService(db.database, null);
    await ingestion.ingest(principal, TWO_SHOPS);
    return { organizationId, principal, ingestion, tenant: db.tenant(organizationId) };
  }

  const listStored = (tenant: SqlRunner): Promise<Stored[]> =>
    tenant.query<Stored>({
      text: `
        select r.type, r.id::text, r.external_id as "externalId", shop.external_id as shop
        from (
          select 'Session' as type, id, external_id, shop_id from session
          union all select 'Order', id, external_id, shop_id from orders
          union all select 'Refund', id, external_id, shop_id from refund
          union all select 'Complaint', id, external_id, shop_id from complaint
          union all select 'Presence', id, external_id, shop_id from presence
        ) r
        left join shop on shop.id = r.shop_id
        order by r.type, r.id`,
      values: [],
    });

  async function apply(step: Step, world: Awaited<ReturnType<typeof newOrganization>>): Promise<void> {
    const { principal, ingestion, tenant } = world;
    if (step.type === 'INGEST') {
      expect((await ingestion.ingest(principal, step.records)).rejected).toEqual([]);
      return;
    }
    const stored = await listStored(tenant);
    if (step.type === 'EXCLUDE') {
      const excludable = stored.filter(({ type }) => type !== 'Presence');
      const recordIds = step.picks.flatMap((pick) => {
        const record = excludable[pick % Math.max(1, excludable.length)];
        return record ? [toGlobalId(record.type, record.id)] : [];
      });
      const request = { recordIds, reason: 'TEST' as const, restore: step.restore };
      expect((await new ExclusionService(db.database, null).exclude(principal, request)).userErrors).toEqual([]);
      return;
    }
    const record = stored[step.pick % Math.max(1, stored.length)];
    if (!record) return;
    const { externalId, shop: shopName } = record;
    const kind = KINDS[record.type] ?? 'SESSION';
    const request = { kind, shop: shopName, externalIds: [externalId, 'unknown'] };
    const result = await new DeletionService(db.database, null).delete(principal, request);
    expect(result).toEqual({ deleted: 1, userErrors: [] });
  }

  it('are all that must be worked out again, whatever is sent, excluded or deleted in whatever order', async () => {
    await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), expectMarked), { numRuns: 12 });
  });

  const sent = (records: IngestBatch): Step => ({ type: 'INGEST', records });
  const X1 = { externalId: 'x1', shop: 's1', agent: 'a1', buyer: 'b1', startedAt: at(0) };
  const O1 = { externalId: 'o1', shop: 's1', buyer: 'b1', placedAt: at(30), amount: '10' };
  const R1 = { externalId: 'r1', shop: 's1', order: 'o1', status: 'OPEN', openedAt: at(60), amount: '3' };
  const K1 = { externalId: 'k1', shop: 's1', order: 'o1', category: 'delay', openedAt: at(90) };
  const world = [sent({ sessions: [X1], orders: [O1], refunds: [R1], complaints: [K1] })];

  it.each<[string, Step[]]>([
    [
      'goes to another agent takes an unpaid order along, with its refund and complaint, each on its day',
      [sent({ sessions: [{ ...X1, agent: 'a2' }] })],
    ],
    ['is excluded leaves them to nobody', [{ type: 'EXCLUDE', picks: [3], restore: false }]],
    ['is deleted leaves them to nobody', [{ type: 'DELETE', pick: 3 }]],
    ['goes to another buyer leaves them to nobody', [sent({ sessions: [{ ...X1, buyer: 'b2' }] })]],
    ['goes to another day does so with what it counted', [sent({ sessions: [{ ...X1, startedAt: at(-30) }] })]],
  ])('so that a session that %s', async (_, steps) => {
    await expectMarked([...world, ...steps]);
  });

  it('so that a complaint goes with the session that it names, whenever that arrives', async () => {
    await expectMarked([
      sent({ complaints: [{ ...K1, order: null, session: 'x1' }] }),
      sent({ sessions: [X1] }),
      sent({ sessions: [{ ...X1, agent: 'a2' }] }),
      { type: 'DELETE', pick: 1 },
    ]);
  });

  it('are none where nothing changed, and name each thing once', async () => {
    const { principal, ingestion, tenant } = await newOrganization();
    const presence = { externalId: 'p1', agent: 'a1', startedAt: at(0), endedAt: at(30) };
    const records = { sessions: [X1], orders: [O1], refunds: [R1], complaints: [K1], presences: [presence] };
    await ingestion.ingest(principal, records);
    const marks = { text: 'select shop_id, buyer_id, agent_id, day from rollup_mark', values: [] };
    const made = await tenant.query(marks);
    expect(new Set(made.map((mark) => JSON.stringify(mark))).size).toBe(made.length);
    await tenant.query({ text: 'delete from rollup_mark', values: [] });
    await ingestion.ingest(principal, { ...records, ...TWO_SHOPS });
    expect(await tenant.query(marks)).toEqual([]);
  });

  it('of a shop whose clock, hours or rule changed are one', async () => {
    const { principal, ingestion, tenant } = await newOrganization();
    await ingestion.ingest(principal, { sessions: [X1], orders: [O1] });
    await tenant.query({ text: 'delete from rollup_mark', values: [] });
    await ingestion.ingest(principal, {
      shops: [{ ...DIRECTORY.shops[0], timeZone: 'Europe/Berlin' }],
      sessions: [{ ...X1, agent: 'a2' }],
    });
    expect(await tenant.query({ text: 'select buyer_id, agent_id, day from rollup_mark', values: [] })).toEqual([
      { buyer_id: null, agent_id: null, day: null },
    ]);
  });

  it('are worked off before a small write is answered, and left for later where that is asked', async () => {
    const { principal, tenant } = await newOrganization();
    const refreshing = new IngestionService(db.database);
    await refreshing.ingest(principal, { sessions: [X1] });
    expect(await countMarks(tenant)).toBe(0);
    await refreshing.ingest(principal, { orders: [O1] }, { refresh: false });
    expect(await countMarks(tenant)).toBeGreaterThan(0);
  });

  it('stay where they cannot be worked off, and the write is answered all the same', async () => {
    const { principal, tenant } = await newOrganization();
    const heard: unknown[] = [];
    const broken = { refresh: () => Promise.reject(new Error('out of order')) };
    const ingestion = new IngestionService(db.database, new PromptRefresher(broken, (error) => heard.push(error)));
    expect(await ingestion.ingest(principal, { sessions: [X1] })).toMatchObject({ accepted: 1 });
    expect(heard).toEqual([new Error('out of order')]);
    expect(await countMarks(tenant)).toBeGreaterThan(0);
  });
});

const KINDS: Readonly<Record<string, DeletableKind>> = {
  Session: 'SESSION',
  Order: 'ORDER',
  Refund: 'REFUND',
  Complaint: 'COMPLAINT',
  Presence: 'PRESENCE',
};
