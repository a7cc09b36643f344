import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { TemplateVersionEntity } from './template-version.entity';
import { TimestampedRow } from './timestamped-row';

@Entity('evaluation')
@ForeignKey(() => TemplateVersionEntity, ['organizationId', 'templateVersionId'], ['organizationId', 'id'])
@Index('evaluation_template_version_idx', ['organizationId', 'templateVersionId'])
@Check('evaluation_status_check', "status in ('OPEN', 'FINALIZED')")
@Check('evaluation_days_check', 'to_day >= from_day')
@Check('evaluation_finalized_check', "(status = 'FINALIZED') = (finalized_at is not null and content_hash is not null)")
export class EvaluationEntity extends TimestampedRow {
  @PrimaryGeneratedColumn('identity', { type: 'int', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column('int')
  templateVersionId!: number;

  @Column('text')
  name!: string;

  @Column('date')
  fromDay!: string;

  @Column('date')
  toDay!: string;

  @Column('text')
  status!: 'OPEN' | 'FINALIZED';

  @Column('int', { array: true })
  shopIds!: number[];

  @Column('int', { array: true })
  teamIds!: number[];

  @Column('int', { array: true })
  agentIds!: number[];

  @Column({ type: 'timestamptz', precision: 3 })
  dataAsOf!: Date;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  finalizedAt!: Date | null;

  @Column('text', { nullable: true })
  contentHash!: string | null;
}
