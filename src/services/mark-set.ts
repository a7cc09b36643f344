import type { SqlRunner } from '../db/sql-query';
import { buildAddMarksSql, type NewMark, type TouchedRow } from '../db/sql/mark.sql';
import type { Day } from '../domain/zone';

/** What one transaction leaves to be worked out again, each thing once. */
export class MarkSet {
  private readonly wholeShops = new Set<number>();
  private readonly marks = new Map<string, NewMark>();

  /** Everything of a shop: nothing else of it needs a mark. */
  addShop(shopId: number): void {
    this.wholeShops.add(shopId);
  }

  addBuyer(shopId: number, buyerId: number): void {
    this.marks.set(`${shopId}/${buyerId}`, { shopId, buyerId, agentId: null, day: null });
  }

  /** Agent 0: what has none. */
  addCell(shopId: number, agentId: number, day: Day): void {
    this.marks.set(`${shopId}/${agentId}/${day}`, { shopId, buyerId: null, agentId, day });
  }

  addTouched(rows: readonly TouchedRow[]): void {
    for (const { shopId, buyerId, agentId, day } of rows) {
      this.addCell(shopId, agentId, day);
      if (buyerId !== null) this.addBuyer(shopId, buyerId);
    }
  }

  get shopIds(): readonly number[] {
    return [...new Set([...this.wholeShops, ...[...this.marks.values()].map(({ shopId }) => shopId)])];
  }

  /** Stores the marks, in the transaction that made the changes. */
  async store(tx: SqlRunner, organizationId: number): Promise<void> {
    const marks = this.toList();
    if (marks.length > 0) await tx.query(buildAddMarksSql(organizationId, marks));
  }

  private toList(): NewMark[] {
    const shops = [...this.wholeShops].map((shopId) => ({ shopId, buyerId: null, agentId: null, day: null }));
    const others = [...this.marks.values()].filter(({ shopId }) => !this.wholeShops.has(shopId));
    return [...shops, ...others].sort(
      (a, b) =>
        a.shopId - b.shopId ||
        (a.buyerId ?? 0) - (b.buyerId ?? 0) ||
        (a.agentId ?? 0) - (b.agentId ?? 0) ||
        Number((a.day ?? '') > (b.day ?? '')) - Number((a.day ?? '') < (b.day ?? '')),
    );
  }
}
