import { Check, Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { OrganizationEntity } from './organization.entity';
import { TimestampedRow } from './timestamped-row';

@Entity('evaluation_template')
@ForeignKey(() => OrganizationEntity, ['organizationId'], ['id'])
@Unique('evaluation_template_key_key', ['organizationId', 'key'])
@Check('evaluation_template_status_check', "status in ('DRAFT', 'PUBLISHED', 'ARCHIVED')")
export class EvaluationTemplateEntity extends TimestampedRow {
  @PrimaryGeneratedColumn('identity', { type: 'int', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column('text')
  key!: string;

  @Column('text')
  name!: string;

  @Column('text', { nullable: true })
  description!: string | null;

  @Column('text')
  status!: 'DRAFT' | 'PUBLISHED' | 'ARCHIVED';

  @Column('jsonb', { nullable: true })
  draft!: unknown;
}
