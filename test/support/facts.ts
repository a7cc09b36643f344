import { creditOrder } from '../../src/domain/attribution';
import { figuresFromMessages, figuresFromSummary, type Message, NO_FIGURES } from '../../src/domain/conversation';
import { DEFAULT_ATTRIBUTION, DEFAULT_SERVICE_HOURS, type SourceRecord } from '../../src/domain/records';
import { type Instant, localDay } from '../../src/domain/zone';
import type { TestDatabase } from './database';

export interface ShopFact {
  readonly id: string;
  readonly client: string;
  readonly platform: SourceRecord<'shops'>['platform'];
  readonly timeZone: string;
  readonly currency: string;
  readonly serviceHours: { readonly from: string; readonly to: string };
  readonly attribution: { readonly touch: 'FIRST' | 'LAST'; readonly windowHours: number };
}

/** A record as its source sends it; `excluded` by a user of ours. */
type Fact<Kind extends 'sessions' | 'orders' | 'refunds' | 'complaints'> = Omit<SourceRecord<Kind>, 'updatedAt'> & {
  readonly excluded: boolean;
};
export type SessionFact = Fact<'sessions'>;
export type OrderFact = Fact<'orders'>;
export type RefundFact = Fact<'refunds'>;
export type ComplaintFact = Fact<'complaints'>;
export type PresenceFact = SourceRecord<'presences'>;

/** All that there is in an organization, by the source's ids. */
export interface World {
  readonly timeZone: string;
  readonly shops: readonly ShopFact[];
  readonly agents: readonly { readonly id: string; readonly team: string | null }[];
  readonly sessions: readonly SessionFact[];
  readonly orders: readonly OrderFact[];
  readonly refunds: readonly RefundFact[];
  readonly complaints: readonly ComplaintFact[];
  readonly presences: readonly PresenceFact[];
}

/** An instant by the clock of Shanghai: '2026-03-02 10:00' or with seconds and milliseconds. */
export function at(text: string): Instant {
  return Date.parse(`${text.replace(' ', 'T')}+08:00`);
}

/** 'B10:00:00 A10:00:12': messages of a day by the clock of Shanghai; B buyer, A agent, O bot. */
export function messages(day: string, text: string): Message[] {
  const senders = { B: 'BUYER', A: 'AGENT', O: 'BOT' } as const;
  return text.split(' ').map((message) => {
    const sender = message.charAt(0);
    if (sender !== 'A' && sender !== 'B' && sender !== 'O') throw new Error(`No sender in ${message}.`);
    return { from: senders[sender], at: at(`${day} ${message.slice(1)}`) };
  });
}

let records = 0;
const nextId = (): string => `r${(records += 1)}`;

export function makeShop(overrides: Partial<ShopFact> = {}): ShopFact {
  return {
    id: 'tea',
    client: 'leaf',
    platform: 'TAOBAO',
    timeZone: 'Asia/Shanghai',
    currency: 'CNY',
    serviceHours: DEFAULT_SERVICE_HOURS,
    attribution: DEFAULT_ATTRIBUTION,
    ...overrides,
  };
}

export function makeSession(overrides: Partial<SessionFact> = {}): SessionFact {
  return {
    externalId: nextId(),
    shop: 'tea',
    agent: 'ann',
    buyer: 'b1',
    channel: 'CHAT',
    purpose: null,
    startedAt: at('2026-03-02 10:00'),
    endedAt: null,
    messages: null,
    summary: null,
    answered: null,
    waitSeconds: null,
    talkSeconds: null,
    holdSeconds: null,
    wrapUpSeconds: null,
    resolved: null,
    resolvedOnFirstContact: null,
    csat: null,
    exclusion: null,
    excluded: false,
    ...overrides,
  };
}

/** A session of a human reply: handled. */
export function makeHandled(overrides: Partial<SessionFact> = {}): SessionFact {
  const startedAt = overrides.startedAt ?? at('2026-03-02 10:00');
  return makeSession({ messages: [{ from: 'AGENT', at: startedAt }], ...overrides });
}

