import { PrimaryColumn } from 'typeorm';

/** Every row of tenant data: its primary key begins with the organization. */
export abstract class TenantRow {
  @PrimaryColumn('int')
  organizationId!: number;
}
