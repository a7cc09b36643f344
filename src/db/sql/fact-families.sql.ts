import type { Cut } from '../../domain/measure-query';
import { NO_SHOP } from '../../domain/measure-query';
import type { FactKind } from '../../domain/measures';
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
import { bucketOf, type MeasureScope } from './measure-scope.sql';

/** Facts of one kind, by the day of one event, one row a fact or several: from the tables to the conditions. */
interface FlatFamily {
  readonly kind: FactKind;
  readonly day: string;
  readonly facts: (scope: MeasureScope) => string;
}

/** The families whose facts stand for themselves. Each takes part in a statement by its aliases. */
export const FLAT_FAMILIES = {
  session: {
    kind: 'SESSION',
    day: 's.started_day',
    facts: (scope) => `
  from session s
  ${members(scope, 's')}
  where ${inScope(scope, 's', 'started')}
    and ${eligible('s')}`,
  },

  exclusion: {
    kind: 'SESSION',
    day: 's.started_day',
    facts: (scope) => `
  from session s
  ${members(scope, 's')}
  where ${inScope(scope, 's', 'started')}
    and not (${eligible('s')})`,
  },

  /**
   * A session stands here once for each order that it is credited with or helped: fit for counting people alone.
   * At the grain of shops nobody is another agent, so nobody helped.
   */
  conversion: {
    kind: 'SESSION',
    day: 's.started_day',
    facts: (scope) => `
  from session s
  ${members(scope, 's')}
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
    and ${eligible('s')}`,
  },

  placed: {
    kind: 'ORDER',
    day: 'o.placed_day',
    facts: (scope) => `
  from orders o
  ${members(scope, 'o')}
  where ${inScope(scope, 'o', 'placed')}
    and ${included('o')}
    and o.agent_id is not null`,
  },

  sale: {
    kind: 'ORDER',
    day: 'o.paid_day',
    facts: (scope) => `
  from orders o
  ${members(scope, 'o')}
  where ${inScope(scope, 'o', 'paid')}
    and ${validSale('o')}`,
  },

  /** What was given back counts for the agent of the sale, whoever handled the refund. */
  refundedSale: {
    kind: 'REFUND',
    day: 'r.closed_day',
    facts: (scope) => `
  from refund r
  join orders o on ${namesOrder('r', 'o')}
  ${members(scope, 'o')}
  where ${inScope(scope, 'r', 'closed')}
    and ${included('r')}
    and r.status = 'COMPLETED'
    and ${validSale('o')}
    and o.agent_id is not null`,
  },

  refundOpened: refundsThat('opened'),
  refundDisputed: refundsThat('disputed'),
  refundCompleted: refundsThat('closed', `r.status = 'COMPLETED'`),

  complaint: {
    kind: 'COMPLAINT',
    day: 'c.opened_day',
    facts: (scope) => `
  from complaint c
  left join orders o on ${namesOrder('c', 'o')}
    and ${included('o')}
  left join session s on ${namesSession('c', 's')}
  ${members(scope, 'c', complaintAgent('c', 'o', 's'))}
  where ${inScope(scope, 'c', 'opened')}
    and ${included('c')}
    and ${complaintKnown('c', 'o', 's')}`,
  },
} as const satisfies Record<string, FlatFamily>;

/** The families whose facts are put together first. */
const DERIVED_FAMILIES = {
  /**
   * A buyer's day. Where it has no message of known time and no call it has nothing overdue either, so the day of a
   * set, effective if it is for all agents who have it, is told from all their sessions at once.
   */
  buyerDay: (scope, columns) => `
  select d.shop_group, d.agent_group, ${bucketOf(scope, 'd.day')} as bucket, d.cut,
    ${columns}
  from (
    select ${groups(scope)}, s.started_day as day, ${cutOf(scope, 'SESSION')} as cut,
      case
        when bool_or(${unansweredCall('s')}) then false
        when sum(s.timed_buyer_messages) > 0 then sum(s.overdue_service_messages) = 0
      end as effective
    ${FLAT_FAMILIES.session.facts(scope)}
    group by 1, 2, 3, 4, s.buyer_id
  ) d (shop_group, agent_group, day, cut, effective)
  where d.effective is not null
  group by 1, 2, 3, 4`,

  /** Each session opens and closes; at the same instant closing comes first, so one that takes no time never counts. */
  concurrency: (scope, columns) => `
  select e.shop_group, e.agent_group, ${bucketOf(scope, 'e.day')} as bucket, e.cut,
    ${columns}
  from (
    select ${groups(scope)}, s.started_day, ${cutOf(scope, 'SESSION')},
      sum(c.change) over (
        partition by s.agent_id, s.shop_id, s.started_day, ${cutOf(scope, 'SESSION')}
        order by c.at, c.change
        rows unbounded preceding
      )
    from session s
    ${members(scope, 's')}
    cross join lateral (
      values (s.started_at, 1), (greatest(coalesce(s.ended_at, s.last_message_at), s.started_at), -1)
    ) c (at, change)
    where ${inScope(scope, 's', 'started')}
      and ${eligible('s')}
      and not ${unansweredCall('s')}
      and coalesce(s.ended_at, s.last_message_at) is not null
  ) e (shop_group, agent_group, day, cut, open)
  group by 1, 2, 3, 4`,

  /** Presence by the account and the day, cut at midnight, with overlapping spans united. */
  presence: (scope, columns) => `
  select a.shop_group, a.agent_group, ${bucketOf(scope, 'a.day')} as bucket, ${cutOf(scope, 'PRESENCE')} as cut,
    ${columns}
  from (
    select ${groups(scope)}, midnight.at::date, range_agg(span.online)
    from presence p
    join shop_member h on h.id = coalesce(p.shop_id, ${NO_SHOP})
    ${scope.grain === 'AGENT' ? 'join agent_member m on m.id = p.agent_id' : ''}
    cross join lateral generate_series(
      greatest((p.started_at at time zone h.time_zone)::date, ${scope.from})::timestamp,
      least((p.ended_at at time zone h.time_zone)::date, ${scope.to})::timestamp,
      interval '1 day'
    ) midnight (at)
    cross join lateral (
      select tstzrange(p.started_at, p.ended_at)
        * tstzrange(
          ${startOfDay('midnight.at', 'h.time_zone')},
          ${startOfDay(`midnight.at + interval '1 day'`, 'h.time_zone')}
        )
    ) span (online)
    where p.organization_id = $1
      and ${around(scope, 'p.ended_at', 'p.started_at')}
      and ${scope.agentIds === null ? 'true' : `p.agent_id = any(${scope.agentIds})`}
      and not isempty(span.online)
    group by 1, 2, 3, p.shop_id, p.account, case when p.account is null then p.agent_id end
  ) a (shop_group, agent_group, day, online)
  group by 1, 2, 3, 4`,
} as const satisfies Record<string, (scope: MeasureScope, columns: string) => string>;

