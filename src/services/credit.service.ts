import {
  buildCreditOrdersSql,
  buildForgetAssistsSql,
  buildOrdersOfSessionsSql,
  buildRecordAssistsSql,
  type CreditedOrder,
} from '../db/sql/credit.sql';
import { buildDaysThatFollowOrdersSql } from '../db/sql/mark.sql';
import type { SqlRunner } from '../db/sql-query';
import type { Day } from '../domain/zone';
import type { MarkSet } from './mark-set';

const CHUNK = 10_000;

/**
 * Credits again what a change of these sessions and orders may have moved, and marks where it moved. Part of the
 * transaction that made the change, with the shops locked: credit is never seen half-done.
 */
export async function creditAgain(
  tx: SqlRunner,
  organizationId: number,
  changed: { readonly sessionIds: Iterable<string>; readonly orderIds: Iterable<string> },
  marks: MarkSet,
): Promise<void> {
  const orderIds = new Set(changed.orderIds);
  const sessionIds = [...changed.sessionIds];
  if (sessionIds.length > 0) {
    const orders = await tx.query<{ id: string }>(buildOrdersOfSessionsSql(organizationId, sessionIds));
    for (const { id } of orders) orderIds.add(id);
  }
  const ids = [...orderIds];
  for (let start = 0; start < ids.length; start += CHUNK) {
    const chunk = ids.slice(start, start + CHUNK);
    const credited = await tx.query<CreditedOrder>(buildCreditOrdersSql(organizationId, chunk));
    await tx.query(buildForgetAssistsSql(organizationId, chunk));
    await tx.query(buildRecordAssistsSql(organizationId, chunk));
    await markCredited(tx, organizationId, credited, marks);
  }
}

/** An order counts for its agent, and what names it may: on all their days, for the old agent and the new one. */
async function markCredited(
  tx: SqlRunner,
  organizationId: number,
  credited: readonly CreditedOrder[],
  marks: MarkSet,
): Promise<void> {
  for (const { shopId, buyerId } of credited) marks.addBuyer(shopId, buyerId);
  const moved = new Map(
    credited.filter(({ agentBefore, agentAfter }) => agentBefore !== agentAfter).map((order) => [order.id, order]),
  );
  if (moved.size === 0) return;
  for (const order of moved.values()) {
    markDay(marks, order, order.placedDay);
    if (order.paidDay !== null) markDay(marks, order, order.paidDay);
  }
  const following = await tx.query<{ orderId: string; day: Day }>(
    buildDaysThatFollowOrdersSql(organizationId, [...moved.keys()]),
  );
  for (const { orderId, day } of following) {
    const order = moved.get(orderId);
    if (order) markDay(marks, order, day);
  }
}

function markDay(marks: MarkSet, { shopId, agentBefore, agentAfter }: CreditedOrder, day: Day): void {
  marks.addCell(shopId, agentBefore, day);
  marks.addCell(shopId, agentAfter, day);
}
