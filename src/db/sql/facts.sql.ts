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

/** Whether what a complaint names has arrived, given the included order and the session, left-joined. */
export function complaintKnown(complaint: string, order: string, session: string): string {
  return `(${complaint}.order_external_id is null or ${order}.id is not null)
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
