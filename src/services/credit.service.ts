import {
  buildCreditOrdersSql,
  buildForgetAssistsSql,
  buildOrdersOfSessionsSql,
  buildRecordAssistsSql,
} from '../db/sql/credit.sql';
import type { SqlRunner } from '../db/sql-query';

const CHUNK = 10_000;

/**
 * Credits again what a change of these sessions and orders may have moved. Part of the transaction that made the
 * change, with the shops locked: credit is never seen half-done.
 */
export async function creditAgain(
  tx: SqlRunner,
  organizationId: number,
  changed: { readonly sessionIds: Iterable<string>; readonly orderIds: Iterable<string> },
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
    await tx.query(buildCreditOrdersSql(organizationId, chunk));
    await tx.query(buildForgetAssistsSql(organizationId, chunk));
    await tx.query(buildRecordAssistsSql(organizationId, chunk));
  }
}
