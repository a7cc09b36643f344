import type { MeasureQuery } from '../../domain/measure-query';
import { addDays } from '../../domain/period';
import type { Day } from '../../domain/zone';
import type { MeasureScope } from './measure-scope.sql';
import type { SqlBuilder } from './sql-builder';

/** Whole calendar months of the period that no bucket begins within: only these can be read from cells of months. */
export function wholeMonths({ buckets, to }: Pick<MeasureQuery, 'buckets' | 'to'>): Day[] {
  const [from] = buckets;
  if (from === undefined) return [];
  const split = new Set(buckets.filter((day) => !day.endsWith('-01')).map(monthOf));
  const months: Day[] = [];
  for (let month = firstMonth(from); monthAfter(month) <= addDays(to, 1); month = monthAfter(month)) {
    if (!split.has(month)) months.push(month);
  }
  return months;
}

/**
 * The table month_run (first, past): the days from which and before which cells of months stand for every shop of the
 * scope, in the longest run of such months; both after the period where there is none.
 */
export function monthRun(builder: SqlBuilder, { shopIds, to }: MeasureScope, months: readonly Day[]): string {
  const shops =
    shopIds === null ? '(select count(*) + 1 from shop h where h.organization_id = $1)' : `cardinality(${shopIds})`;
  return `month_run (first, past) as (
  select coalesce(min(r.first), ${to} + 1), coalesce(min(r.past), ${to} + 1)
  from (
    select min(w.month) as first, (max(w.month) + interval '1 month')::date as past
    from (
      select x.month, x.month - row_number() over (order by x.month) * interval '1 month' as island
      from rollup_month x
      where x.organization_id = $1
        and x.month = any(${builder.bind(months, 'date[]')})
        and ${shopIds === null ? 'true' : `x.shop_id = any(${shopIds})`}
      group by x.month
      having count(*) = ${shops}
    ) w
    group by w.island
    order by count(*) desc, min(w.month)
    limit 1
  ) r
)`;
}

function firstMonth(from: Day): Day {
  return from.endsWith('-01') ? from : monthAfter(monthOf(from));
}

function monthOf(day: Day): Day {
  return `${day.slice(0, 7)}-01`;
}

/** No month has more than 31 days, and none fewer than 28. */
function monthAfter(month: Day): Day {
  return monthOf(addDays(month, 31));
}
