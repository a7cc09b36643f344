import { Column, ForeignKey, PrimaryGeneratedColumn } from 'typeorm';
import { OrganizationEntity } from './organization.entity';
import { TimestampedRow } from './timestamped-row';

/** Who or what records belong to, known by the source's id. */
@ForeignKey(() => OrganizationEntity, ['organizationId'], ['id'])
export abstract class DirectoryRow extends TimestampedRow {
  @PrimaryGeneratedColumn('identity', { type: 'int', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column('text')
  externalId!: string;

  @Column('text')
  name!: string;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  sourceUpdatedAt!: Date | null;
}
