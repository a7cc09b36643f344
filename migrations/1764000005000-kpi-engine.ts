import type { MigrationInterface, QueryRunner } from 'typeorm';
import { Rollup1764000004000 } from './1764000004000-rollup';
import { primaryKey, runEach, tenantTable } from './tenant-table';

/** Additive measures of a cell, by the names that measures have elsewhere. */
const COUNTS = [
  'inquiry_sessions',
  'placed_orders',
  'placed_orders_paid',
  'paid_orders',
  'bad_reviews',
  'judged_buyer_days',
  'effective_buyer_days',
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
  // Not measures: they tell whether an amount, which may be 0, has facts behind it.
  'shop_paid_orders',
  'refunded_sales',
];
/** Milliseconds, and what one record may have two thousand million of. */
const LARGE = [
  'items_sold',
  'paid_sub_orders',
  'answered_rounds',
  'complaint_count',
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
const AMOUNTS = ['sales_amount', 'refunded_sales_amount', 'shop_sales_amount'];

const MEASURES = [
  ...COUNTS.map((name) => `${name} int not null default 0`),
  ...LARGE.map((name) => `${name} bigint not null default 0`),
  ...AMOUNTS.map((name) => `${name} numeric not null default 0`),
].join(',\n     ');

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

/** Distinct gaps in rising order, and beside each the buyers whose gap is at least that. */
const steps = (people: readonly string[]): string =>
  people
    .map((name) => `${name}_gaps smallint[] not null default '{}',\n     ${name}_buyers int[] not null default '{}'`)
    .join(',\n     ');

/** No foreign keys: what is worked out from rows that have them is written again and again, and in bulk. */
const agentCells = (table: string): string[] => [
  ...tenantTable(
    table,
    `organization_id int not null,
     agent_id int not null,
     shop_id int not null,
     day date not null,
     ${MEASURES},
     peak_concurrent_sessions int,
     ${steps([...PEOPLE, 'assisted'])}`,
  ),
  `comment on column ${table}.agent_id is '0: facts without an agent, for the shop to add up'`,
  `comment on column ${table}.shop_id is '0: presence without a shop'`,
  `create index ${table}_shop_idx on ${table} (organization_id, shop_id, day)`,
  // The day before the shop: a period is one range for each agent.
  primaryKey(table, 'organization_id, agent_id, day, shop_id'),
  // Updates in place, and arrays within the row: a cell is written again whenever a late record touches it.
  `alter table ${table} set (fillfactor = 80, toast_tuple_target = 8160)`,
];

const shopCells = (table: string): string[] => [
  ...tenantTable(
    table,
    `organization_id int not null,
     shop_id int not null,
     day date not null,
     ${MEASURES},
     ${steps(PEOPLE)}`,
  ),
  `comment on column ${table}.shop_id is '0: presence without a shop'`,
  primaryKey(table, 'organization_id, shop_id, day'),
  `alter table ${table} set (fillfactor = 80, toast_tuple_target = 8160)`,
];

const UP = [
  ...tenantTable(
    'agent_buyer_day',
    `organization_id int not null,
     shop_id int not null,
     agent_id int not null,
     buyer_id int not null,
     day date not null,
     effective boolean,
     ${gaps([...PEOPLE, 'assisted'])}`,
  ),
  // The buyers that agents share, and the cells of a day.
  `create index agent_buyer_day_agent_idx on agent_buyer_day (organization_id, agent_id, day, shop_id)`,
  primaryKey('agent_buyer_day', 'organization_id, buyer_id, agent_id, day'),
  `alter table agent_buyer_day set (fillfactor = 80)`,
  ...tenantTable(
    'shop_buyer_day',
    `organization_id int not null,
     shop_id int not null,
     buyer_id int not null,
     day date not null,
     effective boolean,
     ${gaps(PEOPLE)}`,
  ),
  `create index shop_buyer_day_shop_idx on shop_buyer_day (organization_id, shop_id, day)`,
  primaryKey('shop_buyer_day', 'organization_id, buyer_id, day'),
  `alter table shop_buyer_day set (fillfactor = 80)`,
  ...agentCells('agent_day'),
  ...shopCells('shop_day'),
  // Whole calendar months that are over; the day is the first of the month, and gaps are counted from it.
  ...agentCells('agent_month'),
  ...shopCells('shop_month'),
  // What writes have left to be worked out again. Only ever added to by writers, so that they never wait for each other.
  ...tenantTable(
    'rollup_mark',
    `organization_id int not null,
     id bigint generated by default as identity,
     shop_id int not null,
     buyer_id int,
     agent_id int,
     day date,
     marked_at timestamptz(3) not null default now(),
     constraint rollup_mark_target_check check ((agent_id is null) = (day is null) and (buyer_id is null or day is null))`,
  ),
  `comment on table rollup_mark is 'A buyer, or the cell of an agent (0: none) and day; neither: all of the shop'`,
  // A shop's, and the oldest, among those of a large import.
  `create index rollup_mark_shop_idx on rollup_mark (organization_id, shop_id)`,
  `create index rollup_mark_marked_idx on rollup_mark (organization_id, marked_at)`,
  primaryKey('rollup_mark', 'organization_id, id'),
  // Found for all organizations at once by the process that works marks off; see the function.
  `create policy rollup_mark_lookup on rollup_mark for select to current_user using (true)`,
  `create function find_marked_organizations()
   returns table (organization_id int)
   language sql stable security definer set search_path = ''
   as $$
     select distinct m.organization_id
     from public.rollup_mark m
   $$`,
  `revoke all on function find_marked_organizations() from public`,
  // Whose months end; nothing but their clocks is told.
  `create function find_organization_clocks()
   returns table (organization_id int, time_zone text)
   language sql stable security definer set search_path = ''
   as $$
     select o.id, o.time_zone
     from public.organization o
   $$`,
  `revoke all on function find_organization_clocks() from public`,
  // One row a shop, for whoever works its marks off to lock.
  ...tenantTable(
    'rollup_shop',
    `organization_id int not null,
     shop_id int not null,
     refreshed_at timestamptz(3) not null default now()`,
  ),
  primaryKey('rollup_shop', 'organization_id, shop_id'),
  // Months whose cells stand; a late record takes them away until they are made again.
  ...tenantTable(
    'rollup_month',
    `organization_id int not null,
     shop_id int not null,
     month date not null,
     constraint rollup_month_first_check check (extract(day from month) = 1)`,
  ),
  primaryKey('rollup_month', 'organization_id, shop_id, month'),
  ...tenantTable(
    'custom_metric',
    `organization_id int not null,
     id int generated by default as identity,
     key text not null,
     version int not null,
     name text not null,
     description text,
     formula text not null,
     unit text not null,
     direction text not null,
     created_at timestamptz(3) not null default now(),
     constraint custom_metric_key_version_key unique (organization_id, key, version),
     constraint custom_metric_organization_fkey foreign key (organization_id) references organization (id)`,
  ),
  primaryKey('custom_metric', 'organization_id, id'),
  `create index refund_shop_disputed_idx on refund (organization_id, shop_id, disputed_at)
     where disputed_at is not null`,
  `create index presence_shop_ended_idx on presence (organization_id, shop_id, ended_at)`,
  `create index observation_measure_idx on observation (organization_id, measure, observed_on)`,
  `create index target_metric_idx on target (organization_id, metric, from_day)`,
  // What is stored already is to be worked out, and until then the numbers are of no time: the marks are the oldest
  // there can be. The owner, too, must be let past the policies.
  `alter table shop no force row level security`,
  `alter table rollup_mark no force row level security`,
  `alter table organization no force row level security`,
  `insert into rollup_mark (organization_id, shop_id, marked_at) select s.organization_id, s.id, 'epoch' from shop s`,
  `insert into rollup_mark (organization_id, shop_id, marked_at) select o.id, 0, 'epoch' from organization o`,
  `alter table organization force row level security`,
  `alter table rollup_mark force row level security`,
  `alter table shop force row level security`,
];

const DOWN = [
  `drop index target_metric_idx`,
  `drop index observation_measure_idx`,
  `drop index presence_shop_ended_idx`,
  `drop index refund_shop_disputed_idx`,
  `drop table custom_metric`,
  `drop table rollup_month`,
  `drop table rollup_shop`,
  `drop function find_organization_clocks()`,
  `drop function find_marked_organizations()`,
  `drop table rollup_mark`,
  `drop table shop_month`,
  `drop table agent_month`,
];

/**
 * The rollups as the engine fills them: worked out from the facts, never written by hand. Takes the place of tables that
 * nothing was ever written to.
 */
export class KpiEngine1764000005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await new Rollup1764000004000().down(runner);
    await runEach(runner, UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runEach(runner, [
      ...DOWN,
      `drop table shop_day`,
      `drop table agent_day`,
      `drop table shop_buyer_day`,
      `drop table agent_buyer_day`,
    ]);
    await new Rollup1764000004000().up(runner);
  }
}
