import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { AgentEntity } from './agent.entity';
import { ShopEntity } from './shop.entity';
import { TimestampedRow } from './timestamped-row';

@Entity('presence')
@ForeignKey(() => AgentEntity, ['organizationId', 'agentId'], ['organizationId', 'id'])
@ForeignKey(() => ShopEntity, ['organizationId', 'shopId'], ['organizationId', 'id'])
@Unique('presence_external_id_key', ['organizationId', 'externalId'])
@Index('presence_agent_idx', ['organizationId', 'agentId', 'startedAt'])
@Index('presence_shop_idx', ['organizationId', 'shopId', 'startedAt'])
@Index('presence_shop_ended_idx', ['organizationId', 'shopId', 'endedAt'])
@Check('presence_ended_check', 'ended_at >= started_at')
export class PresenceEntity extends TimestampedRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id!: string;

  @Column('text')
  externalId!: string;

  @Column('int')
  agentId!: number;

  @Column('int', { nullable: true })
  shopId!: number | null;

  @Column('text', { nullable: true })
  account!: string | null;

  @Column({ type: 'timestamptz', precision: 3 })
  startedAt!: Date;

  @Column({ type: 'timestamptz', precision: 3 })
  endedAt!: Date;
}
