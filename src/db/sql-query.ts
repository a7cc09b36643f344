/**
 * One statement, as a builder makes it. `name` makes it a prepared statement: one text per name, for ever.
 * pg writes into the object it is given, so builders return a fresh one and nobody keeps it.
 */
export interface SqlQuery {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

/** Whatever runs statements inside the tenant's transaction: a request's snapshot, or a write. */
export interface SqlRunner {
  query<Row>(statement: SqlQuery): Promise<Row[]>;
}

/** A value of one column. */
export type SqlValue = string | number | boolean | null;
