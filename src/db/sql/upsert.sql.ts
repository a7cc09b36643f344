import type { SqlQuery, SqlValue } from '../sql-query';

/** Types whose values need no escaping inside an array literal; instants travel as epoch milliseconds. */
type PlainType = 'int' | 'bigint' | 'smallint' | 'boolean' | 'numeric' | 'date' | 'instant';
export type ColumnType = PlainType | 'text';

/** A table that records are replaced in by the source's ids. */
export interface UpsertTable<Column extends string = string> {
  readonly name: string;
  /** What tells one record from another, besides the organization. */
  readonly key: readonly Column[];
  readonly columns: Readonly<Record<Column, ColumnType>>;
  /** Local days, counted by the clock of the shop: day column ← instant column. */
  readonly days?: Readonly<Record<string, Column>>;
  /** Whether an older source_updated_at than the stored one loses. */
  readonly versioned: boolean;
}

/** Sorted by key: two batches that lock the same rows in different order deadlock. */
export function buildUpsertSql<Column extends string>(
  table: UpsertTable<Column>,
  organizationId: number,
  rows: readonly Record<Column, SqlValue>[],
): SqlQuery {
  const columns = columnsOf(table.columns);
  const days = Object.entries(table.days ?? {});
  const written = [...columns, ...days.map(([day]) => day)];
  const replaced = written.filter((column) => !table.key.some((key) => key === column));
  const key = table.key.join(', ');
  return {
    text: `
      insert into ${table.name} as stored (organization_id, ${written.join(', ')})
      select $1, ${[
        ...columns.map((column) => `incoming.${column}`),
        ...days.map(([, instant]) => `(incoming.${instant} at time zone shop.time_zone)::date`),
      ].join(', ')}
      from ${incoming(table.columns, columns)}
      ${days.length > 0 ? 'join shop on shop.organization_id = $1 and shop.id = incoming.shop_id' : ''}
      order by ${table.key.map((column) => `incoming.${column}`).join(', ')}
      on conflict (organization_id, ${key}) do update
      set ${replaced.map((column) => `${column} = excluded.${column}`).join(', ')}, updated_at = now()
      where (${replaced.map((column) => `stored.${column}`).join(', ')})
            is distinct from (${replaced.map((column) => `excluded.${column}`).join(', ')})
            ${table.versioned ? 'and (excluded.source_updated_at < stored.source_updated_at) is not true' : ''}
      returning stored.id, ${table.key.map((column) => `stored.${column}`).join(', ')}`,
    values: [organizationId, ...arraysOf(table.columns, columns, rows)],
  };
}

/** The stored version of each row's key, as epoch milliseconds; null where the source gave none. */
export function buildStoredVersionsSql<Column extends string>(
  table: UpsertTable<Column>,
  organizationId: number,
  rows: readonly Record<Column, SqlValue>[],
): SqlQuery {
  return {
    text: `
      select ${table.key.map((column) => `stored.${column}`).join(', ')},
             (extract(epoch from stored.source_updated_at) * 1000)::bigint::text as version
      from ${incoming(table.columns, table.key)}
      cross join lateral (
        select known.*
        from ${table.name} known
        where known.organization_id = $1
          and ${table.key.map((column) => `known.${column} = incoming.${column}`).join(' and ')}
        offset 0
      ) stored`,
    values: [organizationId, ...arraysOf(table.columns, table.key, rows)],
  };
}

/** Sets the given columns of the rows named by id. */
export function buildUpdateByIdSql<Column extends string>(
  table: string,
  columns: Readonly<Record<Column | 'id', ColumnType>>,
  organizationId: number,
  rows: readonly Record<Column | 'id', SqlValue>[],
): SqlQuery {
  const names = columnsOf(columns);
  const replaced = names.filter((column) => column !== 'id');
  return {
    text: `
      update ${table} stored
      set ${replaced.map((column) => `${column} = incoming.${column}`).join(', ')}, updated_at = now()
      from ${incoming(columns, names)}
      where stored.organization_id = $1
        and stored.id = incoming.id
        and (${replaced.map((column) => `stored.${column}`).join(', ')})
            is distinct from (${replaced.map((column) => `incoming.${column}`).join(', ')})`,
    values: [organizationId, ...arraysOf(columns, names, rows)],
  };
}

type Columns<Column extends string> = Readonly<Record<Column, ColumnType>>;

function columnsOf<Column extends string>(columns: Columns<Column>): Column[] {
  return Object.keys(columns) as Column[];
}

/** The rows as a relation: one array parameter per column, so that the number of rows is not bounded by that of parameters. */
function incoming<Column extends string>(columns: Columns<Column>, names: readonly Column[]): string {
  const arrays = names.map((name, index) => `$${index + 2}::${transportType(columns[name])}[]`);
  const casts = names.map((name) => castFromTransport(name, columns[name]));
  return `(select ${casts.join(', ')} from unnest(${arrays.join(', ')}) as raw (${names.join(', ')})) as incoming`;
}

function transportType(type: ColumnType): string {
  return type === 'instant' ? 'bigint' : type;
}

function castFromTransport(name: string, type: ColumnType): string {
  return type === 'instant' ? `to_timestamp(raw.${name} / 1000.0) as ${name}` : `raw.${name}`;
}

function arraysOf<Column extends string>(
  columns: Columns<Column>,
  names: readonly Column[],
  rows: readonly Record<Column, SqlValue>[],
): unknown[] {
  return names.map((name) => {
    const values = rows.map((row) => row[name]);
    return columns[name] === 'text' ? values : plainArray(values);
  });
}

/** An array literal of values that contain neither quotes nor commas; the driver would quote each of them. */
function plainArray(values: readonly SqlValue[]): string {
  return `{${values.map((value) => String(value ?? 'null')).join(',')}}`;
}
