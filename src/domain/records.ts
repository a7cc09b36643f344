import {
  boolean,
  clock,
  currency,
  day,
  decimal,
  type Field,
  identifier,
  instant,
  integer,
  listOf,
  metricKey,
  nested,
  oneOf,
  type RecordOf,
  Rejection,
  required,
  type Shape,
  parseShape,
  text,
  timeZone,
  withDefault,
} from './field';
import type { AttributionRule } from './attribution';
import type { ServiceHours } from './service-hours';
import { DAY_MS } from './zone';

export const PLATFORMS = [
  'TAOBAO',
  'TMALL',
  'JD',
  'PDD',
  'DOUYIN',
  'KUAISHOU',
  'XIAOHONGSHU',
  'SHOPIFY',
  'AMAZON',
  'OTHER',
] as const;
export const TOUCHES = ['FIRST', 'LAST'] as const;
export const AGENT_LEVELS = ['JUNIOR', 'INTERMEDIATE', 'SENIOR', 'EXPERT'] as const;
export const AGENT_ROLES = ['PRE_SALE', 'AFTER_SALE', 'GENERAL'] as const;
export const CHANNELS = ['CHAT', 'VOICE', 'EMAIL', 'TICKET'] as const;
export const PURPOSES = ['PRE_SALE', 'AFTER_SALE'] as const;
export const SENDERS = ['BUYER', 'AGENT', 'BOT'] as const;
export const EXCLUSION_REASONS = ['SPAM', 'ADVERT', 'TEST', 'TRANSFER_ERROR', 'DUPLICATE', 'OTHER'] as const;
export const REFUND_KINDS = ['NOT_RECEIVED', 'REFUND_ONLY', 'RETURN_AND_REFUND', 'EXCHANGE'] as const;
export const REFUND_STATUSES = ['OPEN', 'COMPLETED', 'REJECTED', 'WITHDRAWN'] as const;
export const LIABILITIES = ['MERCHANT', 'BUYER', 'NONE'] as const;
export const COMPLETERS = ['MERCHANT', 'PLATFORM'] as const;

export const DEFAULT_SERVICE_HOURS: ServiceHours = { from: '08:00', to: '23:00' };
export const DEFAULT_ATTRIBUTION: AttributionRule = { touch: 'LAST', windowHours: 48 };
export const DEFAULT_CURRENCY = 'CNY';
const MAX_MESSAGES = 10_000;
const MAX_WINDOW_HOURS = 24 * 366;

const sourceId = (what: string): Field<string> =>
  required(identifier(`The source's own id of the ${what}, kept exactly.`));
const updatedAt = instant(
  "The source's own time of this state. A record older than the stored one is stale and ignored; without it the last received wins.",
);

function shape<T extends Record<string, Field<unknown>>>(
  name: string,
  description: string,
  fields: T,
): Shape<{ [Key in keyof T]: T[Key] extends Field<infer Value> ? Value : never }> {
  return { name, description, fields } as unknown as Shape<{
    [Key in keyof T]: T[Key] extends Field<infer Value> ? Value : never;
  }>;
}

const serviceHours = shape(
  'ServiceHoursInput',
  'A daily span by the clock of the shop; from later than to passes midnight.',
  {
    from: required(clock('First minute of service, HH:MM.')),
    to: required(clock('First minute after service, HH:MM; equal to from: the whole day.')),
  },
);

const attributionRule = shape('AttributionRuleInput', 'Which session gets the credit for an order.', {
  touch: required(oneOf('Touch', TOUCHES, 'The first or the last inquiry session before the order.')),
  windowHours: required(integer('How long before the order a session may have started.', { max: MAX_WINDOW_HOURS })),
});

const message = shape('MessageRecord', 'One message of a session. Its text is never sent nor stored.', {
  at: required(instant('When it was sent, kept to the millisecond.')),
  from: required(oneOf('Sender', SENDERS, 'Who sent it.')),
});

