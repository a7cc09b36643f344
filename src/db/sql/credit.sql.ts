import type { Day } from '../../domain/zone';
import type { SqlQuery } from '../sql-query';
import { eligible, inquiry, validSale } from './facts.sql';

/**
 * The set-based twin of creditOrder(): the same candidates, touch, ties and assists, for many orders at once.
 * `target` are the orders to credit again, `candidate` the inquiry sessions with an agent that each may owe its sale to.
 * Materialized throughout: on a table that was never analyzed the planner would work them out anew for every order.
 */
const CANDIDATES = `
  target as materialized (
    select o.id, o.shop_id, o.buyer_id, o.placed_at, o.explicit_agent_id, o.agent_id,
           ${validSale('o')} as valid,
           shop.attribution_touch as touch, shop.attribution_window_hours as hours
    from orders o
    join shop on shop.organization_id = $1 and shop.id = o.shop_id
    where o.organization_id = $1
      and o.id = any($2::bigint[])
  ),
  candidate as materialized (
    select t.id as order_id, s.id as session_id, s.agent_id, s.started_at, s.external_id
    from target t
    join session s
      on s.organization_id = $1
     and s.buyer_id = t.buyer_id
     and s.started_at >= t.placed_at - make_interval(hours => t.hours)
     and s.started_at <= t.placed_at
    where s.agent_id is not null
      and ${eligible('s')}
      and ${inquiry('s')}
  )`;

/** An order whose credit has changed. */
export interface CreditedOrder {
  readonly id: string;
  readonly shopId: number;
  readonly buyerId: number;
  /** 0: nobody. */
  readonly agentBefore: number;
  readonly agentAfter: number;
  readonly placedDay: Day;
  readonly paidDay: Day | null;
}

/** Gives each order to the one agent it belongs to; gives back those whose credit that changed. */
export function buildCreditOrdersSql(organizationId: number, orderIds: readonly string[]): SqlQuery {
  return {
    text: `
      with ${CANDIDATES},
      winner as materialized (
        select distinct on (t.id) t.id as order_id, c.session_id, c.agent_id
        from target t
        join candidate c on c.order_id = t.id
        where t.explicit_agent_id is null or t.explicit_agent_id = c.agent_id
        order by t.id,
                 case when t.touch = 'FIRST' then c.started_at end,
                 case when t.touch = 'LAST' then c.started_at end desc,
                 c.external_id collate "C"
      ),
      credit as (
        select t.id, t.agent_id as agent_before,
               coalesce(t.explicit_agent_id, w.agent_id) as agent_id,
               w.session_id,
               case
                 when t.explicit_agent_id is not null then 'EXPLICIT'
                 when w.agent_id is null then 'UNATTRIBUTED'
                 else t.touch || '_TOUCH'
               end as attribution
        from target t
        left join winner w on w.order_id = t.id
      )
      update orders o
      set agent_id = c.agent_id, attribution = c.attribution, credited_session_id = c.session_id, updated_at = now()
      from credit c
      where o.organization_id = $1
        and o.id = c.id
        and (o.agent_id, o.attribution, o.credited_session_id)
            is distinct from (c.agent_id, c.attribution, c.session_id)
      returning o.id, o.shop_id as "shopId", o.buyer_id as "buyerId", coalesce(c.agent_before, 0) as "agentBefore",
                coalesce(o.agent_id, 0) as "agentAfter", o.placed_day as "placedDay", o.paid_day as "paidDay"`,
    values: [organizationId, orderIds],
  };
}

const ASSISTS = `
  ${CANDIDATES},
  assist as materialized (
    select c.order_id, c.session_id, c.agent_id
    from candidate c
    join target t on t.id = c.order_id
    where t.valid
      and c.agent_id is distinct from t.agent_id
  )`;

/** Takes away assists that hold no more; after the orders were credited. */
export function buildForgetAssistsSql(organizationId: number, orderIds: readonly string[]): SqlQuery {
  return {
    text: `
      with ${ASSISTS}
      delete from order_assist stored
      where stored.organization_id = $1
        and stored.order_id = any($2::bigint[])
        and not exists (
          select 1
          from assist a
          where a.order_id = stored.order_id
            and a.session_id = stored.session_id
            and a.agent_id = stored.agent_id
        )`,
    values: [organizationId, orderIds],
  };
}

/** Adds the assists that are missing; after those that hold no more were taken away. */
export function buildRecordAssistsSql(organizationId: number, orderIds: readonly string[]): SqlQuery {
  return {
    text: `
      with ${ASSISTS}
      insert into order_assist (organization_id, order_id, session_id, agent_id)
      select $1, a.order_id, a.session_id, a.agent_id
      from assist a
      order by a.order_id, a.session_id
      on conflict (organization_id, order_id, session_id) do nothing`,
    values: [organizationId, orderIds],
  };
}

/** Orders whose credit a change of these sessions may change: those they had a part in, and those they may now have. */
export function buildOrdersOfSessionsSql(organizationId: number, sessionIds: readonly string[]): SqlQuery {
  return {
    text: `
      select o.id
      from orders o
      where o.organization_id = $1
        and o.credited_session_id = any($2::bigint[])
      union
      select a.order_id
      from order_assist a
      where a.organization_id = $1
        and a.session_id = any($2::bigint[])
      union
      select o.id
      from session s
      join shop on shop.organization_id = $1 and shop.id = s.shop_id
      join orders o
        on o.organization_id = $1
       and o.buyer_id = s.buyer_id
       and o.placed_at >= s.started_at
       and o.placed_at <= s.started_at + make_interval(hours => shop.attribution_window_hours)
      where s.organization_id = $1
        and s.id = any($2::bigint[])`,
    values: [organizationId, sessionIds],
  };
}

/** A shop's orders, for when its rule changes. */
export function buildOrdersOfShopsSql(organizationId: number, shopIds: readonly number[]): SqlQuery {
  return {
    text: `
      select o.id
      from orders o
      where o.organization_id = $1
        and o.shop_id = any($2::int[])`,
    values: [organizationId, shopIds],
  };
}
