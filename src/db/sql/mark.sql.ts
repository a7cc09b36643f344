import { NO_SHOP } from '../../domain/measure-query';
import type { Day } from '../../domain/zone';
import type { SqlQuery, SqlValue } from '../sql-query';
import { complaintAgent, namesOrder, namesSession, refundAgent } from './facts.sql';

/** What tells a record from others of its kind; presences are told apart without the shop. */
export type RecordKey = Readonly<Record<'shop_id' | 'external_id', SqlValue>>;

/** A buyer, or an agent's day, whose rollups a named record has a part in. */
export interface TouchedRow {
  /** Place of the record among those named, from 1. */
  readonly position: number;
  readonly shopId: number;
  readonly buyerId: number | null;
  /** 0: no agent. */
  readonly agentId: number;
  readonly day: Day;
}

/** What the stored records of these keys touch now; the same before a write and after it tells all that it changed. */
export type TouchedSql = (organizationId: number, keys: readonly RecordKey[]) => SqlQuery;

/** Something to be worked out again: a buyer, an agent's day, or with neither all of the shop. */
export interface NewMark {
  readonly shopId: number;
  readonly buyerId: number | null;
  readonly agentId: number | null;
  readonly day: Day | null;
}

const NAMED = `
  with named as materialized (
    select n.position::int as position, n.shop_id, n.external_id
    from unnest($2::int[], $3::text[]) with ordinality n (shop_id, external_id, position)
  )`;

/**
 * Joins to each name its records. "offset 0" keeps that a look into the index for each: a few names are worth a walk
 * through the whole table to the planner as long as it is of middling size.
 */
const recordsOf = (table: string, record: string, key = 'external_id', names = 'named'): string => `from ${names} n
  cross join lateral (
    select r.*
    from ${table} r
    where r.organization_id = $1
      and r.shop_id = n.shop_id
      and r.${key} = n.external_id
    offset 0
  ) ${record}`;

const touched = (record: string, buyer: string, agent: string, day: string): string => `
  select n.position, ${record}.shop_id as "shopId", ${buyer} as "buyerId", coalesce(${agent}, 0) as "agentId",
    ${day} as day`;

/** A completed refund counts for its own agent, and for the one credited with the sale. */
const refundDays = `
  cross join lateral (
    values
      (${refundAgent('r', 'o')}, r.opened_day),
      (${refundAgent('r', 'o')}, r.closed_day),
      (${refundAgent('r', 'o')}, r.disputed_day),
      (o.agent_id, r.closed_day)
  ) d (agent_id, day)
  where d.day is not null`;

const refunds = (key: string): string => `${touched('r', 'null::int', 'd.agent_id', 'd.day')}
  ${recordsOf('refund', 'r', key)}
  left join orders o on ${namesOrder('r', 'o')}
  ${refundDays}`;

const complaints = (key: string): string => `${touched('c', 'null::int', complaintAgent('c', 'o', 's'), 'c.opened_day')}
  ${recordsOf('complaint', 'c', key)}
  left join orders o on ${namesOrder('c', 'o')}
  left join session s on ${namesSession('c', 's')}`;

/** Sessions, and the complaints that name them. */
export function buildTouchedBySessionsSql(organizationId: number, keys: readonly RecordKey[]): SqlQuery {
  return {
    text: `${NAMED}
  ${touched('s', 's.buyer_id', 's.agent_id', 's.started_day')}
  ${recordsOf('session', 's')}
  union all
  ${complaints('session_external_id')}`,
    values: valuesOf(organizationId, keys),
  };
}

/** Orders, and the refunds and complaints that name them: stored or not, these may have waited for them. */
export function buildTouchedByOrdersSql(organizationId: number, keys: readonly RecordKey[]): SqlQuery {
  return {
    text: `${NAMED}
  ${touched('o', 'o.buyer_id', 'o.agent_id', 'd.day')}
  ${recordsOf('orders', 'o')}
  cross join lateral (values (o.placed_day), (o.paid_day)) d (day)
  where d.day is not null
  union all
  ${refunds('order_external_id')}
  union all
  ${complaints('order_external_id')}`,
    values: valuesOf(organizationId, keys),
  };
}

