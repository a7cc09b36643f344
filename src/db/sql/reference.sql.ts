import type { SqlQuery } from '../sql-query';

/**
 * The shops that a batch names, locked until it commits: two batches of one shop run one after the other, so each sees
 * what the other wrote (an order its session, a rule its orders). Sorted: locks in different order deadlock.
 */
export function buildLockShopsSql(
  organizationId: number,
  externalIds: readonly string[],
  clientIds: readonly number[] | null,
): SqlQuery {
  return {
    text: `
      select shop.id, shop.external_id as "externalId", shop.client_id as "clientId", shop.time_zone as "timeZone",
             shop.service_from as "serviceFrom", shop.service_to as "serviceTo",
             shop.attribution_touch as "touch", shop.attribution_window_hours as "windowHours"
      from shop
      where shop.organization_id = $1
        and shop.external_id = any($2::text[])
        and ($3::int[] is null or shop.client_id = any($3::int[]))
      order by shop.id
      for no key update`,
    values: [organizationId, externalIds, clientIds],
  };
}

/** For what is told apart in the whole organization, so that writers of it come one after the other. */
export function buildLockOrganizationSql(organizationId: number): SqlQuery {
  return {
    text: `select o.id from organization o where o.id = $1 for no key update`,
    values: [organizationId],
  };
}

/** Ids of the clients, teams or agents that a batch names. */
export function buildDirectoryIdsSql(
  table: 'client' | 'team' | 'agent',
  organizationId: number,
  externalIds: readonly string[],
): SqlQuery {
  return {
    text: `
      select d.id, d.external_id as "externalId"
      from ${table} d
      where d.organization_id = $1
        and d.external_id = any($2::text[])`,
    values: [organizationId, externalIds],
  };
}

/** Adds the buyers that are not known yet; those that are take no new number, as "on conflict" alone would. */
export function buildAddBuyersSql(
  organizationId: number,
  shopIds: readonly number[],
  externalIds: readonly string[],
): SqlQuery {
  return {
    text: `
      insert into buyer (organization_id, shop_id, external_id)
      select $1, named.shop_id, named.external_id
      from (select distinct shop_id, external_id from unnest($2::int[], $3::text[]) as raw (shop_id, external_id)) named
      where not exists (
        select 1
        from buyer b
        where b.organization_id = $1
          and b.shop_id = named.shop_id
          and b.external_id = named.external_id
      )
      order by named.shop_id, named.external_id
      on conflict (organization_id, shop_id, external_id) do nothing`,
    values: [organizationId, shopIds, externalIds],
  };
}

export function buildBuyerIdsSql(
  organizationId: number,
  shopIds: readonly number[],
  externalIds: readonly string[],
): SqlQuery {
  return {
    text: `
      select distinct b.id, b.shop_id as "shopId", b.external_id as "externalId"
      from unnest($2::int[], $3::text[]) as named (shop_id, external_id)
      join buyer b
        on b.organization_id = $1
       and b.shop_id = named.shop_id
       and b.external_id = named.external_id`,
    values: [organizationId, shopIds, externalIds],
  };
}

/** Of the names, those that the database knows as time zones: its list and ours may differ by release. */
export function buildKnownZonesSql(names: readonly string[]): SqlQuery {
  return {
    text: `select z.name from pg_timezone_names z where lower(z.name) = any($1::text[])`,
    values: [names.map((name) => name.toLowerCase())],
  };
}

/** Positions of targets that overlap another one of the same subject, stored or earlier in the batch, over other days. */
export function buildOverlappingTargetsSql(
  organizationId: number,
  rows: readonly Record<'metric' | 'agent_id' | 'team_id' | 'shop_id' | 'from_day' | 'to_day', unknown>[],
): SqlQuery {
  return {
    text: `
      with incoming as (
        select *
        from unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::date[], $7::date[])
             with ordinality as raw (metric, agent_id, team_id, shop_id, from_day, to_day, position)
      ),
      other as (
        select metric, agent_id, team_id, shop_id, from_day, to_day, 0 as position
        from target
        where organization_id = $1
        union all
        select metric, agent_id, team_id, shop_id, from_day, to_day, position
        from incoming
      )
      select distinct (i.position - 1)::int as position
      from incoming i
      join other o
        on o.metric = i.metric
       and o.position < i.position
       and (o.agent_id, o.team_id, o.shop_id) is not distinct from (i.agent_id, i.team_id, i.shop_id)
       and (o.from_day, o.to_day) <> (i.from_day, i.to_day)
       and o.from_day <= i.to_day
       and o.to_day >= i.from_day`,
    values: [
      organizationId,
      rows.map((row) => row.metric),
      rows.map((row) => row.agent_id),
      rows.map((row) => row.team_id),
      rows.map((row) => row.shop_id),
      rows.map((row) => row.from_day),
      rows.map((row) => row.to_day),
    ],
  };
}

/** Of the named presences, those that are stored outside the shops of these clients. */
export function buildForeignPresencesSql(
  organizationId: number,
  externalIds: readonly string[],
  clientIds: readonly number[],
): SqlQuery {
  return {
    text: `
      select p.external_id as "externalId"
      from presence p
      left join shop on shop.organization_id = $1 and shop.id = p.shop_id
      where p.organization_id = $1
        and p.external_id = any($2::text[])
        and (shop.client_id = any($3::int[])) is not true`,
    values: [organizationId, externalIds, clientIds],
  };
}
