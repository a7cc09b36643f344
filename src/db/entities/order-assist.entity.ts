import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { AgentEntity } from './agent.entity';
import { OrderEntity } from './order.entity';
import { SessionEntity } from './session.entity';
import { TenantRow } from './tenant-row';

@Entity('order_assist')
@ForeignKey(() => OrderEntity, ['organizationId', 'orderId'], ['organizationId', 'id'], { onDelete: 'CASCADE' })
@ForeignKey(() => SessionEntity, ['organizationId', 'sessionId'], ['organizationId', 'id'])
@ForeignKey(() => AgentEntity, ['organizationId', 'agentId'], ['organizationId', 'id'])
@Index('order_assist_session_idx', ['organizationId', 'sessionId'])
export class OrderAssistEntity extends TenantRow {
  @PrimaryColumn('bigint')
  orderId!: string;

  @PrimaryColumn('bigint')
  sessionId!: string;

  @Column('int')
  agentId!: number;
}
