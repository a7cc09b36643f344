import { complaintAgent, complaintKnown, namesOrder, namesSession, refundAgent } from '../facts.sql';
import type { Access } from '../../../domain/access';
import type { Range, SqlBuilder } from '../sql-builder';
import type { Source } from './source';

type Ids = readonly string[] | null | undefined;
type Flag = boolean | null | undefined;

export interface SessionFilter {
  readonly shopIds?: Ids;
  readonly agentIds?: Ids;
  readonly buyerIds?: Ids;
  readonly channel?: Ids;
  readonly purpose?: Ids;
  readonly startedAt?: Range | null;
  readonly updatedAt?: Range | null;
  readonly excluded?: Flag;
  readonly answered?: Flag;
  readonly resolved?: Flag;
  readonly externalIds?: Ids;
}

export interface OrderFilter {
  readonly shopIds?: Ids;
  readonly agentIds?: Ids;
  readonly buyerIds?: Ids;
  readonly placedAt?: Range | null;
  readonly paidAt?: Range | null;
  readonly updatedAt?: Range | null;
  readonly amount?: Range | null;
  readonly paid?: Flag;
  readonly attributed?: Flag;
  readonly externalIds?: Ids;
}

export interface RefundFilter {
  readonly shopIds?: Ids;
  readonly agentIds?: Ids;
  readonly orderIds?: Ids;
  readonly status?: Ids;
  readonly openedAt?: Range | null;
  readonly closedAt?: Range | null;
  readonly updatedAt?: Range | null;
  readonly disputed?: Flag;
  readonly externalIds?: Ids;
}

export interface ComplaintFilter {
  readonly shopIds?: Ids;
  readonly agentIds?: Ids;
  readonly orderIds?: Ids;
  readonly category?: Ids;
  readonly openedAt?: Range | null;
  readonly updatedAt?: Range | null;
  readonly upheld?: Flag;
  readonly externalIds?: Ids;
}

const instant = (expression: string) => ({ expression, type: 'timestamptz' }) as const;
const nullableInstant = (expression: string) => ({ expression, type: 'timestamptz', nullable: true }) as const;

function inVisibleShops(alias: string) {
  return (builder: SqlBuilder, access: Access): void => {
    builder.where(`${alias}.organization_id = $1`).whereIn(`${alias}.shop_id`, access.shopIds, 'int');
  };
}

/** A user's decision stands before the source's own, which is nobody's in particular. */
function exclusion(alias: string, sourceReason = 'null'): string {
  return `case
               when ${alias}.excluded_reason is not null then json_build_object(
                 'reason', ${alias}.excluded_reason, 'note', ${alias}.excluded_note, 'by', ${alias}.excluded_by,
                 'actor', ${alias}.excluded_actor, 'at', ${alias}.excluded_at)
               when ${sourceReason} is not null then json_build_object(
                 'reason', ${sourceReason}, 'note', null, 'by', 'source', 'actor', null, 'at', ${alias}.updated_at)
             end`;
}

export const BUYER_SOURCE: Source<object, never> = {
  type: 'Buyer',
  from: 'buyer b',
  key: 'b.id',
  columns: () => ({ externalId: 'b.external_id', shopId: 'b.shop_id' }),
  restrict: inVisibleShops('b'),
  filter: () => undefined,
  sorts: {},
  parents: {},
};

export const SESSION_SOURCE: Source<SessionFilter, 'STARTED_AT' | 'UPDATED_AT'> = {
  type: 'Session',
  from: 'session s',
  key: 's.id',
  columns: () => ({
    externalId: 's.external_id',
    shopId: 's.shop_id',
    agentId: 's.agent_id',
    buyerId: 's.buyer_id',
    channel: 's.channel',
    purpose: 's.purpose',
    startedAt: 's.started_at',
    endedAt: 's.ended_at',
    hasMessages: 's.messages_digest is not null',
    buyerMessages: 's.buyer_messages',
    agentReplies: 's.agent_replies',
    autoReplies: 's.auto_replies',
    firstResponseSeconds: '(s.first_response_ms / 1000.0)::float8',
    averageResponseSeconds: '(s.response_ms / 1000.0 / nullif(s.answered_rounds, 0))::float8',
    talkSeconds: 's.talk_seconds',
    holdSeconds: 's.hold_seconds',
    wrapUpSeconds: 's.wrap_up_seconds',
    answered: 's.answered',
    waitSeconds: 's.wait_seconds',
    handleSeconds: 'least(round(s.handle_ms / 1000.0), 2147483647)::int',
    resolved: 's.resolved',
    resolvedOnFirstContact: 's.resolved_on_first_contact',
    csat: 's.csat',
    exclusion: exclusion('s', 's.source_exclusion'),
    createdAt: 's.created_at',
    updatedAt: 's.updated_at',
  }),
  restrict: inVisibleShops('s'),
  filter: (builder, filter) => {
    builder
      .whereIn('s.shop_id', filter.shopIds, 'int')
      .whereIn('s.agent_id', filter.agentIds, 'int')
      .whereIn('s.buyer_id', filter.buyerIds, 'int')
      .whereIn('s.channel', filter.channel, 'text')
      .whereIn('s.purpose', filter.purpose, 'text')
      .whereIn('s.external_id', filter.externalIds, 'text')
      .whereRange('s.started_at', filter.startedAt, 'timestamptz')
      .whereRange('s.updated_at', filter.updatedAt, 'timestamptz')
      .whereFlag('coalesce(s.source_exclusion, s.excluded_reason) is not null', filter.excluded)
      .whereFlag('s.answered', filter.answered)
      .whereFlag('s.resolved', filter.resolved);
  },
  sorts: { STARTED_AT: instant('s.started_at'), UPDATED_AT: instant('s.updated_at') },
  parents: {
    Agent: { expression: 's.agent_id', indexed: true },
    Shop: { expression: 's.shop_id', indexed: true },
  },
};

