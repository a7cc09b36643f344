import type { Grain } from '../../domain/measures';
import {
  complaintAgent,
  complaintKnown,
  eligible,
  included,
  namesOrder,
  namesSession,
  refundAgent,
  unansweredCall,
  validSale,
} from './facts.sql';

/** How a statement over facts is narrowed. $1 organization, $2 and $3 first and last day, $6 shops if limited. */
export interface FactScope {
  readonly grain: Grain;
  readonly limitedToShops: boolean;
}

/** Stands for presence that belongs to no shop among the shops of a subject. */
export const NO_SHOP = 0;

/**
 * The families of facts. Each gives the text that turns its facts into one row for each subject with such facts.
 * Subjects come from "member": (subject, member), the member being an agent or a shop.
 */
export const FACT_FAMILIES = {
  session: (scope, columns) => `
  select m.subject, ${columns}
  from session s
  join member m on ${belongs(scope, 's')}
  where ${inScope(scope, 's', 'started')}
    and ${eligible('s')}
  group by m.subject`,

  exclusion: (scope, columns) => `
  select m.subject, ${columns}
  from session s
  join member m on ${belongs(scope, 's')}
  where ${inScope(scope, 's', 'started')}
    and not (${eligible('s')})
  group by m.subject`,

  /**
   * A session stands here once for each order that it is credited with or helped: fit for counting people alone.
   * At the grain of shops nobody is another agent, so nobody helped.
   */
  conversion: (scope, columns) => `
  select m.subject, ${columns}
  from session s
  join member m on ${belongs(scope, 's')}
  left join orders o
    on o.organization_id = s.organization_id
    and o.credited_session_id = s.id
    and ${included('o')}
  left join (
    select a.organization_id, a.session_id
    from order_assist a
    join orders v
      on v.organization_id = a.organization_id
      and v.id = a.order_id
    where ${validSale('v')}
  ) help
    on help.organization_id = s.organization_id
    and help.session_id = s.id
    and ${scope.grain === 'AGENT'}
  where ${inScope(scope, 's', 'started')}
    and ${eligible('s')}
  group by m.subject`,

  /**
   * A buyer's day. Where it has no message of known time and no call it has nothing overdue either, so the day of a
   * set, effective if it is for all agents who have it, is told from all their sessions at once.
   */
  buyerDay: (scope, columns) => `
  select d.subject, ${columns}
  from (
    select m.subject,
      case
        when bool_or(${unansweredCall('s')}) then false
        when sum(s.timed_buyer_messages) > 0 then sum(s.overdue_service_messages) = 0
      end as effective
    from session s
    join member m on ${belongs(scope, 's')}
    where ${inScope(scope, 's', 'started')}
      and ${eligible('s')}
    group by m.subject, s.buyer_id, s.started_day
  ) d
  where d.effective is not null
  group by d.subject`,

  /** Each session opens and closes; at the same instant closing comes first, so one that takes no time never counts. */
  concurrency: (scope, columns) => `
  select e.subject, ${columns}
  from (
    select m.subject,
      sum(c.change) over (
        partition by m.subject, s.agent_id, s.shop_id, s.started_day
        order by c.at, c.change
        rows unbounded preceding
      ) as open
    from session s
    join member m on ${belongs(scope, 's')}
    cross join lateral (
      values (s.started_at, 1), (greatest(coalesce(s.ended_at, s.last_message_at), s.started_at), -1)
    ) c (at, change)
    where ${inScope(scope, 's', 'started')}
      and ${eligible('s')}
      and not ${unansweredCall('s')}
      and coalesce(s.ended_at, s.last_message_at) is not null
  ) e
  group by e.subject`,

  placed: (scope, columns) => `
  select m.subject, ${columns}
  from orders o
  join member m on ${belongs(scope, 'o')}
  where ${inScope(scope, 'o', 'placed')}
    and ${included('o')}
    and o.agent_id is not null
  group by m.subject`,

  sale: (scope, columns) => `
  select m.subject, ${columns}
  from orders o
  join member m on ${belongs(scope, 'o')}
  join shop h
    on h.organization_id = o.organization_id
    and h.id = o.shop_id
  where ${inScope(scope, 'o', 'paid')}
    and ${validSale('o')}
  group by m.subject`,

  /** What was given back counts for the agent of the sale, whoever handled the refund. */
  refundedSale: (scope, columns) => `
  select m.subject, ${columns}
  from refund r
  join orders o on ${namesOrder('r', 'o')}
  join member m on ${belongs(scope, 'o')}
  join shop h
    on h.organization_id = r.organization_id
    and h.id = r.shop_id
  where ${inScope(scope, 'r', 'closed')}
    and ${included('r')}
    and r.status = 'COMPLETED'
    and ${validSale('o')}
    and o.agent_id is not null
  group by m.subject`,

  refundOpened: refundsThat('opened'),
  refundDisputed: refundsThat('disputed'),
  refundCompleted: refundsThat('closed', `and r.status = 'COMPLETED'`),

  complaint: (scope, columns) => `
  select m.subject, ${columns}
  from complaint c
  left join orders o on ${namesOrder('c', 'o')}
    and ${included('o')}
  left join session s on ${namesSession('c', 's')}
  join member m on m.member = ${scope.grain === 'AGENT' ? complaintAgent('c', 'o', 's') : 'c.shop_id'}
  where ${inScope(scope, 'c', 'opened')}
    and ${included('c')}
    and ${complaintKnown('c', 'o', 's')}
  group by m.subject`,

  /** Presence by the account and the day, cut at midnight, with overlapping spans united. */
  presence: (scope, columns) => `
  select a.subject, ${columns}
  from (
    select m.subject, range_agg(span.online) as online
    from presence p
    join organization g on g.id = p.organization_id
    left join shop h
      on h.organization_id = p.organization_id
      and h.id = p.shop_id
    join member m on m.member = ${scope.grain === 'AGENT' ? 'p.agent_id' : `coalesce(p.shop_id, ${NO_SHOP})`}
    cross join lateral (select coalesce(h.time_zone, g.time_zone)) z (zone)
    cross join lateral generate_series(
      greatest((p.started_at at time zone z.zone)::date, $2::date)::timestamp,
      least((p.ended_at at time zone z.zone)::date, $3::date)::timestamp,
      interval '1 day'
    ) midnight (at)
    cross join lateral (
      select tstzrange(p.started_at, p.ended_at)
        * tstzrange(${startOfDay('midnight.at', 'z.zone')}, ${startOfDay(`midnight.at + interval '1 day'`, 'z.zone')})
    ) span (online)
    where p.organization_id = $1
      and ${around('p.ended_at', 'p.started_at')}
      and ${inShops(scope, 'p')}
      and not isempty(span.online)
    group by m.subject, p.shop_id, p.account, case when p.account is null then p.agent_id end, midnight.at
  ) a
  group by a.subject`,
} as const satisfies Record<string, (scope: FactScope, columns: string) => string>;