const summary = shape('SessionSummary', 'Counts of a session whose message times the source does not keep.', {
  buyerMessages: required(integer('Messages of the buyer.')),
  agentReplies: required(integer('Messages of the human agent.')),
  autoReplies: withDefault(integer('Messages of a bot; 0 if absent.'), 0),
  answeredRounds: required(integer('Runs of buyer messages that got a human reply.')),
  unansweredRounds: required(integer('Runs of buyer messages that got none.')),
  totalResponseSeconds: required(integer('Response time summed over the answered rounds, in seconds.')),
  firstResponseSeconds: integer('From the first buyer message to the first human reply, in seconds.'),
});

const client = shape('ClientRecord', 'A client whose shops are served.', {
  externalId: sourceId('client'),
  name: required(text('Display name.')),
  updatedAt,
});

const shop = shape('ShopRecord', 'A shop of a client on a platform.', {
  externalId: sourceId('shop'),
  client: required(identifier('Source id of the client it belongs to.')),
  name: required(text('Display name.')),
  platform: required(oneOf('Platform', PLATFORMS, 'Where it sells.')),
  timeZone: timeZone("Its days and service hours are counted here; default the organization's zone."),
  currency: withDefault(currency('ISO 4217 code of all its amounts; default CNY.'), DEFAULT_CURRENCY),
  serviceHours: withDefault(nested(serviceHours, 'Default 08:00–23:00.'), DEFAULT_SERVICE_HOURS),
  attribution: withDefault(nested(attributionRule, 'Default LAST within 48 hours.'), DEFAULT_ATTRIBUTION),
  updatedAt,
});

const team = shape('TeamRecord', 'A team of agents.', {
  externalId: sourceId('team'),
  name: required(text('Display name.')),
  updatedAt,
});

const agent = shape('AgentRecord', 'A person who serves buyers.', {
  externalId: sourceId('agent'),
  name: required(text('Display name.')),
  team: identifier('Source id of the team the agent is in.'),
  level: oneOf('AgentLevel', AGENT_LEVELS, 'Level of experience; base pay may depend on it.'),
  role: oneOf('AgentRole', AGENT_ROLES, 'What the agent does.'),
  hiredOn: day('First day of employment; tenure counts from it.'),
  active: withDefault(boolean('Whether the agent still works here; default true.'), true),
  updatedAt,
});

const session = shape('SessionRecord', 'One conversation of one buyer with one agent in one shop.', {
  externalId: sourceId('session'),
  shop: required(identifier('Source id of the shop.')),
  agent: identifier('Source id of the agent; absent if nobody took it.'),
  buyer: required(identifier('Source id of the buyer, within the shop.')),
  channel: withDefault(oneOf('Channel', CHANNELS, 'Default CHAT.'), 'CHAT'),
  purpose: oneOf('Purpose', PURPOSES, 'AFTER_SALE sessions are no inquiries.'),
  startedAt: required(instant('When it began; all it measures counts on the local day of this instant.')),
  endedAt: instant('When it ended; not before startedAt.'),
  messages: listOf(
    message,
    MAX_MESSAGES,
    'Times and senders of all messages; rounds and response times derive from them.',
  ),
  summary: nested(summary, 'Instead of messages, where the source has counts only.'),
  answered: boolean('VOICE: whether the call was answered; absent means no.'),
  waitSeconds: integer('VOICE: seconds until it was answered.'),
  talkSeconds: integer('Seconds of talk.'),
  holdSeconds: integer('Seconds on hold.'),
  wrapUpSeconds: integer('Seconds of work after it.'),
  resolved: boolean('Whether the matter was resolved; absent means unknown.'),
  resolvedOnFirstContact: boolean('Whether it was resolved on first contact; absent means unknown.'),
  csat: integer("The buyer's satisfaction, 1 to 5.", { min: 1, max: 5 }),
  exclusion: oneOf(
    'ExclusionReason',
    EXCLUSION_REASONS,
    'Set if the source itself leaves the session out of all numbers.',
  ),
  updatedAt,
});

