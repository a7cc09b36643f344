import { Check, Column, Entity, ForeignKey, Index, Unique } from 'typeorm';
import type { Touch } from '../../domain/attribution';
import type { PLATFORMS } from '../../domain/records';
import { ClientEntity } from './client.entity';
import { DirectoryRow } from './directory-row';

@Entity('shop')
@ForeignKey(() => ClientEntity, ['organizationId', 'clientId'], ['organizationId', 'id'])
@Unique('shop_external_id_key', ['organizationId', 'externalId'])
@Index('shop_client_idx', ['organizationId', 'clientId'])
@Check('shop_attribution_touch_check', "attribution_touch in ('FIRST', 'LAST')")
@Check('shop_attribution_window_check', 'attribution_window_hours >= 0')
export class ShopEntity extends DirectoryRow {
  @Column('int')
  clientId!: number;

  @Column('text')
  platform!: (typeof PLATFORMS)[number];

  @Column('text')
  timeZone!: string;

  @Column('text')
  currency!: string;

  @Column('text')
  serviceFrom!: string;

  @Column('text')
  serviceTo!: string;

  @Column('text')
  attributionTouch!: Touch;

  @Column('int')
  attributionWindowHours!: number;
}