export type FlatFamilyName = keyof typeof FLAT_FAMILIES;
export type FactFamily = FlatFamilyName | keyof typeof DERIVED_FAMILIES;

const CUTS: Readonly<Record<Cut, { readonly kind: FactKind; readonly value: string }>> = {
  CHANNEL: { kind: 'SESSION', value: 's.channel' },
  PURPOSE: { kind: 'SESSION', value: 's.purpose' },
  HOUR_OF_DAY: { kind: 'SESSION', value: 'extract(hour from s.started_at at time zone h.time_zone)::int::text' },
  COMPLAINT_CATEGORY: { kind: 'COMPLAINT', value: 'c.category' },
  REFUND_KIND: { kind: 'REFUND', value: 'r.kind' },
};

/** Aggregates over the facts of a family: rows (shop_group, agent_group, bucket, cut) with the columns. */
export function measuredFamily(family: FactFamily, scope: MeasureScope, columns: string): string {
  return isFlat(family) ? flatText(family, scope, columns) : DERIVED_FAMILIES[family](scope, columns);
}

export function isFlat(family: FactFamily): family is FlatFamilyName {
  return family in FLAT_FAMILIES;
}

function flatText(family: FlatFamilyName, scope: MeasureScope, columns: string): string {
  const { kind, day, facts } = FLAT_FAMILIES[family];
  return `
  select ${groups(scope)}, ${bucketOf(scope, day)} as bucket, ${cutOf(scope, kind)} as cut,
    ${columns}${facts(scope)}
  group by 1, 2, 3, 4`;
}

function refundsThat(event: string, condition = 'true'): FlatFamily {
  return {
    kind: 'REFUND',
    day: `r.${event}_day`,
    facts: (scope) => `
  from refund r
  join orders o on ${namesOrder('r', 'o')}
  ${members(scope, 'r', refundAgent('r', 'o'))}
  where ${inScope(scope, 'r', event)}
    and ${included('r')}
    and ${included('o')}
    and ${condition}`,
  };
}

function groups({ grain }: MeasureScope): string {
  return grain === 'AGENT' ? 'h.shop_group, m.agent_group' : 'h.shop_group, 0 as agent_group';
}

/** Throws for a cut of another kind of records: there is nothing that it could mean. */
function cutOf({ cut }: MeasureScope, kind: FactKind): string {
  if (cut === null) return 'null::text';
  if (CUTS[cut].kind !== kind) throw new Error(`${cut} does not split facts of the kind ${kind}.`);
  return CUTS[cut].value;
}

/** Joins a fact to the groups that it counts for; at the grain of agents a fact without one counts for none. */
function members({ grain }: MeasureScope, fact: string, agent = `${fact}.agent_id`): string {
  const shop = `join shop_member h on h.id = ${fact}.shop_id`;
  return grain === 'AGENT' ? `${shop}\n  join agent_member m on m.id = ${agent}` : shop;
}

/** The local day decides; the instants, wider by any zone's offset, are for the indexes. */
function inScope(scope: MeasureScope, fact: string, event: string): string {
  return `${fact}.organization_id = $1
    and ${around(scope, `${fact}.${event}_at`)}
    and ${fact}.${event}_day >= ${scope.from}
    and ${fact}.${event}_day <= ${scope.to}
    and ${scope.shopIds === null ? 'true' : `${fact}.shop_id = any(${scope.shopIds})`}`;
}

function around({ from, to }: MeasureScope, notBefore: string, before = notBefore): string {
  return `${notBefore} >= (${from} - 1)::timestamp at time zone 'UTC'
    and ${before} < (${to} + 2)::timestamp at time zone 'UTC'`;
}

/** First instant of a local day. Read alone, a midnight that strikes twice would be the second one. */
function startOfDay(midnight: string, zone: string): string {
  return `least((${midnight}) at time zone ${zone}, (${midnight} - interval '1 hour') at time zone ${zone} + interval '1 hour')`;
}