/** Placed and paid an hour after the default session began, unless told otherwise. */
export function makeOrder(overrides: Partial<OrderFact> = {}): OrderFact {
  const placedAt = overrides.placedAt ?? at('2026-03-02 11:00');
  return {
    externalId: nextId(),
    shop: 'tea',
    buyer: 'b1',
    agent: null,
    placedAt,
    paidAt: placedAt,
    completedAt: null,
    cancelledAt: null,
    amount: '100',
    paidAmount: null,
    itemCount: 1,
    subOrderCount: 1,
    reviewScore: null,
    excluded: false,
    ...overrides,
  };
}

export function makeRefund(overrides: Partial<RefundFact> & { readonly order: string }): RefundFact {
  return {
    externalId: nextId(),
    shop: 'tea',
    agent: null,
    kind: null,
    status: 'OPEN',
    openedAt: at('2026-03-03 10:00'),
    closedAt: null,
    amount: '100',
    disputedAt: null,
    platformIntervened: false,
    liability: null,
    completedBy: null,
    excluded: false,
    ...overrides,
  };
}

export function makeComplaint(overrides: Partial<ComplaintFact> = {}): ComplaintFact {
  return {
    externalId: nextId(),
    shop: 'tea',
    agent: null,
    order: null,
    session: null,
    category: 'attitude',
    openedAt: at('2026-03-03 10:00'),
    resolvedAt: null,
    upheld: null,
    subOrderCount: 1,
    excluded: false,
    ...overrides,
  };
}

export function makePresence(overrides: Partial<PresenceFact> = {}): PresenceFact {
  return {
    externalId: nextId(),
    agent: 'ann',
    shop: 'tea',
    account: null,
    startedAt: at('2026-03-02 09:00'),
    endedAt: at('2026-03-02 12:00'),
    ...overrides,
  };
}

/** One shop "tea" of the client "leaf", and the agents "ann" and "bob" of the team "east", unless told otherwise. */
export function makeWorld(overrides: Partial<World> = {}): World {
  return {
    timeZone: 'Asia/Shanghai',
    shops: [makeShop()],
    agents: [
      { id: 'ann', team: 'east' },
      { id: 'bob', team: 'east' },
    ],
    sessions: [],
    orders: [],
    refunds: [],
    complaints: [],
    presences: [],
    ...overrides,
  };
}

/** The ids that names have once stored: positions, counted from 1. */
export class Ids {
  private readonly positions = new Map<string, number>();
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    this.names = [...new Set(names)];
    for (const [index, name] of this.names.entries()) this.positions.set(name, index + 1);
  }

  of(name: string): number {
    return present(this.positions.get(name));
  }

  ofNullable(name: string | null): number | null {
    return name === null ? null : this.of(name);
  }
}

export interface StoredWorld {
  readonly organizationId: number;
  readonly clients: Ids;
  readonly shops: Ids;
  readonly teams: Ids;
  readonly agents: Ids;
}

type Row = Readonly<Record<string, unknown>>;

/** Stores the world as an organization of its own, with all that ingestion derives. */
export async function storeWorld(db: TestDatabase, world: World): Promise<StoredWorld> {
  const organizationId = await db.createOrganization('World', world.timeZone);
  const runner = db.tenant(organizationId);
  const ids = idsOf(world);
  for (const [table, rows] of rowsOf(world, ids)) {
    const [first] = rows;
    if (first === undefined) continue;
    const columns = Object.keys(first).join(', ');
    await runner.query({
      text: `insert into ${table} (organization_id, ${columns})
        select $1, ${columns}
        from jsonb_populate_recordset(null::${table}, $2::jsonb)`,
      values: [organizationId, JSON.stringify(rows)],
    });
  }
  return { organizationId, ...ids };
}

function idsOf(world: World) {
  return {
    clients: new Ids(world.shops.map((shop) => shop.client)),
    shops: new Ids(world.shops.map((shop) => shop.id)),
    teams: new Ids(world.agents.flatMap((agent) => agent.team ?? [])),
    agents: new Ids(world.agents.map((agent) => agent.id)),
    buyers: new Ids([...world.sessions, ...world.orders].map(buyerName)),
    sessions: new Ids(world.sessions.map(recordName)),
    orders: new Ids(world.orders.map(recordName)),
  };
}