const order = shape('OrderRecord', 'One order of one buyer in one shop, in the currency of the shop.', {
  externalId: sourceId('order'),
  shop: required(identifier('Source id of the shop.')),
  buyer: required(identifier('Source id of the buyer, within the shop.')),
  agent: identifier('Source id of the agent who gets the credit, if the source knows.'),
  placedAt: required(instant('When it was placed.')),
  paidAt: instant('When it was paid; absent if it was not.'),
  completedAt: instant('When the platform completed it.'),
  cancelledAt: instant('When it was cancelled; a cancelled order is no sale.'),
  amount: required(decimal('Amount ordered.')),
  paidAmount: decimal('Amount paid; default amount once it is paid.'),
  itemCount: withDefault(integer('Pieces; default 1.'), 1),
  subOrderCount: withDefault(integer('Lines that refunds and complaints are counted against; default 1.'), 1),
  reviewScore: integer('Stars the buyer gave, 1 to 5.', { min: 1, max: 5 }),
  updatedAt,
});

const refund = shape(
  'RefundRecord',
  'One request for money back. It may arrive before its order, and then waits for it.',
  {
    externalId: sourceId('refund'),
    shop: required(identifier('Source id of the shop.')),
    order: required(identifier('Source id of the order, within the shop.')),
    agent: identifier('Source id of the agent who handled it; default the one credited with the order.'),
    kind: oneOf('RefundKind', REFUND_KINDS, 'What the buyer asks for.'),
    status: required(oneOf('RefundStatus', REFUND_STATUSES, 'COMPLETED needs closedAt.')),
    openedAt: required(instant('When it was asked for.')),
    closedAt: instant('When it was closed; not before openedAt.'),
    amount: required(decimal('Amount to be given back.')),
    disputedAt: instant('When it became a dispute, if it did.'),
    platformIntervened: withDefault(boolean('Whether the platform stepped in; default false.'), false),
    liability: oneOf('Liability', LIABILITIES, 'Who was found to be at fault.'),
    completedBy: oneOf('CompletedBy', COMPLETERS, 'Who completed it.'),
    updatedAt,
  },
);

const complaint = shape(
  'ComplaintRecord',
  'One complaint of a buyer. It may arrive before what it names, and then waits for that.',
  {
    externalId: sourceId('complaint'),
    shop: required(identifier('Source id of the shop.')),
    agent: identifier(
      "Source id of the agent it is about; default its session's, else the one credited with its order.",
    ),
    order: identifier('Source id of the order, within the shop.'),
    session: identifier('Source id of the session, within the shop.'),
    category: required(text('What it is about, in the words of the source.', 200)),
    openedAt: required(instant('When it was made.')),
    resolvedAt: instant('When it was resolved; not before openedAt.'),
    upheld: boolean('Whether it was found to be right; absent means undecided.'),
    subOrderCount: withDefault(integer('Order lines it concerns; default 1.'), 1),
    updatedAt,
  },
);

const presence = shape('PresenceRecord', 'One span of time in which an agent was online.', {
  externalId: sourceId('presence'),
  agent: required(identifier('Source id of the agent.')),
  shop: identifier('Source id of the shop; absent if it was for all.'),
  account: identifier('The account that was online; default the agent. Spans of one account and day are united.'),
  startedAt: required(instant('When it began.')),
  endedAt: required(instant('When it ended; not before startedAt.')),
});

const observation = shape(
  'ObservationRecord',
  'A number that the source measures itself, of an agent or a shop on a day.',
  {
    measure: required(metricKey('What was measured, such as exam or dsrService.')),
    agent: identifier('Source id of the agent.'),
    shop: identifier('Source id of the shop.'),
    on: required(day('The day it counts on.')),
    value: required(decimal('The number.', { negative: true })),
  },
);

