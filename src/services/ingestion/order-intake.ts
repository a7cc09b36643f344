import { buildTouchedByOrdersSql } from '../../db/sql/mark.sql';
import { ORDER_TABLE } from '../../db/sql/record-tables';
import type { Incoming, Intake } from './intake';
import { factReferences } from './references';
import { resolveBuyers } from './resolve-buyers';

export async function takeOrders(intake: Intake, incoming: readonly Incoming<'orders'>[]): Promise<void> {
  const { shops, agents } = await factReferences(intake, incoming);
  const prepared = intake.prepare('orders', incoming, (record) => ({
    shop_id: shops.get(record.shop).id,
    external_id: record.externalId,
    buyer_id: record.buyer,
    explicit_agent_id: agents.find(record.agent),
    placed_at: record.placedAt,
    paid_at: record.paidAt,
    completed_at: record.completedAt,
    cancelled_at: record.cancelledAt,
    amount: record.amount,
    paid_amount: record.paidAmount ?? (record.paidAt === null ? null : record.amount),
    item_count: record.itemCount,
    sub_order_count: record.subOrderCount,
    review_score: record.reviewScore,
    source_updated_at: record.updatedAt,
  }));
  await resolveBuyers(intake, prepared);
  const written = await intake.replace(ORDER_TABLE, prepared, buildTouchedByOrdersSql);
  for (const { id } of written) intake.changedOrders.add(id);
}
