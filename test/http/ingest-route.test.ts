import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import type { Scope } from '../../src/domain/access';
import { AppError } from '../../src/errors';
import { ingestRoute } from '../../src/http/ingest.route';
import { FakeIngestion } from '../support/fake-ingestion';
import { makePrincipal } from '../support/ingest';

const CSV = { 'content-type': 'text/csv' };
const NDJSON = { 'content-type': 'application/x-ndjson' };
const GZIP = { ...NDJSON, 'content-encoding': 'gzip' };

let app: FastifyInstance;
let ingestion: FakeIngestion;
let beforeBatch: (number: number) => Promise<void> | void;
let logged: string[];

beforeEach(async () => {
  beforeBatch = () => undefined;
  logged = [];
  ingestion = new FakeIngestion((number) => beforeBatch(number));
  app = fastify({ bodyLimit: 1000, logger: { level: 'error', stream: { write: (line) => logged.push(line) } } });
  app.post('/echo', (request) => ({ body: request.body }));
  await app.register(ingestRoute, {
    ingestion,
    authenticate: async ({ headers }) => {
      await Promise.resolve();
      if (headers.authorization === '') throw new AppError('UNAUTHENTICATED', 'No key.');
      return makePrincipal(1, {
        scopes: new Set<Scope>(headers.authorization === 'reader' ? ['KPI_READ'] : ['INGEST']),
      });
    },
  });
});
afterEach(() => app.close());

function post(kind: string, headers: Record<string, string>, body: string | Buffer = '') {
  return app.inject({
    method: 'POST',
    url: `/v1/ingest/${kind}`,
    headers: { authorization: 'writer', ...headers },
    payload: body,
  });
}

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `{"externalId":"t${from + index}","name":"Team"}\n`).join('');

describe('POST /v1/ingest/:kind', () => {
  it.each(['application/x-ndjson', 'application/ndjson', 'application/jsonl', 'Application/X-NDJSON; charset=utf-8'])(
    'takes NDJSON as %s',
    async (type) => {
      const response = await post('teams', { 'content-type': type }, lines(0, 3));
      expect(response.statusCode).toBe(200);
      expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(response.json()).toEqual({ accepted: 3, unchanged: 0, stale: 0, rejected: [] });
      expect(ingestion.batches).toMatchObject([{ kind: 'teams', raws: [{ externalId: 't0' }, {}, {}] }]);
    },
  );

  it('takes CSV and tells every rejected line', async () => {
    const response = await post('teams', CSV, 'externalId,name\nt1,A\nt2,\nt3,C,x\n');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      accepted: 1,
      unchanged: 0,
      stale: 0,
      rejected: [
        { kind: 'teams', index: 1, line: 3, externalId: 't2', field: 'name', code: 'REQUIRED', message: 'A value is needed.' },
        { kind: 'teams', index: 2, line: 4, externalId: null, field: null, code: 'MALFORMED', message: 'The header has 2 cells, this row has 3.' },
      ],
    }); // prettier-ignore
  });

  it('takes a body of any size in batches', async () => {
    const response = await post('teams', NDJSON, lines(0, 2500));
    expect(response.json()).toMatchObject({ accepted: 2500, rejected: [] });
    expect(ingestion.batches.map(({ raws }) => raws.length)).toEqual([1000, 1000, 500]);
  });

  it('tells of every line, however many are bad', async () => {
    const response = await post('teams', NDJSON, 'x\n'.repeat(20_000));
    const { accepted, rejected } = response.json<{ accepted: number; rejected: { index: number; line: number }[] }>();
    expect(accepted).toBe(0);
    expect(rejected).toHaveLength(20_000);
    expect(rejected.at(-1)).toMatchObject({ index: 19_999, line: 20_000 });
  });

  it.each([
    ['no body', ''],
    ['a header only', 'externalId,name\n'],
  ])('takes nothing from %s', async (_case, body) => {
    const response = await post('teams', CSV, body);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ accepted: 0, unchanged: 0, stale: 0, rejected: [] });
    expect(ingestion.batches).toEqual([]);
  });

  it('inflates gzip', async () => {
    const response = await post('teams', GZIP, gzipSync(lines(0, 3)));
    expect(response.json()).toMatchObject({ accepted: 3 });
  });

  it.each([
    ['no key', 'teams', { ...CSV, authorization: '' }, 401, 'UNAUTHENTICATED'],
    ['a key without INGEST', 'teams', { ...CSV, authorization: 'reader' }, 403, 'FORBIDDEN'],
    ['an unknown kind', 'colours', CSV, 404, 'NOT_FOUND'],
    ['a name that every object has', 'constructor', CSV, 404, 'NOT_FOUND'],
    ['another type', 'teams', { 'content-type': 'application/json' }, 415, 'BAD_USER_INPUT'],
    ['no type', 'teams', {}, 415, 'BAD_USER_INPUT'],
    ['another encoding', 'teams', { ...CSV, 'content-encoding': 'br' }, 415, 'BAD_USER_INPUT'],
    ['no gzip', 'teams', { ...CSV, 'content-encoding': 'gzip' }, 400, 'BAD_USER_INPUT'],
    ['a bad header', 'teams', CSV, 400, 'BAD_USER_INPUT'],
  ])('refuses %s', async (_case, kind, headers, status, code) => {
    const response = await app.inject({
      method: 'POST',
      url: `/v1/ingest/${kind}`,
      headers: { authorization: 'writer', ...headers },
      payload: 'id\n1\n',
    });
    expect(response.statusCode).toBe(status);
    const { errors } = response.json<{ errors: { extensions: Record<string, string> }[] }>();
    expect(errors).toMatchObject([{ extensions: { code } }]);
    expect(errors[0]?.extensions.requestId).toMatch(/./);
    expect(ingestion.batches).toEqual([]);
  });

  it('names the column to blame', async () => {
    const response = await post('teams', CSV, 'externalId,name,colour\n');
    expect(response.json()).toMatchObject({ errors: [{ extensions: { field: 'colour' } }] });
  });

  it.each([
    ['UNAVAILABLE', 503, new AppError('UNAVAILABLE', 'The database is restarting.'), 'The database is restarting.'],
    [
      'INTERNAL',
      500,
      new Error('relation "session" does not exist'),
      'Something went wrong on our side: tell us the request id.',
    ],
  ])(
    'tells what was taken in before it failed with %s, and logs what is ours',
    async (code, status, error, message) => {
      beforeBatch = (number) => {
        if (number === 3) throw error;
      };
      const response = await post('teams', NDJSON, `x\n${lines(0, 2500)}`);
      expect(response.statusCode).toBe(status);
      expect(response.json()).toMatchObject({
        errors: [{ message, extensions: { code, committed: { accepted: 1999, unchanged: 0, stale: 0, rejected: 1 } } }],
      });
      expect(logged).toHaveLength(1);
    },
  );

  it('says nothing of earlier records where there are none', async () => {
    const response = await post('teams', CSV, 'colour\n');
    expect(response.body).not.toContain('committed');
  });

  it('leaves the body limit and the parsers of other routes alone', async () => {
    const echo = (size: number) => app.inject({ method: 'POST', url: '/echo', payload: { text: 'x'.repeat(size) } });
    expect((await echo(10)).json()).toEqual({ body: { text: 'x'.repeat(10) } });
    expect((await echo(2000)).statusCode).toBe(413);
  });
});

