import { Check, Column, Entity, ForeignKey, Index, Unique } from 'typeorm';
import type { COMPLETERS, LIABILITIES, REFUND_KINDS, REFUND_STATUSES } from '../../domain/records';
import { AgentEntity } from './agent.entity';
import { RecordRow } from './record-row';

@Entity('refund')
@ForeignKey(() => AgentEntity, ['organizationId', 'explicitAgentId'], ['organizationId', 'id'])
@Unique('refund_external_id_key', ['organizationId', 'shopId', 'externalId'])
@Index('refund_opened_idx', ['organizationId', 'openedAt', 'id'])
@Index('refund_shop_idx', ['organizationId', 'shopId', 'openedAt', 'id'])
@Index('refund_shop_closed_idx', ['organizationId', 'shopId', 'closedAt'])
@Index('refund_shop_disputed_idx', ['organizationId', 'shopId', 'disputedAt'], { where: 'disputed_at IS NOT NULL' })
@Index('refund_order_idx', ['organizationId', 'shopId', 'orderExternalId'])
@Index('refund_updated_idx', ['organizationId', 'updatedAt', 'id'])
@Check('refund_kind_check', "kind in ('NOT_RECEIVED', 'REFUND_ONLY', 'RETURN_AND_REFUND', 'EXCHANGE')")
@Check('refund_status_check', "status in ('OPEN', 'COMPLETED', 'REJECTED', 'WITHDRAWN')")
@Check('refund_liability_check', "liability in ('MERCHANT', 'BUYER', 'NONE')")
@Check('refund_completed_by_check', "completed_by in ('MERCHANT', 'PLATFORM')")
@Check('refund_completed_check', "status <> 'COMPLETED' or closed_at is not null")
@Check('refund_closed_check', 'closed_at >= opened_at')
@Check('refund_amount_check', 'amount >= 0')
export class RefundEntity extends RecordRow {
  @Column('text')
  orderExternalId!: string;

  @Column('int', { nullable: true })
  explicitAgentId!: number | null;

  @Column('text', { nullable: true })
  kind!: (typeof REFUND_KINDS)[number] | null;

  @Column('text')
  status!: (typeof REFUND_STATUSES)[number];

  @Column({ type: 'timestamptz', precision: 3 })
  openedAt!: Date;

  @Column('date')
  openedDay!: string;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  closedAt!: Date | null;

  @Column('date', { nullable: true })
  closedDay!: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  disputedAt!: Date | null;

  @Column('date', { nullable: true })
  disputedDay!: string | null;

  @Column('numeric')
  amount!: string;

  @Column('boolean', { default: false })
  platformIntervened!: boolean;

  @Column('text', { nullable: true })
  liability!: (typeof LIABILITIES)[number] | null;

  @Column('text', { nullable: true })
  completedBy!: (typeof COMPLETERS)[number] | null;
}
