import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { AgentEntity } from './agent.entity';
import { ShopEntity } from './shop.entity';
import { TimestampedRow } from './timestamped-row';

@Entity('observation')
@ForeignKey(() => AgentEntity, ['organizationId', 'agentId'], ['organizationId', 'id'])
@ForeignKey(() => ShopEntity, ['organizationId', 'shopId'], ['organizationId', 'id'])
@Index('observation_measure_idx', ['organizationId', 'measure', 'observedOn'])
@Unique('observation_identity_key', ['organizationId', 'measure', 'agentId', 'shopId', 'observedOn'])
export class ObservationEntity extends TimestampedRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id!: string;

  @Column('text')
  measure!: string;

  @Column('int', { nullable: true })
  agentId!: number | null;

  @Column('int', { nullable: true })
  shopId!: number | null;

  @Column('date')
  observedOn!: string;

  @Column('numeric')
  value!: string;
}
