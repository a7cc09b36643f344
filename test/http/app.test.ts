import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { QueryFailedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { buildApp } from '../../src/app';
import { Database } from '../../src/db/database';
import { InvalidInput } from '../../src/domain/invalid-input';
import { AppError } from '../../src/errors';
import { answerError } from '../../src/http/error-answer';
import { createLogger } from '../../src/logger';
import { ApiKeyService } from '../../src/services/api-key.service';
import { AuthService } from '../../src/services/auth.service';
import { DeletionService } from '../../src/services/deletion.service';
import { ExclusionService } from '../../src/services/exclusion.service';
import { IngestionService } from '../../src/services/ingestion.service';
import { KpiService } from '../../src/services/kpi.service';
import { MetricService } from '../../src/services/metric.service';
import { RateLimiter } from '../../src/services/rate-limiter';
import { createTestDatabase, type TestDatabase } from '../support/database';

const SECRET_SQL = 'select secret from hidden_table';
const JSON_TYPE = { 'content-type': 'application/json' };

let db: TestDatabase;
let app: FastifyInstance;
let stopping: AbortController;
let log: string;

beforeAll(async () => (db = await createTestDatabase()));
afterAll(() => db.close());

beforeEach(async () => {
  log = '';
  stopping = new AbortController();
  app = await makeApp(db.database);
});
afterEach(() => app.close());

async function makeApp(database: Database): Promise<FastifyInstance> {
  const made = await buildApp({
    services: {
      database,
      auth: new AuthService(database.readers),
      ingestion: new IngestionService(database),
      exclusions: new ExclusionService(database),
      deletions: new DeletionService(database),
      kpi: new KpiService(),
      metrics: new MetricService(database),
      rateLimiter: new RateLimiter({ limit: 1_000, restorePerSecond: 100 }),
    },
    logger: createLogger('info', { write: (line) => void (log += line) }),
    stopping: stopping.signal,
  });
  made.get('/fail', () => {
    throw new QueryFailedError(SECRET_SQL, ['a customer'], new Error('relation "hidden_table" does not exist'));
  });
  made.post('/echo', (request) => ({ body: request.body }));
  return made;
}

const errorOf = (body: string): unknown => (JSON.parse(body) as { errors: [unknown] }).errors[0];

describe('health', () => {
  it('is up, and ready while the database answers', async () => {
    for (const url of ['/healthz', '/readyz']) {
      const response = await app.inject(url);
      expect([response.statusCode, response.json()]).toEqual([200, { status: 'ok' }]);
    }
    expect(log).toBe('');
  });

  it('is not ready once it shuts down, but still up', async () => {
    stopping.abort();
    const ready = await app.inject('/readyz');
    expect(ready.statusCode).toBe(503);
    expect(errorOf(ready.body)).toMatchObject({ extensions: { code: 'UNAVAILABLE' } });
    expect((await app.inject('/healthz')).statusCode).toBe(200);
  });

  it('is not ready without a database, and says why in the log only', async () => {
    const gone = await Database.open(db.apiUrl, { readPoolSize: 1, writePoolSize: 1, queryTimeoutMs: 1_000 });
    await gone.close();
    const orphan = await makeApp(gone);
    const ready = await orphan.inject('/readyz');
    expect(ready.statusCode).toBe(503);
    expect(errorOf(ready.body)).toMatchObject({ message: 'The database does not answer.' });
    expect(log).toContain('Cannot use a pool');
    await orphan.close();
  });
});

describe('an answer', () => {
  it('is neither sniffed nor stored, and does not name its maker', async () => {
    const { headers } = await app.inject('/healthz');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('server');
  });

  it("carries the caller's request id", async () => {
    const { headers, body } = await app.inject({ url: '/none', headers: { 'x-request-id': 'a-1_b.c' } });
    expect(headers['x-request-id']).toBe('a-1_b.c');
    expect(errorOf(body)).toMatchObject({ extensions: { requestId: 'a-1_b.c' } });
    expect(log).toContain('"reqId":"a-1_b.c"');
  });

  it.each(['', 'a b', '"quoted"', 'x'.repeat(129), 'naïve'])('carries one of ours in place of "%s"', async (id) => {
    const { headers } = await app.inject({ url: '/healthz', headers: { 'x-request-id': id } });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('an error', () => {
  it.each([
    ['an unknown path', { url: '/none' }, 404, 'NOT_FOUND'],
    ['an unknown method', { url: '/healthz', method: 'DELETE' as const }, 404, 'NOT_FOUND'],
    ['a path that cannot be decoded', { url: '/%zz' }, 400, 'BAD_USER_INPUT'],
    ['no key', { url: '/v1/ingest/orders', method: 'POST' as const }, 401, 'UNAUTHENTICATED'],
    [
      'another content type',
      { url: '/echo', method: 'POST' as const, headers: { 'content-type': 'text/plain' }, payload: 'x' },
      415,
      'BAD_USER_INPUT',
    ],
  ])('for %s has our shape', async (_, request, status, code) => {
    const { statusCode, body, headers } = await app.inject(request);
    expect(statusCode).toBe(status);
    expect(JSON.parse(body)).toEqual({
      errors: [{ message: expect.any(String) as string, extensions: { code, requestId: headers['x-request-id'] } }],
    });
  });

  it('that nobody foresaw is told in one fixed sentence, and logged without what the statement carried', async () => {
    const { statusCode, body } = await app.inject('/fail');
    expect(statusCode).toBe(500);
    expect(errorOf(body)).toMatchObject({
      message: 'Something went wrong on our side: tell us the request id.',
      extensions: { code: 'INTERNAL' },
    });
    expect(log).toContain('relation \\"hidden_table\\" does not exist');
    expect(log).not.toContain(SECRET_SQL);
    expect(log).not.toContain('a customer');
  });

  it('for want of a key tells tools how to send one', async () => {
    const { headers } = await app.inject({ url: '/v1/ingest/orders', method: 'POST' });
    expect(headers['www-authenticate']).toBe('Bearer realm="scoreline", Basic realm="scoreline"');
  });
});

describe('a JSON body', () => {
  const post = (payload: Buffer | string) => app.inject({ method: 'POST', url: '/echo', headers: JSON_TYPE, payload });

  it('is taken as it is, with or without a byte-order mark', async () => {
    expect((await post('{"a":"客服"}')).json()).toEqual({ body: { a: '客服' } });
    expect((await post('\ufeff{"a":1}')).json()).toEqual({ body: { a: 1 } });
  });

  it.each([
    ['cut within a character', Buffer.from('{"a":"客"}').subarray(0, 8)],
    ['in Latin-1', Buffer.from('{"a":"é"}', 'latin1')],
    ['with a lone surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['cut short', Buffer.from('{"a":')],
    ['that is empty', Buffer.from('')],
  ])('%s is refused', async (_, payload) => {
    const { statusCode, body } = await post(payload);
    expect(statusCode).toBe(400);
    expect(errorOf(body)).toMatchObject({
      message: 'The body is not JSON in UTF-8.',
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  it('of 8 MiB is taken, and of a byte more is refused', async () => {
    const ofSize = (bytes: number): string => `"${'x'.repeat(bytes - 2)}"`;
    expect((await post(ofSize(8 * 1024 * 1024))).statusCode).toBe(200);
    const { statusCode, body } = await post(ofSize(8 * 1024 * 1024 + 1));
    expect(statusCode).toBe(413);
    expect(errorOf(body)).toMatchObject({ message: 'The body is too large.', extensions: { code: 'BAD_USER_INPUT' } });
  });
});

describe('the log', () => {
  it('has neither keys nor queries of requests', async () => {
    const organizationId = await db.createOrganization();
    const { secret } = await new ApiKeyService(db.database).create(organizationId, { name: 'k', scopes: ['KPI_READ'] });
    app.get('/careless', (request) => {
      request.log.info({ req: request, headers: request.headers, raw: { headers: request.headers } }, 'careless');
      return null;
    });
    await app.inject({ url: '/careless?feed_token=abc123', headers: { authorization: `Bearer ${secret}` } });
    expect(log).toContain('"path":"/careless"');
    expect(log).toContain('[Redacted]');
    expect(log).not.toContain(secret);
    expect(log).not.toContain('abc123');
  });

  it('has one line for each request', async () => {
    await app.inject('/none');
    expect(log.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(log)).toMatchObject({ req: { method: 'GET', path: '/none' }, status: 404 });
  });
});

describe('on the wire', () => {
  async function send(bytes: string): Promise<string> {
    await app.listen({ host: '127.0.0.1', port: 0 });
    const [address] = app.addresses();
    if (typeof address !== 'object') throw new Error('It listens on a port.');
    const socket = connect(address.port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
    socket.write(bytes);
    await once(socket, 'close');
    return answer;
  }

  it.each([
    ['what is not HTTP', 'hello\r\n\r\n', 400],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%s is refused in our shape', async (_, bytes, status) => {
    const [head = '', body = ''] = (await send(bytes)).split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect(errorOf(body)).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  });

  it('a request that is being answered is finished before the server closes', async () => {
    app.get('/slow', async () => {
      await delay(300);
      return { done: true };
    });
    const answer = send('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await delay(150);
    await app.close();
    expect(await answer).toContain('{"done":true}');
  });
});

describe('the answer to', () => {
  const failed = (code: string): Error =>
    new QueryFailedError(SECRET_SQL, [], Object.assign(new Error('secret'), { code }));

  it.each<[string, unknown, number, string]>([
    ['a statement that took too long', failed('57014'), 504, 'TIMEOUT'],
    ['a server that shuts down', failed('57P01'), 503, 'UNAVAILABLE'],
    ['a lost connection', failed('08006'), 503, 'UNAVAILABLE'],
    ['too many connections', failed('53300'), 503, 'UNAVAILABLE'],
    ['a deadlock that did not go away', failed('40P01'), 503, 'UNAVAILABLE'],
    ['a value that should have been checked', failed('22003'), 500, 'INTERNAL'],
    ['a key that should have been checked', failed('23505'), 500, 'INTERNAL'],
    ['a right that is missing', failed('42501'), 500, 'INTERNAL'],
    ['a refused connection', Object.assign(new Error('secret'), { code: 'ECONNREFUSED' }), 503, 'UNAVAILABLE'],
    ['a full pool', new Error('timeout exceeded when trying to connect'), 503, 'UNAVAILABLE'],
    ['a dead connection', new Error('Connection terminated unexpectedly'), 503, 'UNAVAILABLE'],
    ['a connection that died between', new QueryRunnerProviderAlreadyReleasedError(), 503, 'UNAVAILABLE'],
    ['a bug', new TypeError('secret'), 500, 'INTERNAL'],
    ['something that is no error', 'secret', 500, 'INTERNAL'],
  ])('%s', (_, error, status, code) => {
    const answer = answerError(error);
    expect(answer).toMatchObject({ status, code });
    expect(answer.message).not.toContain('secret');
  });

  it('what was written for the caller, in those words', () => {
    expect(answerError(new AppError('CONFLICT', 'Taken.', { field: 'name' }))).toEqual({
      status: 409,
      code: 'CONFLICT',
      message: 'Taken.',
      field: 'name',
    });
    expect(answerError(new InvalidInput('from', 'from is after to.'))).toMatchObject({ status: 400, field: 'from' });
  });
});
