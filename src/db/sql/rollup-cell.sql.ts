import { type Grain, MEASURE_KEYS, MEASURES } from '../../domain/measures';
import { cellColumn } from './rollup-columns';
import { cellBounds, type Cells, cellBinds, isWanted, nameOf, rowsOfDays, wantedCells } from './rollup-reach.sql';
import { peopleColumns, peopleOfSums } from './rollup-people.sql';
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

/** Cells of agents, 0 standing for none: sums from the facts, people from the states. It is there if and only if a fact is. */
export function agentCellRows(organizationId: number, shopId: number, cells: Cells): RollupRows {
  const key = ['agent_id', 'day'];
  return {
    organizationId,
    shopId,
    table: 'agent_day',
    name: nameOf('agent_cells', shopId, cells),
    key,
    identity: ['organization_id', 'agent_id', 'day', 'shop_id'],
    columns: [...AGENT_COLUMNS, ...peopleColumns('AGENT')],
    bounds: cellBounds(cells),
    binds: cellBinds(cells),
    ctes: `${wantedCells(shopId, cells)},
sums as materialized (
  select ${qualified('u', key)},
    ${SHOP_SUMS.map((column) => `${plain(column, `coalesce(u.${column}, 0)`)} as ${column}`).join(',\n    ')},
    u.${PEAK}
  from (${agentCells(shopId, AGENT_COLUMNS)}
  ) u
),
${freshAndStored('AGENT', key, AGENT_COLUMNS, `where ${isWanted('t.agent_id')}`)}`,
  };
}

/**
 * Cells of the shop: what its agents' cells add up to, its accounts' presence, which agents may share, and people from
 * the states. `from` says whether the agents' cells are read as stored, or worked out from the facts.
 */
export function shopCellRows(
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
    name: nameOf('shop_cells', shopId, cells),
    key: ['day'],
    identity: ['organization_id', 'shop_id', 'day'],
    columns: [...SHOP_SUMS, ...peopleColumns('SHOP')],
    bounds: cellBounds(cells),
    binds: cellBinds(cells),
    ctes: `${wantedCells(shopId, cells)},
sums as materialized (
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
${freshAndStored('SHOP', ['day'], SHOP_SUMS, '')}`,
  };
}

/** The CTEs that are compared, given the sums: whole rows, so that each cell is written once and stays where it is. */
function freshAndStored(grain: Grain, key: readonly string[], sums: readonly string[], condition: string): string {
  const people = peopleColumns(grain);
  return `${peopleOfSums(grain, key)},
fresh as materialized (
  select ${qualified('c', [...key, ...sums])}, ${qualified('p', people)}
  from sums c
  join people p on ${key.map((column) => `p.${column} = c.${column}`).join(' and ')}
),
stored as materialized (
  select ${qualified('t', [...key, ...sums, ...people])}
  from ${rowsOfDays(grain === 'AGENT' ? 'agent_day' : 'shop_day', 't')}
  ${condition}
)`;
}

/** An amount is stored without trailing zeros, lest it tell which facts it once had. */
function plain(column: string, sum: string): string {
  return AMOUNTS.has(column) ? `trim_scale(${sum})` : sum;
}
