import type { Access } from '../../domain/access';
import { toGlobalId } from '../../domain/global-id';
import { type PageArgs, resolvePageSize } from '../../domain/page';
import type { SqlRunner } from '../../db/sql-query';
import {
  buildByKeysSql,
  buildChildrenSql,
  buildCountSql,
  buildCountsSql,
  buildPageSql,
  buildPagesSql,
  type PageSelection,
} from '../../db/sql/reading/page.sql';
import type { Sort, Source } from '../../db/sql/reading/source';
import { listMark, parseCursor, toCursor } from './cursor';

/** A row as the API shows it: its global id, its type, and our own key for looking further. */
export interface NodeRow {
  readonly __typename: string;
  readonly id: string;
  readonly key: string;
  readonly [property: string]: unknown;
}

export interface Connection {
  readonly edges: readonly { readonly cursor: string; readonly node: NodeRow }[];
  readonly nodes: readonly NodeRow[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  /** Null where it was not asked for. */
  readonly totalCount: number | null;
}

/** A list as asked for: which rows, in which order, which part, and whether to count them all. */
export interface ListQuery<Filter> {
  readonly args: PageArgs;
  readonly filter: Filter;
  readonly sort: Sort;
  readonly withTotal: boolean;
}

interface RawRow {
  readonly key: string | number;
  readonly sortValue?: string;
  readonly parent?: string | number;
}

/** One list. Throws BAD_USER_INPUT for a page size out of bounds and INVALID_CURSOR for a cursor of another list. */
export async function readConnection<Filter extends object>(
  runner: SqlRunner,
  access: Access,
  source: Source<Filter>,
  query: ListQuery<Filter>,
): Promise<Connection> {
  const page = pageOf(source, query);
  const [rows, counts] = await Promise.all([
    runner.query<RawRow>(buildPageSql(source, access, page)),
    query.withTotal ? runner.query<{ count: number }>(buildCountSql(source, access, query.filter)) : [],
  ]);
  return toConnection(source, query, page, rows, counts[0]?.count ?? null);
}

/** The same list under each of several parents, in two statements at most; parents without rows get an empty one. */
export async function readConnections<Filter extends object>(
  runner: SqlRunner,
  access: Access,
  source: Source<Filter>,
  query: ListQuery<Filter>,
  parentType: string,
  parentKeys: readonly string[],
): Promise<Connection[]> {
  const page = pageOf(source, query);
  const [rows, counts] = await Promise.all([
    runner.query<RawRow>(buildPagesSql(source, access, page, parentType, parentKeys)),
    query.withTotal
      ? runner.query<{ parent: string | number; count: number }>(
          buildCountsSql(source, access, query.filter, parentType, parentKeys),
        )
      : [],
  ]);
  const rowsOf = groupByParent(rows);
  const countOf = new Map(counts.map(({ parent, count }) => [String(parent), count]));
  return parentKeys.map((key) => {
    const total = query.withTotal ? (countOf.get(key) ?? 0) : null;
    return toConnection(source, query, page, rowsOf.get(key) ?? [], total);
  });
}

/** The rows with these keys, in their order; null for one that does not exist or may not be seen. */
export async function readByKeys<Filter extends object>(
  runner: SqlRunner,
  access: Access,
  source: Source<Filter>,
  keys: readonly string[],
): Promise<(NodeRow | null)[]> {
  const rows = await runner.query<RawRow>(buildByKeysSql(source, access, keys));
  const rowOf = new Map(rows.map((row) => [String(row.key), toNode(source, row)]));
  return keys.map((key) => rowOf.get(key) ?? null);
}

/** All rows under each parent. */
export async function readChildren<Filter extends object>(
  runner: SqlRunner,
  access: Access,
  source: Source<Filter>,
  parentType: string,
  parentKeys: readonly string[],
): Promise<NodeRow[][]> {
  const rows = await runner.query<RawRow>(buildChildrenSql(source, access, parentType, parentKeys));
  const rowsOf = groupByParent(rows);
  return parentKeys.map((key) => (rowsOf.get(key) ?? []).map((row) => toNode(source, row)));
}

function pageOf<Filter extends object>(
  source: Source<Filter>,
  { args, filter, sort }: ListQuery<Filter>,
): PageSelection<Filter> {
  const { size, backward } = resolvePageSize(args);
  const mark = listMark(source.type, filter, sort);
  return {
    filter,
    sort,
    after: args.after == null ? null : parseCursor(mark, 'after', args.after),
    before: args.before == null ? null : parseCursor(mark, 'before', args.before),
    // One more than shown tells whether there are more.
    limit: size + 1,
    backward,
  };
}

function toConnection<Filter extends object>(
  source: Source<Filter>,
  { filter, sort }: ListQuery<Filter>,
  page: PageSelection<Filter>,
  found: readonly RawRow[],
  totalCount: number | null,
): Connection {
  const mark = listMark(source.type, filter, sort);
  const values = new Map(found.map((row) => [String(row.key), row.sortValue ?? null]));
  return connectionOf(
    found.map((row) => toNode(source, row)),
    page,
    totalCount,
    ({ key }) => toCursor(mark, { key, value: values.get(key) ?? null }),
  );
}

/** A page of rows, which were read with one more than is shown, and in reverse where it goes backward. */
export function connectionOf(
  found: readonly NodeRow[],
  { limit, backward, after, before }: Pick<PageSelection<unknown>, 'limit' | 'backward'> & PageBounds,
  totalCount: number | null,
  cursorOf: (node: NodeRow) => string,
): Connection {
  const hasMore = found.length === limit;
  const shown = hasMore ? found.slice(0, -1) : found;
  const edges = (backward ? shown.toReversed() : shown).map((node) => ({ cursor: cursorOf(node), node }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: backward ? before !== null : hasMore,
      hasPreviousPage: backward ? hasMore : after !== null,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount,
  };
}

interface PageBounds {
  readonly after: unknown;
  readonly before: unknown;
}

function toNode<Filter>(source: Source<Filter>, row: RawRow): NodeRow {
  const { sortValue, parent, key, ...properties } = row;
  return { ...properties, __typename: source.type, id: toGlobalId(source.type, key), key: String(key) };
}

function groupByParent(rows: readonly RawRow[]): ReadonlyMap<string, RawRow[]> {
  const groups = new Map<string, RawRow[]>();
  for (const row of rows) {
    const parent = String(row.parent);
    const group = groups.get(parent);
    if (group) group.push(row);
    else groups.set(parent, [row]);
  }
  return groups;
}
