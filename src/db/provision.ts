import { createHmac } from 'node:crypto';
import { Client } from 'pg';
import { createDataSource } from './data-source';

/** A database cannot be served as it is; the sentence says what to do. */
export class ProvisionError extends Error {}

/** Where the owner and the API log in. Without an owner nothing can be migrated or administered. */
export interface DatabaseUrls {
  readonly apiUrl: string;
  readonly ownerUrl: string | null;
}

const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Makes owner, API login and database on a cluster that is ours alone, or finds them; safe to run from several processes. */
export async function provisionCluster(superuserUrl: string, database = 'scoreline'): Promise<DatabaseUrls> {
  const url = new URL(superuserUrl);
  // Derived, not stored: every process that can read the cluster's password finds the same ones.
  const passwordOf = (role: string): string => createHmac('sha256', url.password).update(role).digest('base64url');
  const loginUrl = (role: string): string => {
    const login = new URL(superuserUrl);
    login.username = role;
    login.password = passwordOf(role);
    login.pathname = `/${database}`;
    return login.toString();
  };
  await withClient(superuserUrl, async (client) => {
    await client.query(`select pg_advisory_lock(7061)`);
    for (const role of ['scoreline_owner', 'scoreline_api']) {
      await createLoginIfMissing(client, role, passwordOf(role));
    }
    const known = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (known.rowCount === 0) await client.query(`create database ${quote(database)} owner scoreline_owner`);
  });
  return { apiUrl: loginUrl('scoreline_api'), ownerUrl: loginUrl('scoreline_owner') };
}

/** Brings the schema to this version and lets the API's login use it. Several processes may do so at once. */
export async function migrate(ownerUrl: string, apiUrl: string): Promise<{ applied: string[] }> {
  const api = new URL(apiUrl);
  return withClient(ownerUrl, async (client) => {
    await client.query(`select pg_advisory_lock(7062)`);
    await createLoginIfMissing(client, decodeURIComponent(api.username), decodeURIComponent(api.password));
    const dataSource = createDataSource(ownerUrl);
    await dataSource.initialize();
    try {
      const applied = await dataSource.runMigrations();
      await grantAccess(client, decodeURIComponent(api.username));
      return { applied: applied.map((migration) => migration.name) };
    } finally {
      await dataSource.destroy();
    }
  });
}

async function createLoginIfMissing(client: Client, role: string, password: string): Promise<void> {
  const known = await client.query('select 1 from pg_roles where rolname = $1', [role]);
  if (known.rowCount) return;
  await client.query(`create role ${quote(role)} login nosuperuser nobypassrls password ${literal(password)}`);
}

/** Rows yes, tables no: the audit trail can only grow, and the record of migrations can only be read. */
async function grantAccess(client: Client, role: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select c.relname as name
     from pg_class c
     where c.relnamespace = 'public'::regnamespace
       and c.relkind = 'r'
       and (c.relrowsecurity or c.relname = 'migrations')
     order by c.relname`,
  );
  const grantee = quote(role);
  await client.query(`grant usage on schema public to ${grantee}`);
  for (const { name } of rows) {
    const rights =
      name === 'audit_event' ? 'select, insert' : name === 'migrations' ? 'select' : 'select, insert, update, delete';
    await client.query(`grant ${rights} on ${quote(name)} to ${grantee}`);
  }
  for (const name of ['find_api_key(text)', 'find_marked_organizations()', 'find_organization_clocks()']) {
    await client.query(`grant execute on function ${name} to ${grantee}`);
  }
}

/** Throws ProvisionError unless the API's login is one that row-level security really binds, on a current schema. */
export async function assertServable(apiUrl: string, expectedMigrations: readonly string[]): Promise<void> {
  await withClient(apiUrl, async (client) => {
    const { rows } = await client.query<{ version: number; name: string; problem: string | null }>(
      `select current_setting('server_version_num')::int as version, current_user as name,
              case
                when r.rolsuper then 'is a superuser'
                when r.rolbypassrls then 'bypasses row-level security'
                when exists (
                  select 1 from pg_class c
                  where c.relkind in ('r', 'p', 'v', 'm')
                    and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
                    and pg_has_role(r.oid, c.relowner, 'MEMBER')
                ) then 'owns tables'
              end as problem
       from pg_roles r
       where r.rolname = current_user`,
    );
    const login = rows[0];
    if (!login) throw new ProvisionError('The login of DATABASE_URL does not exist.');
    if (login.version < 150_000) throw new ProvisionError('PostgreSQL 15 or newer is needed.');
    if (login.problem) {
      throw new ProvisionError(
        `The login "${login.name}" of DATABASE_URL ${login.problem}, so row-level security would not keep ` +
          `organizations apart. Name a plain login in DATABASE_URL and the owner in DATABASE_OWNER_URL: ` +
          `the owner migrates and makes that login if it does not exist.`,
      );
    }
    const pending = await pendingMigrations(client, expectedMigrations);
    if (pending.length > 0) {
      throw new ProvisionError(
        `The database lacks ${pending.join(', ')}. Set DATABASE_OWNER_URL, or run "scoreline migrate" with it.`,
      );
    }
  });
}

async function pendingMigrations(client: Client, expected: readonly string[]): Promise<string[]> {
  const { rows: tables } = await client.query<{ readable: boolean }>(
    `select has_table_privilege(to_regclass('public.migrations'), 'select') as readable`,
  );
  if (!tables[0]?.readable) return [...expected];
  const { rows } = await client.query<{ name: string }>('select name from public.migrations');
  const applied = new Set(rows.map((row) => row.name));
  return expected.filter((name) => !applied.has(name));
}
