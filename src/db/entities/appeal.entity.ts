import { Check, Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { ScorecardEntity } from './scorecard.entity';
import { TenantRow } from './tenant-row';

@Entity('appeal')
@ForeignKey(() => ScorecardEntity, ['organizationId', 'scorecardId'], ['organizationId', 'id'])
@Index('appeal_scorecard_idx', ['organizationId', 'scorecardId'])
@Check('appeal_status_check', "status in ('OPEN', 'ACCEPTED', 'REJECTED')")
export class AppealEntity extends TenantRow {
  @PrimaryGeneratedColumn('identity', { type: 'int', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column('bigint')
  scorecardId!: string;

  @Column('text', { nullable: true })
  itemKey!: string | null;

  @Column('text')
  reason!: string;

  @Column('text', { array: true })
  recordIds!: string[];

  @Column('text')
  status!: 'OPEN' | 'ACCEPTED' | 'REJECTED';

  @Column('text', { nullable: true })
  resolution!: string | null;

  @Column('text')
  openedBy!: string;

  @Column('text', { nullable: true })
  openedActor!: string | null;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  openedAt!: Date;

  @Column('text', { nullable: true })
  resolvedBy!: string | null;

  @Column('text', { nullable: true })
  resolvedActor!: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  resolvedAt!: Date | null;

  @Column('jsonb', { nullable: true })
  adjustment!: unknown;
}
