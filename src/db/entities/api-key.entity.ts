import { Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { Scope } from '../../domain/access';
import { OrganizationEntity } from './organization.entity';
import { TimestampedRow } from './timestamped-row';

/** Key ids are unique across organizations: a key is found before its organization is known. */
@Entity('api_key')
@ForeignKey(() => OrganizationEntity, ['organizationId'], ['id'])
@Unique('api_key_key_id_key', ['keyId'])
export class ApiKeyEntity extends TimestampedRow {
  @PrimaryGeneratedColumn('identity', { type: 'int', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column('text')
  keyId!: string;

  @Column('bytea')
  digest!: Buffer;

  @Column('text')
  name!: string;

  @Column('text', { array: true })
  scopes!: Scope[];

  @Column('int', { array: true, nullable: true })
  clientIds!: number[] | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  expiresAt!: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  revokedAt!: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lastUsedAt!: Date | null;
}
