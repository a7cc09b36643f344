import { Check, Column, Entity, ForeignKey, Index, Unique } from 'typeorm';
import type { AttributionBasis } from '../../domain/attribution';
import { AgentEntity } from './agent.entity';
import { BuyerEntity } from './buyer.entity';
import { RecordRow } from './record-row';
import { SessionEntity } from './session.entity';

@Entity('orders')
@ForeignKey(() => BuyerEntity, ['organizationId', 'buyerId'], ['organizationId', 'id'])
@ForeignKey(() => AgentEntity, ['organizationId', 'explicitAgentId'], ['organizationId', 'id'])
@ForeignKey(() => AgentEntity, ['organizationId', 'agentId'], ['organizationId', 'id'])
@ForeignKey(() => SessionEntity, ['organizationId', 'creditedSessionId'], ['organizationId', 'id'])
@Unique('orders_external_id_key', ['organizationId', 'shopId', 'externalId'])
@Index('orders_placed_idx', ['organizationId', 'placedAt', 'id'])
@Index('orders_agent_idx', ['organizationId', 'agentId', 'placedAt', 'id'])
@Index('orders_shop_idx', ['organizationId', 'shopId', 'placedAt', 'id'])
@Index('orders_shop_paid_idx', ['organizationId', 'shopId', 'paidAt'])
@Index('orders_buyer_idx', ['organizationId', 'buyerId', 'placedAt'])
@Index('orders_updated_idx', ['organizationId', 'updatedAt', 'id'])
@Index('orders_credited_session_idx', ['organizationId', 'creditedSessionId'], {
  where: 'credited_session_id is not null',
})
@Check('orders_attribution_check', "attribution in ('EXPLICIT', 'FIRST_TOUCH', 'LAST_TOUCH', 'UNATTRIBUTED')")
@Check('orders_amount_check', 'amount >= 0 and paid_amount >= 0')
@Check('orders_review_score_check', 'review_score between 1 and 5')
export class OrderEntity extends RecordRow {
  @Column('int')
  buyerId!: number;

  @Column('int', { nullable: true })
  explicitAgentId!: number | null;

  @Column({ type: 'timestamptz', precision: 3 })
  placedAt!: Date;

  @Column('date')
  placedDay!: string;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  paidAt!: Date | null;

  @Column('date', { nullable: true })
  paidDay!: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  completedAt!: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  cancelledAt!: Date | null;

  @Column('numeric')
  amount!: string;

  @Column('numeric', { nullable: true })
  paidAmount!: string | null;

  @Column('int')
  itemCount!: number;

  @Column('int')
  subOrderCount!: number;

  @Column('smallint', { nullable: true })
  reviewScore!: number | null;

  @Column('int', { nullable: true })
  agentId!: number | null;

  @Column('text', { default: 'UNATTRIBUTED' })
  attribution!: AttributionBasis;

  @Column('bigint', { nullable: true })
  creditedSessionId!: string | null;
}
