import { Check, Column, Entity, ForeignKey, Index, Unique } from 'typeorm';
import { AgentEntity } from './agent.entity';
import { RecordRow } from './record-row';

@Entity('complaint')
@ForeignKey(() => AgentEntity, ['organizationId', 'explicitAgentId'], ['organizationId', 'id'])
@Unique('complaint_external_id_key', ['organizationId', 'shopId', 'externalId'])
@Index('complaint_opened_idx', ['organizationId', 'openedAt', 'id'])
@Index('complaint_shop_idx', ['organizationId', 'shopId', 'openedAt', 'id'])
@Index('complaint_order_idx', ['organizationId', 'shopId', 'orderExternalId'])
@Index('complaint_session_idx', ['organizationId', 'shopId', 'sessionExternalId'])
@Index('complaint_updated_idx', ['organizationId', 'updatedAt', 'id'])
@Check('complaint_resolved_check', 'resolved_at >= opened_at')
export class ComplaintEntity extends RecordRow {
  @Column('text', { nullable: true })
  orderExternalId!: string | null;

  @Column('text', { nullable: true })
  sessionExternalId!: string | null;

  @Column('int', { nullable: true })
  explicitAgentId!: number | null;

  @Column('text')
  category!: string;

  @Column({ type: 'timestamptz', precision: 3 })
  openedAt!: Date;

  @Column('date')
  openedDay!: string;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  resolvedAt!: Date | null;

  @Column('boolean', { nullable: true })
  upheld!: boolean | null;

  @Column('int')
  subOrderCount!: number;
}
