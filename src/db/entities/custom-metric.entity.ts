import { Column, CreateDateColumn, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { MetricDirection, MetricUnit } from '../../domain/metric';
import { OrganizationEntity } from './organization.entity';
import { TenantRow } from './tenant-row';

/** One version of a metric that an organization defined; the highest one counts, none ever changes. */
@Entity('custom_metric')
@ForeignKey(() => OrganizationEntity, ['organizationId'], ['id'])
@Unique('custom_metric_key_version_key', ['organizationId', 'key', 'version'])
export class CustomMetricEntity extends TenantRow {
  @PrimaryGeneratedColumn('identity', { type: 'int', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column('text')
  key!: string;

  @Column('int')
  version!: number;

  @Column('text')
  name!: string;

  @Column('text', { nullable: true })
  description!: string | null;

  @Column('text')
  formula!: string;

  @Column('text')
  unit!: MetricUnit;

  @Column('text')
  direction!: MetricDirection;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt!: Date;
}
