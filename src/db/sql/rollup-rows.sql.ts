import type { SqlQuery } from '../sql-query';

/**
 * Rows of one rollup table, as they should be and as they are: the CTEs "fresh" and "stored" among `ctes`, each with the
 * key and the columns in this order. $1 is the organization, $2 the shop.
 */
export interface RollupRows {
  readonly organizationId: number;
  readonly shopId: number;
  readonly table: string;
  /** Given where the statement is to be kept prepared: to plan it takes longer than to run it on a few rows. */
  readonly name?: string;
  /** What tells the rows of a shop apart. */
  readonly key: readonly string[];
  /** Columns of the primary key. */
  readonly identity: readonly string[];
  readonly columns: readonly string[];
  readonly ctes: string;
  /** Which stored rows are looked at, for an index: a condition on the alias of the table. */
  readonly bounds: (alias: string) => string;
  /** From $3 on. */
  readonly binds: readonly unknown[];
}

/** Settings that these statements want, for the rest of the transaction. */
export function rollupSettings(): SqlQuery[] {
  return [
    // Taking a handful of rows for one, on a table without statistics, the planner would walk thousands for each of thousands.
    'set local enable_nestloop = off',
    // To compile a statement takes longer than it would save.
    'set local jit = off',
    `set local work_mem = '64MB'`,
  ].map((text) => ({ text, values: [] }));
}

/** What a statement answers with about the rows it changed: expressions over "x", which has their key. */
export type Report = readonly string[];

export const CHANGED_MONTHS: Report = [`date_trunc('month', x.day)::date as month`];

/**
 * Makes the stored rows be the fresh ones, touching those alone that differ. Sets are compared, not joined: a join would
 * be at the mercy of what the planner believes about a table that it has no statistics of.
 */
export function buildReplaceRowsSql(rows: RollupRows, report: Report): SqlQuery {
  const { table, key, identity, columns } = rows;
  const replaced = ['shop_id', ...columns].filter((column) => !identity.includes(column));
  return {
    ...(rows.name === undefined ? {} : { name: rows.name }),
    text: `with ${rows.ctes},
changed as materialized (
  ${differenceOf([...key, ...columns], 'fresh', 'stored')}
),
gone as materialized (
  ${differenceOf(key, 'stored', 'fresh')}
),
removed as (
  delete from ${table} t
  using gone g
  where t.organization_id = $1
    and t.shop_id = $2
    and ${rows.bounds('t')}
    and ${key.map((column) => `t.${column} = g.${column}`).join(' and ')}
  returning ${qualified('t', key)}
),
written as (
  insert into ${table} as t (organization_id, shop_id, ${[...key, ...columns].join(', ')})
  select $1::int, $2::int, ${qualified('c', [...key, ...columns])}
  from changed c
  order by ${inOrder(key)}
  on conflict (${identity.join(', ')}) do update
  set ${replaced.map((column) => `${column} = excluded.${column}`).join(', ')}
  returning ${qualified('t', key)}
)
select distinct ${report.join(', ')}
from (
  select ${qualified('r', key)}
  from removed r
  union all
  select ${qualified('w', key)}
  from written w
) x`,
    values: [rows.organizationId, rows.shopId, ...rows.binds],
  };
}

/** A row that is not what it should be: as one side has it. */
export interface DifferingRow {
  readonly side: 'STORED' | 'FRESH';
  readonly content: Readonly<Record<string, unknown>>;
}

/** Rows that only one side has, at most `limit` of each side. */
export function buildCompareRowsSql(rows: RollupRows, limit: number): SqlQuery {
  const all = [...rows.key, ...rows.columns];
  const order = qualified('d', rows.key);
  const side = (name: string, one: string, other: string): string => `(
  select '${name}' as side, to_jsonb(d) as content
  from (
    ${differenceOf(all, one, other)}
  ) d
  order by ${order}
  limit ${limit}
)`;
  return {
    text: `with ${rows.ctes}
${side('STORED', 'stored', 'fresh')}
union all
${side('FRESH', 'fresh', 'stored')}`,
    values: [rows.organizationId, rows.shopId, ...rows.binds],
  };
}

/** By the day first, as rows come in over time: those of a period lie together. */
function inOrder(key: readonly string[]): string {
  return qualified('c', [...key.filter((column) => column === 'day'), ...key.filter((column) => column !== 'day')]);
}

export function qualified(alias: string, columns: readonly string[]): string {
  return columns.map((column) => `${alias}.${column}`).join(', ');
}

function differenceOf(columns: readonly string[], one: string, other: string): string {
  return `select ${qualified('a', columns)}
  from ${one} a
  except
  select ${qualified('b', columns)}
  from ${other} b`;
}
