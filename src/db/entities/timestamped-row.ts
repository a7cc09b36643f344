import { CreateDateColumn, UpdateDateColumn } from 'typeorm';
import { TenantRow } from './tenant-row';

/** Tenant data that changes: when the row was made, and when it last changed. */
export abstract class TimestampedRow extends TenantRow {
  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @UpdateDateColumn({ type: 'timestamptz', precision: 3 })
  updatedAt!: Date;
}
