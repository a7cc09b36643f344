import type { Grain } from '../../domain/measures';
import type { Cut, GroupMember, MeasureQuery } from '../../domain/measure-query';
import { grainOf } from '../../domain/kpi';
import { NO_SHOP } from '../../domain/measure-query';
import type { SqlBuilder } from './sql-builder';

/** What of a measure query its facts or cells are picked by. */
export type MeasureScopeQuery = Pick<MeasureQuery, 'kind' | 'shops' | 'agents' | 'buckets' | 'to' | 'cut'>;

/** How a statement about measures names what it was asked, by placeholders of the bound values. */
export interface MeasureScope {
  readonly grain: Grain;
  /** First and last day. */
  readonly from: string;
  readonly to: string;
  /** First days of the buckets; null where there is one alone. */
  readonly buckets: string | null;
  /** Ids in an array; null: all shops, and what has none. */
  readonly shopIds: string | null;
  /** Ids in an array; null at the grain of shops. */
  readonly agentIds: string | null;
  readonly cut: Cut | null;
}

/** Throws where the kind and the agents do not agree. */
export function bindScope(builder: SqlBuilder, query: MeasureScopeQuery): MeasureScope {
  const { kind, shops, agents, buckets, to, cut = null } = query;
  const grain = grainOf(kind);
  if ((grain === 'AGENT') !== (agents !== null)) throw new Error('Agents are named at their grain, and only there.');
  const [from] = buckets;
  if (from === undefined) throw new Error('There is at least one bucket.');
  const shopIds = shops === 'ALL' ? null : builder.bind(idsOf(shops), 'int[]');
  const agentIds = agents && builder.bind(idsOf(agents), 'int[]');
  return {
    grain,
    from: builder.bind(from, 'date'),
    to: builder.bind(to, 'date'),
    buckets: buckets.length > 1 ? builder.bind(buckets, 'date[]') : null,
    shopIds,
    agentIds,
    cut,
  };
}

/** Position of the bucket that a day within the period is in. */
export function bucketOf({ buckets }: MeasureScope, day: string): string {
  return buckets === null ? '0' : `width_bucket(${day}, ${buckets}) - 1`;
}

/** First day of the bucket that a day within the period is in. */
export function bucketStart({ buckets, from }: MeasureScope, day: string): string {
  return buckets === null ? from : `(${buckets})[width_bucket(${day}, ${buckets})]`;
}

function idsOf(members: readonly GroupMember[]): number[] {
  return members.map(({ member }) => member);
}

function groupsOf(members: readonly GroupMember[]): number[] {
  return members.map(({ group }) => group);
}

/** The table shop_member (id, shop_group, currency, time_zone). What belongs to no shop goes by the organization's clock. */
export function shopMember(builder: SqlBuilder, { shops }: MeasureScopeQuery, { shopIds }: MeasureScope): string {
  if (shops === 'ALL' || shopIds === null) {
    return `shop_member (id, shop_group, currency, time_zone) as materialized (
  select h.id, 0, h.currency, h.time_zone
  from shop h
  where h.organization_id = $1
  union all
  select ${NO_SHOP}, 0, null, g.time_zone
  from organization g
  where g.id = $1
)`;
  }
  return `shop_member (id, shop_group, currency, time_zone) as materialized (
  select u.id, u.shop_group, h.currency, coalesce(h.time_zone, g.time_zone)
  from unnest(${shopIds}, ${builder.bind(groupsOf(shops), 'int[]')}) u (id, shop_group)
  join organization g on g.id = $1
  left join shop h
    on h.organization_id = $1
    and h.id = u.id
)`;
}

/** The table agent_member (id, agent_group); null at the grain of shops. */
export function agentMember(
  builder: SqlBuilder,
  { agents }: MeasureScopeQuery,
  { agentIds }: MeasureScope,
): string | null {
  if (agents === null || agentIds === null) return null;
  return `agent_member (id, agent_group) as materialized (
  select u.id, u.agent_group
  from unnest(${agentIds}, ${builder.bind(groupsOf(agents), 'int[]')}) u (id, agent_group)
)`;
}

/** Both tables of members, for the statement's "with". */
export function memberTables(builder: SqlBuilder, query: MeasureScopeQuery, scope: MeasureScope): string[] {
  const tables = [shopMember(builder, query, scope), agentMember(builder, query, scope)];
  return tables.filter((table) => table !== null);
}
