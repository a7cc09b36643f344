import type { Database, Transaction } from '../db/database';
import { buildTouchedByPresencesSql, type TouchedRow } from '../db/sql/mark.sql';
import {
  buildDecideSql,
  buildDeleteByIdSql,
  buildPresencesByExternalIdSql,
  buildRecordsByExternalIdSql,
  SHOP_RECORDS,
  type ShopRecordType,
  type StoredRecord,
} from '../db/sql/record-decision.sql';
import { buildLockOrganizationSql, buildLockShopsSql } from '../db/sql/reference.sql';
import type { Principal } from '../domain/access';
import { identifier } from '../domain/field';
import { recordEvents } from './audit';
import { requireScope } from './auth.service';
import { creditAgain } from './credit.service';
import { MarkSet } from './mark-set';
import { PromptRefresher } from './prompt-refresher';
import { ACTOR, findProblem, type UserError } from './user-error';

export const DELETABLE_KINDS = ['SESSION', 'ORDER', 'REFUND', 'COMPLAINT', 'PRESENCE'] as const;
export type DeletableKind = (typeof DELETABLE_KINDS)[number];

export interface DeletionRequest {
  readonly kind: DeletableKind;
  /** External id; presences may do without. */
  readonly shop?: string | null;
  readonly externalIds: readonly string[];
  /** The person behind the key. */
  readonly actor?: string | null;
}

export interface DeletionResult {
  /** Those that were there. */
  readonly deleted: number;
  readonly userErrors: readonly UserError[];
}

const MAX_RECORDS = 1_000;
const EXTERNAL_ID = identifier('External id');

const TYPES = {
  SESSION: 'Session',
  ORDER: 'Order',
  REFUND: 'Refund',
  COMPLAINT: 'Complaint',
  PRESENCE: 'Presence',
} as const satisfies Record<DeletableKind, ShopRecordType | 'Presence'>;

/** Takes records out for good, as if the source had never sent them; it may send them again, as new ones. */
export class DeletionService {
  constructor(
    private readonly database: Database,
    private readonly refresher: Pick<PromptRefresher, 'refresh'> | null = PromptRefresher.strict(database),
  ) {}

  /** Those that are there; of the others nothing is said. Throws FORBIDDEN for a key that may not ingest. */
  async delete(principal: Principal, request: DeletionRequest): Promise<DeletionResult> {
    requireScope(principal, 'INGEST');
    const userErrors = findProblems(request);
    if (userErrors.length > 0) return { deleted: 0, userErrors };
    const { organizationId } = principal;
    const outcome = await this.database.transaction(organizationId, async (tx) => {
      const shopId = await lockShop(tx, principal, request.shop ?? null);
      return shopId === undefined ? null : deleteRecords(tx, principal, request, shopId);
    });
    if (outcome === null) return refused('NOT_FOUND', 'There is no such shop.', 'shop');
    await this.refresher?.refresh(organizationId, outcome.marks);
    return { deleted: outcome.deleted, userErrors: [] };
  }
}

function refused(code: string, message: string, field: string): DeletionResult {
  return { deleted: 0, userErrors: [{ code, message, field: ['input', field] }] };
}

function findProblems({ kind, shop = null, externalIds, actor }: DeletionRequest): readonly UserError[] {
  if (shop === null && kind !== 'PRESENCE') {
    return refused('BAD_USER_INPUT', 'The shop of the records is needed.', 'shop').userErrors;
  }
  if (externalIds.length > MAX_RECORDS) {
    const message = `At most ${MAX_RECORDS} records are deleted in one call.`;
    return refused('BAD_USER_INPUT', message, 'externalIds').userErrors;
  }
  return [
    ...findProblem(EXTERNAL_ID, shop, 'input', 'shop'),
    ...externalIds.flatMap((id, index) => findProblem(EXTERNAL_ID, id, 'input', 'externalIds', String(index))),
    ...findProblem(ACTOR, actor, 'input', 'actor'),
  ];
}

/** Null where none is named, undefined where it is none that the key may write to. */
async function lockShop(
  tx: Transaction,
  { organizationId, clientIds }: Principal,
  externalId: string | null,
): Promise<number | null | undefined> {
  if (externalId === null) return null;
  const shops = await tx.query<{ id: number }>(buildLockShopsSql(organizationId, [externalId], clientIds));
  return shops[0]?.id;
}

async function deleteRecords(
  tx: Transaction,
  principal: Principal,
  { kind, externalIds, actor = null }: DeletionRequest,
  shopId: number | null,
): Promise<{ deleted: number; marks: MarkSet }> {
  const { organizationId, keyName } = principal;
  const type = TYPES[kind];
  const marks = new MarkSet();
  const records =
    type === 'Presence' || shopId === null
      ? await deletePresences(tx, principal, externalIds, shopId, marks)
      : await deleteOfShop(tx, organizationId, type, shopId, externalIds, marks);
  await marks.store(tx, organizationId);
  const subjects = records.map(({ id, external_id: detail }) => ({ kind: type, id, detail }));
  await recordEvents(tx, organizationId, 'RECORDS_DELETED', { keyName, actor }, subjects);
  return { deleted: records.length, marks };
}

async function deletePresences(
  tx: Transaction,
  { organizationId, clientIds }: Principal,
  externalIds: readonly string[],
  shopId: number | null,
  marks: MarkSet,
): Promise<StoredRecord[]> {
  await tx.query(buildLockOrganizationSql(organizationId));
  const records = await tx.query<StoredRecord>(
    buildPresencesByExternalIdSql(organizationId, externalIds, shopId, clientIds),
  );
  if (records.length === 0) return [];
  marks.addTouched(await tx.query<TouchedRow>(buildTouchedByPresencesSql(organizationId, records)));
  await tx.query(buildDeleteByIdSql('presence', organizationId, idsOf(records)));
  return records;
}

async function deleteOfShop(
  tx: Transaction,
  organizationId: number,
  type: ShopRecordType,
  shopId: number,
  externalIds: readonly string[],
  marks: MarkSet,
): Promise<StoredRecord[]> {
  const records = await tx.query<StoredRecord>(buildRecordsByExternalIdSql(type, organizationId, shopId, externalIds));
  if (records.length === 0) return [];
  marks.addTouched(await tx.query<TouchedRow>(SHOP_RECORDS[type].touchedBy(organizationId, records)));
  if (type === 'Session') await takeCreditFrom(tx, organizationId, idsOf(records), marks);
  await tx.query(buildDeleteByIdSql(SHOP_RECORDS[type].table, organizationId, idsOf(records)));
  return records;
}

/** Excluded first, so that orders and assists no longer refer to them. */
async function takeCreditFrom(
  tx: Transaction,
  organizationId: number,
  sessionIds: readonly string[],
  marks: MarkSet,
): Promise<void> {
  const exclusion = { reason: 'OTHER', note: null, by: 'deletion', actor: null };
  await tx.query(buildDecideSql('Session', organizationId, sessionIds, exclusion));
  await creditAgain(tx, organizationId, { sessionIds, orderIds: [] }, marks);
}

function idsOf(records: readonly StoredRecord[]): string[] {
  return records.map(({ id }) => id);
}
