import type { Grain } from '../../domain/measures';
import { cellColumn } from './rollup-columns';
import { qualified } from './rollup-rows.sql';
import { peoplePrefixes, stepAggregates, stepColumns } from './rollup-steps.sql';

/** The buyer days of a cell, which agents may share as they may share the buyer. */
export const BUYER_DAYS: readonly string[] = (['judgedBuyerDays', 'effectiveBuyerDays'] as const).map(cellColumn);

/** Columns of a cell that come from the states of its buyers. */
export function peopleColumns(grain: Grain): string[] {
  return [...BUYER_DAYS, ...stepColumns(grain)];
}

/** The CTE "people": for each cell of the CTE "sums" what the states of its buyers say. */
export function peopleOfSums(grain: Grain, key: readonly string[]): string {
  const flags = peoplePrefixes(grain).map((prefix, flag) => `(${flag}, b.${prefix}_gap)`);
  const judged = flags.length;
  const effective = judged + 1;
  return `step as (
  select ${qualified('c', key)}, f.flag, f.gap,
    sum(count(*)) over (partition by ${qualified('c', key)}, f.flag order by f.gap desc) as buyers
  from sums c
  cross join lateral (
    select b.*
    from ${grain === 'AGENT' ? 'agent_buyer_day' : 'shop_buyer_day'} b
    where b.organization_id = $1
      and b.shop_id = $2
      and ${key.map((column) => `b.${column} = c.${column}`).join(' and ')}
    offset 0
  ) b
  cross join lateral (
    values ${flags.join(', ')},
      (${judged}, (b.effective is not null)::int::smallint), (${effective}, coalesce(b.effective, false)::int::smallint)
  ) f (flag, gap)
  where f.gap > 0
  group by ${qualified('c', key)}, f.flag, f.gap
),
people as materialized (
  select ${qualified('x', key)},
    coalesce(max(x.buyers) filter (where x.flag = ${judged}), 0)::int as judged_buyer_days,
    coalesce(max(x.buyers) filter (where x.flag = ${effective}), 0)::int as effective_buyer_days,
    ${stepAggregates(grain).join(',\n    ')}
  from (
    select ${qualified('c', key)}, null::int as flag, null::smallint as gap, null::numeric as buyers
    from sums c
    union all
    select ${qualified('s', key)}, s.flag, s.gap, s.buyers
    from step s
  ) x
  group by ${qualified('x', key)}
)`;
}