export const ORDER_SOURCE: Source<OrderFilter, 'PLACED_AT' | 'PAID_AT' | 'UPDATED_AT' | 'AMOUNT'> = {
  type: 'Order',
  from: 'orders o join shop osh on osh.organization_id = $1 and osh.id = o.shop_id',
  key: 'o.id',
  columns: () => ({
    externalId: 'o.external_id',
    shopId: 'o.shop_id',
    buyerId: 'o.buyer_id',
    agentId: 'o.agent_id',
    attribution: 'o.attribution',
    creditedSessionId: 'o.credited_session_id',
    placedAt: 'o.placed_at',
    paidAt: 'o.paid_at',
    completedAt: 'o.completed_at',
    cancelledAt: 'o.cancelled_at',
    amount: 'o.amount',
    paidAmount: 'o.paid_amount',
    currency: 'osh.currency',
    itemCount: 'o.item_count',
    subOrderCount: 'o.sub_order_count',
    reviewScore: 'o.review_score',
    exclusion: exclusion('o'),
    createdAt: 'o.created_at',
    updatedAt: 'o.updated_at',
  }),
  restrict: inVisibleShops('o'),
  filter: (builder, filter) => {
    builder
      .whereIn('o.shop_id', filter.shopIds, 'int')
      .whereIn('o.agent_id', filter.agentIds, 'int')
      .whereIn('o.buyer_id', filter.buyerIds, 'int')
      .whereIn('o.external_id', filter.externalIds, 'text')
      .whereRange('o.placed_at', filter.placedAt, 'timestamptz')
      .whereRange('o.paid_at', filter.paidAt, 'timestamptz')
      .whereRange('o.updated_at', filter.updatedAt, 'timestamptz')
      .whereRange('o.amount', filter.amount, 'numeric')
      .whereFlag('o.paid_at is not null', filter.paid)
      .whereFlag('o.agent_id is not null', filter.attributed);
  },
  sorts: {
    PLACED_AT: instant('o.placed_at'),
    PAID_AT: nullableInstant('o.paid_at'),
    UPDATED_AT: instant('o.updated_at'),
    AMOUNT: { expression: 'o.amount', type: 'numeric' },
  },
  parents: {
    Agent: { expression: 'o.agent_id', indexed: true },
    Shop: { expression: 'o.shop_id', indexed: true },
    Session: { expression: 'o.credited_session_id', indexed: true },
  },
};

/** The inner join leaves out refunds whose order has not arrived; an excluded order is as if it had not. */
export const REFUND_SOURCE: Source<RefundFilter, 'OPENED_AT' | 'CLOSED_AT' | 'UPDATED_AT'> = {
  type: 'Refund',
  from: `refund r join orders o on ${namesOrder('r', 'o')} and o.excluded_reason is null`,
  key: 'r.id',
  columns: () => ({
    externalId: 'r.external_id',
    shopId: 'r.shop_id',
    orderId: 'o.id',
    agentId: refundAgent('r', 'o'),
    kind: 'r.kind',
    status: 'r.status',
    openedAt: 'r.opened_at',
    closedAt: 'r.closed_at',
    amount: 'r.amount',
    disputedAt: 'r.disputed_at',
    platformIntervened: 'r.platform_intervened',
    liability: 'r.liability',
    completedBy: 'r.completed_by',
    exclusion: exclusion('r'),
    createdAt: 'r.created_at',
    updatedAt: 'r.updated_at',
  }),
  restrict: inVisibleShops('r'),
  filter: (builder, filter) => {
    builder
      .whereIn('r.shop_id', filter.shopIds, 'int')
      .whereIn(refundAgent('r', 'o'), filter.agentIds, 'int')
      .whereIn('o.id', filter.orderIds, 'bigint')
      .whereIn('r.status', filter.status, 'text')
      .whereIn('r.external_id', filter.externalIds, 'text')
      .whereRange('r.opened_at', filter.openedAt, 'timestamptz')
      .whereRange('r.closed_at', filter.closedAt, 'timestamptz')
      .whereRange('r.updated_at', filter.updatedAt, 'timestamptz')
      .whereFlag('r.disputed_at is not null', filter.disputed);
  },
  sorts: {
    OPENED_AT: instant('r.opened_at'),
    CLOSED_AT: nullableInstant('r.closed_at'),
    UPDATED_AT: instant('r.updated_at'),
  },
  parents: {
    Agent: { expression: refundAgent('r', 'o'), indexed: false },
    Order: { expression: 'o.id', indexed: true },
  },
};