function rowsOf(world: World, ids: ReturnType<typeof idsOf>): readonly (readonly [string, readonly Row[]])[] {
  const shopOf = (record: { readonly shop: string }): ShopFact =>
    present(world.shops.find((shop) => shop.id === record.shop));
  const dayOf = (record: { readonly shop: string }, instant: Instant | null): string | null =>
    instant === null ? null : localDay(shopOf(record).timeZone, instant);
  const credits = world.orders.map((order) =>
    creditOrder(
      { ...order, explicitAgent: ids.agents.ofNullable(order.agent) },
      world.sessions
        .filter((session) => buyerName(session) === buyerName(order))
        .map((session) => ({
          id: ids.sessions.of(recordName(session)),
          externalId: session.externalId,
          agentId: ids.agents.ofNullable(session.agent),
          startedAt: session.startedAt,
          inquiry: isInquiry(session),
        })),
      shopOf(order).attribution,
    ),
  );
  const common = (record: { readonly shop: string; readonly externalId: string; readonly excluded: boolean }): Row => ({
    shop_id: ids.shops.of(record.shop),
    external_id: record.externalId,
    excluded_reason: record.excluded ? 'OTHER' : null,
  });
  const named = (name: string): Row => ({ external_id: name, name });

  return [
    ['client', ids.clients.names.map((name) => ({ id: ids.clients.of(name), ...named(name) }))],
    [
      'shop',
      world.shops.map((shop) => ({
        id: ids.shops.of(shop.id),
        ...named(shop.id),
        client_id: ids.clients.of(shop.client),
        platform: shop.platform,
        time_zone: shop.timeZone,
        currency: shop.currency,
        service_from: shop.serviceHours.from,
        service_to: shop.serviceHours.to,
        attribution_touch: shop.attribution.touch,
        attribution_window_hours: shop.attribution.windowHours,
      })),
    ],
    ['team', ids.teams.names.map((name) => ({ id: ids.teams.of(name), ...named(name) }))],
    [
      'agent',
      world.agents.map(({ id, team }) => ({
        id: ids.agents.of(id),
        ...named(id),
        team_id: ids.teams.ofNullable(team),
        active: true,
      })),
    ],
    [
      'buyer',
      ids.buyers.names.map((name) => {
        const [shop = '', buyer = ''] = name.split(' ');
        return { id: ids.buyers.of(name), shop_id: ids.shops.of(shop), external_id: buyer };
      }),
    ],
    [
      'session',
      world.sessions.map((session) => ({
        id: ids.sessions.of(recordName(session)),
        ...common(session),
        agent_id: ids.agents.ofNullable(session.agent),
        buyer_id: ids.buyers.of(buyerName(session)),
        channel: session.channel,
        purpose: session.purpose,
        started_at: time(session.startedAt),
        started_day: dayOf(session, session.startedAt),
        ended_at: time(session.endedAt),
        answered: session.answered,
        wait_seconds: session.waitSeconds,
        talk_seconds: session.talkSeconds,
        hold_seconds: session.holdSeconds,
        wrap_up_seconds: session.wrapUpSeconds,
        handle_ms: handleMs(session),
        resolved: session.resolved,
        resolved_on_first_contact: session.resolvedOnFirstContact,
        csat: session.csat,
        source_exclusion: session.exclusion,
        ...figureColumns(session, shopOf(session)),
      })),
    ],
    [
      'orders',
      world.orders.map((order, index) => ({
        id: ids.orders.of(recordName(order)),
        ...common(order),
        buyer_id: ids.buyers.of(buyerName(order)),
        explicit_agent_id: ids.agents.ofNullable(order.agent),
        placed_at: time(order.placedAt),
        placed_day: dayOf(order, order.placedAt),
        paid_at: time(order.paidAt),
        paid_day: dayOf(order, order.paidAt),
        cancelled_at: time(order.cancelledAt),
        amount: order.amount,
        paid_amount: order.paidAmount,
        item_count: order.itemCount,
        sub_order_count: order.subOrderCount,
        review_score: order.reviewScore,
        agent_id: credits[index]?.agentId,
        attribution: credits[index]?.basis,
        credited_session_id: credits[index]?.creditedSessionId,
      })),
    ],
    [
      'order_assist',
      world.orders.flatMap((order, index) =>
        present(credits[index]).assists.map(({ sessionId, agentId }) => ({
          order_id: ids.orders.of(recordName(order)),
          session_id: sessionId,
          agent_id: agentId,
        })),
      ),
    ],
    [
      'refund',
      world.refunds.map((refund) => ({
        ...common(refund),
        order_external_id: refund.order,
        explicit_agent_id: ids.agents.ofNullable(refund.agent),
        kind: refund.kind,
        status: refund.status,
        opened_at: time(refund.openedAt),
        opened_day: dayOf(refund, refund.openedAt),
        closed_at: time(refund.closedAt),
        closed_day: dayOf(refund, refund.closedAt),
        disputed_at: time(refund.disputedAt),
        disputed_day: dayOf(refund, refund.disputedAt),
        amount: refund.amount,
        platform_intervened: refund.platformIntervened,
        liability: refund.liability,
        completed_by: refund.completedBy,
      })),
    ],
    [
      'complaint',
      world.complaints.map((complaint) => ({
        ...common(complaint),
        order_external_id: complaint.order,
        session_external_id: complaint.session,
        explicit_agent_id: ids.agents.ofNullable(complaint.agent),
        category: complaint.category,
        opened_at: time(complaint.openedAt),
        opened_day: dayOf(complaint, complaint.openedAt),
        resolved_at: time(complaint.resolvedAt),
        upheld: complaint.upheld,
        sub_order_count: complaint.subOrderCount,
      })),
    ],
    [
      'presence',
      world.presences.map((presence) => ({
        external_id: presence.externalId,
        agent_id: ids.agents.of(presence.agent),
        shop_id: ids.shops.ofNullable(presence.shop),
        account: presence.account,
        started_at: time(presence.startedAt),
        ended_at: time(presence.endedAt),
      })),
    ],
  ];
}

