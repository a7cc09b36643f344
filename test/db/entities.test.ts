import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/db/data-source';
import { AgentEntity } from '../../src/db/entities/agent.entity';
import { TargetEntity } from '../../src/db/entities/target.entity';
import { migrate } from '../../src/db/provision';
import { createTestDatabase, type TestDatabase } from '../support/database';

/** Tables that no entity describes, since SQL text alone writes and reads them; beside TypeORM's record of migrations. */
const WITHOUT_ENTITY: readonly string[] = [
  'agent_buyer_day',
  'shop_buyer_day',
  'agent_day',
  'shop_day',
  'agent_month',
  'shop_month',
  'rollup_mark',
  'rollup_shop',
  'rollup_month',
];

interface CatalogueLine {
  /** Null: belongs to no table. */
  readonly tableName: string | null;
  readonly line: string;
}

const TABLES = `
  select c.oid, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity, c.relacl
  from pg_class c
  where c.relnamespace = 'public'::regnamespace
    and c.relname !~ '^migrations'`;

const COLUMNS = `
  select t.relname as "tableName",
         concat_ws(' ', 'column', t.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod),
                   case when a.attnotnull then 'not null' end,
                   case a.attidentity when 'd' then 'identity by default' when 'a' then 'identity always' end,
                   'default ' || pg_get_expr(d.adbin, d.adrelid),
                   'comment ' || quote_literal(col_description(t.oid, a.attnum))) as line
  from (${TABLES}) t
  join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum
  where t.relkind = 'r'`;

const CONSTRAINTS = `
  select t.relname as "tableName",
         concat_ws(' ', 'constraint', k.conname, 'on', t.relname, pg_get_constraintdef(k.oid)) as line
  from (${TABLES}) t
  join pg_constraint k on k.conrelid = t.oid and k.contype <> 'n'`;

const INDEXES = `
  select t.relname as "tableName", pg_get_indexdef(i.indexrelid) as line
  from (${TABLES}) t
  join pg_index i on i.indrelid = t.oid`;

const POLICIES = `
  select t.relname as "tableName",
         concat_ws(' ', 'policy', p.polname, 'on', t.relname,
                   case when p.polpermissive then 'permissive' else 'restrictive' end, 'for', p.polcmd,
                   'to', case p.polroles when '{0}' then 'public' else p.polroles::regrole[]::text end,
                   'using', pg_get_expr(p.polqual, t.oid),
                   'check ' || pg_get_expr(p.polwithcheck, t.oid)) as line
  from (${TABLES}) t
  join pg_policy p on p.polrelid = t.oid`;

const RELATIONS = `
  select t.relname as "tableName",
         concat_ws(' ', 'relation', t.relname, t.relkind, case when t.relrowsecurity then 'secured' end,
                   case when t.relforcerowsecurity then 'forced' end, t.relacl::text) as line
  from (${TABLES}) t`;

const FUNCTIONS = `
  select null as "tableName", pg_get_functiondef(p.oid) || coalesce(p.proacl::text, '') as line
  from pg_proc p
  where p.pronamespace = 'public'::regnamespace`;

const TYPES = `
  select null as "tableName", concat_ws(' ', 'type', y.typname) as line
  from pg_type y
  where y.typnamespace = 'public'::regnamespace
    and y.typtype in ('e', 'd', 'r')`;

async function readCatalogue(pool: Pool, ...parts: readonly string[]): Promise<CatalogueLine[]> {
  const { rows } = await pool.query<CatalogueLine>(`${parts.join(' union all ')} order by line`);
  return rows;
}

const readSchema = (pool: Pool): Promise<CatalogueLine[]> =>
  readCatalogue(pool, COLUMNS, CONSTRAINTS, INDEXES, POLICIES, RELATIONS, FUNCTIONS, TYPES);

const linesOf = (catalogue: readonly CatalogueLine[]): string[] => catalogue.map(({ line }) => line);

async function withDatabase(work: (database: TestDatabase, dataSource: DataSource) => Promise<void>): Promise<void> {
  const database = await createTestDatabase();
  const dataSource = createDataSource(database.ownerUrl);
  try {
    await dataSource.initialize();
    await work(database, dataSource);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await database.close();
  }
}

async function undoAllMigrations(dataSource: DataSource): Promise<void> {
  for (let left = dataSource.migrations.length; left > 0; left -= 1) await dataSource.undoLastMigration();
}

describe('the entities', () => {
  it('leave TypeORM nothing to change in a migrated database', () =>
    withDatabase(async (_, dataSource) => {
      const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
      expect(upQueries.map(({ query }) => query)).toEqual([]);
    }));

  // The log above compares checks, unique and foreign keys by name alone, and index columns in any order.
  it('make the same columns, constraints and indexes as the migrations', () =>
    withDatabase(async ({ ownerPool }, dataSource) => {
      const readTables = async (): Promise<string[]> => {
        const catalogue = await readCatalogue(ownerPool, COLUMNS, CONSTRAINTS, INDEXES);
        return linesOf(catalogue.filter(({ tableName }) => !tableName || !WITHOUT_ENTITY.includes(tableName)));
      };
      const migrated = await readTables();
      await undoAllMigrations(dataSource);
      await dataSource.synchronize();
      // A unique key in which null equals null is beyond TypeORM; a test below holds the migrations to it.
      expect(await readTables()).toEqual(migrated.map((line) => line.replace(' NULLS NOT DISTINCT', '')));
    }));

  it('declare the types that values really have', () =>
    withDatabase(async (test) => {
      const organizationId = await test.createOrganization();
      await test.database.transaction(organizationId, async ({ manager }) => {
        await manager.insert(AgentEntity, { organizationId, externalId: '007', name: 'Ming', hiredOn: '2024-02-29' });
        const agent = await manager.findOneByOrFail(AgentEntity, { organizationId, externalId: '007' });
        const days = { fromDay: '2024-02-01', toDay: '2024-02-29' };
        const value = '12345678901234567.10';
        await manager.insert(TargetEntity, { organizationId, metric: 'sales', agentId: agent.id, value, ...days });
        const target = await manager.findOneByOrFail(TargetEntity, { organizationId, agentId: agent.id });

        expect(agent).toMatchObject({ teamId: null, hiredOn: '2024-02-29', active: true });
        expect(typeof agent.id).toBe('number');
        expect(target).toMatchObject({ value, ...days });
        expect(typeof target.id).toBe('string');
        expect(target.createdAt).toBeInstanceOf(Date);
      });
    }));
});