describe('over a real connection', () => {
  let port: number;
  beforeEach(async () => {
    port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
  });

  const head = (headers: Record<string, string>): string =>
    [
      'POST /v1/ingest/teams HTTP/1.1',
      ...Object.entries({ host: 'x', authorization: 'writer', 'transfer-encoding': 'chunked', ...headers }).map(
        ([name, value]) => `${name}: ${value}`,
      ),
      '\r\n',
    ].join('\r\n');
  const chunk = (bytes: string | Buffer): Buffer =>
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), Buffer.from(bytes), Buffer.from('\r\n')]);

  it.each([
    ['a header', CSV, 'colour\n'],
    ['a gzip', { ...CSV, 'content-encoding': 'gzip' }, 'no gzip at all'],
    ['a header in gzip', { ...CSV, 'content-encoding': 'gzip' }, gzipSync(`colour\n${'x'.repeat(100_000)}`)],
  ])('%s that is refused is answered, and what still comes is read off', async (_case, headers, begin) => {
    function* requests(): Generator<string | Buffer> {
      yield head(headers);
      yield chunk(begin);
      for (let count = 0; count < 300; count++) yield chunk(Buffer.alloc(65_536));
      yield chunk('');
      yield head({ ...NDJSON, connection: 'close' });
      yield chunk(lines(0, 1));
      yield chunk('');
    }
    const client = connect(port);
    const [answers] = await Promise.all([text(client), pipeline(requests, client, { end: false })]);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400', 'HTTP/1.1 200']);
  });

  it.each([
    ['in the middle', NDJSON, chunk(lines(0, 2500)), [1000, 1000]],
    ['in the middle of gzip', GZIP, chunk(gzipSync(lines(0, 2500)).subarray(0, -8)), [1000, 1000]],
    ['before the answer', NDJSON, Buffer.concat([chunk(lines(0, 1500)), chunk('')]), [1000, 500]],
  ])('a client that breaks off leaves whole batches and no error: %s', async (_case, headers, body, batches) => {
    const aborted = new Promise<void>((resolve) => {
      app.server.prependListener('request', (incoming: IncomingMessage) => incoming.once('close', resolve));
    });
    const secondBatch = new Promise<void>((resolve) => {
      beforeBatch = async (number) => {
        if (number === 1) return;
        resolve();
        await aborted;
      };
    });
    const client = connect(port);
    client.write(head(headers));
    client.write(body);
    await secondBatch;
    client.destroy();
    await aborted;
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    expect(ingestion.batches.map(({ raws }) => raws.length)).toEqual(batches);
    expect(logged).toEqual([]);
  });
});
