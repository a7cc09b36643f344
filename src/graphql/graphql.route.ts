import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, type GraphQLFormattedError, OperationTypeNode } from 'graphql';
import type { Database } from '../db/database';
import type { Principal } from '../domain/access';
import { AppError } from '../errors';
import { answerError } from '../http/error-answer';
import type { AuthService } from '../services/auth.service';
import type { DeletionService } from '../services/deletion.service';
import type { ExclusionService } from '../services/exclusion.service';
import type { IngestionService } from '../services/ingestion.service';
import type { KpiService } from '../services/kpi.service';
import type { MetricService } from '../services/metric.service';
import type { Balance, RateLimiter } from '../services/rate-limiter';
import { KpiReader } from '../services/reading/kpi-reader';
import { Reader } from '../services/reading/reader';
import type { Context, Reading } from './context';
import { buildApiSchema } from './schema';
import { siftRecords } from './sift-records';

export interface GraphqlServices {
  readonly database: Database;
  readonly auth: AuthService;
  readonly ingestion: IngestionService;
  readonly exclusions: ExclusionService;
  readonly deletions: DeletionService;
  readonly kpi: KpiService;
  readonly metrics: MetricService;
  readonly rateLimiter: RateLimiter;
}

/** One small query may expand to millions of selections through fragments; the default limit lets it. */
const MAX_RECURSIVE_SELECTIONS = 2_000;

/** `/graphql`: every operation needs a key. */
export async function graphqlRoute(app: FastifyInstance, services: GraphqlServices): Promise<void> {
  const apollo = new ApolloServer<Context>({
    schema: buildApiSchema(),
    plugins: [
      // By default it wraps every field of every row.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      siftIngestedRecords,
      finishRequest(app),
    ],
    maxRecursiveSelections: MAX_RECURSIVE_SELECTIONS,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: describeError,
    logger: app.log,
  });
  await apollo.start();
  app.addHook('onClose', () => apollo.stop());
  const callers = new WeakMap<FastifyRequest, Caller>();
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    // Before Apollo: who may not ask gets 401 or 429, whatever the query.
    preHandler: async (request, reply) => {
      callers.set(request, await admit(services, request, reply));
    },
    handler: fastifyApolloHandler(apollo, {
      context: (request, reply) => Promise.resolve(openContext(services, callers.get(request), request, reply)),
    }),
  });
}

interface Caller {
  readonly principal: Principal;
  readonly rateLimit: Balance;
}

async function admit(services: GraphqlServices, request: FastifyRequest, reply: FastifyReply): Promise<Caller> {
  const principal = await services.auth.authenticate(request.headers.authorization);
  try {
    return { principal, rateLimit: services.rateLimiter.take(principal.keyId, 1) };
  } catch (error) {
    if (error instanceof AppError) reply.header('Retry-After', error.details.retryAfterSeconds);
    throw error;
  }
}

function openContext(
  services: GraphqlServices,
  caller: Caller | undefined,
  request: FastifyRequest,
  reply: FastifyReply,
): Context {
  if (!caller) throw new Error('A request is admitted before it is executed.');
  const { ingestion, exclusions, deletions, metrics } = services;
  let reading = openReading(services, caller.principal);
  // Gone before the answer: nobody waits for what the database is still computing.
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) void reading.snapshot.abort();
  });
  return {
    ...caller,
    requestId: request.id,
    now: new Date(),
    ...reading,
    ingestion,
    exclusions,
    deletions,
    metrics,
    readAnew() {
      void reading.snapshot.end();
      reading = openReading(services, caller.principal);
      // Not what is made here: Apollo gives resolvers a copy.
      Object.assign(this, reading);
    },
  };
}

function openReading({ database, kpi, metrics }: GraphqlServices, principal: Principal): Reading {
  const snapshot = database.snapshot(principal.organizationId);
  const reader = new Reader(snapshot, principal);
  return { snapshot, reader, kpis: new KpiReader(reader, kpi, metrics) };
}

const siftIngestedRecords: ApolloServerPlugin<Context> = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ schema, operation, request }) => {
        if (operation?.operation === OperationTypeNode.MUTATION && request.variables) {
          request.variables = siftRecords(schema, operation, request.variables);
        }
        return Promise.resolve();
      },
    }),
};

/** Gives the connection back, stamps errors with the request's id, and logs those that are ours to look into. */
function finishRequest(app: FastifyInstance): ApolloServerPlugin<Context> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didEncounterErrors: ({ errors, contextValue: { requestId } }) => {
          for (const error of errors) {
            const cause = error.originalError ?? error;
            if (answerError(cause).status >= 500 && error.originalError) {
              app.log.error({ err: cause, requestId, path: error.path }, 'field failed');
            }
          }
          return Promise.resolve();
        },
        willSendResponse: ({ contextValue: { requestId, snapshot }, response: { body } }) => {
          void snapshot.end();
          if (body.kind === 'single' && body.singleResult.errors) {
            body.singleResult.errors = body.singleResult.errors.map((error) => ({
              ...error,
              extensions: { ...error.extensions, requestId },
            }));
          }
          return Promise.resolve();
        },
      }),
  };
}

/** What GraphQL itself finds wrong with a request, by Apollo's codes. */
const REQUEST_ERRORS = new Set<unknown>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
]);

/** Only what was written for the caller leaves: a code of the closed list, its sentence, and the field to blame. */
function describeError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  if (cause instanceof GraphQLError && REQUEST_ERRORS.has(formatted.extensions?.code)) {
    return { ...formatted, extensions: { code: 'BAD_USER_INPUT' } };
  }
  const { code, message, field } = answerError(cause);
  return { ...formatted, message, extensions: { code, ...(field === undefined ? {} : { field }) } };
}
