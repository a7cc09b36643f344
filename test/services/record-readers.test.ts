import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Rejection } from '../../src/domain/field';
import type { RecordKind } from '../../src/domain/records';
import type { IngestResult } from '../../src/services/ingest-result';
import { ingestStream, type RejectedLine, type StreamResult } from '../../src/services/ingest-stream';
import { gunzip } from '../../src/services/record-reader/gunzip';
import type { IncomingRecord } from '../../src/services/record-reader/incoming-record';
import { MAX_LINE_LENGTH } from '../../src/services/record-reader/lines';
import { type RecordFormat, readRecords } from '../../src/services/record-reader/record-reader';
import { RejectedSpool } from '../../src/services/rejected-spool';
import { FakeIngestion } from '../support/fake-ingestion';
import { makePrincipal } from '../support/ingest';

type Input = string | Uint8Array;

async function* inChunks(input: Input, size = 1 << 16): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(input);
  // A copy: a reader that keeps a chunk must not count on it staying as it was.
  for (let at = 0; at < bytes.length; at += size)
    yield await Promise.resolve(Buffer.from(bytes.subarray(at, at + size)));
}

async function read(kind: RecordKind, format: RecordFormat, input: Input, chunkSize?: number) {
  const records: [line: number, raw: unknown][] = [];
  for await (const { line, raw } of readRecords(inChunks(input, chunkSize), kind, format)) {
    records.push([line, raw instanceof Rejection ? raw.code : raw]);
  }
  return records;
}

const readTeams = (input: Input, chunkSize?: number) => read('teams', 'csv', input, chunkSize);
const team = (externalId: string, name = 'Team'): Record<string, unknown> => ({ externalId, name });

describe('NDJSON', () => {
  const readLines = (input: Input, chunkSize?: number) => read('teams', 'ndjson', input, chunkSize);

  it.each([
    ['an empty file', '', []],
    ['only blank lines', '\n \r\n\t\n', []],
    ['a last line without newline', '{"a":1}\n{"a":2}', [[1, { a: 1 }], [2, { a: 2 }]]], // prettier-ignore
    ['CRLF', '{"a":1}\r\n{"a":2}\r\n', [[1, { a: 1 }], [2, { a: 2 }]]], // prettier-ignore
    ['a byte order mark', '\uFEFF{"a":1}\n', [[1, { a: 1 }]]],
    ['blank lines between, which count', '\n\n{"a":1}\n\n{"a":2}\n', [[3, { a: 1 }], [5, { a: 2 }]]], // prettier-ignore
    ['a line that is no JSON', 'hello\n{"a":1}\n', [[1, 'MALFORMED'], [2, { a: 1 }]]], // prettier-ignore
    ['a last line that is cut off', '{"a":1}\n{"a":', [[1, { a: 1 }], [2, 'MALFORMED']]], // prettier-ignore
    ['two values on a line', '{"a":1} {"a":2}\n', [[1, 'MALFORMED']]],
    ['values that are no objects, for the rules to refuse', '5\n[1]\nnull\n', [[1, 5], [2, [1]], [3, null]]], // prettier-ignore
    ['text of any script', '{"a":"客服 🙂"}\n', [[1, { a: '客服 🙂' }]]],
  ])('%s', async (_case, input, expected) => expect(await readLines(input)).toEqual(expected));

  it('bytes that are not UTF-8 become U+FFFD, which the rules refuse', async () => {
    const input = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')]);
    expect(await readLines(input)).toEqual([[1, { a: '\uFFFD(\uFFFD' }]]);
  });

  it('a line of 1 MiB is read, a longer one is rejected, and the next one is read', async () => {
    const long = `"${'x'.repeat(MAX_LINE_LENGTH - 2)}"`;
    const records = await readLines(`${long}\n${long} \n7\n`);
    expect(records.map(([line, raw]) => [line, typeof raw === 'string' ? raw.length : raw])).toEqual([
      [1, MAX_LINE_LENGTH - 2],
      [2, 'MALFORMED'.length],
      [3, 7],
    ]);
  });
});

