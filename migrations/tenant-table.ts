/**
 * Statements for one table of tenant data: the table, and row-level security that holds for its owner too.
 * The policy is a plain equality on a transaction-local setting: unset or empty means no row at all.
 */
export function tenantTable(name: string, body: string, organizationColumn = 'organization_id'): string[] {
  const isOwn = `${organizationColumn} = nullif(current_setting('app.organization_id', true), '')::int`;
  return [
    `create table ${name} (${body})`,
    `alter table ${name} enable row level security`,
    `alter table ${name} force row level security`,
    `create policy ${name}_tenant on ${name} using (${isOwn}) with check (${isOwn})`,
  ];
}

/**
 * The primary key, to be made after the other indexes of its table: of indexes that look the same on an empty table the
 * planner takes the youngest, and the plans of foreign-key checks are kept until the table is analyzed. With an older
 * key they would walk the whole organization for every row.
 */
export function primaryKey(table: string, columns: string): string {
  return `alter table ${table} add constraint ${table}_pkey primary key (${columns})`;
}

/** Runs the statements one at a time: a text of several is refused by distributed Postgres. */
export async function runEach(
  runner: { query(sql: string): Promise<unknown> },
  statements: readonly string[],
): Promise<void> {
  for (const statement of statements) await runner.query(statement);
}