export type FactFamily = keyof typeof FACT_FAMILIES;

function refundsThat(event: string, condition = ''): (scope: FactScope, columns: string) => string {
  return (scope, columns) => `
  select m.subject, ${columns}
  from refund r
  join orders o on ${namesOrder('r', 'o')}
  join member m on m.member = ${scope.grain === 'AGENT' ? refundAgent('r', 'o') : 'r.shop_id'}
  where ${inScope(scope, 'r', event)}
    and ${included('r')}
    and ${included('o')}
    ${condition}
  group by m.subject`;
}

/** Joins a fact to the subjects that it counts for; at the grain of agents a fact without one counts for none. */
function belongs({ grain }: FactScope, fact: string): string {
  return `m.member = ${fact}.${grain === 'AGENT' ? 'agent_id' : 'shop_id'}`;
}

/** The local day decides; the instants, wider by any zone's offset, are for the indexes. */
function inScope(scope: FactScope, fact: string, event: string): string {
  return `${fact}.organization_id = $1
    and ${around(`${fact}.${event}_at`)}
    and ${fact}.${event}_day >= $2::date
    and ${fact}.${event}_day <= $3::date
    and ${inShops(scope, fact)}`;
}

function inShops({ limitedToShops }: FactScope, fact: string): string {
  return limitedToShops ? `${fact}.shop_id = any($6::int[])` : 'true';
}

function around(notBefore: string, before = notBefore): string {
  return `${notBefore} >= ($2::date - 1)::timestamp at time zone 'UTC'
    and ${before} < ($3::date + 2)::timestamp at time zone 'UTC'`;
}

/** First instant of a local day. Read alone, a midnight that strikes twice would be the second one. */
function startOfDay(midnight: string, zone: string): string {
  return `least((${midnight}) at time zone ${zone}, (${midnight} - interval '1 hour') at time zone ${zone} + interval '1 hour')`;
}