describe('CSV', () => {
  it.each([
    ['an empty file', '', []],
    ['a header only', 'externalId,name\r\n', []],
    ['rows', 'externalId,name\nt1,Team\nt2,Team\n', [[2, team('t1')], [3, team('t2')]]], // prettier-ignore
    ['columns in any order', 'name,externalId\nTeam,t1', [[2, team('t1')]]],
    ['a byte order mark, CRLF, no last newline', '\uFEFFexternalId,name\r\nt1,Team', [[2, team('t1')]]],
    ['a quoted header', '"externalId","name"\nt1,Team\n', [[2, team('t1')]]],
    ['an empty cell as absent', 'externalId,name,updatedAt\nt1,Team,\nt2,Team,""\n', [[2, team('t1')], [3, team('t2')]]], // prettier-ignore
    ['blank lines skipped', '\nexternalId,name\n\n  \nt1,Team\n\n', [[5, team('t1')]]],
    ['quotes, delimiters and newlines in quotes', 'externalId,name\nt1,"a ""b"", c\r\nd"\nt2,Team\n', [[2, team('t1', 'a "b", c\r\nd')], [4, team('t2')]]], // prettier-ignore
    ['blanks kept', 'externalId,name\n t1 , Team\n', [[2, team(' t1 ', ' Team')]]],
    ['ids kept from spreadsheets by ="…"', 'externalId,name\n="007",Team\n', [[2, team('007')]]],
    ['a row with a cell less', 'externalId,name\nt1\nt2,Team\n', [[2, 'MALFORMED'], [3, team('t2')]]], // prettier-ignore
    ['a row with a cell more', 'externalId,name\nt1,Team,x\nt2,Team\n', [[2, 'MALFORMED'], [3, team('t2')]]], // prettier-ignore
    ['text after a closing quote', 'externalId,name\nt1,"a"b\nt2,Team\n', [[2, 'MALFORMED'], [3, team('t2')]]], // prettier-ignore
    ['a quote within a bare cell', 'externalId,name\nt1,5" disk\nt2,Team\nt3,"a"\n', [[2, 'MALFORMED'], [3, team('t2')], [4, team('t3', 'a')]]], // prettier-ignore
    ['a quote that is never closed', 'externalId,name\nt1,"a\nt2,Team\nt3,"b"\n', [[2, 'MALFORMED'], [3, team('t2')], [4, team('t3', 'b')]]], // prettier-ignore
    ['a single quote as last cell', 'externalId,name\nt1,Team\nt2,"', [[2, team('t1')], [3, 'MALFORMED']]], // prettier-ignore
  ])('%s', async (_case, input, expected) => expect(await readTeams(input)).toEqual(expected));

  it('a broken row costs itself only, in a file of any length', async () => {
    const rows = Array.from({ length: 50_000 }, (_, index) => `t${index},"Team ${index}, a longer name to fill it"`);
    rows[100] = 't100,"open';
    const records = await readTeams(`externalId,name\n${rows.join('\n')}\n`);
    expect(records).toHaveLength(50_000);
    expect(records.filter(([, raw]) => raw === 'MALFORMED')).toEqual([[102, 'MALFORMED']]);
  });

  it('a row over 1 MiB is rejected, also as part of an open quote', async () => {
    const long = 'x'.repeat(MAX_LINE_LENGTH);
    expect(await readTeams(`externalId,name\nt1,${long}\nt2,"open\nt3,${long}\nt4,Team\n`)).toEqual([
      [2, 'MALFORMED'],
      [3, 'MALFORMED'],
      [4, 'MALFORMED'],
      [5, team('t4')],
    ]);
  });

  it('cells become what they are in JSON; what does not convert stays text', async () => {
    const header = 'externalId,shop,buyer,startedAt,waitSeconds,talkSeconds,answered,resolved,csat';
    const records = await read('sessions', 'csv', `${header}\n007,1,2,2026-01-01T00:00:00Z,12,1.5,true,FALSE,five\n`);
    expect(records[0]?.[1]).toEqual({
      externalId: '007',
      shop: '1',
      buyer: '2',
      startedAt: '2026-01-01T00:00:00Z',
      waitSeconds: 12,
      talkSeconds: 1.5,
      answered: true,
      resolved: false,
      csat: 'five',
    });
  });

  it('decimals stay text, to the last digit', async () => {
    const header = 'externalId,shop,buyer,placedAt,amount,itemCount';
    const records = await read('orders', 'csv', `${header}\no1,s,b,x,12345678901234567.10,3\n`);
    expect(records[0]?.[1]).toMatchObject({ amount: '12345678901234567.10', itemCount: 3 });
  });

  it('nested fields are dotted columns, messages are JSON', async () => {
    const shops = await read(
      'shops',
      'csv',
      'externalId,client,name,platform,serviceHours.from,serviceHours.to,attribution.windowHours\n' +
        's1,c,Shop,JD,08:00,24:00,48\ns2,c,Shop,JD,,,\n',
    );
    expect(shops).toEqual([
      [2, { externalId: 's1', client: 'c', name: 'Shop', platform: 'JD', serviceHours: { from: '08:00', to: '24:00' }, attribution: { windowHours: 48 } }], // prettier-ignore
      [3, { externalId: 's2', client: 'c', name: 'Shop', platform: 'JD' }],
    ]);
    const header = 'externalId,shop,buyer,startedAt,messages,summary.buyerMessages';
    const sessions = await read(
      'sessions',
      'csv',
      `${header}\nx,s,b,t,"[{""at"":""t"",""from"":""BUYER""}]",2\ny,s,b,t,[,\n`,
    );
    expect(sessions.map(([, raw]) => raw)).toMatchObject([
      { messages: [{ at: 't', from: 'BUYER' }], summary: { buyerMessages: 2 } },
      { messages: '[' },
    ]);
  });

  it.each([
    ['an unknown column', 'externalId,name,colour\n', 'colour'],
    ['a column without a name', 'externalId,name,\n', ''],
    ['a column that is there twice', 'externalId,name,name\n', 'name'],
    ['a required column that is missing', 'externalId\n', 'name'],
    ['a nested field by its parent', 'externalId,client,name,platform,serviceHours\n', 'serviceHours'],
    ['another delimiter', 'externalId;name\n', 'externalId'],
  ])('%s is an error that names it', async (_case, header, field) => {
    const reading = read(header.includes('client') ? 'shops' : 'teams', 'csv', `${header}a,b,c\n`);
    await expect(reading).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { field } });
    await expect(reading).rejects.toThrow(`"${field}"`);
  });

  it('a header that cannot be read is an error', async () => {
    await expect(readTeams('externalId,"na"me\nt1,Team\n')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('reads back any cells that were written by the rules', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', '\uFEFF', '客') });
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { maxLength: 8 }), async (names) => {
        const rows = names.map((name, index) => `t${index},"${name.replaceAll('"', '""')}"\r\n`);
        const raws = (await readTeams(`externalId,name\r\n${rows.join('')}`)).map(([, raw]) => raw);
        expect(raws).toEqual(names.map((name, index) => ({ externalId: `t${index}`, ...(name !== '' && { name }) })));
      }),
    );
  });
});

