import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import { OrganizationEntity } from './organization.entity';
import { TenantRow } from './tenant-row';

@Entity('audit_event')
@ForeignKey(() => OrganizationEntity, ['organizationId'], ['id'])
@Index('audit_event_subject_idx', ['organizationId', 'subjectKind', 'subjectId', 'id'])
export class AuditEventEntity extends TenantRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id!: string;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  at!: Date;

  @Column('text')
  action!: string;

  @Column('text')
  keyName!: string;

  @Column('text', { nullable: true })
  actor!: string | null;

  @Column('text', { nullable: true })
  subjectKind!: string | null;

  @Column('bigint', { nullable: true })
  subjectId!: string | null;

  @Column('text', { nullable: true })
  detail!: string | null;
}
