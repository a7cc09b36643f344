import type { Access } from '../../../domain/access';
import type { SqlQuery } from '../../sql-query';
import { SqlBuilder } from '../sql-builder';
import type { Sort, Source } from './source';

/** Where a page begins or ends: the sort value, as text, and the key of the row there. */
export interface Position {
  readonly value: string | null;
  readonly key: string;
}

export interface PageSelection<Filter> {
  readonly filter: Filter;
  readonly sort: Sort;
  readonly after: Position | null;
  readonly before: Position | null;
  readonly limit: number;
  /** The last rows instead of the first; they come in reverse. */
  readonly backward: boolean;
}

/** Every row has `key`, and `sortValue` for its cursor. */
export function buildPageSql<Filter>(source: Source<Filter>, access: Access, page: PageSelection<Filter>): SqlQuery {
  const builder = selection(source, access, page.filter);
  addPosition(builder, source, page);
  return builder.build(`
      select ${columnText(source, access, page.sort)}
      from ${source.from}
      where ${builder.conditionText()}
      order by ${orderText(source, page)}
      limit ${builder.bind(page.limit, 'int')}`);
}

/** A page of each parent in one statement; rows have `parent` too. */
export function buildPagesSql<Filter>(
  source: Source<Filter>,
  access: Access,
  page: PageSelection<Filter>,
  parentType: string,
  parentKeys: readonly string[],
): SqlQuery {
  const parent = parentOf(source, parentType);
  const builder = selection(source, access, page.filter);
  addPosition(builder, source, page);
  const columns = columnText(source, access, page.sort);
  const order = orderText(source, page);
  const limit = builder.bind(page.limit, 'int');
  const keys = builder.bind(parentKeys, 'bigint[]');
  // With an index each parent's page is a short walk; without one, a single pass over all parents is cheaper.
  if (parent.indexed) {
    return builder.build(`
      select parent.key as parent, page.*
      from unnest(${keys}) as parent (key)
      cross join lateral (
        select ${columns}
        from ${source.from}
        where ${builder.conditionText()}
          and ${parent.expression} = parent.key
        order by ${order}
        limit ${limit}
      ) page`);
  }
  return builder.build(`
      select page.*
      from (
        select ${columns}, ${parent.expression} as parent,
               row_number() over (partition by ${parent.expression} order by ${order}) as position
        from ${source.from}
        where ${builder.conditionText()}
          and ${parent.expression} = any(${keys})
      ) page
      where page.position <= ${limit}
      order by page.position`);
}

export function buildCountSql<Filter>(source: Source<Filter>, access: Access, filter: Filter): SqlQuery {
  const builder = selection(source, access, filter);
  return builder.build(`
      select count(*)::int as count
      from ${source.from}
      where ${builder.conditionText()}`);
}

export function buildCountsSql<Filter>(
  source: Source<Filter>,
  access: Access,
  filter: Filter,
  parentType: string,
  parentKeys: readonly string[],
): SqlQuery {
  const parent = parentOf(source, parentType);
  const builder = selection(source, access, filter).whereIn(parent.expression, parentKeys, 'bigint');
  return builder.build(`
      select ${parent.expression} as parent, count(*)::int as count
      from ${source.from}
      where ${builder.conditionText()}
      group by ${parent.expression}`);
}

/** The visible ones of the rows with these keys, in no order. */
export function buildByKeysSql<Filter>(source: Source<Filter>, access: Access, keys: readonly string[]): SqlQuery {
  const builder = new SqlBuilder(access.organizationId);
  source.restrict(builder, access);
  builder.whereIn(source.key, keys, 'bigint');
  return builder.build(`
      select ${columnText(source, access, null)}
      from ${source.from}
      where ${builder.conditionText()}`);
}

/** All rows under each parent, for short lists such as the refunds of an order. */
export function buildChildrenSql<Filter>(
  source: Source<Filter>,
  access: Access,
  parentType: string,
  parentKeys: readonly string[],
): SqlQuery {
  const parent = parentOf(source, parentType);
  const builder = new SqlBuilder(access.organizationId);
  source.restrict(builder, access);
  builder.whereIn(parent.expression, parentKeys, 'bigint');
  return builder.build(`
      select ${columnText(source, access, null)}, ${parent.expression} as parent
      from ${source.from}
      where ${builder.conditionText()}
      order by ${source.key}`);
}

function selection<Filter>(source: Source<Filter>, access: Access, filter: Filter): SqlBuilder {
  const builder = new SqlBuilder(access.organizationId);
  source.restrict(builder, access);
  source.filter(builder, filter, access);
  return builder;
}

function columnText<Filter>(source: Source<Filter>, access: Access, sort: Sort | null): string {
  const columns = Object.entries(source.columns(access)).map(
    ([property, expression]) => `${expression} as "${property}"`,
  );
  if (sort) columns.push(`(${sortExpression(source, sort)})::text as "sortValue"`);
  return [`${source.key} as key`, ...columns].join(',\n             ');
}

function sortExpression<Filter>(source: Source<Filter>, { field, direction }: Sort): string {
  const column = sortColumn(source, field);
  if (!column.nullable) return column.expression;
  return `coalesce(${column.expression}, '${direction === 'ASC' ? '' : '-'}infinity'::${column.type})`;
}

function orderText<Filter>(source: Source<Filter>, { sort, backward }: PageSelection<Filter>): string {
  const direction = (sort.direction === 'ASC') === backward ? 'desc' : 'asc';
  return `${sortExpression(source, sort)} ${direction}, ${source.key} ${direction}`;
}

function addPosition<Filter>(builder: SqlBuilder, source: Source<Filter>, page: PageSelection<Filter>): void {
  const { sort } = page;
  const { type } = sortColumn(source, sort.field);
  const add = (operator: '<' | '>', { value, key }: Position): void => {
    const bound = `(${builder.bind(value, type)}, ${builder.bind(key, 'bigint')})`;
    builder.where(`(${sortExpression(source, sort)}, ${source.key}) ${operator} ${bound}`);
  };
  if (page.after) add(sort.direction === 'ASC' ? '>' : '<', page.after);
  if (page.before) add(sort.direction === 'ASC' ? '<' : '>', page.before);
}

function sortColumn<Filter>(source: Source<Filter>, field: string) {
  const column = source.sorts[field];
  if (!column) throw new Error(`${source.type} is not sorted by ${field}.`);
  return column;
}

function parentOf<Filter>(source: Source<Filter>, type: string) {
  const parent = source.parents[type];
  if (!parent) throw new Error(`${source.type} does not appear under ${type}.`);
  return parent;
}
