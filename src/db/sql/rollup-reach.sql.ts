import { NO_SHOP } from '../../domain/measure-query';
import type { Day } from '../../domain/zone';

/** Cells of a shop, agent 0 being none: the one at each position of the two lists; or all there are. */
export type Cells = { readonly agentIds: readonly number[]; readonly days: readonly Day[] } | 'ALL';

export function cellBinds(cells: Cells): readonly unknown[] {
  return cells === 'ALL' ? [] : [cells.agentIds, cells.days];
}

/** Of a statement about some cells: its text depends on nothing else. */
export function nameOf(part: string, shopId: number, cells: Cells): string | undefined {
  return cells === 'ALL' ? undefined : `rollup_${part}${shopId === NO_SHOP ? '_no_shop' : ''}`;
}

/** Which rows of a table of cells are looked at. */
export function cellBounds(cells: Cells): (alias: string) => string {
  return (alias) => (cells === 'ALL' ? 'true' : `${alias}.day = any($4::date[])`);
}

/**
 * The CTEs "zone" and "wanted": the days to be worked out, with the agents whose cells they are (null: all) and the
 * instants around them, for indexes. Wide enough for a midnight that comes twice or never, also where a zone skipped a day.
 */
export function wantedCells(shopId: number, cells: Cells): string {
  const zone =
    shopId === NO_SHOP
      ? 'select g.time_zone as name from organization g where g.id = $1'
      : 'select h.time_zone as name from shop h where h.organization_id = $1 and h.id = $2';
  return `zone as materialized (
  ${zone}
),
wanted as materialized (
  ${cells === 'ALL' ? EVERY_DAY : SOME_DAYS}
)`;
}

const EVERY_DAY = `select '-infinity'::date as first_day, 'infinity'::date as last_day, null::int[] as agent_ids,
    '-infinity'::timestamptz as since, 'infinity'::timestamptz as until`;

const SOME_DAYS = `select c.day as first_day, c.day as last_day, array_agg(c.agent_id) as agent_ids,
    (c.day::timestamp at time zone z.name) - interval '3 hours' as since,
    greatest((c.day + 1)::timestamp at time zone z.name, (c.day::timestamp at time zone z.name) + interval '1 day')
      + interval '3 hours' as until
  from unnest($3::int[], $4::date[]) c (agent_id, day)
  cross join zone z
  group by c.day, z.name`;

/** Facts of the shop by the day of an event, as "w" and their alias. The offset keeps each day's facts one index range. */
export function factsOfDays(table: string, alias: string, event: string): string {
  return `wanted w
  cross join lateral (
    select ${alias}.*
    from ${table} ${alias}
    where ${alias}.organization_id = $1
      and ${alias}.shop_id = $2
      and ${alias}.${event}_at >= w.since
      and ${alias}.${event}_at < w.until
      and ${alias}.${event}_day >= w.first_day
      and ${alias}.${event}_day <= w.last_day
    offset 0
  ) ${alias}`;
}

/** Rows of a table of cells or states of the shop that belong to the days wanted, as "w" and their alias. */
export function rowsOfDays(table: string, alias: string): string {
  return `wanted w
  cross join lateral (
    select ${alias}.*
    from ${table} ${alias}
    where ${alias}.organization_id = $1
      and ${alias}.shop_id = $2
      and ${alias}.day >= w.first_day
      and ${alias}.day <= w.last_day
    offset 0
  ) ${alias}`;
}

/** Whether the agent's cell of the day is wanted; null is the agent 0. */
export function isWanted(agent: string): string {
  return `(w.agent_ids is null or coalesce(${agent}, 0) = any(w.agent_ids))`;
}
