import type { Grain } from '../../domain/measures';
import type { Day } from '../../domain/zone';
import type { SqlQuery } from '../sql-query';
import { SHOP_SUMS } from './rollup-cell.sql';
import { cellColumn } from './rollup-columns';
import { BUYER_DAYS } from './rollup-people.sql';
import { qualified, type RollupRows } from './rollup-rows.sql';
import { peoplePrefixes, stepAggregates, stepColumns } from './rollup-steps.sql';

/** First days of months; or all months of the shop that are made. */
export type Months = readonly Day[] | 'MADE';

const PEAK = cellColumn('peakConcurrentSessions');
const SUMS = [...SHOP_SUMS, ...BUYER_DAYS];

/**
 * Cells of whole months, from those of their days. A buyer is counted at his first such day in the month: the one whose
 * gap reaches back beyond the month's first day, and from there it is measured.
 */
export function monthRows(grain: Grain, organizationId: number, shopId: number, months: Months): RollupRows {
  const [table, days] = grain === 'AGENT' ? ['agent_month', 'agent_day'] : ['shop_month', 'shop_day'];
  const key = grain === 'AGENT' ? ['agent_id', 'day'] : ['day'];
  const peak = grain === 'AGENT' ? [PEAK] : [];
  const columns = [...SUMS, ...peak, ...stepColumns(grain)];
  const groups = [...key.slice(0, -1).map((column) => `c.${column}`), 'c.month'].join(', ');
  const flags = peoplePrefixes(grain).map((prefix, flag) => `(${flag}, c.${prefix}_gaps, c.${prefix}_buyers)`);
  const bounds = (alias: string): string => (months === 'MADE' ? 'true' : `${alias}.day = any($3::date[])`);
  const owners = key.slice(0, -1);
  return {
    organizationId,
    shopId,
    table,
    key,
    identity: ['organization_id', 'shop_id', ...key],
    columns,
    bounds,
    binds: months === 'MADE' ? [] : [months],
    ctes: `wanted as materialized (
  ${months === 'MADE' ? MADE_MONTHS : 'select u.month from unnest($3::date[]) u (month)'}
),
cell as materialized (
  select w.month, c.*
  from wanted w
  cross join lateral (
    select c.*
    from ${days} c
    where c.organization_id = $1
      and c.shop_id = $2
      and c.day >= w.month
      and c.day < (w.month + interval '1 month')::date
    offset 0
  ) c
),
entry as (
  select ${groups}, f.flag,
    case when u.gap = 32767 then u.gap else u.gap - (c.day - c.month) end as gap,
    u.buyers - coalesce(f.buyers[u.position + 1], 0) as buyers
  from cell c
  cross join lateral (values ${flags.join(', ')}) f (flag, gaps, buyers)
  cross join lateral unnest(f.gaps, f.buyers) with ordinality u (gap, buyers, position)
  where u.gap > c.day - c.month
),
step as (
  select ${qualified('e', owners)}${owners.length > 0 ? ', ' : ''}e.month, e.flag, e.gap,
    sum(sum(e.buyers)) over (
      partition by ${qualified('e', [...owners, 'month'])}, e.flag
      order by e.gap desc
    ) as buyers
  from entry e
  group by ${qualified('e', [...owners, 'month'])}, e.flag, e.gap
),
fresh as materialized (
  select ${qualified('x', key)},
    ${[...SUMS.map((column) => `sum(x.${column}) as ${column}`), ...peak.map((column) => `max(x.${column}) as ${column}`), ...stepAggregates(grain)].join(',\n    ')}
  from (
    select ${groups}, ${qualified('c', [...SUMS, ...peak])}, null::int as flag, null::int as gap, null::numeric as buyers
    from cell c
    union all
    select ${qualified('s', [...owners, 'month'])}, ${[...SUMS, ...peak].map(() => 'null').join(', ')}, s.flag, s.gap, s.buyers
    from step s
  ) x (${[...key, ...SUMS, ...peak, 'flag', 'gap', 'buyers'].join(', ')})
  group by ${qualified('x', key)}
),
stored as materialized (
  select ${qualified('t', [...key, ...columns])}
  from ${table} t
  where t.organization_id = $1
    and t.shop_id = $2
    and ${bounds('t')}
)`,
  };
}

const MADE_MONTHS = `select r.month
  from rollup_month r
  where r.organization_id = $1
    and r.shop_id = $2`;

/** Takes back that these months of the shop are made; null: all of them. Answers with those that were. */
export function buildReopenMonthsSql(organizationId: number, shopId: number, months: readonly Day[] | null): SqlQuery {
  return {
    text: `delete from rollup_month r
where r.organization_id = $1
  and r.shop_id = $2
  and ($3::date[] is null or r.month = any($3::date[]))
returning r.month`,
    values: [organizationId, shopId, months],
  };
}

/** Forgets the cells of months; null: of all. */
export function buildDropMonthsSql(
  grain: Grain,
  organizationId: number,
  shopId: number,
  months: readonly Day[] | null,
): SqlQuery {
  const table = grain === 'AGENT' ? 'agent_month' : 'shop_month';
  return {
    text: `delete from ${table} t
where t.organization_id = $1
  and t.shop_id = $2
  and ($3::date[] is null or t.day = any($3::date[]))`,
    values: [organizationId, shopId, months],
  };
}

/** Says that these months of the shop are made. */
export function buildMadeMonthsSql(organizationId: number, shopId: number, months: readonly Day[]): SqlQuery {
  return {
    text: `insert into rollup_month (organization_id, shop_id, month)
select $1, $2, u.month
from unnest($3::date[]) u (month)
on conflict (organization_id, shop_id, month) do nothing`,
    values: [organizationId, shopId, months],
  };
}

/**
 * Months from the organization's first cell on that end before a day and are not made yet, of all its shops and what has
 * none, oldest first, but for shops with marks.
 */
export function buildOpenMonthsSql(organizationId: number, endBefore: Day, limit: number): SqlQuery {
  return {
    text: `with shops as materialized (
  select h.id
  from shop h
  where h.organization_id = $1
  union all
  select 0
),
first as materialized (
  select date_trunc('month', min(d.day))::date as month
  from shops h
  cross join lateral (
    select t.day
    from shop_day t
    where t.organization_id = $1
      and t.shop_id = h.id
    order by t.day
    limit 1
  ) d
)
select h.id as "shopId", m.at::date as month
from first f
cross join lateral generate_series(f.month::timestamp, $2::date - interval '1 month', interval '1 month') m (at)
cross join shops h
where not exists (
    select 1
    from rollup_month r
    where r.organization_id = $1
      and r.shop_id = h.id
      and r.month = m.at::date
  )
  and not exists (
    select 1
    from rollup_mark k
    where k.organization_id = $1
      and k.shop_id = h.id
  )
order by m.at, h.id
limit $3`,
    values: [organizationId, endBefore, limit],
  };
}
