import type { Grain, MeasureKey } from '../../domain/measures';
import { MEASURE_SQL } from './fact-measures.sql';
import { eligible, handled, included, inquiry, unansweredCall, validSale } from './facts.sql';
import { peoplePrefix } from './rollup-columns';
import { qualified, type Report, type RollupRows } from './rollup-rows.sql';
import { peopleMeasures, peoplePrefixes } from './rollup-steps.sql';

/** Buyers of a shop, or all of it. */
export type Buyers = readonly number[] | 'ALL';

/** The cells that hold the states that changed. */
export const CHANGED_CELLS: Readonly<Record<Grain, Report>> = {
  AGENT: ['x.agent_id as "agentId"', 'x.day'],
  SHOP: ['0 as "agentId"', 'x.day'],
};

/** States of buyers: the days on which they were there, with an agent or in the shop, and how long before that. */
export function stateRows(grain: Grain, organizationId: number, shopId: number, buyers: Buyers): RollupRows {
  const table = grain === 'AGENT' ? 'agent_buyer_day' : 'shop_buyer_day';
  const key = [...(grain === 'AGENT' ? ['agent_id'] : []), 'buyer_id', 'day'];
  const columns = ['effective', ...peoplePrefixes(grain).map((prefix) => `${prefix}_gap`)];
  const bounds = (alias: string): string => (buyers === 'ALL' ? 'true' : `${alias}.buyer_id = any($3::int[])`);
  return {
    organizationId,
    shopId,
    table,
    name: buyers === 'ALL' ? undefined : `rollup_${table}`,
    key,
    identity: ['organization_id', ...key],
    columns,
    bounds,
    binds: buyers === 'ALL' ? [] : [buyers],
    ctes: `fact as materialized (${factsOf(grain, buyers)}
),
present as materialized (
  select ${qualified('f', key)},
    ${EFFECTIVE} as effective,
    ${flagsOf(grain).join(',\n    ')}
  from fact f
  group by ${qualified('f', key)}
),
fresh as materialized (
  select ${qualified('p', key)}, p.effective,
    ${peoplePrefixes(grain).map(gapOf).join(',\n    ')}
  from present p
  window past as (
    partition by ${qualified('p', key.slice(0, -1))}
    order by p.day
    rows between unbounded preceding and 1 preceding
  )
),
stored as materialized (
  select ${qualified('s', [...key, ...columns])}
  from ${table} s
  where s.organization_id = $1
    and s.shop_id = $2
    and ${bounds('s')}
)`,
  };
}

/**
 * What makes a buyer's day: sessions, and apart from them what orders add to their days. Put together by grouping, for
 * each session is an inquiry if it is credited or helps, and helps once however many sales.
 */
function factsOf(grain: Grain, buyers: Buyers): string {
  const ofAgent = (record: string): string => (grain === 'AGENT' ? `${record}.agent_id is not null` : 'true');
  const parts = [
    `
  select ${part('s', 's.started_day', {
    received: 'true',
    replied: handled('s'),
    inquiry: inquiry('s'),
    after_sales: conditionOf('afterSalesBuyers'),
    after_sales_returning: conditionOf('afterSalesReturningBuyers'),
    unanswered: unansweredCall('s'),
    timed: 's.timed_buyer_messages',
    overdue: 's.overdue_service_messages',
  })}
  from ${recordsOf('session', 's', buyers)}
  where ${eligible('s')}
    and ${ofAgent('s')}`,
    `
  select ${part('s', 's.started_day', { ordered: 'true', paid: validSale('o') })}
  from ${recordsOf('orders', 'o', buyers)}
  cross join lateral ${sessionOf('o.credited_session_id', eligible('s'))} s
  where ${included('o')}
    and ${ofAgent('s')}`,
    `
  select ${part('o', 'o.paid_day', { sales: 'true', returning: conditionOf('returningBuyers') })}
  from ${recordsOf('orders', 'o', buyers)}
  where ${validSale('o')}
    and o.agent_id is not null`,
  ];
  // At the grain of shops nobody is another agent, so nobody helps.
  const help = `
  select ${part('h', 'h.day', { assisted: 'true' })}
  from (
    select distinct s.id, s.agent_id, s.buyer_id, s.started_day as day
    from ${recordsOf('orders', 'o', buyers)}
    cross join lateral (
      select a.session_id
      from order_assist a
      where a.organization_id = $1
        and a.order_id = o.id
      offset 0
    ) a
    cross join lateral ${sessionOf('a.session_id', `${eligible('s')} and ${inquiry('s')}`)} s
    where ${validSale('o')}
  ) h`;
  return [...parts, ...(grain === 'AGENT' ? [help] : [])].join('\n  union all');
}