export const COMPLAINT_SOURCE: Source<ComplaintFilter, 'OPENED_AT' | 'UPDATED_AT'> = {
  type: 'Complaint',
  from: `complaint k
      left join orders o on ${namesOrder('k', 'o')} and o.excluded_reason is null
      left join session s on ${namesSession('k', 's')}`,
  key: 'k.id',
  columns: () => ({
    externalId: 'k.external_id',
    shopId: 'k.shop_id',
    orderId: 'o.id',
    sessionId: 's.id',
    agentId: complaintAgent('k', 'o', 's'),
    category: 'k.category',
    openedAt: 'k.opened_at',
    resolvedAt: 'k.resolved_at',
    upheld: 'k.upheld',
    subOrderCount: 'k.sub_order_count',
    exclusion: exclusion('k'),
    createdAt: 'k.created_at',
    updatedAt: 'k.updated_at',
  }),
  restrict: (builder, access) => {
    inVisibleShops('k')(builder, access);
    builder.where(complaintKnown('k', 'o', 's'));
  },
  filter: (builder, filter) => {
    builder
      .whereIn('k.shop_id', filter.shopIds, 'int')
      .whereIn(complaintAgent('k', 'o', 's'), filter.agentIds, 'int')
      .whereIn('o.id', filter.orderIds, 'bigint')
      .whereIn('k.category', filter.category, 'text')
      .whereIn('k.external_id', filter.externalIds, 'text')
      .whereRange('k.opened_at', filter.openedAt, 'timestamptz')
      .whereRange('k.updated_at', filter.updatedAt, 'timestamptz')
      .whereFlag('k.upheld', filter.upheld);
  },
  sorts: { OPENED_AT: instant('k.opened_at'), UPDATED_AT: instant('k.updated_at') },
  parents: {
    Agent: { expression: complaintAgent('k', 'o', 's'), indexed: false },
    Order: { expression: 'o.id', indexed: true },
  },
};

export interface MeasuredFilter {
  /** The metric of targets, the measure of observations. */
  readonly key?: string | null;
  readonly from?: string | null;
  readonly to?: string | null;
}

export const TARGET_SOURCE: Source<MeasuredFilter, 'FROM'> = {
  type: 'Target',
  from: 'target g',
  key: 'g.id',
  columns: () => ({
    metric: 'g.metric',
    agentId: 'g.agent_id',
    teamId: 'g.team_id',
    shopId: 'g.shop_id',
    period: `json_build_object('from', g.from_day, 'to', g.to_day, 'days', g.to_day - g.from_day + 1)`,
    value: 'g.value',
  }),
  restrict: inVisibleShops('g'),
  filter: (builder, filter) => {
    if (filter.key) builder.where(`g.metric = ${builder.bind(filter.key, 'text')}`);
    if (filter.from) builder.where(`g.to_day >= ${builder.bind(filter.from, 'date')}`);
    if (filter.to) builder.where(`g.from_day <= ${builder.bind(filter.to, 'date')}`);
  },
  sorts: { FROM: { expression: 'g.from_day', type: 'date' } },
  parents: {},
};

export const OBSERVATION_SOURCE: Source<MeasuredFilter, 'ON'> = {
  type: 'Observation',
  from: 'observation v',
  key: 'v.id',
  columns: () => ({
    measure: 'v.measure',
    agentId: 'v.agent_id',
    shopId: 'v.shop_id',
    on: 'v.observed_on',
    value: 'v.value',
  }),
  restrict: inVisibleShops('v'),
  filter: (builder, filter) => {
    if (filter.key) builder.where(`v.measure = ${builder.bind(filter.key, 'text')}`);
    if (filter.from) builder.where(`v.observed_on >= ${builder.bind(filter.from, 'date')}`);
    if (filter.to) builder.where(`v.observed_on <= ${builder.bind(filter.to, 'date')}`);
  },
  sorts: { ON: { expression: 'v.observed_on', type: 'date' } },
  parents: {},
};