export function buildTouchedByRefundsSql(organizationId: number, keys: readonly RecordKey[]): SqlQuery {
  return { text: `${NAMED}\n  ${refunds('external_id')}`, values: valuesOf(organizationId, keys) };
}

export function buildTouchedByComplaintsSql(organizationId: number, keys: readonly RecordKey[]): SqlQuery {
  return { text: `${NAMED}\n  ${complaints('external_id')}`, values: valuesOf(organizationId, keys) };
}

/** Presences by every local day that they reach into. */
export function buildTouchedByPresencesSql(
  organizationId: number,
  keys: readonly Pick<RecordKey, 'external_id'>[],
): SqlQuery {
  return {
    text: `
  select n.position::int as position, coalesce(p.shop_id, ${NO_SHOP}) as "shopId", null::int as "buyerId",
    p.agent_id as "agentId", d.day::date as day
  from unnest($2::text[]) with ordinality n (external_id, position)
  join presence p
    on p.organization_id = $1
    and p.external_id = n.external_id
  join organization g on g.id = $1
  left join shop h
    on h.organization_id = $1
    and h.id = p.shop_id
  cross join lateral (select coalesce(h.time_zone, g.time_zone)) z (zone)
  cross join lateral generate_series(
    (p.started_at at time zone z.zone)::date::timestamp,
    (p.ended_at at time zone z.zone)::date::timestamp,
    interval '1 day'
  ) d (day)`,
    values: [organizationId, keys.map((key) => key.external_id)],
  };
}

/** The days on which refunds and complaints count that name these orders, for whoever is credited with the order. */
export function buildDaysThatFollowOrdersSql(organizationId: number, orderIds: readonly string[]): SqlQuery {
  return {
    text: `
  with credited as materialized (
    select o.id, o.shop_id, o.external_id
    from orders o
    where o.organization_id = $1
      and o.id = any($2::bigint[])
  )
  select distinct n.id as "orderId", d.day
  ${recordsOf('refund', 'r', 'order_external_id', 'credited')}
  cross join lateral (values (r.opened_day), (r.closed_day), (r.disputed_day)) d (day)
  where d.day is not null
  union
  select n.id, c.opened_day
  ${recordsOf('complaint', 'c', 'order_external_id', 'credited')}`,
    values: [organizationId, orderIds],
  };
}

/** Adds marks, never asking which are there: whoever works those off may not see what this transaction changes. */
export function buildAddMarksSql(organizationId: number, marks: readonly NewMark[]): SqlQuery {
  return {
    text: `
  insert into rollup_mark (organization_id, shop_id, buyer_id, agent_id, day)
  select $1, m.shop_id, m.buyer_id, m.agent_id, m.day
  from unnest($2::int[], $3::int[], $4::int[], $5::date[]) m (shop_id, buyer_id, agent_id, day)`,
    values: [
      organizationId,
      marks.map(({ shopId }) => shopId),
      marks.map(({ buyerId }) => buyerId),
      marks.map(({ agentId }) => agentId),
      marks.map(({ day }) => day),
    ],
  };
}

/** Organizations with anything to be worked out again; asked before a tenant is chosen. */
export function buildMarkedOrganizationsSql(): SqlQuery {
  return {
    text: `select f.organization_id as "organizationId" from find_marked_organizations() f order by f.organization_id`,
    values: [],
  };
}

/** All organizations, by nothing but their clocks; asked before a tenant is chosen. */
export function buildOrganizationClocksSql(): SqlQuery {
  return {
    text: `select f.organization_id as "organizationId", f.time_zone as "timeZone"
from find_organization_clocks() f
order by f.organization_id`,
    values: [],
  };
}

function valuesOf(organizationId: number, keys: readonly RecordKey[]): unknown[] {
  return [organizationId, keys.map((key) => key.shop_id), keys.map((key) => key.external_id)];
}
