/** A change of stored facts that picks one by its number, as a source or a user could make it. */
interface Change {
  readonly name: string;
  readonly text: string;
}

/* $1: which record; $2: a number to change it by. Days follow the instants, as ingestion derives them. */

const DAY_OF = (record: string, instant: string): string =>
  `((${instant}) at time zone (select h.time_zone from shop h where h.id = ${record}.shop_id))::date`;
const NTH = (table: string): string =>
  `(select t.id from ${table} t order by t.id offset $1 % greatest((select count(*) from ${table}), 1) limit 1)`;
const AGENT = `(array[null, 1, 2, 3, 4])[$2 % 5 + 1]`;
const LATER_BY = `(array[interval '1 hour', '-1 day', '26 hours', '40 days', '-70 days'])[$2 % 5 + 1]`;
const update = (table: string, set: string): string =>
  `update ${table} r set ${set} where r.id = ${NTH(table)} and $2 >= 0`;

const CHANGES: readonly Change[] = [
  {
    name: 'a session moves',
    text: update(
      'session',
      `started_at = r.started_at + ${LATER_BY}, ended_at = r.ended_at + ${LATER_BY},
       started_day = ${DAY_OF('r', `r.started_at + ${LATER_BY}`)}`,
    ),
  },
  { name: 'a session changes hands', text: update('session', `agent_id = ${AGENT}`) },
  {
    name: 'a session is another buyer’s',
    text: update(
      'session',
      `buyer_id = (select b.id from buyer b where b.shop_id = r.shop_id order by b.id offset $2 % 2 limit 1)`,
    ),
  },
  {
    name: 'a session is for after-sales',
    text: update('session', `purpose = (array[null, 'AFTER_SALE'])[$2 % 2 + 1]`),
  },
  { name: 'a session got other replies', text: update('session', 'agent_replies = $2 % 2, csat = $2 % 5 + 1') },
  { name: 'a session waited', text: update('session', 'timed_buyer_messages = 1, overdue_service_messages = $2 % 2') },
  { name: 'a session is excluded', text: update('session', `excluded_reason = (array[null, 'TEST'])[$2 % 2 + 1]`) },
  {
    name: 'an order is paid',
    text: update(
      'orders',
      `paid_at = r.placed_at + ${LATER_BY}, paid_day = ${DAY_OF('r', `r.placed_at + ${LATER_BY}`)}`,
    ),
  },
  { name: 'an order is unpaid', text: update('orders', 'paid_at = null, paid_day = null') },
  { name: 'an order is cancelled', text: update('orders', `cancelled_at = case when $2 % 2 = 0 then r.placed_at end`) },
  { name: 'an order is excluded', text: update('orders', `excluded_reason = (array[null, 'TEST'])[$2 % 2 + 1]`) },
  { name: 'an order changes its agent', text: update('orders', `agent_id = ${AGENT}`) },
  { name: 'an order costs something else', text: update('orders', 'amount = 10 + ($2 % 3) * 0.5, paid_amount = null') },
  {
    name: 'an order is credited to a session',
    text: update(
      'orders',
      `credited_session_id = (select s.id from session s where s.buyer_id = r.buyer_id and s.excluded_reason is null
                              and s.source_exclusion is null and s.purpose is null and s.channel <> 'VOICE' and s.agent_id is not null
                              order by s.id offset $2 % 2 limit 1)`,
    ),
  },
  {
    name: 'a session helps',
    text: `insert into order_assist (organization_id, order_id, session_id, agent_id)
      select o.organization_id, o.id, s.id, s.agent_id
      from orders o
      join session s on s.buyer_id = o.buyer_id and s.agent_id is not null and s.excluded_reason is null
        and s.source_exclusion is null and s.purpose is null and s.channel <> 'VOICE'
      where o.id = ${NTH('orders')}
      order by s.id
      offset $2 % 2
      limit 1
      on conflict do nothing`,
  },
  { name: 'nobody helps', text: `delete from order_assist a where a.order_id = ${NTH('orders')} and $2 >= 0` },
  {
    name: 'a refund closes',
    text: update(
      'refund',
      `status = 'COMPLETED', closed_at = r.opened_at + interval '2 days', closed_day = ${DAY_OF('r', `r.opened_at + interval '2 days'`)},
       amount = $2 % 7`,
    ),
  },
  { name: 'a refund names another order', text: update('refund', `order_external_id = 'o' || $2 % 6`) },
  { name: 'a refund has another agent', text: update('refund', `explicit_agent_id = ${AGENT}`) },
  { name: 'a refund is excluded', text: update('refund', `excluded_reason = (array[null, 'TEST'])[$2 % 2 + 1]`) },
  { name: 'a complaint names a session', text: update('complaint', `session_external_id = 's' || $2 % 6`) },
  { name: 'a complaint has another agent', text: update('complaint', `explicit_agent_id = ${AGENT}`) },
  { name: 'a complaint is gone', text: `delete from complaint c where c.id = ${NTH('complaint')} and $2 >= 0` },
  {
    name: 'a presence moves',
    text: update('presence', `started_at = r.started_at + ${LATER_BY}, ended_at = r.ended_at + ${LATER_BY}`),
  },
  { name: 'a presence is elsewhere', text: update('presence', `shop_id = (array[null, 1, 2, 3])[$2 % 4 + 1]`) },
  { name: 'a presence is another agent’s', text: update('presence', `agent_id = $2 % 4 + 1, account = null`) },
  { name: 'a presence is gone', text: `delete from presence p where p.id = ${NTH('presence')} and $2 >= 0` },
];

/** Statements by what they do: $1 says to which record, $2 by how much. */
export const FACT_CHANGES: ReadonlyMap<string, string> = new Map(
  CHANGES.map(({ name, text }) => [name, text.replaceAll('$1', '$1::int').replaceAll('$2', '$2::int')]),
);
