import { type GroupMember, type MeasureQuery, NO_SHOP } from '../../domain/measure-query';
import type { Day } from '../../domain/zone';
import type { SqlQuery } from '../sql-query';

/** Whose observations are wanted, and when: as the facts of a measure query. */
export type ObservationQuery = Pick<MeasureQuery, 'organizationId' | 'kind' | 'shops' | 'agents' | 'buckets' | 'to'>;

/** What the observations of one key add up to for one group in one bucket that has any. */
export interface ObservedRow {
  readonly shopGroup: number;
  readonly agentGroup: number;
  readonly bucket: number;
  readonly measure: string;
  readonly sum: string;
  readonly count: number;
  readonly last: string;
}

/**
 * Rows as ObservedRow. An observation without a shop stands in that of NO_SHOP; at the grain of shops its agent does not
 * matter, else it must name one of the agents.
 */
export function buildObservationsSql(query: ObservationQuery, keys: readonly string[]): SqlQuery {
  const { organizationId, kind, shops, agents, buckets, to } = query;
  const values: unknown[] = [organizationId, keys, buckets, to];
  const join = (members: readonly GroupMember[], alias: string, column: string): string => {
    values.push(
      members.map(({ group }) => group),
      members.map(({ member }) => member),
    );
    const [groups, ids] = [values.length - 1, values.length];
    return `
  join unnest($${groups}::int[], $${ids}::int[]) ${alias} ("group", member) on ${alias}.member = ${column}`;
  };
  const ofShops = shops === 'ALL' ? '' : join(shops, 'h', `coalesce(o.shop_id, ${NO_SHOP})`);
  const ofAgents = kind === 'SHOP' ? '' : join(agents ?? [], 'a', 'o.agent_id');
  return {
    // Divided to more places than two means can differ in, so that rounding the mean again is rounding it once.
    text: `select d."shopGroup",
  d."agentGroup",
  d.bucket,
  d.measure,
  trim_scale(sum(d.sum))::text as sum,
  sum(d.count)::int as count,
  trim_scale((array_agg((d.sum + 0.${'0'.repeat(40)}) / d.count order by d.day desc))[1])::text as last
from (
  select ${ofShops ? 'h."group"' : '0'} as "shopGroup",
    ${ofAgents ? 'a."group"' : '0'} as "agentGroup",
    width_bucket(o.observed_on, $3::date[]) - 1 as bucket,
    o.measure,
    o.observed_on as day,
    sum(o.value) as sum,
    count(*) as count
  from observation o${ofShops}${ofAgents}
  where o.organization_id = $1
    and o.measure = any($2::text[])
    and o.observed_on >= ($3::date[])[1]
    and o.observed_on <= $4
  group by 1, 2, 3, o.measure, o.observed_on
) d
group by d."shopGroup", d."agentGroup", d.bucket, d.measure`,
    values,
  };
}

/** A target with the one subject that it is of: nulls are part of it. */
export interface OwnTargetRow {
  readonly metric: string;
  readonly agentId: number | null;
  readonly teamId: number | null;
  readonly shopId: number | null;
  readonly from: Day;
  readonly to: Day;
  readonly value: string;
}

/** Rows as OwnTargetRow: all targets of the keys that lie within the days. */
export function buildOwnTargetsSql(organizationId: number, keys: readonly string[], from: Day, to: Day): SqlQuery {
  return {
    text: `select t.metric,
  t.agent_id as "agentId",
  t.team_id as "teamId",
  t.shop_id as "shopId",
  t.from_day as "from",
  t.to_day as "to",
  t.value
from target t
where t.organization_id = $1
  and t.metric = any($2::text[])
  and t.from_day >= $3
  and t.to_day <= $4
order by t.metric, t.from_day, t.id`,
    values: [organizationId, keys, from, to],
  };
}
