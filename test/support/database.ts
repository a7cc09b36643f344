import { randomBytes } from 'node:crypto';
import { Client, Pool } from 'pg';
import { Database } from '../../src/db/database';
import type { SqlQuery, SqlRunner } from '../../src/db/sql-query';

export const TEMPLATE_DATABASE = 'scoreline_template';

/** A migrated database of one test suite, with the owner's and the API's login. */
export interface TestDatabase {
  readonly ownerUrl: string;
  readonly apiUrl: string;
  /** Bound by row-level security like everybody, but owns the tables. */
  readonly ownerPool: Pool;
  readonly database: Database;
  /** Makes an organization and gives its id. */
  createOrganization(name?: string, timeZone?: string): Promise<number>;
  /** Statements in the organization's transaction, committed one by one; as the API's login. */
  tenant(organizationId: number): SqlRunner;
  close(): Promise<void>;
}

function environment(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is set by the global setup.`);
  return value;
}

async function asSuperuser(sql: string): Promise<void> {
  const client = new Client({ connectionString: environment('TEST_SUPERUSER_URL') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function urlOf(variable: string, database: string): string {
  const url = new URL(environment(variable));
  url.pathname = `/${database}`;
  return url.toString();
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asSuperuser(`create database ${name} template ${TEMPLATE_DATABASE} owner scoreline_owner`);
  const ownerUrl = urlOf('TEST_OWNER_URL', name);
  const apiUrl = urlOf('TEST_API_URL', name);
  const ownerPool = new Pool({ connectionString: ownerUrl, max: 3 });
  const database = await Database.open(apiUrl, { readPoolSize: 3, writePoolSize: 3, queryTimeoutMs: 60_000 });
  return {
    ownerUrl,
    apiUrl,
    ownerPool,
    database,
    async createOrganization(organization = 'Acme', timeZone = 'Asia/Shanghai') {
      const client = await ownerPool.connect();
      try {
        await client.query('begin');
        const { rows } = await client.query<{ id: number }>(
          `select nextval(pg_get_serial_sequence('organization', 'id'))::int as id`,
        );
        const id = rows[0]?.id ?? 0;
        await client.query(`set local app.organization_id = '${id}'`);
        await client.query('insert into organization (id, name, time_zone) values ($1, $2, $3)', [
          id,
          organization,
          timeZone,
        ]);
        await client.query('commit');
        return id;
      } finally {
        client.release();
      }
    },
    tenant: (organizationId) => ({
      query: <Row>(statement: SqlQuery) => database.transaction(organizationId, (tx) => tx.query<Row>(statement)),
    }),
    async close() {
      await database.close();
      await ownerPool.end();
      await asSuperuser(`drop database ${name} with (force)`);
    },
  };
}
