import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { ScorecardEntity } from './scorecard.entity';
import { TenantRow } from './tenant-row';

@Entity('scorecard_item')
@ForeignKey(() => ScorecardEntity, ['organizationId', 'scorecardId'], ['organizationId', 'id'], { onDelete: 'CASCADE' })
@Unique('scorecard_item_key_key', ['organizationId', 'scorecardId', 'itemKey'])
export class ScorecardItemEntity extends TenantRow {
  @PrimaryColumn('bigint')
  scorecardId!: string;

  @PrimaryColumn('smallint')
  position!: number;

  @Column('text')
  dimensionKey!: string;

  @Column('text')
  itemKey!: string;

  @Column('text')
  kind!: string;

  @Column('text', { nullable: true })
  metric!: string | null;

  @Column('int', { nullable: true })
  metricVersion!: number | null;

  @Column('date')
  fromDay!: string;

  @Column('date')
  toDay!: string;

  @Column('numeric', { nullable: true })
  value!: string | null;

  @Column('numeric', { nullable: true })
  numerator!: string | null;

  @Column('numeric', { nullable: true })
  denominator!: string | null;

  @Column('numeric', { nullable: true })
  score!: string | null;

  @Column('numeric', { nullable: true })
  weight!: string | null;

  @Column('numeric', { nullable: true })
  appliedWeight!: string | null;

  @Column('numeric', { nullable: true })
  points!: string | null;

  @Column('text', { nullable: true })
  nullReason!: string | null;

  @Column('boolean', { default: false })
  belowMinimumSample!: boolean;

  @Column('text', { nullable: true })
  scoredBy!: string | null;

  @Column('text', { nullable: true })
  comment!: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  scoredAt!: Date | null;

  @Column('jsonb')
  explanation!: unknown;
}
