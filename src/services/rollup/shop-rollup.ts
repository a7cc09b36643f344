import { agentCellRows, shopCellRows } from '../../db/sql/rollup-cell.sql';
import {
  buildDeleteMarksSql,
  buildDeleteShopMarksSql,
  buildLockRollupShopSql,
  buildMarkCellsSql,
  buildMarksSql,
  type Mark,
} from '../../db/sql/rollup-mark.sql';
import { buildDropMonthsSql, buildMadeMonthsSql, buildReopenMonthsSql, monthRows } from '../../db/sql/rollup-month.sql';
import type { Cells } from '../../db/sql/rollup-reach.sql';
import { buildReplaceRowsSql, rollupSettings, CHANGED_MONTHS } from '../../db/sql/rollup-rows.sql';
import { type Buyers, CHANGED_CELLS, stateRows } from '../../db/sql/rollup-state.sql';
import type { SqlRunner } from '../../db/sql-query';
import { NO_SHOP } from '../../domain/measure-query';
import type { Grain } from '../../domain/measures';
import type { Day } from '../../domain/zone';

/** What a pass did: marks it took away, and whether some may be left. */
export interface Pass {
  readonly worked: number;
  readonly isMore: boolean;
}

interface Cell {
  readonly agentId: number;
  readonly day: Day;
}

/** The rollups of one shop, or of what has none, within a repeatable-read transaction. */
export class ShopRollup {
  constructor(
    private readonly tx: SqlRunner,
    private readonly organizationId: number,
    private readonly shopId: number,
  ) {}

  /** Works at most so many different marks off, states of buyers before cells. */
  async workOff(limit: number): Promise<Pass> {
    const { organizationId, shopId } = this;
    const marks = await this.tx.query<Mark>(buildMarksSql(organizationId, shopId, limit));
    const [first] = marks;
    if (first === undefined) return { worked: 0, isMore: false };
    await this.lock();
    if (first.buyerId === null && first.day === null) return this.workOffAll();
    const buyers = marks.flatMap(({ buyerId }) => buyerId ?? []);
    const cells = marks.flatMap(({ agentId, day }) => (agentId === null || day === null ? [] : { agentId, day }));
    const changed = buyers.length > 0 ? await this.refreshStates(buyers) : [];
    const isMore = marks.length === limit;
    // A cell is made once, after all its buyers, rather than again after each of the passes that they take.
    if (isMore && cells.length === 0) await this.tx.query(buildMarkCellsSql(organizationId, shopId, listed(changed)));
    else await this.refreshCells(listed([...cells, ...changed]));
    await this.tx.query(buildDeleteMarksSql(organizationId, shopId, marks));
    return { worked: marks.length, isMore };
  }

  /** Makes everything anew, months apart: those are to be closed again. */
  async rebuild(): Promise<void> {
    await this.lock();
    await this.workOffAll();
    await this.reopenMonths(null);
  }

  /** Makes the cells of whole months. Does nothing while there are marks. */
  async closeMonths(months: readonly Day[]): Promise<number> {
    const { organizationId, shopId } = this;
    const marks = await this.tx.query<Mark>(buildMarksSql(organizationId, shopId, 1));
    if (marks.length > 0) return 0;
    await this.lock();
    for (const grain of GRAINS) {
      await this.tx.query(buildReplaceRowsSql(monthRows(grain, organizationId, shopId, months), CHANGED_MONTHS));
    }
    await this.tx.query(buildMadeMonthsSql(organizationId, shopId, months));
    return months.length;
  }

  private async lock(): Promise<void> {
    await this.tx.query(buildLockRollupShopSql(this.organizationId, this.shopId));
    for (const statement of rollupSettings()) await this.tx.query(statement);
  }

  private async workOffAll(): Promise<Pass> {
    await this.refreshStates('ALL');
    await this.refreshCells('ALL');
    const [taken] = await this.tx.query<{ marks: number }>(buildDeleteShopMarksSql(this.organizationId, this.shopId));
    return { worked: taken?.marks ?? 0, isMore: false };
  }

  /** Gives the cells that hold states that changed. */
  private async refreshStates(buyers: Buyers): Promise<Cell[]> {
    if (this.shopId === NO_SHOP) return [];
    const changed: Cell[] = [];
    for (const grain of GRAINS) {
      const rows = stateRows(grain, this.organizationId, this.shopId, buyers);
      changed.push(...(await this.tx.query<Cell>(buildReplaceRowsSql(rows, CHANGED_CELLS[grain]))));
    }
    return changed;
  }

  /** Shops are added up from their agents. */
  private async refreshCells(cells: Cells): Promise<void> {
    if (cells !== 'ALL' && cells.days.length === 0) return;
    const { organizationId, shopId } = this;
    const months = new Set<Day>();
    for (const rows of [agentCellRows(organizationId, shopId, cells), shopCellRows(organizationId, shopId, cells)]) {
      const changed = await this.tx.query<{ month: Day }>(buildReplaceRowsSql(rows, CHANGED_MONTHS));
      for (const { month } of changed) months.add(month);
    }
    if (months.size > 0) await this.reopenMonths([...months]);
  }

  private async reopenMonths(months: readonly Day[] | null): Promise<void> {
    const { organizationId, shopId } = this;
    const made = await this.tx.query(buildReopenMonthsSql(organizationId, shopId, months));
    if (made.length === 0 && months !== null) return;
    for (const grain of GRAINS) await this.tx.query(buildDropMonthsSql(grain, organizationId, shopId, months));
  }
}

const GRAINS: readonly Grain[] = ['AGENT', 'SHOP'];

function listed(cells: readonly Cell[]): Exclude<Cells, 'ALL'> {
  const distinct = [...new Map(cells.map((cell) => [`${cell.agentId} ${cell.day}`, cell])).values()];
  return { agentIds: distinct.map(({ agentId }) => agentId), days: distinct.map(({ day }) => day) };
}
