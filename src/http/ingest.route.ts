import { Readable } from 'node:stream';
import type { FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../domain/access';
import { RECORD_KINDS, type RecordKind } from '../domain/records';
import { AppError } from '../errors';
import { requireScope } from '../services/auth.service';
import { ingestStream, NOTHING_INGESTED, type StreamResult } from '../services/ingest-stream';
import type { IngestionService } from '../services/ingestion.service';
import { gunzip } from '../services/record-reader/gunzip';
import { type RecordFormat, readRecords } from '../services/record-reader/record-reader';
import { RejectedSpool } from '../services/rejected-spool';
import { answerError, errorBody } from './error-answer';

export interface IngestRouteOptions {
  /** Throws AppError. */
  readonly authenticate: (request: FastifyRequest) => Promise<Principal>;
  readonly ingestion: Pick<IngestionService, 'ingest'>;
}

const FORMATS = new Map<string, RecordFormat>([
  ['text/csv', 'csv'],
  ['application/x-ndjson', 'ndjson'],
  ['application/ndjson', 'ndjson'],
  ['application/jsonl', 'ndjson'],
]);

/** POST /v1/ingest/{kind}: CSV or NDJSON of any size, taken in as it arrives. */
export const ingestRoute: FastifyPluginCallback<IngestRouteOptions> = (app, { authenticate, ingestion }, done) => {
  // The body stays a stream, therefore without a limit; only for routes of this plugin.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));

  app.post<{ Params: { kind: string } }>('/v1/ingest/:kind', async (request, reply) => {
    const spool = new RejectedSpool();
    let result = NOTHING_INGESTED;
    let failure: unknown = null;
    try {
      const principal = await authenticate(request);
      requireScope(principal, 'INGEST');
      const kind = getKind(request.params.kind);
      await ingestStream(ingestion, principal, kind, readRecords(bodyOf(request), kind, getFormat(request)), {
        onProgress: (soFar) => (result = soFar),
        onRejected: (rejected) => spool.add(rejected),
      });
    } catch (error) {
      failure = error;
      // What is still to come must be read off, or the connection stays stuck in it.
      request.raw.resume();
    }
    const isGone = request.raw.socket.destroyed;
    if (isGone || failure !== null) await spool.close();
    // The client broke off: whole batches stay, and nobody is left to answer.
    if (isGone) return reply.hijack();
    return failure === null ? sendResult(reply, result, spool) : sendError(request, reply, failure, result);
  });
  done();
};

/** A body of a kind that HTTP has a status of its own for. */
class UnsupportedMedia extends AppError {
  constructor(message: string) {
    super('BAD_USER_INPUT', message);
  }
}

function getKind(name: string): RecordKind {
  const kind = RECORD_KINDS.find((known) => known === name);
  if (kind !== undefined) return kind;
  throw new AppError('NOT_FOUND', `There is no such kind of record; there are ${RECORD_KINDS.join(', ')}.`);
}

function getFormat({ headers }: FastifyRequest): RecordFormat {
  const format = FORMATS.get(headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '');
  if (format !== undefined) return format;
  throw new UnsupportedMedia(`The Content-Type is one of ${[...FORMATS.keys()].join(', ')}.`);
}

function bodyOf({ raw, headers }: FastifyRequest): AsyncIterable<Uint8Array> {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  // To leave the loop early must not close the connection: the answer still has to go out on it.
  if (encoding === 'identity') return raw.iterator({ destroyOnReturn: false });
  if (encoding === 'gzip') return gunzip(raw);
  throw new UnsupportedMedia('The only Content-Encoding is gzip.');
}

function sendResult(reply: FastifyReply, result: StreamResult, spool: RejectedSpool): FastifyReply {
  const body = Readable.from(writeResult(result, spool));
  body.once('close', () => void spool.close());
  return reply.type('application/json; charset=utf-8').send(body);
}

async function* writeResult({ accepted, unchanged, stale }: StreamResult, spool: RejectedSpool) {
  yield `{"accepted":${accepted},"unchanged":${unchanged},"stale":${stale},"rejected":[`;
  yield* spool.elements();
  yield ']}';
}

/** The error, and what was taken in before it: to send everything again is safe. */
function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
  committed: StreamResult,
): FastifyReply {
  const answer = answerError(error);
  if (answer.status >= 500) request.log.error({ err: error }, 'ingestion failed');
  const {
    errors: [{ message, extensions }],
  } = errorBody(answer, request.id);
  const told = committed === NOTHING_INGESTED ? extensions : { ...extensions, committed };
  const status = error instanceof UnsupportedMedia ? 415 : answer.status;
  return reply.code(status).send({ errors: [{ message, extensions: told }] });
}
