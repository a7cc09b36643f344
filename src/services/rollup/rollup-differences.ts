import { agentCellRows, shopCellRows } from '../../db/sql/rollup-cell.sql';
import { buildMarksSql, type Mark } from '../../db/sql/rollup-mark.sql';
import { monthRows } from '../../db/sql/rollup-month.sql';
import { buildCompareRowsSql, type DifferingRow, type RollupRows } from '../../db/sql/rollup-rows.sql';
import { stateRows } from '../../db/sql/rollup-state.sql';
import type { SqlRunner } from '../../db/sql-query';
import { NO_SHOP } from '../../domain/measure-query';
import type { Grain } from '../../domain/measures';

/** A stored value that is not what the facts say. */
export interface RollupDifference {
  readonly table: string;
  readonly shopId: number;
  /** What else tells the row: agent_id, buyer_id, day. */
  readonly key: Readonly<Record<string, unknown>>;
  /** A column, or what is the matter with the row. */
  readonly column: string;
  readonly stored: unknown;
  readonly expected: unknown;
}

/** Enough to show what is wrong; each table of each shop is looked through no further, but past all that is marked. */
const ROWS = 1_000;
const ALL_MARKS = 1_000_000;
/** Rows that one mark may stand for: all days of a buyer with all agents, say. */
const MARKED_ROWS = 1_000;

/**
 * What of a shop is not what the facts say, but for what is marked. People counts are held against the states, months
 * against their days: each is told where it begins, and of a shop with wrong days no months.
 */
export async function findDifferences(
  tx: SqlRunner,
  organizationId: number,
  shopId: number,
): Promise<{ readonly differences: readonly RollupDifference[]; readonly pending: number }> {
  const marks = await tx.query<Mark>(buildMarksSql(organizationId, shopId, ALL_MARKS));
  const pending = marks.length;
  if (marks.some(({ buyerId, day }) => buyerId === null && day === null)) return { differences: [], pending };
  const isMarked = markedRows(marks);
  const compare = async (rows: RollupRows): Promise<RollupDifference[]> => {
    const found = await tx.query<DifferingRow>(buildCompareRowsSql(rows, ROWS + MARKED_ROWS * pending));
    return differencesOf(rows, shopId, found).filter(({ key }) => !isMarked(key));
  };
  const compareAll = async (all: readonly RollupRows[]): Promise<RollupDifference[]> => {
    const differences: RollupDifference[] = [];
    for (const rows of all) differences.push(...(await compare(rows)));
    return differences;
  };
  const days = await compareAll([
    ...(shopId === NO_SHOP ? [] : GRAINS.map((grain) => stateRows(grain, organizationId, shopId, 'ALL'))),
    agentCellRows(organizationId, shopId, 'ALL'),
    shopCellRows(organizationId, shopId, 'ALL', 'FACTS'),
  ]);
  if (days.length > 0) return { differences: days, pending };
  const months = await compareAll(GRAINS.map((grain) => monthRows(grain, organizationId, shopId, 'MADE')));
  return { differences: months, pending };
}

const GRAINS: readonly Grain[] = ['AGENT', 'SHOP'];

/** Whether a row is to be worked out again anyway: its buyer or its cell is marked, or its shop's day with any agent. */
function markedRows(marks: readonly Mark[]): (key: Readonly<Record<string, unknown>>) => boolean {
  const buyers = new Set<unknown>(marks.map(({ buyerId }) => buyerId));
  const cells = new Set(marks.map(({ agentId, day }) => JSON.stringify([agentId, day])));
  const days = new Set<unknown>(marks.map(({ day }) => day));
  return ({ buyer_id, agent_id, day }) => {
    if (buyer_id !== undefined) return buyers.has(buyer_id);
    return agent_id === undefined ? days.has(day) : cells.has(JSON.stringify([agent_id, day]));
  };
}

/** Both sides of each row, column by column. */
function differencesOf(
  { table, key, columns }: RollupRows,
  shopId: number,
  found: readonly DifferingRow[],
): RollupDifference[] {
  const byKey = new Map<string, Partial<Record<DifferingRow['side'], DifferingRow['content']>>>();
  for (const { side, content } of found) {
    const name = JSON.stringify(key.map((column) => content[column]));
    byKey.set(name, { ...byKey.get(name), [side]: content });
  }
  return [...byKey.values()].flatMap(({ STORED: stored, FRESH: expected }) => {
    const row = { ...stored, ...expected };
    const place = { table, shopId, key: Object.fromEntries(key.map((column) => [column, row[column]])) };
    if (stored === undefined) return [{ ...place, column: 'missing', stored: null, expected: row }];
    if (expected === undefined) return [{ ...place, column: 'surplus', stored: row, expected: null }];
    return columns
      .filter((column) => JSON.stringify(stored[column]) !== JSON.stringify(expected[column]))
      .map((column) => ({ ...place, column, stored: stored[column], expected: expected[column] }));
  });
}