/** The columns of a fact: what it says about its agent's or its shop's day with the buyer. */
const SAYS = {
  received: 'false',
  replied: 'false',
  inquiry: 'false',
  ordered: 'false',
  paid: 'false',
  assisted: 'false',
  sales: 'false',
  returning: 'false',
  after_sales: 'false',
  after_sales_returning: 'false',
  unanswered: 'false',
  timed: '0',
  overdue: '0',
} as const;

function part(record: string, day: string, says: Readonly<Partial<Record<keyof typeof SAYS, string>>>): string {
  const columns = Object.entries({ ...SAYS, ...says }).map(([name, expression]) => `(${expression}) as ${name}`);
  return [`${record}.agent_id`, `${record}.buyer_id`, `${day} as day`, ...columns].join(',\n    ');
}

const EFFECTIVE = `case
      when bool_or(f.unanswered) then false
      when sum(f.timed) > 0 then sum(f.overdue) = 0
    end`;

const some = (column: keyof typeof SAYS): string => `bool_or(f.${column})`;

/** When a day counts. Helping changes neither side of the helper's conversion, but for a day with a credit of its own. */
const FLAGS: Readonly<Partial<Record<MeasureKey, string>>> = {
  orderingBuyers: some('ordered'),
  payingBuyers: some('paid'),
  assistedBuyers: some('assisted'),
  inquiringBuyers: `(${some('ordered')} or count(*) filter (where f.inquiry) > count(*) filter (where f.assisted))`,
  salesBuyers: some('sales'),
  returningBuyers: some('returning'),
  receivedBuyers: some('received'),
  repliedBuyers: some('replied'),
  afterSalesBuyers: some('after_sales'),
  afterSalesReturningBuyers: some('after_sales_returning'),
};

function flagsOf(grain: Grain): string[] {
  return peopleMeasures(grain).map((measure) => {
    const flag = FLAGS[measure];
    if (flag === undefined) throw new Error(`No flag says which days count for ${measure}.`);
    return `${flag} as ${peoplePrefix(measure)}`;
  });
}

function gapOf(prefix: string): string {
  const before = `max(p.day) filter (where p.${prefix}) over past`;
  return `(case
      when p.${prefix} is not true then 0
      when ${before} is null then 32767
      else least(p.day - ${before}, 32766)
    end)::smallint as ${prefix}_gap`;
}

function conditionOf(measure: MeasureKey): string {
  return MEASURE_SQL[measure].condition ?? 'true';
}

/** The offset makes each buyer one lookup by index, whatever the planner believes. */
function recordsOf(table: string, alias: string, buyers: Buyers): string {
  const records = (condition: string): string => `(
    select ${alias}.*
    from ${table} ${alias}
    where ${alias}.organization_id = $1
      and ${alias}.shop_id = $2
      and ${condition}
    offset 0
  ) ${alias}`;
  if (buyers === 'ALL') return records('true');
  return `unnest($3::int[]) b (buyer_id)
  cross join lateral ${records(`${alias}.buyer_id = b.buyer_id`)}`;
}

function sessionOf(id: string, condition: string): string {
  return `(
    select s.*
    from session s
    where s.organization_id = $1
      and s.id = ${id}
      and ${condition}
    offset 0
  )`;
}