function figureColumns(session: SessionFact, shop: ShopFact): Row {
  const { lastMessageAt, ...figures } =
    session.messages !== null
      ? figuresFromMessages(session.messages, shop.serviceHours, shop.timeZone)
      : session.summary !== null
        ? figuresFromSummary(session.summary)
        : NO_FIGURES;
  const columns = Object.entries(figures).map(([figure, value]): [string, number | null] => [
    figure.replace(/[A-Z]|\d+/g, (part) => `_${part.toLowerCase()}`),
    value,
  ]);
  return { ...Object.fromEntries(columns), last_message_at: time(lastMessageAt) };
}

function handleMs({ talkSeconds, holdSeconds, wrapUpSeconds, startedAt, endedAt }: SessionFact): number | null {
  if (talkSeconds === null && holdSeconds === null && wrapUpSeconds === null) {
    return endedAt === null ? null : endedAt - startedAt;
  }
  return ((talkSeconds ?? 0) + (holdSeconds ?? 0) + (wrapUpSeconds ?? 0)) * 1000;
}

function isInquiry({ exclusion, excluded, purpose, channel, answered }: SessionFact): boolean {
  return exclusion === null && !excluded && purpose !== 'AFTER_SALE' && (channel !== 'VOICE' || answered === true);
}

/** A buyer belongs to a shop; no name here has a space in it. */
function buyerName(record: { readonly shop: string; readonly buyer: string }): string {
  return `${record.shop} ${record.buyer}`;
}

function recordName(record: { readonly shop: string; readonly externalId: string }): string {
  return `${record.shop} ${record.externalId}`;
}

function time(instant: Instant | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}

function present<T>(value: T | null | undefined): T {
  if (value == null) throw new Error('The world names something that is not in it.');
  return value;
}
