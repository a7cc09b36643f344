import type { Database, Transaction } from '../db/database';
import type { TouchedRow } from '../db/sql/mark.sql';
import {
  buildDecideSql,
  buildLockShopsOfRecordsSql,
  buildRecordsByIdSql,
  SHOP_RECORD_TYPES,
  SHOP_RECORDS,
  type ShopRecordType,
  type StoredRecord,
} from '../db/sql/record-decision.sql';
import type { Principal } from '../domain/access';
import { text } from '../domain/field';
import { parseGlobalId } from '../domain/global-id';
import type { EXCLUSION_REASONS } from '../domain/records';
import { recordEvents } from './audit';
import { requireScope } from './auth.service';
import { creditAgain } from './credit.service';
import { MarkSet } from './mark-set';
import { PromptRefresher } from './prompt-refresher';
import { ACTOR, findProblem, type UserError } from './user-error';

export interface ExclusionRequest {
  /** Global ids of sessions, orders, refunds and complaints. */
  readonly recordIds: readonly string[];
  readonly reason: (typeof EXCLUSION_REASONS)[number];
  readonly note?: string | null;
  /** The person behind the key. */
  readonly actor?: string | null;
  /** Take the exclusion back instead. */
  readonly restore?: boolean | null;
}

/** A record by its type and our own key. */
export interface RecordReference {
  readonly type: ShopRecordType;
  readonly key: string;
}

/** The records named, each once; none of them where there are errors. */
export interface ExclusionResult {
  readonly records: readonly RecordReference[];
  readonly userErrors: readonly UserError[];
}

const MAX_RECORDS = 1_000;
const NOTE = text('Note', 2_000);
const MAX_BIGINT = 2n ** 63n - 1n;

/** Leaves records out of all numbers by a user's decision, or takes that back. */
export class ExclusionService {
  constructor(
    private readonly database: Database,
    private readonly refresher: Pick<PromptRefresher, 'refresh'> | null = PromptRefresher.strict(database),
  ) {}

  /** All of them or, with errors, none. Throws FORBIDDEN for a key that may not ingest. */
  async exclude(principal: Principal, request: ExclusionRequest): Promise<ExclusionResult> {
    requireScope(principal, 'INGEST');
    const named = request.recordIds.map(findReference);
    const problems = findProblems(request, named);
    if (problems.length > 0) return { records: [], userErrors: problems };
    const records = distinct(named);
    const { missing, marks } = await this.database.transaction(principal.organizationId, async (tx) => {
      const found = await findRecords(tx, principal, records);
      const absent = records.filter(({ type, key }) => !found.get(type)?.some(({ id }) => id === key));
      return { missing: absent, marks: absent.length > 0 ? null : await decide(tx, principal, request, found) };
    });
    if (marks === null) return { records: [], userErrors: missing.map((record) => notFound(record, named)) };
    await this.refresher?.refresh(principal.organizationId, marks);
    return { records, userErrors: [] };
  }
}

function findReference(id: string): RecordReference | null {
  const parsed = parseGlobalId(id);
  const type = SHOP_RECORD_TYPES.find((known) => known === parsed?.type);
  return parsed && type && BigInt(parsed.key) <= MAX_BIGINT ? { type, key: parsed.key } : null;
}

function findProblems(
  { recordIds, note, actor }: ExclusionRequest,
  named: readonly (RecordReference | null)[],
): UserError[] {
  const ofRecords = (message: string, ...path: readonly string[]): UserError => ({
    code: 'BAD_USER_INPUT',
    message,
    field: ['input', 'recordIds', ...path],
  });
  if (recordIds.length > MAX_RECORDS) return [ofRecords(`At most ${MAX_RECORDS} records are taken in one call.`)];
  return [
    ...named.flatMap((record, index) =>
      record ? [] : [ofRecords('An id of a session, order, refund or complaint is needed.', String(index))],
    ),
    ...findProblem(NOTE, note, 'input', 'note'),
    ...findProblem(ACTOR, actor, 'input', 'actor'),
  ];
}

function distinct(named: readonly (RecordReference | null)[]): RecordReference[] {
  const records = named.filter((record) => record !== null);
  return [...new Map(records.map((record) => [`${record.type}:${record.key}`, record])).values()];
}

function notFound({ type, key }: RecordReference, named: readonly (RecordReference | null)[]): UserError {
  const index = named.findIndex((record) => record?.type === type && record.key === key);
  return { code: 'NOT_FOUND', message: 'There is no such record.', field: ['input', 'recordIds', String(index)] };
}

type RecordsByType = ReadonlyMap<ShopRecordType, readonly StoredRecord[]>;

/** Those that are there, of shops that the key may write to; these are locked, so nothing about them changes meanwhile. */
async function findRecords(
  tx: Transaction,
  { organizationId, clientIds }: Principal,
  records: readonly RecordReference[],
): Promise<RecordsByType> {
  const found = new Map<ShopRecordType, readonly StoredRecord[]>();
  if (records.length === 0) return found;
  const idsOf = new Map<ShopRecordType, string[]>();
  for (const type of SHOP_RECORD_TYPES) {
    const ids = records.filter((record) => record.type === type).map(({ key }) => key);
    if (ids.length > 0) idsOf.set(type, ids);
  }
  const shops = await tx.query<{ id: number }>(buildLockShopsOfRecordsSql(organizationId, idsOf, clientIds));
  const shopIds = shops.map(({ id }) => id);
  for (const [type, ids] of idsOf) {
    found.set(type, await tx.query<StoredRecord>(buildRecordsByIdSql(type, organizationId, ids, shopIds)));
  }
  return found;
}

async function decide(
  tx: Transaction,
  principal: Principal,
  request: ExclusionRequest,
  found: RecordsByType,
): Promise<MarkSet> {
  const { organizationId } = principal;
  const marks = new MarkSet();
  const changed = new Map<ShopRecordType, readonly string[]>();
  for (const [type, records] of found) changed.set(type, await decideOn(tx, principal, request, type, records, marks));
  await creditAgain(
    tx,
    organizationId,
    { sessionIds: changed.get('Session') ?? [], orderIds: changed.get('Order') ?? [] },
    marks,
  );
  await marks.store(tx, organizationId);
  return marks;
}

/** Gives the ids of those that were decided otherwise before. What records touch does not depend on exclusions. */
async function decideOn(
  tx: Transaction,
  { organizationId, keyName }: Principal,
  { reason, note = null, actor = null, restore }: ExclusionRequest,
  type: ShopRecordType,
  records: readonly StoredRecord[],
  marks: MarkSet,
): Promise<string[]> {
  const exclusion = restore ? null : { reason, note, by: keyName, actor };
  const ids = records.map(({ id }) => id);
  const changed = new Set(
    (await tx.query<{ id: string }>(buildDecideSql(type, organizationId, ids, exclusion))).map(({ id }) => id),
  );
  const changedRecords = records.filter(({ id }) => changed.has(id));
  if (changedRecords.length === 0) return [];
  marks.addTouched(await tx.query<TouchedRow>(SHOP_RECORDS[type].touchedBy(organizationId, changedRecords)));
  const detail = note === null ? reason : `${reason}: ${note}`;
  await recordEvents(
    tx,
    organizationId,
    restore ? 'RECORDS_RESTORED' : 'RECORDS_EXCLUDED',
    { keyName, actor },
    changedRecords.map(({ id }) => ({ kind: type, id, detail })),
  );
  return [...changed];
}
