import type { SqlQuery } from '../sql-query';
import {
  buildTouchedByComplaintsSql,
  buildTouchedByOrdersSql,
  buildTouchedByRefundsSql,
  buildTouchedBySessionsSql,
  type RecordKey,
  type TouchedSql,
} from './mark.sql';

/** Records of a shop, by the type of their node: where they are stored, and what they touch in the rollups. */
export const SHOP_RECORDS = {
  Session: { table: 'session', touchedBy: buildTouchedBySessionsSql },
  Order: { table: 'orders', touchedBy: buildTouchedByOrdersSql },
  Refund: { table: 'refund', touchedBy: buildTouchedByRefundsSql },
  Complaint: { table: 'complaint', touchedBy: buildTouchedByComplaintsSql },
} as const satisfies Record<string, { readonly table: string; readonly touchedBy: TouchedSql }>;

export type ShopRecordType = keyof typeof SHOP_RECORDS;

export const SHOP_RECORD_TYPES: readonly ShopRecordType[] = ['Session', 'Order', 'Refund', 'Complaint'];

/** A stored record, and what the source calls it. */
export interface StoredRecord extends RecordKey {
  readonly id: string;
  readonly external_id: string;
}

/** The shops that these records belong to, of those clients, locked as by ingestion. */
export function buildLockShopsOfRecordsSql(
  organizationId: number,
  idsOf: ReadonlyMap<ShopRecordType, readonly string[]>,
  clientIds: readonly number[] | null,
): SqlQuery {
  const types = [...idsOf];
  return {
    text: `
      select shop.id
      from shop
      where shop.organization_id = $1
        and ($2::int[] is null or shop.client_id = any($2::int[]))
        and shop.id in (
          ${types
            .map(
              ([type], index) => `select r.shop_id
          from ${SHOP_RECORDS[type].table} r
          where r.organization_id = $1
            and r.id = any($${index + 3}::bigint[])`,
            )
            .join('\n          union all\n          ')}
        )
      order by shop.id
      for no key update`,
    values: [organizationId, clientIds, ...types.map(([, ids]) => ids)],
  };
}

/** Of the records with these ids, those of these shops. */
export function buildRecordsByIdSql(
  type: ShopRecordType,
  organizationId: number,
  ids: readonly string[],
  shopIds: readonly number[],
): SqlQuery {
  return {
    text: `
      select r.id, r.shop_id, r.external_id
      from ${SHOP_RECORDS[type].table} r
      where r.organization_id = $1
        and r.id = any($2::bigint[])
        and r.shop_id = any($3::int[])
      order by r.id`,
    values: [organizationId, ids, shopIds],
  };
}

/** Of the records that the source calls so, those that are stored. */
export function buildRecordsByExternalIdSql(
  type: ShopRecordType,
  organizationId: number,
  shopId: number,
  externalIds: readonly string[],
): SqlQuery {
  return {
    text: `
      select r.id, r.shop_id, r.external_id
      from ${SHOP_RECORDS[type].table} r
      where r.organization_id = $1
        and r.shop_id = $2
        and r.external_id = any($3::text[])
      order by r.id`,
    values: [organizationId, shopId, externalIds],
  };
}

/** Of the presences that the source calls so, those that are stored; of these clients, of that shop if one is named. */
export function buildPresencesByExternalIdSql(
  organizationId: number,
  externalIds: readonly string[],
  shopId: number | null,
  clientIds: readonly number[] | null,
): SqlQuery {
  return {
    text: `
      select p.id, p.shop_id, p.external_id
      from presence p
      left join shop
        on shop.organization_id = $1
        and shop.id = p.shop_id
      where p.organization_id = $1
        and p.external_id = any($2::text[])
        and ($3::int is null or p.shop_id = $3::int)
        and ($4::int[] is null or shop.client_id = any($4::int[]))
      order by p.id`,
    values: [organizationId, externalIds, shopId, clientIds],
  };
}

/** What a user decides about records. */
export interface Exclusion {
  readonly reason: string;
  readonly note: string | null;
  readonly by: string;
  readonly actor: string | null;
}

/** Sets the user's decision, in place of an earlier one, or takes it back; gives the ids of those that this changes. */
export function buildDecideSql(
  type: ShopRecordType,
  organizationId: number,
  ids: readonly string[],
  exclusion: Exclusion | null,
): SqlQuery {
  return {
    text: `
      update ${SHOP_RECORDS[type].table} r
      set excluded_reason = $3::text,
          excluded_note = $4::text,
          excluded_by = $5::text,
          excluded_actor = $6::text,
          excluded_at = case when $3::text is not null then now() end,
          updated_at = now()
      where r.organization_id = $1
        and r.id = any($2::bigint[])
        and (r.excluded_reason, r.excluded_note, r.excluded_by, r.excluded_actor)
            is distinct from ($3::text, $4::text, $5::text, $6::text)
      returning r.id`,
    values: [
      organizationId,
      ids,
      exclusion?.reason ?? null,
      exclusion?.note ?? null,
      exclusion?.by ?? null,
      exclusion?.actor ?? null,
    ],
  };
}

export function buildDeleteByIdSql(
  table: 'session' | 'orders' | 'refund' | 'complaint' | 'presence',
  organizationId: number,
  ids: readonly string[],
): SqlQuery {
  return {
    text: `
      delete from ${table} r
      where r.organization_id = $1
        and r.id = any($2::bigint[])`,
    values: [organizationId, ids],
  };
}
