import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { AgentEntity } from './agent.entity';
import { ShopEntity } from './shop.entity';
import { TeamEntity } from './team.entity';
import { TimestampedRow } from './timestamped-row';

@Entity('target')
@ForeignKey(() => AgentEntity, ['organizationId', 'agentId'], ['organizationId', 'id'])
@ForeignKey(() => TeamEntity, ['organizationId', 'teamId'], ['organizationId', 'id'])
@ForeignKey(() => ShopEntity, ['organizationId', 'shopId'], ['organizationId', 'id'])
@Index('target_metric_idx', ['organizationId', 'metric', 'fromDay'])
@Unique('target_identity_key', ['organizationId', 'metric', 'agentId', 'teamId', 'shopId', 'fromDay', 'toDay'])
@Check('target_days_check', 'to_day >= from_day')
export class TargetEntity extends TimestampedRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id!: string;

  @Column('text')
  metric!: string;

  @Column('int', { nullable: true })
  agentId!: number | null;

  @Column('int', { nullable: true })
  teamId!: number | null;

  @Column('int', { nullable: true })
  shopId!: number | null;

  @Column('date')
  fromDay!: string;

  @Column('date')
  toDay!: string;

  @Column('numeric')
  value!: string;
}
