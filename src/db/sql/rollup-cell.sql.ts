import { MEASURE_KEYS, MEASURES } from '../../domain/measures';
import { cellColumn } from './rollup-columns';
import { cellBounds, type Cells, cellBinds, isWanted, nameOf, rowsOfDays, wantedCells } from './rollup-reach.sql';
import { qualified, type RollupRows } from './rollup-rows.sql';
import { agentCells, shopPresence } from './rollup-source.sql';

const SUMS = MEASURE_KEYS.filter((key) => MEASURES[key].kind === 'SUM');
const AMOUNTS = new Set(SUMS.filter((key) => MEASURES[key].money).map(cellColumn));
const PRESENCE = (['accountDays', 'onlineMs'] as const).map(cellColumn);
const PEAK = cellColumn('peakConcurrentSessions');

/** What adds up over agents; besides the measures, what tells whether an amount has facts behind it. */
const ADDED = [...SUMS.map(cellColumn), 'shop_paid_orders', 'refunded_sales'];

/** Columns of a shop's cell that add up over days. Those of people and their days come from the states. */
export const SHOP_SUMS: readonly string[] = [...ADDED, ...PRESENCE];
const AGENT_COLUMNS = [...SHOP_SUMS, PEAK];

/** The sums of cells of agents, 0 standing for none. A cell is there if and only if a fact is. */
export function agentSumRows(organizationId: number, shopId: number, cells: Cells): RollupRows {
  const key = ['agent_id', 'day'];
  return {
    organizationId,
    shopId,
    table: 'agent_day',
    name: nameOf('agent_sums', shopId, cells),
    key,
    identity: ['organization_id', 'agent_id', 'day', 'shop_id'],
    columns: AGENT_COLUMNS,
    bounds: cellBounds(cells),
    binds: cellBinds(cells),
    ctes: `${wantedCells(shopId, cells)},
fresh as materialized (
  select ${qualified('u', key)},
    ${SHOP_SUMS.map((column) => `${plain(column, `coalesce(u.${column}, 0)`)} as ${column}`).join(',\n    ')},
    u.${PEAK}
  from (${agentCells(shopId, AGENT_COLUMNS)}
  ) u
),
stored as materialized (
  select ${qualified('t', [...key, ...AGENT_COLUMNS])}
  from ${rowsOfDays('agent_day', 't')}
  where ${isWanted('t.agent_id')}
)`,
  };
}

/**
 * The sums of cells of the shop: those of its agents, and its accounts' presence, which agents may share. `from` says
 * whether the agents' cells are read as stored, or worked out from the facts.
 */
export function shopSumRows(
  organizationId: number,
  shopId: number,
  cells: Cells,
  from: 'CELLS' | 'FACTS' = 'CELLS',
): RollupRows {
  const agents = from === 'CELLS' ? rowsOfDays('agent_day', 't') : `(${agentCells(shopId, ADDED)}\n  ) t`;
  const sums = SHOP_SUMS.map((column) => `${plain(column, `coalesce(sum(u.${column}), 0)`)} as ${column}`);
  return {
    organizationId,
    shopId,
    table: 'shop_day',
    name: nameOf('shop_sums', shopId, cells),
    key: ['day'],
    identity: ['organization_id', 'shop_id', 'day'],
    columns: SHOP_SUMS,
    bounds: cellBounds(cells),
    binds: cellBinds(cells),
    ctes: `${wantedCells(shopId, cells)},
fresh as materialized (
  select u.day,
    ${sums.join(',\n    ')}
  from (
    select t.day, ${qualified('t', ADDED)}, ${PRESENCE.map((column) => `0 as ${column}`).join(', ')}
    from ${agents}
    union all
    select a.day, ${ADDED.map(() => '0').join(', ')}, ${qualified('a', PRESENCE)}
    from (${shopPresence(shopId)}
    ) a
  ) u
  group by u.day
),
stored as materialized (
  select ${qualified('t', ['day', ...SHOP_SUMS])}
  from ${rowsOfDays('shop_day', 't')}
)`,
  };
}

/** An amount is stored without trailing zeros, lest it tell which facts it once had. */
function plain(column: string, sum: string): string {
  return AMOUNTS.has(column) ? `trim_scale(${sum})` : sum;
}
