import type { MigrationInterface, QueryRunner } from 'typeorm';
import { primaryKey, runEach, tenantTable } from './tenant-table';

/** Additive measures of a cell, by the names that measures have elsewhere. Milliseconds and amounts need the room. */
const COUNTS = [
  'inquiry_sessions',
  'placed_orders',
  'placed_orders_paid',
  'paid_orders',
  'items_sold',
  'bad_reviews',
  'paid_sub_orders',
  'judged_buyer_days',
  'effective_buyer_days',
  'answered_rounds',
  'timed_rounds',
  'rounds_within_10s',
  'rounds_within_20s',
  'rounds_within_30s',
  'rounds_within_60s',
  'rounds_within_180s',
  'service_messages',
  'service_messages_answered',
  'service_messages_within_30s',
  'first_responses',
  'account_days',
  'sessions_received',
  'excluded_sessions',
  'sessions_handled',
  'sessions_handled_by_agents',
  'agent_days',
  'sessions_with_handle_time',
  'calls_offered',
  'calls_answered',
  'calls_answered_within_20s',
  'calls_answered_within_30s',
  'calls_answered_within_60s',
  'calls_with_wait_time',
  'calls_with_talk_time',
  'refund_count',
  'refunds_disputed',
  'refunds_merchant_liable',
  'refunds_completed',
  'refunds_completed_by_merchant',
  'complaint_count',
  'complaints_opened',
  'complaints_resolved',
  'upheld_complaints',
  'sessions_rated',
  'sessions_satisfied',
  'satisfaction_points',
  'sessions_with_outcome',
  'sessions_resolved',
  'sessions_with_first_contact_outcome',
  'sessions_resolved_on_first_contact',
  'sessions_resolved_with_end',
];
const DURATIONS = [
  'response_ms',
  'service_message_ms',
  'first_response_ms',
  'online_ms',
  'handle_ms',
  'wait_seconds',
  'talk_seconds',
  'refund_ms',
  'merchant_refund_ms',
  'resolution_ms',
];
const AMOUNTS = ['sales_amount', 'refunded_sales_amount'];

/** People counts, exact over any days: which buyers a day adds depends on how long ago each was there before. */
const PEOPLE = [
  'inquiring',
  'ordering',
  'paying',
  'sales',
  'returning',
  'received',
  'replied',
  'after_sales',
  'after_sales_returning',
];

/** Days since the buyer's previous such day: 0 no such event that day, 32767 the first one ever. */
const gaps = (people: readonly string[]): string =>
  people.map((name) => `${name}_gap smallint not null default 0`).join(',\n     ');

/** Distinct gaps in rising order, and beside each the day's buyers whose gap is at least that. */
const steps = (people: readonly string[]): string =>
  people
    .map((name) => `${name}_gaps smallint[] not null default '{}',\n     ${name}_buyers int[] not null default '{}'`)
    .join(',\n     ');

const MEASURES = [
  ...COUNTS.map((name) => `${name} int not null default 0`),
  ...DURATIONS.map((name) => `${name} bigint not null default 0`),
  ...AMOUNTS.map((name) => `${name} numeric not null default 0`),
].join(',\n     ');

// Updates in place, and arrays within the row: a cell is written again whenever a late record touches it.
const STORAGE = 'set (fillfactor = 80, toast_tuple_target = 8160)';

const UP = [
  ...tenantTable(
    'agent_buyer_day',
    `organization_id int not null,
     shop_id int not null,
     agent_id int not null,
     buyer_id int not null,
     day date not null,
     effective boolean,
     ${gaps([...PEOPLE, 'assisted'])},
     constraint agent_buyer_day_agent_fkey foreign key (organization_id, agent_id) references agent (organization_id, id),
     constraint agent_buyer_day_buyer_fkey foreign key (organization_id, buyer_id) references buyer (organization_id, id),
     constraint agent_buyer_day_shop_fkey foreign key (organization_id, shop_id) references shop (organization_id, id)`,
  ),
  primaryKey('agent_buyer_day', 'organization_id, shop_id, agent_id, buyer_id, day'),
  ...tenantTable(
    'shop_buyer_day',
    `organization_id int not null,
     shop_id int not null,
     buyer_id int not null,
     day date not null,
     effective boolean,
     ${gaps(PEOPLE)},
     constraint shop_buyer_day_buyer_fkey foreign key (organization_id, buyer_id) references buyer (organization_id, id),
     constraint shop_buyer_day_shop_fkey foreign key (organization_id, shop_id) references shop (organization_id, id)`,
  ),
  primaryKey('shop_buyer_day', 'organization_id, shop_id, buyer_id, day'),
  ...tenantTable(
    'agent_day',
    `organization_id int not null,
     agent_id int not null,
     shop_id int not null,
     day date not null,
     ${MEASURES},
     peak_concurrent_sessions int,
     ${steps([...PEOPLE, 'assisted'])},
     constraint agent_day_agent_fkey foreign key (organization_id, agent_id) references agent (organization_id, id),
     constraint agent_day_shop_fkey foreign key (organization_id, shop_id) references shop (organization_id, id)`,
  ),
  primaryKey('agent_day', 'organization_id, agent_id, shop_id, day'),
  `alter table agent_day ${STORAGE}`,
  ...tenantTable(
    'shop_day',
    `organization_id int not null,
     shop_id int not null,
     day date not null,
     ${MEASURES},
     shop_sales_amount numeric not null default 0,
     ${steps(PEOPLE)},
     constraint shop_day_shop_fkey foreign key (organization_id, shop_id) references shop (organization_id, id)`,
  ),
  primaryKey('shop_day', 'organization_id, shop_id, day'),
  `alter table shop_day ${STORAGE}`,
  // What a write has left to be worked out again; without an agent the shop's own cell is meant.
  ...tenantTable(
    'dirty_cell',
    `organization_id int not null,
     id bigint generated by default as identity,
     shop_id int not null,
     agent_id int,
     day date not null,
     marked_at timestamptz(3) not null default now(),
     constraint dirty_cell_cell_key unique nulls not distinct (organization_id, shop_id, agent_id, day),
     constraint dirty_cell_agent_fkey foreign key (organization_id, agent_id) references agent (organization_id, id),
     constraint dirty_cell_shop_fkey foreign key (organization_id, shop_id) references shop (organization_id, id)`,
  ),
  primaryKey('dirty_cell', 'organization_id, id'),
];

const DOWN = [
  `drop table dirty_cell`,
  `drop table shop_day`,
  `drop table agent_day`,
  `drop table shop_buyer_day`,
  `drop table agent_buyer_day`,
];

/** Sums by agent and day and by shop and day, for KPIs at speed: worked out from the facts, never written by hand. */
export class Rollup1764000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runEach(runner, UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runEach(runner, DOWN);
  }
}
