/*
 * The words that all statements about facts share. Each takes the aliases of the tables and gives a condition;
 * what is joined with "or" inside stands in parentheses.
 */

/** A session that neither the source nor a user has excluded. */
export function eligible(session: string): string {
  return `${session}.source_exclusion is null and ${session}.excluded_reason is null`;
}

/** Answered unless the source is silent. */
export function answeredCall(session: string): string {
  return `(${session}.channel = 'VOICE' and ${session}.answered is true)`;
}

export function unansweredCall(session: string): string {
  return `(${session}.channel = 'VOICE' and ${session}.answered is not true)`;
}

/** Whether an eligible session is an inquiry. */
export function inquiry(session: string): string {
  return `${session}.purpose is distinct from 'AFTER_SALE' and not ${unansweredCall(session)}`;
}

/** Whether an eligible session was handled: a human replied, or took the call. */
export function handled(session: string): string {
  return `(${session}.agent_replies > 0 or ${answeredCall(session)})`;
}

/** An order, refund or complaint that no user has excluded; an excluded order is as if not received. */
export function included(record: string): string {
  return `${record}.excluded_reason is null`;
}

/** An order that counts as a sale: paid, and not cancelled. */
export function validSale(order: string): string {
  return `${included(order)} and ${order}.paid_at is not null and ${order}.cancelled_at is null`;
}

/** What a valid sale brought in. */
export function paidAmount(order: string): string {
  return `coalesce(${order}.paid_amount, ${order}.amount)`;
}

/** Joins a refund or complaint to the order that it names. */
export function namesOrder(record: string, order: string): string {
  return `${order}.organization_id = ${record}.organization_id
    and ${order}.shop_id = ${record}.shop_id
    and ${order}.external_id = ${record}.order_external_id`;
}

/** Joins a complaint to the session that it names. */
export function namesSession(complaint: string, session: string): string {
  return `${session}.organization_id = ${complaint}.organization_id
    and ${session}.shop_id = ${complaint}.shop_id
    and ${session}.external_id = ${complaint}.session_external_id`;
}

/** Whether the order of a refund has arrived; until then it is not listed. */
export function refundKnown(refund: string): string {
  return `exists (select 1 from orders known_order where ${namesOrder(refund, 'known_order')})`;
}

/** Whether what a complaint names has arrived; until then it is not listed. */
export function complaintKnown(complaint: string): string {
  return `(${complaint}.order_external_id is null or ${refundKnown(complaint)})
    and (${complaint}.session_external_id is null
      or exists (select 1 from session known_session where ${namesSession(complaint, 'known_session')}))`;
}

/** Whether a complaint counts, given the included order and the session that it names, left-joined. */
export function countedComplaint(complaint: string, order: string, session: string): string {
  return `${included(complaint)}
    and (${complaint}.order_external_id is null or ${order}.id is not null)
    and (${complaint}.session_external_id is null or ${session}.id is not null)`;
}

/** The agent of a refund, given its order. */
export function refundAgent(refund: string, order: string): string {
  return `coalesce(${refund}.explicit_agent_id, ${order}.agent_id)`;
}

/** The agent of a complaint, given what it names; the link through an excluded session stays. */
export function complaintAgent(complaint: string, order: string, session: string): string {
  return `coalesce(${complaint}.explicit_agent_id, ${session}.agent_id, ${order}.agent_id)`;
}

/** Whether an order is credited to the session; of those `which` allows. */
export function credited(session: string, which: (order: string) => string): string {
  return `exists (
      select 1
      from orders credited_order
      where credited_order.organization_id = ${session}.organization_id
        and credited_order.credited_session_id = ${session}.id
        and ${which('credited_order')}
    )`;
}

/** Whether the session helped a valid sale that is credited to another agent. */
export function assists(session: string): string {
  return `exists (
      select 1
      from order_assist assist
      join orders assisted_order
        on assisted_order.organization_id = assist.organization_id
        and assisted_order.id = assist.order_id
      where assist.organization_id = ${session}.organization_id
        and assist.session_id = ${session}.id
        and ${validSale('assisted_order')}
    )`;
}
