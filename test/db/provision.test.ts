import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { MIGRATIONS } from '../../src/db/migrations';
import { assertServable, migrate, ProvisionError } from '../../src/db/provision';
import { ApiKeyService } from '../../src/services/api-key.service';
import { createTestDatabase, type TestDatabase } from '../support/database';

const EXPECTED = MIGRATIONS.map(({ name }) => name);
const PASSWORD = 'not a secret';
/** Roles belong to the whole server, which other suites use too. */
const unique = randomBytes(4).toString('hex');

let db: TestDatabase;
let superuser: Client;
const roles: string[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  superuser = new Client({ connectionString: process.env.TEST_SUPERUSER_URL });
  await superuser.connect();
});
afterAll(async () => {
  await db.close();
  for (const role of roles.reverse()) await superuser.query(`drop role if exists ${role}`);
  await superuser.end();
});

/** A login with these attributes; gives the URL by which it gets into the database of the other URL. */
async function makeLogin(name: string, attributes: string, url = db.apiUrl): Promise<string> {
  const role = `${name}_${unique}`;
  roles.push(role);
  await superuser.query(`create role ${role} login password '${PASSWORD}' ${attributes}`);
  return loginUrl(role, url);
}

function loginUrl(role: string, url: string): string {
  const login = new URL(url);
  login.username = role;
  login.password = encodeURIComponent(PASSWORD);
  return login.toString();
}

async function as<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const run = (url: string, sql: string): Promise<unknown[]> =>
  as(url, async (client) => (await client.query<object>(sql)).rows);

describe('a database is served', () => {
  it('by a plain login, on a current schema', async () => {
    await expect(assertServable(db.apiUrl, EXPECTED)).resolves.toBeUndefined();
  });

  it.each([
    ['a superuser', 'superuser', 'is a superuser'],
    ['one that bypasses row-level security', 'bypassrls', 'bypasses row-level security'],
    ['a member of the owner', 'in role scoreline_owner', 'owns tables'],
    ['one that may become the owner', 'noinherit in role scoreline_owner', 'owns tables'],
  ])('not by %s', async (_, attributes, problem) => {
    const url = await makeLogin(`login_${roles.length}`, attributes);
    const refusal = assertServable(url, EXPECTED);
    await expect(refusal).rejects.toThrow(ProvisionError);
    await expect(refusal).rejects.toThrow(`${problem}, so row-level security would not keep organizations apart`);
  });

  it('not by the owner', async () => {
    await expect(assertServable(db.ownerUrl, EXPECTED)).rejects.toThrow('owns tables');
  });

  it('not while a migration is missing', async () => {
    const problem =
      'The database lacks Later2000000000000. Set DATABASE_OWNER_URL, or run "scoreline migrate" with it.';
    await expect(assertServable(db.apiUrl, [...EXPECTED, 'Later2000000000000'])).rejects.toThrow(problem);
  });
});

describe('an owner', () => {
  it('migrates an empty database and makes the login that serves it, once', async () => {
    const database = `empty_${unique}`;
    const ownerAt = await makeLogin('owner', 'createrole');
    await superuser.query(`create database ${database} owner owner_${unique}`);
    const at = (url: string): string => Object.assign(new URL(url), { pathname: `/${database}` }).toString();
    const ownerUrl = at(ownerAt);
    const apiUrl = loginUrl(`api_${unique}`, ownerUrl);
    roles.push(`api_${unique}`);

    await expect(assertServable(at(db.apiUrl), EXPECTED)).rejects.toThrow(`lacks ${EXPECTED.join(', ')}`);
    const [first, second] = await Promise.all([migrate(ownerUrl, apiUrl), migrate(ownerUrl, apiUrl)]);
    expect([...first.applied, ...second.applied]).toEqual(EXPECTED);
    await expect(assertServable(apiUrl, EXPECTED)).resolves.toBeUndefined();
    await superuser.query(`drop database ${database}`);
  });
});

describe("the API's login", () => {
  const forbidden = /permission denied|must be owner/;

  it.each([
    'update audit_event set actor = null',
    'delete from audit_event',
    'truncate audit_event',
    'truncate session',
    'delete from migrations',
    'alter table session disable row level security',
    'drop policy session_tenant on session',
    'create table mine (id int)',
  ])('may not %s', async (sql) => {
    await expect(run(db.apiUrl, sql)).rejects.toThrow(forbidden);
  });

  it('sees nothing before an organization is set, and writes nothing', async () => {
    const organizationId = await db.createOrganization();
    await new ApiKeyService(db.database).create(organizationId, { name: 'test', scopes: ['KPI_READ'] });
    for (const table of ['organization', 'api_key', 'audit_event']) {
      expect(await run(db.apiUrl, `select 1 from ${table}`)).toEqual([]);
    }
    const insert = `insert into client (organization_id, external_id, name) values (${organizationId}, 'c', 'c')`;
    await expect(run(db.apiUrl, insert)).rejects.toThrow('violates row-level security policy');
  });

  it('finds a key by its id before an organization is set, and no other way', async () => {
    const organizationId = await db.createOrganization();
    const { apiKey } = await new ApiKeyService(db.database).create(organizationId, {
      name: 'found',
      scopes: ['INGEST'],
    });
    const find = (keyId: string): Promise<unknown[]> =>
      as(db.apiUrl, async (client) => (await client.query<object>('select * from find_api_key($1)', [keyId])).rows);
    expect(await find(apiKey.keyId)).toMatchObject([{ organization_id: organizationId, name: 'found' }]);
    expect(await find('%')).toEqual([]);
    expect(await run(db.apiUrl, `select 1 from api_key where key_id = '${apiKey.keyId}'`)).toEqual([]);
  });

  it('sees the keys of its own organization only', async () => {
    const [one, another] = [await db.createOrganization(), await db.createOrganization()];
    const keys = new ApiKeyService(db.database);
    for (const id of [one, another]) await keys.create(id, { name: 'test', scopes: ['KPI_READ'] });
    const seen = await db.tenant(one).query({ text: 'select distinct organization_id from api_key', values: [] });
    expect(seen).toEqual([{ organization_id: one }]);
  });
});

describe('any other login', () => {
  it('may not look up keys', async () => {
    const url = await makeLogin('stranger', '');
    await expect(run(url, `select * from find_api_key('x')`)).rejects.toThrow('permission denied');
  });
});
