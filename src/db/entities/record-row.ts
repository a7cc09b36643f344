import { Column, ForeignKey, PrimaryGeneratedColumn } from 'typeorm';
import type { EXCLUSION_REASONS } from '../../domain/records';
import { ShopEntity } from './shop.entity';
import { TimestampedRow } from './timestamped-row';

/** What a shop's source reported, and whether a user excluded it: that survives every resend. */
@ForeignKey(() => ShopEntity, ['organizationId', 'shopId'], ['organizationId', 'id'])
export abstract class RecordRow extends TimestampedRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id!: string;

  @Column('int')
  shopId!: number;

  @Column('text')
  externalId!: string;

  @Column('text', { nullable: true })
  excludedReason!: (typeof EXCLUSION_REASONS)[number] | null;

  @Column('text', { nullable: true })
  excludedNote!: string | null;

  @Column('text', { nullable: true })
  excludedBy!: string | null;

  @Column('text', { nullable: true })
  excludedActor!: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  excludedAt!: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  sourceUpdatedAt!: Date | null;
}
