import { Column, CreateDateColumn, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { ShopEntity } from './shop.entity';
import { TenantRow } from './tenant-row';

@Entity('buyer')
@ForeignKey(() => ShopEntity, ['organizationId', 'shopId'], ['organizationId', 'id'])
@Unique('buyer_external_id_key', ['organizationId', 'shopId', 'externalId'])
export class BuyerEntity extends TenantRow {
  @PrimaryGeneratedColumn('identity', { type: 'int', generatedIdentity: 'BY DEFAULT' })
  id!: number;

  @Column('int')
  shopId!: number;

  @Column('text')
  externalId!: string;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  createdAt!: Date;
}