describe('a stream', () => {
  it.each(['csv', 'ndjson'] as const)('gives the same records however its bytes are split: %s', async (format) => {
    const piece = fc.constantFrom(
      'externalId',
      ',',
      'name',
      '"',
      '""',
      '\n',
      '\r\n',
      '\r',
      '客服',
      '🙂',
      '{"a":1}',
      ' ',
    );
    const text = fc.array(fc.oneof({ weight: 9, arbitrary: piece }, fc.string())).map((pieces) => pieces.join(''));
    const prefix = fc.constantFrom('', '\uFEFF', 'externalId,name\n', '\uFEFFexternalId,name\r\n');
    const bytes = fc
      .tuple(prefix, text, fc.uint8Array({ maxLength: 3 }))
      .map((parts) => Buffer.concat(parts.map((part) => Buffer.from(part))));
    const outcome = (input: Uint8Array, size?: number) => read('teams', format, input, size).catch(String);
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 9 }), async (input, size) => {
        expect(await outcome(input, size)).toEqual(await outcome(input));
      }),
      { numRuns: 300 },
    );
  });

  it('is read no faster than its records are taken', async () => {
    let chunks = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        chunks += 1;
        yield await Promise.resolve(Buffer.from('{"a":1}\n{"a":2}\n'));
      }
    }
    const records = readRecords(endless(), 'teams', 'ndjson')[Symbol.asyncIterator]();
    await records.next();
    await records.next();
    expect(chunks).toBe(1);
    await records.next();
    expect(chunks).toBe(2);
  });

  it('of gzip is inflated, in several members too', async () => {
    const twice = Buffer.concat([gzipSync('{"a":1}\n'), gzipSync('{"a":2}\n')]);
    const records: unknown[] = [];
    for await (const { raw } of readRecords(gunzip(Readable.from(inChunks(twice, 5))), 'teams', 'ndjson'))
      records.push(raw);
    expect(records).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it.each([
    ['no gzip', Buffer.from('hello')],
    ['cut off', gzipSync('x'.repeat(1000)).subarray(0, 20)],
  ])('that is %s is an error', async (_case, bytes) => {
    const readAll = async (): Promise<void> => {
      for await (const chunk of gunzip(Readable.from(inChunks(bytes)))) expect(chunk).toBeDefined();
    };
    await expect(readAll()).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('ingestStream', () => {
  const principal = makePrincipal(1);

  async function* records(count: number, overrides: Partial<IncomingRecord> = {}): AsyncGenerator<IncomingRecord> {
    for (let index = 0; index < count; index++) {
      const raw = index % 10 === 3 ? { externalId: `t${index}` } : team(`t${index}`);
      yield await Promise.resolve({ line: index + 2, size: 20, raw, ...overrides });
    }
  }

  it('takes batches in one after another and adds up what became of them', async () => {
    const ingestion = new FakeIngestion();
    const progress: StreamResult[] = [];
    const rejected: RejectedLine[] = [];
    const result = await ingestStream(ingestion, principal, 'teams', records(25), {
      batchSize: 10,
      onProgress: (soFar) => progress.push(soFar),
      onRejected: (lines) => void rejected.push(...lines),
    });
    expect(ingestion.batches.map(({ kind, raws }) => [kind, raws.length])).toEqual([
      ['teams', 10],
      ['teams', 10],
      ['teams', 5],
    ]);
    expect(result).toEqual({ accepted: 22, unchanged: 0, stale: 0, rejected: 3 });
    expect(progress.map(({ accepted }) => accepted)).toEqual([9, 18, 22]);
    expect(rejected.map(({ index, line, externalId }) => [index, line, externalId])).toEqual([
      [3, 5, 't3'],
      [13, 15, 't13'],
      [23, 25, 't23'],
    ]);
  });

  it('ends a batch of large records early', async () => {
    const ingestion = new FakeIngestion();
    await ingestStream(ingestion, principal, 'teams', records(20, { size: 1_048_576 }));
    expect(ingestion.batches.map(({ raws }) => raws.length)).toEqual([8, 8, 4]);
  });

  it('waits until the rejected ones are dealt with', async () => {
    const events: string[] = [];
    const ingestion = new FakeIngestion((number) => void events.push(`batch ${number}`));
    await ingestStream(ingestion, principal, 'teams', records(14), {
      batchSize: 10,
      onRejected: async () => {
        await Promise.resolve();
        events.push('rejected');
      },
    });
    expect(events).toEqual(['batch 1', 'rejected', 'batch 2', 'rejected']);
  });

  it('takes nothing of the batch in which reading failed', async () => {
    async function* breaking(): AsyncGenerator<IncomingRecord> {
      yield* records(15);
      throw new Error('broken off');
    }
    const ingestion = new FakeIngestion();
    const stream = ingestStream(ingestion, principal, 'teams', breaking(), { batchSize: 10 });
    await expect(stream).rejects.toThrow('broken off');
    expect(ingestion.raws).toHaveLength(10);
  });

  it('does nothing for no records', async () => {
    const ingest = jest.fn<Promise<IngestResult>, []>();
    expect(await ingestStream({ ingest }, principal, 'teams', records(0))).toMatchObject({ accepted: 0, rejected: 0 });
    expect(ingest).not.toHaveBeenCalled();
  });
});

describe('RejectedSpool', () => {
  const line = (index: number): RejectedLine => ({
    kind: 'teams',
    index,
    line: index + 1,
    externalId: 'x'.repeat(200),
    field: null,
    code: 'MALFORMED',
    message: '客服',
  });

  async function readBack(spool: RejectedSpool): Promise<unknown> {
    const parts: Buffer[] = [];
    for await (const part of spool.elements()) parts.push(Buffer.from(part));
    return JSON.parse(`[${Buffer.concat(parts).toString()}]`);
  }

  it.each([0, 1, 3, 30_000])('gives back all of %d records', async (count) => {
    const spool = new RejectedSpool();
    const lines = Array.from({ length: count }, (_, index) => line(index));
    for (let at = 0; at < count; at += 1000) await spool.add(lines.slice(at, at + 1000));
    expect(await readBack(spool)).toEqual(lines);
    await spool.close();
  });
});
