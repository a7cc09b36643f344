import type { Database } from '../db/database';
import {
  buildDataAsOfSql,
  buildMarkedShopsSql,
  buildRollupShopsSql,
  buildRollupStatusSql,
  type MarkedShop,
} from '../db/sql/rollup-mark.sql';
import { buildOpenMonthsSql } from '../db/sql/rollup-month.sql';
import { rollupSettings } from '../db/sql/rollup-rows.sql';
import type { SqlQuery, SqlRunner } from '../db/sql-query';
import { addDays } from '../domain/period';
import type { Day } from '../domain/zone';
import { findDifferences, type RollupDifference } from './rollup/rollup-differences';
import { SharedRuns } from './rollup/shared-runs';
import { ShopRollup } from './rollup/shop-rollup';

/** How much is left to be worked out again, and how much there is. */
export interface RollupStatus {
  readonly pending: number;
  /** When the oldest of what is pending was marked. */
  readonly since: Date | null;
  readonly cells: number;
  /** Months of shops that have cells of their own. */
  readonly months: number;
}

/** Where the rollups are not what the facts say. */
export interface RollupVerification {
  /** The first of them. */
  readonly differences: readonly RollupDifference[];
  /** How many were found. */
  readonly total: number;
  /** Shops with marks; what is marked is not held against the facts. */
  readonly pending: readonly { readonly shopId: number; readonly marks: number }[];
}

/** Whoever waits for the lock of a shop begins anew after each process that had it before. */
const ATTEMPTS = 50;
/** Days that no zone's month is behind another's. */
const ZONE_DAYS = 2;
const MONTHS_AT_ONCE = 500;
const SHOWN_DIFFERENCES = 100;

/** Keeps the rollups what the facts say, by the marks that writes leave. */
export class RollupService {
  private readonly runs = new SharedRuns<number>();

  constructor(
    private readonly database: Database,
    /** How many different marks are worked off in one transaction. */
    private readonly marksAtOnce = 20_000,
  ) {}

  /**
   * Works off the marks of these shops, of all if null, and gives their number. What was marked before the call is done
   * when it returns. A shop that fails does not keep the others from being done.
   */
  async refresh(organizationId: number, shopIds: readonly number[] | null): Promise<number> {
    const failures: unknown[] = [];
    let worked = 0;
    for (const shopId of new Set(shopIds ?? (await this.listMarkedShops(organizationId)))) {
      const run = this.runs.run(`${organizationId} ${shopId}`, () => this.workOff(organizationId, shopId));
      worked += await run.catch((error: unknown) => {
        failures.push(error);
        return 0;
      });
    }
    if (failures.length > 0) throw failures[0];
    return worked;
  }

  /** Makes all rollups anew from the facts; months are to be closed again. */
  async rebuild(organizationId: number, onShop?: (done: number, of: number) => void): Promise<void> {
    const shops = await this.list<MarkedShop>(organizationId, buildRollupShopsSql(organizationId));
    for (const [index, { shopId }] of shops.entries()) {
      await this.withShop(organizationId, shopId, (rollup) => rollup.rebuild());
      onShop?.(index + 1, shops.length);
    }
  }

  /**
   * Makes cells of months that are over, the oldest first, and gives how many; 0: there are none left to be made. A shop
   * that fails does not keep the others from being done.
   */
  async closeMonths(organizationId: number, today: Day): Promise<number> {
    const open = await this.list<{ shopId: number; month: Day }>(
      organizationId,
      buildOpenMonthsSql(organizationId, addDays(today, -ZONE_DAYS), MONTHS_AT_ONCE),
    );
    const failures: unknown[] = [];
    let closed = 0;
    for (const shopId of new Set(open.map((month) => month.shopId))) {
      const months = open.filter((month) => month.shopId === shopId).map(({ month }) => month);
      const run = this.withShop(organizationId, shopId, (rollup) => rollup.closeMonths(months));
      closed += await run.catch((error: unknown) => {
        failures.push(error);
        return 0;
      });
    }
    if (failures.length > 0) throw failures[0];
    return closed;
  }

  /** Holds all that is stored against the facts, in one snapshot; writes nothing. */
  async verify(organizationId: number): Promise<RollupVerification> {
    const found = await this.database.transaction(
      organizationId,
      async (tx) => {
        await tx.query({ text: 'set transaction read only', values: [] });
        for (const statement of rollupSettings()) await tx.query(statement);
        const shops = await tx.query<MarkedShop>(buildRollupShopsSql(organizationId));
        const ofShops = [];
        for (const { shopId } of shops) {
          ofShops.push({ shopId, ...(await findDifferences(tx, organizationId, shopId)) });
        }
        return ofShops;
      },
      { repeatableRead: true },
    );
    const differences = found.flatMap((shop) => shop.differences);
    return {
      differences: differences.slice(0, SHOWN_DIFFERENCES),
      total: differences.length,
      pending: found.flatMap(({ shopId, pending }) => (pending > 0 ? [{ shopId, marks: pending }] : [])),
    };
  }

  async status(organizationId: number): Promise<RollupStatus> {
    const [status] = await this.list<RollupStatus>(organizationId, buildRollupStatusSql(organizationId));
    return status ?? { pending: 0, since: null, cells: 0, months: 0 };
  }

  /** How far the numbers of the runner's transaction are: every change that was answered before then is in them. */
  async dataAsOf(runner: SqlRunner, organizationId: number): Promise<Date> {
    const [row] = await runner.query<{ dataAsOf: Date }>(buildDataAsOfSql(organizationId));
    if (!row) throw new Error('An aggregate has a row.');
    return row.dataAsOf;
  }

  private async workOff(organizationId: number, shopId: number): Promise<number> {
    for (let worked = 0; ;) {
      const pass = await this.withShop(organizationId, shopId, (rollup) => rollup.workOff(this.marksAtOnce));
      worked += pass.worked;
      if (!pass.isMore) return worked;
    }
  }

  private withShop<T>(organizationId: number, shopId: number, work: (rollup: ShopRollup) => Promise<T>): Promise<T> {
    return this.database.transaction(organizationId, (tx) => work(new ShopRollup(tx, organizationId, shopId)), {
      repeatableRead: true,
      attempts: ATTEMPTS,
    });
  }

  private async listMarkedShops(organizationId: number): Promise<number[]> {
    const shops = await this.list<MarkedShop>(organizationId, buildMarkedShopsSql(organizationId, null));
    return shops.map(({ shopId }) => shopId);
  }

  private list<Row>(organizationId: number, statement: SqlQuery): Promise<Row[]> {
    return this.database.transaction(organizationId, (tx) => tx.query<Row>(statement));
  }
}