const target = shape('TargetRecord', 'A goal for a metric over whole days.', {
  metric: required(metricKey('Key of the metric, or any key that a formula asks for.')),
  agent: identifier('Source id of the agent whose goal it is.'),
  team: identifier('Source id of the team whose goal it is.'),
  shop: identifier('Source id of the shop it is for.'),
  from: required(day('First day.')),
  to: required(day('Last day; not before from.')),
  value: required(decimal('The goal, in the unit of the metric.', { negative: true })),
});

/** Every kind of record, by its name in the API, in the order in which a mixed batch is taken in. */
export const RECORD_SHAPES = {
  clients: client,
  teams: team,
  shops: shop,
  agents: agent,
  sessions: session,
  orders: order,
  refunds: refund,
  complaints: complaint,
  presences: presence,
  observations: observation,
  targets: target,
} as const;

export type RecordKind = keyof typeof RECORD_SHAPES;
export type SourceRecord<Kind extends RecordKind = RecordKind> = RecordOf<(typeof RECORD_SHAPES)[Kind]>;
export const RECORD_KINDS = Object.keys(RECORD_SHAPES) as RecordKind[];

/** Longer than anybody is online: a wrong date would otherwise be counted on thousands of days. */
const MAX_PRESENCE_MS = 31 * DAY_MS;

/** Rules over several fields of one record; each throws Rejection that names the field to blame. */
const RECORD_RULES: { readonly [Kind in RecordKind]?: (record: SourceRecord<Kind>) => void } = {
  sessions: (record) => {
    notBefore('endedAt', record.endedAt, 'startedAt', record.startedAt);
    if (record.messages !== null && record.summary !== null) {
      throw new Rejection('INVALID_VALUE', 'Send messages or summary, not both.', 'summary');
    }
  },
  refunds: (record) => {
    notBefore('closedAt', record.closedAt, 'openedAt', record.openedAt);
    if (record.status === 'COMPLETED' && record.closedAt === null) {
      throw new Rejection('REQUIRED', 'A COMPLETED refund needs closedAt.', 'closedAt');
    }
  },
  complaints: (record) => notBefore('resolvedAt', record.resolvedAt, 'openedAt', record.openedAt),
  presences: (record) => {
    notBefore('endedAt', record.endedAt, 'startedAt', record.startedAt);
    if (record.endedAt - record.startedAt > MAX_PRESENCE_MS) {
      throw new Rejection('INVALID_VALUE', 'A presence lasts at most 31 days.', 'endedAt');
    }
  },
  observations: (record) => {
    if (record.agent === null && record.shop === null) {
      throw new Rejection('REQUIRED', 'An observation is of an agent or a shop.', 'agent');
    }
  },
  targets: (record) => {
    if (record.to < record.from) throw new Rejection('INVALID_VALUE', 'to is before from.', 'to');
    if (record.agent !== null && record.team !== null) {
      throw new Rejection('INVALID_VALUE', 'A target is for an agent or a team, not both.', 'team');
    }
  },
};

function notBefore(field: string, end: number | null, startField: string, start: number): void {
  if (end !== null && end < start) throw new Rejection('INVALID_VALUE', `${field} is before ${startField}.`, field);
}

/** Checks one record whole. Throws Rejection that names the field, the code and the reason. */
export function parseRecord<Kind extends RecordKind>(kind: Kind, raw: unknown): SourceRecord<Kind> {
  const record = parseShape(RECORD_SHAPES[kind] as unknown as Shape<SourceRecord<Kind>>, raw);
  RECORD_RULES[kind]?.(record);
  return record;
}

/** What a raw record calls itself, for the message about it; null if it has no usable id. */
export function externalIdOf(raw: unknown): string | null {
  if (typeof raw !== 'object' || raw === null || !('externalId' in raw)) return null;
  const { externalId } = raw;
  return typeof externalId === 'string' || typeof externalId === 'number' ? String(externalId).slice(0, 255) : null;
}
