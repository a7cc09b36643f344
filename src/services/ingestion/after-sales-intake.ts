import { buildTouchedByComplaintsSql, buildTouchedByRefundsSql } from '../../db/sql/mark.sql';
import { COMPLAINT_TABLE, REFUND_TABLE } from '../../db/sql/record-tables';
import type { Incoming, Intake } from './intake';
import { factReferences } from './references';

/** Refunds keep the source's id of their order: what they belong to is looked up when they are read. */
export async function takeRefunds(intake: Intake, incoming: readonly Incoming<'refunds'>[]): Promise<void> {
  const { shops, agents } = await factReferences(intake, incoming);
  const prepared = intake.prepare('refunds', incoming, (record) => ({
    shop_id: shops.get(record.shop).id,
    external_id: record.externalId,
    order_external_id: record.order,
    explicit_agent_id: agents.find(record.agent),
    kind: record.kind,
    status: record.status,
    opened_at: record.openedAt,
    closed_at: record.closedAt,
    disputed_at: record.disputedAt,
    amount: record.amount,
    platform_intervened: record.platformIntervened,
    liability: record.liability,
    completed_by: record.completedBy,
    source_updated_at: record.updatedAt,
  }));
  await intake.replace(REFUND_TABLE, prepared, buildTouchedByRefundsSql);
}

export async function takeComplaints(intake: Intake, incoming: readonly Incoming<'complaints'>[]): Promise<void> {
  const { shops, agents } = await factReferences(intake, incoming);
  const prepared = intake.prepare('complaints', incoming, (record) => ({
    shop_id: shops.get(record.shop).id,
    external_id: record.externalId,
    order_external_id: record.order,
    session_external_id: record.session,
    explicit_agent_id: agents.find(record.agent),
    category: record.category,
    opened_at: record.openedAt,
    resolved_at: record.resolvedAt,
    upheld: record.upheld,
    sub_order_count: record.subOrderCount,
    source_updated_at: record.updatedAt,
  }));
  await intake.replace(COMPLAINT_TABLE, prepared, buildTouchedByComplaintsSql);
}
