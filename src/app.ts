import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, {
  type ConnectionError,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import { AppError } from './errors';
import { type GraphqlServices, graphqlRoute } from './graphql/graphql.route';
import { answerError, answerRefused, errorBody } from './http/error-answer';
import { healthRoute } from './http/health.route';
import { ingestRoute } from './http/ingest.route';

export interface AppOptions {
  readonly services: GraphqlServices;
  readonly logger: Logger;
  /** Aborted once this process has begun to shut down. */
  readonly stopping: AbortSignal;
}

const MAX_BODY_BYTES = 8 * 1024 * 1024;
/** A JSON body has to arrive within this time; streams of records take as long as they need. */
const JSON_BODY_MS = 15_000;
const REQUEST_ID = /^[\w.:/+=-]{1,128}$/;

/** The HTTP server with all routes, not yet listening. */
export async function buildApp({ services, logger, stopping }: AppOptions): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = logger.child({}, { serializers: { req: describeRequest } });
  const app = Fastify({
    loggerInstance,
    logController: new OneLineLog(),
    genReqId: findRequestId,
    bodyLimit: MAX_BODY_BYTES,
    // Of an idle connection, also in the middle of a request.
    connectionTimeout: 60_000,
    // Longer than that of load balancers, who else write into a connection that is being closed.
    keepAliveTimeout: 65_000,
    maxRequestsPerSocket: 1_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 1_000 },
    // What arrives while we finish is still served; the route of readiness tells balancers to stop.
    return503OnClosing: false,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors(error, request, reply) {
      // No hook has run.
      setHeaders(request, reply);
      sendError(error, request, reply);
    },
  });
  app.server.maxConnections = 1_000;

  app.addHook('onRequest', (request, reply, done) => {
    setHeaders(request, reply);
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    // The second for tools that send nothing before they are asked to.
    if (reply.statusCode === 401) reply.header('WWW-Authenticate', 'Bearer realm="scoreline", Basic realm="scoreline"');
    if (stopping.aborted) reply.header('Connection', 'close');
    done(null, payload);
  });
  app.setErrorHandler(sendError);
  app.setNotFoundHandler(() => {
    throw new AppError('NOT_FOUND', 'There is nothing at this path for this method.');
  });
  acceptJsonOnly(app);
  closeConnectionsWhenIdle(app);

  const { auth, ingestion } = services;
  await app.register(healthRoute, { readers: services.database.readers, stopping });
  await app.register(ingestRoute, {
    authenticate: (request) => auth.authenticate(request.headers.authorization),
    ingestion,
  });
  await app.register(graphqlRoute, services);
  return app;
}

/** One line for each request, when it is answered, with what was asked. */
class OneLineLog extends LogController {
  override incomingRequest(): void {
    // Told when it is answered.
  }

  override requestCompleted(_error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    const milliseconds = Math.round(reply.elapsedTime);
    request.log.info({ req: request, status: reply.statusCode, milliseconds }, 'request completed');
  }
}

/** Without the query, which may carry a token, and without headers. */
function describeRequest({ method, url, ip }: FastifyRequest): object {
  return { method, path: url.split('?', 1)[0], ip };
}

/** The caller's id, if it is fit for a log, so that both sides can speak of the same request. */
function findRequestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

function setHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({
    'X-Request-Id': request.id,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  });
}

function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const answer = answerError(error);
  // An AppError was thrown by those who knew why.
  if (answer.status >= 500 && !(error instanceof AppError)) request.log.error({ err: error }, 'request failed');
  void reply.code(answer.status).send(errorBody(answer, request.id));
}

/** Strict: what is not UTF-8 would otherwise be stored as replacement characters. */
function acceptJsonOnly(app: FastifyInstance): void {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(utf8.decode(body)));
    } catch {
      done(new AppError('BAD_USER_INPUT', 'The body is not JSON in UTF-8.'));
    }
  });
  app.addHook('preParsing', (request, reply, payload, done) => {
    if (/^application\/json/i.test(request.headers['content-type'] ?? '')) {
      const timer = setTimeout(() => request.raw.destroy(), JSON_BODY_MS);
      payload.once('end', () => clearTimeout(timer));
      reply.raw.once('close', () => clearTimeout(timer));
    }
    done(null, payload);
  });
}

/** While closing, not only at its beginning: a connection that was busy then would be kept alive after its answer. */
function closeConnectionsWhenIdle(app: FastifyInstance): void {
  let timer: NodeJS.Timeout;
  app.addHook('preClose', (done) => {
    timer = setInterval(() => app.server.closeIdleConnections(), 100);
    done();
  });
  app.addHook('onClose', (_app, done) => {
    clearInterval(timer);
    done();
  });
}

const BROKEN_REQUEST: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** For bytes that are not a request: nothing of the framework has seen them. */
function answerBrokenRequest(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = BROKEN_REQUEST[error.code] ?? 400;
  const body = JSON.stringify(errorBody(answerRefused(status), randomUUID()));
  const head = ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'];
  socket.end(`HTTP/1.1 ${status} Refused\r\n${head.join('\r\n')}\r\n\r\n${body}`);
}
