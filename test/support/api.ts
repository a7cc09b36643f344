import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { type Scope, SCOPES } from '../../src/domain/access';
import { buildApp } from '../../src/app';
import { ApiKeyService } from '../../src/services/api-key.service';
import { AuthService } from '../../src/services/auth.service';
import { DeletionService } from '../../src/services/deletion.service';
import { ExclusionService } from '../../src/services/exclusion.service';
import { IngestionService } from '../../src/services/ingestion.service';
import { KpiService } from '../../src/services/kpi.service';
import { MetricService } from '../../src/services/metric.service';
import { RateLimiter } from '../../src/services/rate-limiter';
import type { TestDatabase } from './database';

export interface GraphqlAnswer {
  readonly status: number;
  // What a query returns is known to the test that sent it.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly data: any;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string; readonly field?: string; readonly requestId: string };
  }[];
}

/** The whole HTTP application on a test database. */
export interface TestApi {
  readonly app: FastifyInstance;
  createKey(
    organizationId: number,
    options?: { scopes?: readonly Scope[]; clients?: readonly string[] },
  ): Promise<string>;
  /** Sends a GraphQL operation with the key. */
  query(key: string, query: string, variables?: object): Promise<GraphqlAnswer>;
  close(): Promise<void>;
}

const NO_LIMIT = { limit: 1_000_000, restorePerSecond: 1_000_000 };

export async function startTestApi(
  { database }: TestDatabase,
  rateLimiter = new RateLimiter(NO_LIMIT),
): Promise<TestApi> {
  const apiKeys = new ApiKeyService(database);
  const app = await buildApp({
    services: {
      database,
      auth: new AuthService(database.readers),
      ingestion: new IngestionService(database),
      exclusions: new ExclusionService(database),
      deletions: new DeletionService(database),
      kpi: new KpiService(),
      metrics: new MetricService(database),
      rateLimiter,
    },
    logger: pino({ level: 'silent' }),
    stopping: new AbortController().signal,
  });
  return {
    app,
    async createKey(organizationId, { scopes = SCOPES, clients } = {}) {
      const usable = clients ? scopes.filter((scope) => scope !== 'ADMIN') : scopes;
      return (await apiKeys.create(organizationId, { name: 'test', scopes: usable, clients })).secret;
    },
    async query(key, query, variables) {
      const response = await app.inject({
        method: 'POST',
        url: '/graphql',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        payload: { query, variables },
      });
      return { status: response.statusCode, ...response.json<Omit<GraphqlAnswer, 'status'>>() };
    },
    close: () => app.close(),
  };
}
