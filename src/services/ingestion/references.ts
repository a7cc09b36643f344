import { Rejection } from '../../domain/field';
import type { AttributionRule } from '../../domain/attribution';
import type { ServiceHours } from '../../domain/service-hours';
import {
  buildAddBuyersSql,
  buildBuyerIdsSql,
  buildDirectoryIdsSql,
  buildLockShopsSql,
} from '../../db/sql/reference.sql';
import type { Intake } from './intake';

/** What is needed of a shop to take its records in. */
export interface LockedShop {
  readonly id: number;
  readonly clientId: number;
  readonly timeZone: string;
  readonly hours: ServiceHours;
  readonly rule: AttributionRule;
}

interface ShopRow {
  readonly id: number;
  readonly externalId: string;
  readonly clientId: number;
  readonly timeZone: string;
  readonly serviceFrom: string;
  readonly serviceTo: string;
  readonly touch: AttributionRule['touch'];
  readonly windowHours: number;
}

/** Names of one kind, resolved: gives the thing, or rejects the record that names it. */
export class References<T> {
  constructor(
    private readonly field: string,
    private readonly what: string,
    private readonly byExternalId: ReadonlyMap<string, T>,
  ) {}

  get(externalId: string): T {
    const found = this.byExternalId.get(externalId);
    if (found !== undefined) return found;
    throw new Rejection('UNKNOWN_REFERENCE', `There is no ${this.what} with this externalId.`, this.field);
  }

  find(externalId: string | null): T | null {
    return externalId === null ? null : this.get(externalId);
  }
}

/** The shops that the records name, of those the key may write to, locked until the batch commits. */
export async function lockShops(
  intake: Intake,
  externalIds: readonly (string | null)[],
): Promise<ReadonlyMap<string, LockedShop>> {
  const names = distinct(externalIds);
  if (names.length === 0) return new Map();
  const rows = await intake.tx.query<ShopRow>(
    buildLockShopsSql(intake.organizationId, names, intake.principal.clientIds),
  );
  return new Map(
    rows.map((row) => [
      row.externalId,
      {
        id: row.id,
        clientId: row.clientId,
        timeZone: row.timeZone,
        hours: { from: row.serviceFrom, to: row.serviceTo },
        rule: { touch: row.touch, windowHours: row.windowHours },
      },
    ]),
  );
}

/** What every fact names: its shop, locked, and the agent. */
export async function factReferences(
  intake: Intake,
  incoming: readonly { readonly record: { readonly shop: string | null; readonly agent: string | null } }[],
): Promise<{ readonly shops: References<LockedShop>; readonly agents: References<number> }> {
  const shops = await lockShops(
    intake,
    incoming.map(({ record }) => record.shop),
  );
  const agents = await directoryReferences(
    intake,
    'agent',
    incoming.map(({ record }) => record.agent),
  );
  return { shops: new References('shop', 'shop', shops), agents };
}

export async function directoryReferences(
  intake: Intake,
  table: 'client' | 'team' | 'agent',
  externalIds: readonly (string | null)[],
): Promise<References<number>> {
  const names = distinct(externalIds);
  const rows =
    names.length === 0
      ? []
      : await intake.tx.query<{ id: number; externalId: string }>(
          buildDirectoryIdsSql(table, intake.organizationId, names),
        );
  return new References(table, table, new Map(rows.map((row) => [row.externalId, row.id])));
}

/** Finds or adds the buyers; gives their ids by shop and external id. */
export async function buyerIds(
  intake: Intake,
  buyers: readonly { readonly shopId: number; readonly externalId: string }[],
): Promise<(shopId: number, externalId: string) => number> {
  const shopIds = buyers.map((buyer) => buyer.shopId);
  const externalIds = buyers.map((buyer) => buyer.externalId);
  await intake.tx.query(buildAddBuyersSql(intake.organizationId, shopIds, externalIds));
  const rows = await intake.tx.query<{ id: number; shopId: number; externalId: string }>(
    buildBuyerIdsSql(intake.organizationId, shopIds, externalIds),
  );
  const ids = new Map(rows.map((row) => [`${row.shopId}:${row.externalId}`, row.id]));
  return (shopId, externalId) => {
    const id = ids.get(`${shopId}:${externalId}`);
    if (id === undefined) throw new Error('Every buyer of the batch was added.');
    return id;
  };
}

function distinct(names: readonly (string | null)[]): string[] {
  return [...new Set(names.filter((name) => name !== null))];
}
