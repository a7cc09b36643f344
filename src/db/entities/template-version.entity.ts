import { Column, CreateDateColumn, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { EvaluationTemplateEntity } from './evaluation-template.entity';
import { TenantRow } from './tenant-row';

@Entity('template_version')
@ForeignKey(() => EvaluationTemplateEntity, ['organizationId', 'templateId'], ['organizationId', 'id'])
@Unique('template_version_number_key', ['organizationId', 'templateId', 'number'])
export class TemplateVersionEntity extends TenantRow {
  @PrimaryGeneratedColumn('identity', { type: 'int', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column('int')
  templateId!: number;

  @Column('int')
  number!: number;

  @Column('text')
  checksum!: string;

  @Column('jsonb')
  definition!: unknown;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  publishedAt!: Date;
}
