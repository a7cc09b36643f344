import type { Day } from '../../domain/zone';
import type { SqlQuery } from '../sql-query';

/** A shop with marks. */
export interface MarkedShop {
  readonly shopId: number;
}

/** Shops that have marks; of all shops if null. */
export function buildMarkedShopsSql(organizationId: number, shopIds: readonly number[] | null): SqlQuery {
  return {
    text: `select distinct m.shop_id as "shopId"
from rollup_mark m
where m.organization_id = $1
  and ($2::int[] is null or m.shop_id = any($2::int[]))
order by 1`,
    values: [organizationId, shopIds],
  };
}

/** A cell, a buyer, or neither: the whole shop. */
export interface Mark {
  readonly buyerId: number | null;
  readonly agentId: number | null;
  readonly day: Day | null;
}

/** What of a shop is marked, each once: the whole of it first, then buyers, then cells, oldest first. */
export function buildMarksSql(organizationId: number, shopId: number, limit: number): SqlQuery {
  return {
    text: `select m.buyer_id as "buyerId", m.agent_id as "agentId", m.day
from rollup_mark m
where m.organization_id = $1
  and m.shop_id = $2
group by m.buyer_id, m.agent_id, m.day
order by (m.buyer_id is null and m.day is null) desc, m.buyer_id is null, min(m.id)
limit $3`,
    values: [organizationId, shopId, limit],
  };
}

/** Waits for whoever works the shop's marks off; who comes later fails and begins anew, to see what the other wrote. */
export function buildLockRollupShopSql(organizationId: number, shopId: number): SqlQuery {
  return {
    text: `insert into rollup_shop as stored (organization_id, shop_id)
values ($1, $2)
on conflict (organization_id, shop_id) do update
set refreshed_at = now()`,
    values: [organizationId, shopId],
  };
}

/** Takes all marks of the shop away that this transaction sees, and counts them. */
export function buildDeleteShopMarksSql(organizationId: number, shopId: number): SqlQuery {
  return {
    text: `with taken as (
  delete from rollup_mark m
  where m.organization_id = $1
    and m.shop_id = $2
  returning m.id
)
select count(*)::int as marks
from taken t`,
    values: [organizationId, shopId],
  };
}

/** Takes marks of buyers and of cells away that this transaction sees. */
export function buildDeleteMarksSql(organizationId: number, shopId: number, marks: readonly Mark[]): SqlQuery {
  const cells = marks.filter(({ day }) => day !== null);
  return {
    text: `delete from rollup_mark m
where m.organization_id = $1
  and m.shop_id = $2
  and (
    m.buyer_id = any($3::int[])
    or (m.agent_id, m.day) in (select u.agent_id, u.day from unnest($4::int[], $5::date[]) u (agent_id, day))
  )`,
    values: [
      organizationId,
      shopId,
      marks.flatMap(({ buyerId }) => buyerId ?? []),
      cells.map(({ agentId }) => agentId),
      cells.map(({ day }) => day),
    ],
  };
}

/** Leaves cells to a later pass; in their mark the change that touched them stays as old as it is. */
export function buildMarkCellsSql(
  organizationId: number,
  shopId: number,
  cells: { readonly agentIds: readonly number[]; readonly days: readonly Day[] },
): SqlQuery {
  return {
    text: `insert into rollup_mark (organization_id, shop_id, agent_id, day, marked_at)
select $1::int, $2::int, u.agent_id, u.day, (
    select min(m.marked_at)
    from rollup_mark m
    where m.organization_id = $1
      and m.shop_id = $2
  )
from unnest($3::int[], $4::date[]) u (agent_id, day)`,
    values: [organizationId, shopId, cells.agentIds, cells.days],
  };
}

/** How far the numbers are, as of this transaction: every change that was answered before then is in them. */
export function buildDataAsOfSql(organizationId: number): SqlQuery {
  return {
    // Marks are stamped to the millisecond, half of them after their write began.
    text: `select coalesce(min(m.marked_at) - interval '1 millisecond', now()) as "dataAsOf"
from rollup_mark m
where m.organization_id = $1`,
    values: [organizationId],
  };
}

/** What is pending, and what there is. */
export function buildRollupStatusSql(organizationId: number): SqlQuery {
  return {
    text: `select p.pending, p.since, c.agent_cells + d.shop_cells as cells, r.months
from (
  select count(*)::int as pending, min(m.marked_at) as since
  from rollup_mark m
  where m.organization_id = $1
) p
cross join (select count(*)::int as agent_cells from agent_day t where t.organization_id = $1) c
cross join (select count(*)::int as shop_cells from shop_day t where t.organization_id = $1) d
cross join (select count(*)::int as months from rollup_month t where t.organization_id = $1) r`,
    values: [organizationId],
  };
}

/** The organization's shops, and 0 for what has none. */
export function buildRollupShopsSql(organizationId: number): SqlQuery {
  return {
    text: `select h.id as "shopId"
from shop h
where h.organization_id = $1
union all
select 0
order by 1`,
    values: [organizationId],
  };
}
