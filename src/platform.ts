import { Pool } from 'pg';
import type { Config } from './config';
import { explainProblems } from './db/connect-problem';
import { Database } from './db/database';
import { acquireEmbeddedPostgres } from './db/embedded-postgres';
import { MIGRATIONS } from './db/migrations';
import { assertServable, type DatabaseUrls, migrate, provisionCluster, ProvisionError } from './db/provision';
import { ApiKeyService } from './services/api-key.service';
import { AuthService } from './services/auth.service';
import { DeletionService } from './services/deletion.service';
import { ExclusionService } from './services/exclusion.service';
import { IngestionService } from './services/ingestion.service';
import { KpiService } from './services/kpi.service';
import { MetricService } from './services/metric.service';
import { OrganizationService } from './services/organization.service';
import { PromptRefresher } from './services/prompt-refresher';
import { RateLimiter } from './services/rate-limiter';
import { RollupService } from './services/rollup.service';

/** A database that is ready, and all that can be done with it. */
export interface Platform {
  readonly database: Database;
  readonly auth: AuthService;
  readonly apiKeys: ApiKeyService;
  readonly ingestion: IngestionService;
  readonly exclusions: ExclusionService;
  readonly deletions: DeletionService;
  readonly rollups: RollupService;
  readonly kpi: KpiService;
  readonly metrics: MetricService;
  readonly rateLimiter: RateLimiter;
  /** Throws ProvisionError where no owner's login is known. */
  organizations(): OrganizationService;
  /** Migrations that were applied by opening it; null where no owner's login is known. */
  readonly migrated: readonly string[] | null;
  close(): Promise<void>;
}

export interface PlatformListener {
  /** Hears, in one line, of anything the operator should know. */
  readonly notify: (line: string) => void;
  /** Hears of connections that broke while idle; they are replaced. */
  readonly onError: (error: Error) => void;
  /** Hears of writes whose rollups could not be brought up to date at once. */
  readonly onRefreshError: (error: unknown) => void;
}

/** Opens the database that the configuration names, or the embedded one; as an owner is known, on the current schema. */
export async function openPlatform(config: Config, listener: PlatformListener): Promise<Platform> {
  const server = await findServer(config, listener);
  try {
    const migrated = await prepare(server.urls);
    const database = await Database.open(server.urls.apiUrl, { ...config, onError: listener.onError });
    return build(config, database, server, migrated, listener);
  } catch (error) {
    await server.release();
    throw error;
  }
}

interface Server {
  readonly urls: DatabaseUrls;
  readonly release: () => Promise<void>;
}

async function findServer(config: Config, { notify }: PlatformListener): Promise<Server> {
  if (config.databaseUrl !== null) {
    const urls = { apiUrl: config.databaseUrl, ownerUrl: config.databaseOwnerUrl };
    return { urls, release: () => Promise.resolve() };
  }
  const embedded = await acquireEmbeddedPostgres({ dataDirectory: config.dataDirectory, notify });
  try {
    return { urls: await provisionCluster(embedded.superuserUrl), release: () => embedded.release() };
  } catch (error) {
    await embedded.release();
    throw error;
  }
}

async function prepare({ apiUrl, ownerUrl }: DatabaseUrls): Promise<readonly string[] | null> {
  const migration =
    ownerUrl && (await explainProblems('DATABASE_OWNER_URL', ownerUrl, () => migrate(ownerUrl, apiUrl)));
  const expected = MIGRATIONS.map(({ name }) => name);
  await explainProblems('DATABASE_URL', apiUrl, () => assertServable(apiUrl, expected));
  return migration ? migration.applied : null;
}

function build(
  config: Config,
  database: Database,
  { urls, release }: Server,
  migrated: readonly string[] | null,
  { onError, onRefreshError }: PlatformListener,
): Platform {
  // Connects when it is first used.
  const owner = urls.ownerUrl === null ? null : new Pool({ connectionString: urls.ownerUrl, max: 1 });
  owner?.on('error', onError);
  const rollups = new RollupService(database);
  const refresher = new PromptRefresher(rollups, onRefreshError);
  return {
    database,
    auth: new AuthService(database.readers),
    apiKeys: new ApiKeyService(database),
    ingestion: new IngestionService(database, refresher),
    exclusions: new ExclusionService(database, refresher),
    deletions: new DeletionService(database, refresher),
    rollups,
    kpi: new KpiService(),
    metrics: new MetricService(database),
    rateLimiter: new RateLimiter({
      limit: config.rateLimitPoints,
      restorePerSecond: config.rateLimitRestorePerSecond,
    }),
    organizations() {
      if (owner) return new OrganizationService(owner);
      throw new ProvisionError('Set DATABASE_OWNER_URL: only the owner of the tables may list and make organizations.');
    },
    migrated,
    async close() {
      await database.close();
      await owner?.end();
      // Last: the server may stop with it.
      await release();
    },
  };
}
