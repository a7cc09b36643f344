import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { Pool } from 'pg';
import { pino } from 'pino';
import { SCOPES } from '../../src/domain/access';
import { buildApp } from '../../src/app';
import { Database } from '../../src/db/database';
import { acquireEmbeddedPostgres } from '../../src/db/embedded-postgres';
import { migrate, provisionCluster } from '../../src/db/provision';
import { ApiKeyService } from '../../src/services/api-key.service';
import { AuthService } from '../../src/services/auth.service';
import { DeletionService } from '../../src/services/deletion.service';
import { ExclusionService } from '../../src/services/exclusion.service';
import { IngestionService } from '../../src/services/ingestion.service';
import { KpiService } from '../../src/services/kpi.service';
import { MetricService } from '../../src/services/metric.service';
import { OrganizationService } from '../../src/services/organization.service';
import { PromptRefresher } from '../../src/services/prompt-refresher';
import { RollupService } from '../../src/services/rollup.service';
import { RateLimiter } from '../../src/services/rate-limiter';

/** The whole service on a server of its own, with the settings of production. */
export interface BenchServer {
  readonly url: string;
  readonly database: Database;
  readonly ingestion: IngestionService;
  /** Not bound by row-level security: for the floors that others are compared to. */
  readonly superuser: Pool;
  readonly superuserUrl: string;
  /** As the API's login, one statement after another. */
  readonly reader: Pool;
  readonly rollup: RollupService;
  createOrganization(): Promise<{ readonly id: number; readonly key: string }>;
  close(): Promise<void>;
}

export async function startBenchServer(): Promise<BenchServer> {
  const directory = await mkdtemp(join(tmpdir(), 'scoreline-bench-'));
  await chmod(directory, 0o755);
  const server = await acquireEmbeddedPostgres({ dataDirectory: join(directory, 'data') });
  const { apiUrl, ownerUrl } = await provisionCluster(server.superuserUrl);
  if (!ownerUrl) throw new Error('The cluster has an owner.');
  await migrate(ownerUrl, apiUrl);
  const database = await Database.open(apiUrl, { readPoolSize: 8, writePoolSize: 4, queryTimeoutMs: 60_000 });
  const owner = new Pool({ connectionString: ownerUrl, max: 1 });
  const superuserUrl = new URL(server.superuserUrl);
  superuserUrl.pathname = '/scoreline';
  const superuser = new Pool({ connectionString: superuserUrl.toString(), max: 2 });
  const reader = new Pool({ connectionString: apiUrl, max: 8 });
  const rollup = new RollupService(database);
  const refresher = PromptRefresher.strict(database);
  const ingestion = new IngestionService(database, refresher);
  const app = await listen(database, ingestion, refresher);
  const address = app.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server listens on a port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    database,
    ingestion,
    superuser,
    superuserUrl: superuserUrl.toString(),
    reader,
    rollup,
    async createOrganization() {
      const { id } = await new OrganizationService(owner).create({
        name: `Bench ${Date.now()}`,
        timeZone: 'Asia/Shanghai',
        createdAt: new Date(),
      });
      const { secret } = await new ApiKeyService(database).create(id, { name: 'bench', scopes: [...SCOPES] });
      return { id, key: secret };
    },
    async close() {
      await app.close();
      await database.close();
      await owner.end();
      await reader.end();
      await superuser.end();
      await server.release();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function listen(
  database: Database,
  ingestion: IngestionService,
  refresher: PromptRefresher,
): Promise<FastifyInstance> {
  const app = await buildApp({
    services: {
      database,
      auth: new AuthService(database.readers),
      ingestion,
      exclusions: new ExclusionService(database, refresher),
      deletions: new DeletionService(database, refresher),
      kpi: new KpiService(),
      metrics: new MetricService(database),
      rateLimiter: new RateLimiter({ limit: 1e9, restorePerSecond: 1e9 }),
    },
    logger: pino({ level: 'error' }),
    stopping: new AbortController().signal,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return app;
}

export function describeMachine(): string {
  const model = cpus()[0]?.model ?? 'unknown';
  return `${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}; client, server and database share it`;
}
