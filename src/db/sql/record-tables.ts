import type { SqlValue } from '../sql-query';
import type { ConversationFigures } from '../../domain/conversation';
import type { ColumnType, UpsertTable } from './upsert.sql';

/** Where each derived figure of a session is stored. */
const FIGURES = {
  buyerMessages: ['buyer_messages', 'int'],
  agentReplies: ['agent_replies', 'int'],
  autoReplies: ['auto_replies', 'int'],
  answeredRounds: ['answered_rounds', 'int'],
  unansweredRounds: ['unanswered_rounds', 'int'],
  responseMs: ['response_ms', 'bigint'],
  firstResponseMs: ['first_response_ms', 'bigint'],
  timedRounds: ['timed_rounds', 'int'],
  roundsWithin10s: ['rounds_within_10s', 'int'],
  roundsWithin20s: ['rounds_within_20s', 'int'],
  roundsWithin30s: ['rounds_within_30s', 'int'],
  roundsWithin60s: ['rounds_within_60s', 'int'],
  roundsWithin180s: ['rounds_within_180s', 'int'],
  timedBuyerMessages: ['timed_buyer_messages', 'int'],
  serviceMessages: ['service_messages', 'int'],
  serviceMessagesAnswered: ['service_messages_answered', 'int'],
  serviceMessagesWithin30s: ['service_messages_within_30s', 'int'],
  serviceMessageMs: ['service_message_ms', 'bigint'],
  overdueServiceMessages: ['overdue_service_messages', 'int'],
  lastMessageAt: ['last_message_at', 'instant'],
} as const satisfies Record<keyof ConversationFigures, readonly [string, ColumnType]>;

type FigureColumn = (typeof FIGURES)[keyof ConversationFigures][0];

export const FIGURE_COLUMNS = Object.fromEntries(Object.values(FIGURES)) as Record<FigureColumn, ColumnType>;

export function figureRow(figures: ConversationFigures): Record<FigureColumn, SqlValue> {
  const keys = Object.keys(FIGURES) as (keyof ConversationFigures)[];
  return Object.fromEntries(keys.map((key) => [FIGURES[key][0], figures[key]])) as Record<FigureColumn, SqlValue>;
}

const SESSION_COLUMNS = {
  shop_id: 'int',
  external_id: 'text',
  agent_id: 'int',
  buyer_id: 'int',
  channel: 'text',
  purpose: 'text',
  started_at: 'instant',
  ended_at: 'instant',
  answered: 'boolean',
  wait_seconds: 'int',
  talk_seconds: 'int',
  hold_seconds: 'int',
  wrap_up_seconds: 'int',
  handle_ms: 'bigint',
  resolved: 'boolean',
  resolved_on_first_contact: 'boolean',
  csat: 'smallint',
  source_exclusion: 'text',
  ...FIGURE_COLUMNS,
  messages_digest: 'bigint',
  source_updated_at: 'instant',
} as const;

export const SESSION_TABLE: UpsertTable<keyof typeof SESSION_COLUMNS> = {
  name: 'session',
  key: ['shop_id', 'external_id'],
  columns: SESSION_COLUMNS,
  days: { started_day: 'started_at' },
  versioned: true,
};

const ORDER_COLUMNS = {
  shop_id: 'int',
  external_id: 'text',
  buyer_id: 'int',
  explicit_agent_id: 'int',
  placed_at: 'instant',
  paid_at: 'instant',
  completed_at: 'instant',
  cancelled_at: 'instant',
  amount: 'numeric',
  paid_amount: 'numeric',
  item_count: 'int',
  sub_order_count: 'int',
  review_score: 'smallint',
  source_updated_at: 'instant',
} as const;

export const ORDER_TABLE: UpsertTable<keyof typeof ORDER_COLUMNS> = {
  name: 'orders',
  key: ['shop_id', 'external_id'],
  columns: ORDER_COLUMNS,
  days: { placed_day: 'placed_at', paid_day: 'paid_at' },
  versioned: true,
};

const REFUND_COLUMNS = {
  shop_id: 'int',
  external_id: 'text',
  order_external_id: 'text',
  explicit_agent_id: 'int',
  kind: 'text',
  status: 'text',
  opened_at: 'instant',
  closed_at: 'instant',
  disputed_at: 'instant',
  amount: 'numeric',
  platform_intervened: 'boolean',
  liability: 'text',
  completed_by: 'text',
  source_updated_at: 'instant',
} as const;

export const REFUND_TABLE: UpsertTable<keyof typeof REFUND_COLUMNS> = {
  name: 'refund',
  key: ['shop_id', 'external_id'],
  columns: REFUND_COLUMNS,
  days: { opened_day: 'opened_at', closed_day: 'closed_at', disputed_day: 'disputed_at' },
  versioned: true,
};

const COMPLAINT_COLUMNS = {
  shop_id: 'int',
  external_id: 'text',
  order_external_id: 'text',
  session_external_id: 'text',
  explicit_agent_id: 'int',
  category: 'text',
  opened_at: 'instant',
  resolved_at: 'instant',
  upheld: 'boolean',
  sub_order_count: 'int',
  source_updated_at: 'instant',
} as const;

export const COMPLAINT_TABLE: UpsertTable<keyof typeof COMPLAINT_COLUMNS> = {
  name: 'complaint',
  key: ['shop_id', 'external_id'],
  columns: COMPLAINT_COLUMNS,
  days: { opened_day: 'opened_at' },
  versioned: true,
};

/** Local days by table: all that a shop's time zone decides. */
export const LOCAL_DAYS = Object.fromEntries(
  [SESSION_TABLE, ORDER_TABLE, REFUND_TABLE, COMPLAINT_TABLE].map((table) => [table.name, table.days ?? {}]),
);

const PRESENCE_COLUMNS = {
  external_id: 'text',
  agent_id: 'int',
  shop_id: 'int',
  account: 'text',
  started_at: 'instant',
  ended_at: 'instant',
} as const;

export const PRESENCE_TABLE: UpsertTable<keyof typeof PRESENCE_COLUMNS> = {
  name: 'presence',
  key: ['external_id'],
  columns: PRESENCE_COLUMNS,
  versioned: false,
};

const OBSERVATION_COLUMNS = {
  measure: 'text',
  agent_id: 'int',
  shop_id: 'int',
  observed_on: 'date',
  value: 'numeric',
} as const;

export const OBSERVATION_TABLE: UpsertTable<keyof typeof OBSERVATION_COLUMNS> = {
  name: 'observation',
  key: ['measure', 'agent_id', 'shop_id', 'observed_on'],
  columns: OBSERVATION_COLUMNS,
  versioned: false,
};

const TARGET_COLUMNS = {
  metric: 'text',
  agent_id: 'int',
  team_id: 'int',
  shop_id: 'int',
  from_day: 'date',
  to_day: 'date',
  value: 'numeric',
} as const;

export const TARGET_TABLE: UpsertTable<keyof typeof TARGET_COLUMNS> = {
  name: 'target',
  key: ['metric', 'agent_id', 'team_id', 'shop_id', 'from_day', 'to_day'],
  columns: TARGET_COLUMNS,
  versioned: false,
};