describe('the schema', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.close());

  const selectLines = async (sql: string): Promise<string[]> => {
    const { rows } = await database.ownerPool.query<CatalogueLine>(`${sql} order by line`);
    return linesOf(rows);
  };

  it('has an entity for every table, with every column', async () => {
    const dataSource = createDataSource(database.ownerUrl);
    await dataSource.initialize();
    await dataSource.destroy();
    const mapped = dataSource.entityMetadatas.flatMap((entity) =>
      entity.columns.map((column) => `${entity.tableName}.${column.databaseName}`),
    );
    const stored = await selectLines(
      `select t.relname || '.' || a.attname as line
       from (${TABLES}) t
       join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
       where t.relkind in ('r', 'p') and t.relname <> all ('{${WITHOUT_ENTITY.join()}}')`,
    );
    expect(mapped.toSorted()).toEqual(stored.toSorted());
  });

  it('begins every key and index with the organization', async () => {
    const others = await selectLines(
      `select i.indexrelid::regclass::text as line
       from (${TABLES}) t
       join pg_index i on i.indrelid = t.oid
       left join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
       where a.attname is distinct from 'organization_id'`,
    );
    expect(others).toEqual(['api_key_key_id_key', 'organization_pkey']);
  });

  it('has a primary key on every table', async () => {
    const without = await selectLines(
      `select t.relname as line
       from (${TABLES}) t
       where t.relkind in ('r', 'p')
         and not exists (select from pg_index i where i.indrelid = t.oid and i.indisprimary)`,
    );
    expect(without).toEqual([]);
  });

  it('refers to rows of the same organization only', async () => {
    const firstPairs = await selectLines(
      `select distinct concat_ws(' ', a.attname, 'to', case when r.attname = 'id' then k.confrelid::regclass::text end,
                                 r.attname) as line
       from (${TABLES}) t
       join pg_constraint k on k.conrelid = t.oid and k.contype = 'f'
       join pg_attribute a on a.attrelid = t.oid and a.attnum = k.conkey[1]
       join pg_attribute r on r.attrelid = k.confrelid and r.attnum = k.confkey[1]`,
    );
    expect(firstPairs).toEqual(['organization_id to organization id', 'organization_id to organization_id']);
  });

  it('takes two nulls in a unique key for the same', async () => {
    const nullable = await selectLines(
      `select distinct concat_ws(' ', i.indexrelid::regclass, case when i.indnullsnotdistinct then 'same' end) as line
       from (${TABLES}) t
       join pg_index i on i.indrelid = t.oid and i.indisunique
       join pg_attribute a on a.attrelid = t.oid and a.attnum = any (i.indkey) and not a.attnotnull`,
    );
    expect(nullable).toEqual(['observation_identity_key same', 'target_identity_key same']);
  });

  it('secures every table by one policy that holds for the owner too', async () => {
    const tables = await selectLines(`select t.relname as line from (${TABLES}) t where t.relkind in ('r', 'p')`);
    expect(
      await selectLines(`select t.relname as line from (${TABLES}) t where t.relrowsecurity and t.relforcerowsecurity`),
    ).toEqual(tables);
    const ownRows = (column: string): string =>
      `(${column} = (NULLIF(current_setting('app.organization_id'::text, true), ''::text))::integer)`;
    const expected = tables.map((table) => {
      const condition = ownRows(table === 'organization' ? 'id' : 'organization_id');
      return `policy ${table}_tenant on ${table} permissive for * to public using ${condition} check ${condition}`;
    });
    // Administration lists organizations, a key is found, and what is to be worked out, before a tenant is known.
    expected.push(
      'policy organization_owner on organization permissive for r to {scoreline_owner} using true',
      'policy api_key_lookup on api_key permissive for r to {scoreline_owner} using true',
      'policy rollup_mark_lookup on rollup_mark permissive for r to {scoreline_owner} using true',
    );
    expect((await selectLines(POLICIES)).toSorted()).toEqual(expected.toSorted());
  });
});

describe('the migrations', () => {
  it('can be undone to an empty schema and run again to the same', () =>
    withDatabase(async ({ ownerPool, ownerUrl, apiUrl }, dataSource) => {
      const before = linesOf(await readSchema(ownerPool));
      expect(before).not.toEqual([]);
      await undoAllMigrations(dataSource);
      expect(linesOf(await readSchema(ownerPool))).toEqual([]);
      await migrate(ownerUrl, apiUrl);
      expect(linesOf(await readSchema(ownerPool))).toEqual(before);
    }));
});
