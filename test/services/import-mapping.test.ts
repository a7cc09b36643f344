import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Rejection } from '../../src/domain/field';
import { parseRecord, type RecordKind } from '../../src/domain/records';
import { AppError } from '../../src/errors';
import { parseMapping } from '../../src/services/import-mapping';
import { readRecords } from '../../src/services/record-reader/record-reader';

async function* bytesOf(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

async function readMapped(
  kind: RecordKind,
  mapping: string,
  file: string | Uint8Array,
  format: 'csv' | 'ndjson' = 'csv',
) {
  const raws: unknown[] = [];
  for await (const { raw } of readRecords(bytesOf(file), kind, format, parseMapping(kind, mapping))) raws.push(raw);
  return raws;
}

/** What a mapping makes of one cell for one field of a session. */
async function mapCell(field: string, mapped: string, cell: string): Promise<unknown> {
  const mapping = `fields: { externalId: Id, shop: Id, buyer: Id, startedAt: Id, ${field}: ${mapped} }`;
  const columns = field === 'startedAt' ? mapping.replace('startedAt: Id, ', '') : mapping;
  const [raw] = await readMapped('sessions', columns, `Id,Cell\nx,"${cell}"\n`);
  if (raw instanceof Rejection) return `${raw.code} ${String(raw.field)} ${raw.message}`;
  return Object.entries(raw ?? {}).find(([name]) => name === field)?.[1];
}

function problemsOf(kind: RecordKind, mapping: string): string {
  try {
    parseMapping(kind, mapping);
    return '';
  } catch (error) {
    if (error instanceof AppError && error.code === 'BAD_USER_INPUT') return error.message;
    throw error;
  }
}

describe('a mapping', () => {
  it('renames columns, trims cells, and leaves out the columns it does not name', async () => {
    const mapping = 'fields:\n  externalId: No.\n  name: Group\n  updatedAt: Seen\n';
    expect(await readMapped('teams', mapping, 'Group, No. ,Floor,Floor,Seen\nA,7\t,2,3,\n')).toEqual([
      { externalId: '7', name: 'A' },
    ]);
  });

  it('may be JSON', async () => {
    const mapping = JSON.stringify({ delimiter: ';', fields: { externalId: 'No', name: { constant: 'All' } } });
    expect(await readMapped('teams', mapping, 'No;x\n1;2\n')).toEqual([{ externalId: '1', name: 'All' }]);
  });

  it('takes nested fields by their path, and a column for several fields', async () => {
    const mapping = `
      fields:
        externalId: Shop
        client: { constant: c1 }
        name: Shop
        platform: { column: Where, values: { 淘宝: TAOBAO, 京东: JD } }
        serviceHours.from: { constant: '00:00' }
        serviceHours.to: Closes
        attribution.windowHours: Window`;
    expect(await readMapped('shops', mapping, 'Shop,Where,Closes,Window\nS,京东,21:00,\n')).toEqual([
      { externalId: 'S', client: 'c1', name: 'S', platform: 'JD', serviceHours: { from: '00:00', to: '21:00' } },
    ]);
  });

  it('reads other encodings', async () => {
    const gbk = Buffer.concat([Buffer.from('No,'), Buffer.from([0xc3, 0xfb]), Buffer.from('\n1,'), Buffer.from([0xbf, 0xcd, 0xb7, 0xfe, 0x0a])]); // prettier-ignore
    const mapping = 'encoding: gb18030\nfields: { externalId: No, name: 名 }';
    expect(await readMapped('teams', mapping, gbk)).toEqual([{ externalId: '1', name: '客服' }]);
  });

  it.each(['csv', 'ndjson'] as const)('reads UTF-16 from spreadsheets: %s', async (format) => {
    const text = format === 'csv' ? '\uFEFFNo\tName\r\n1\t客服\r\n' : '{"No":"1","Name":"客服"}';
    const mapping = 'encoding: utf-16le\ndelimiter: "\\t"\nfields: { externalId: No, name: Name }';
    expect(await readMapped('teams', mapping, Buffer.from(text, 'utf16le'), format)).toEqual([
      { externalId: '1', name: '客服' },
    ]);
  });

  it.each([
    ['lacks a column', 'No\n1\n', 'Name'],
    ['has a column twice', 'No,Name,Name\n1,a,b\n', 'Name'],
  ])('of a file that %s is an error that names it', async (_case, file, field) => {
    await expect(readMapped('teams', 'fields: { externalId: No, name: Name }', file)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { field },
    });
  });
});

describe('a field', () => {
  it.each([
    // as it is, by the type of the field
    ['csat', 'Cell', '5', 5],
    ['csat', 'Cell', '', undefined],
    ['csat', 'Cell', 'five', 'five'],
    ['agent', 'Cell', '007', '007'],
    ['answered', 'Cell', 'true', true],
    // looked up
    ['answered', '{ column: Cell, values: { Y: true, N: false } }', 'N', false],
    ['answered', '{ column: Cell, values: { Y: true, N: false } }', '', undefined],
    [
      'answered',
      '{ column: Cell, values: { Y: true, N: false } }',
      'y',
      'INVALID_VALUE answered The mapping has no value for "y".',
    ],
    ['csat', '{ column: Cell, values: { 1: 5, -: null } }', '1', 5],
    ['csat', '{ column: Cell, values: { 1: 5, -: null } }', '-', undefined],
    [
      'exclusion',
      '{ column: Cell, values: { constructor: SPAM } }',
      'toString',
      'INVALID_VALUE exclusion The mapping has no value for "toString".',
    ],
    // times on the clock of a zone
    ['startedAt', '{ column: Cell, zone: UTC }', '2021-01-01 9:12:58', '2021-01-01T09:12:58.000Z'],
    ['startedAt', '{ column: Cell, zone: Asia/Shanghai }', '2021/1/2T09:12', '2021-01-02T01:12:00.000Z'],
    ['startedAt', '{ column: Cell, zone: Europe/Berlin }', '2021-07-01 00:30:00.25', '2021-06-30T22:30:00.250Z'],
    ['startedAt', '{ column: Cell, zone: Europe/Berlin }', '2026-03-29 02:30', '2026-03-29T01:30:00.000Z'],
    [
      'startedAt',
      '{ column: Cell, zone: UTC, format: MM/DD/YYYY }',
      '1/2/2021  9:12:58 PM',
      '2021-01-02T21:12:58.000Z',
    ],
    ['startedAt', '{ column: Cell, zone: UTC, format: MM/DD/YYYY }', '1/2/2021 12:00 am', '2021-01-02T00:00:00.000Z'],
    ['startedAt', '{ column: Cell, zone: UTC, format: DD. MM. YYYY }', '1. 2. 2021 9:12', '2021-02-01T09:12:00.000Z'],
    [
      'startedAt',
      '{ column: Cell, zone: UTC, format: YYYY年MM月DD日 }',
      '2021年1月2日 9:12',
      '2021-01-02T09:12:00.000Z',
    ],
    ['startedAt', '{ column: Cell, zone: UTC, format: YYYYMMDD }', '20210102 09:12', '2021-01-02T09:12:00.000Z'],
    // durations and units
    ['talkSeconds', '{ column: Cell, duration: h:mm:ss }', '0:02:23', 143],
    ['talkSeconds', '{ column: Cell, duration: h:mm:ss }', '100:00:01', 360_001],
    ['talkSeconds', '{ column: Cell, duration: mm:ss }', '75:05', 4505],
    ['talkSeconds', '{ column: Cell, times: 60 }', '1.5', 90],
    ['talkSeconds', '{ column: Cell, times: 0.001 }', '2500', 2.5],
    ['talkSeconds', '{ column: Cell, times: 60 }', 'x', 'x'],
    // several columns
    ['agent', '{ columns: [Id, Cell] }', 'b', 'x b'],
    ['agent', '{ columns: [Cell, Cell] }', '', undefined],
  ])('%s: %s of %p is %p', async (field, mapped, cell, expected) => {
    expect(await mapCell(field, mapped, cell)).toEqual(expected);
  });

  it.each([
    [
      'startedAt',
      '{ column: Cell, zone: UTC }',
      [
        '2021-01-01',
        '2021-02-30 9:00',
        '2021-01-01 24:00',
        '2021-01-01 9:60',
        '9:12:58',
        'x',
        '1/2/2021 9:00',
        '2021-01-01T09:00:00Z',
      ],
    ],
    [
      'startedAt',
      '{ column: Cell, zone: UTC, format: DD/MM/YYYY }',
      ['2021-01-01 9:00', '13/13/2021 9:00', '1/2/21 9:00', '1/2/2021 13:00 PM', '1/2/2021 0:00 AM'],
    ],
    ['talkSeconds', '{ column: Cell, duration: h:mm:ss }', ['2:23', '0:60:00', '0:00:60', '-0:00:01', '143']],
    ['talkSeconds', '{ column: Cell, duration: mm:ss }', ['0:02:23', '5:7', ':07']],
  ])('%s: %s rejects what does not fit', async (field, mapped, cells) => {
    for (const cell of cells)
      expect(await mapCell(field, mapped, cell)).toMatch(new RegExp(`^INVALID_VALUE ${field} A`));
  });

  it('of days takes a format', async () => {
    const mapping = 'fields: { externalId: A, name: A, hiredOn: { column: B, format: DD/MM/YYYY } }';
    expect(await readMapped('agents', mapping, 'A,B\na,3/4/2021\n')).toEqual([
      { externalId: 'a', name: 'a', hiredOn: '2021-04-03' },
    ]);
  });

  it('of money is multiplied exactly', async () => {
    const mapping = 'fields: { externalId: A, shop: A, buyer: A, placedAt: A, amount: { column: B, times: 0.01 } }';
    const raws = await readMapped('orders', mapping, 'A,B\na,1\nb,12345678901234567\nc,-0.5\n');
    expect(raws).toMatchObject([{ amount: '0.01' }, { amount: '123456789012345.67' }, { amount: '-0.005' }]);
  });

  it('that is refused names the record', async () => {
    const mapping = 'fields: { active: { column: B, values: { Y: true } }, name: A, externalId: A }';
    expect(await readMapped('agents', mapping, 'A,B\n7,N\n')).toMatchObject([{ externalId: '7', field: 'active' }]);
  });
});

describe('a mapping of NDJSON', () => {
  const mapping = `
    fields:
      externalId: id
      shop: { constant: s }
      buyer: contact
      startedAt: { column: created, zone: Asia/Shanghai }
      answered: { column: state, values: { 1: true, true: true, 0: false } }
      csat: score
      messages: log`;
  const readLine = async (line: object | string): Promise<unknown> =>
    (await readMapped('sessions', mapping, typeof line === 'string' ? line : JSON.stringify(line), 'ndjson'))[0];

  it('takes the keys of each line as columns', async () => {
    const line = {
      id: 17,
      contact: '007',
      created: '2021-01-01 8:00',
      state: 1,
      score: 4,
      log: [{ at: 't' }],
      other: {},
    };
    expect(await readLine(line)).toEqual({
      externalId: '17',
      shop: 's',
      buyer: '007',
      startedAt: '2021-01-01T00:00:00.000Z',
      answered: true,
      csat: 4,
      messages: [{ at: 't' }],
    });
  });

  it('takes a missing key, null and "" as absent', async () => {
    expect(await readLine({ id: 'a', contact: null, score: '', state: true })).toEqual({
      externalId: 'a',
      shop: 's',
      answered: true,
    });
  });

  it.each([
    ['{"id":9007199254740993}', 'INVALID_TYPE'],
    ['[1]', 'INVALID_TYPE'],
    ['5', 'INVALID_TYPE'],
    ['{', 'MALFORMED'],
  ])('rejects %s', async (line, code) => expect(await readLine(line)).toMatchObject({ code }));
});

describe('a mapping that is not valid', () => {
  const TEAM = 'externalId: A, name: A';
  it.each([
    ['', 'file: Invalid input'],
    ['fields: [', 'neither YAML nor JSON'],
    ['fields: { externalId: A, externalId: B, name: A }', 'neither YAML nor JSON'],
    ['fields: { externalId: A }', 'fields.name: is needed'],
    [`fields: { ${TEAM}, colour: A }`, '"colour"'],
    [`fields: { ${TEAM} }\nzone: UTC`, '"zone"'],
    [`fields: { ${TEAM} }\ndelimiter: ';;'`, 'delimiter: must be one character'],
    [`fields: { ${TEAM} }\ndelimiter: '"'`, 'delimiter: must be one character'],
    [`fields: { ${TEAM} }\nencoding: klingon`, 'encoding: must be an encoding'],
    ['fields: { externalId: A, name: { column: A, constant: B } }', 'fields.name: needs exactly one of'],
    ['fields: { externalId: A, name: { values: { a: b } } }', 'fields.name: needs exactly one of'],
    ['fields: { externalId: A, name: { constant: A, values: { a: b } } }', 'fields.name: has a constant'],
    ['fields: { externalId: A, name: { constant: 5 } }', 'fields.name: cannot be 5'],
    ['fields: { externalId: A, name: { column: A, values: { a: 5 } } }', 'fields.name: cannot be 5'],
    ['fields: { externalId: A, name: { column: A, zone: UTC } }', 'fields.name: zone is not for this field'],
    ['fields: { externalId: A, name: { column: A, duration: h:mm:ss } }', 'duration is not for this field'],
    ['fields: { externalId: A, name: { column: A, values: { a: b }, times: 2 } }', 'only one of'],
    [`fields: { ${TEAM}, updatedAt: { column: A, format: DD/MM/YYYY } }`, 'needs a zone'],
    [`fields: { ${TEAM}, updatedAt: { column: A, zone: Berlin } }`, 'fields.updatedAt.zone: must be an IANA'],
    [
      `fields: { ${TEAM}, updatedAt: { column: A, zone: UTC, format: DD/MM/YY } }`,
      'fields.updatedAt.format: must have',
    ],
    [`fields: { ${TEAM}, updatedAt: { column: A, zone: UTC, format: DD/MM/YYYY DD } }`, 'format: must have'],
    [`fields: { ${TEAM}, updatedAt: { column: A, colour: B } }`, 'fields.updatedAt: Unrecognized key: "colour"'],
    [`fields: { ${TEAM}, updatedAt: 5 }`, 'fields.updatedAt: '],
  ])('%s says %s', (mapping, problem) => expect(problemsOf('teams', mapping)).toContain(problem));

  it('says all that is wrong at once', () => {
    const problems = problemsOf('teams', 'delimiter: ab\nfields: { externalId: { column: A, zone: UTC } }');
    expect(problems.split('\n')).toHaveLength(4);
  });
});

describe('the call-centre example', () => {
  const example = (name: string): string => readFileSync(join(__dirname, '../../examples/call-centre', name), 'utf8');
  const CALLS =
    'Call Id,Agent,Date,Time,Topic,Answered (Y/N),Resolved,Speed of answer in seconds,AvgTalkDuration,Satisfaction rating\n' +
    'ID0001,Diane,2021-01-01,9:12:58,Contract related,Y,Y,109,0:02:23,3\n' +
    'ID0046,Jim,2021-01-01,15:44:38,Contract related,N,N,,,\n';

  it('makes VOICE sessions of calls', async () => {
    const raws = await readMapped('sessions', example('sessions.mapping.yaml'), CALLS);
    expect(raws).toEqual([
      {
        externalId: 'ID0001',
        shop: 'phonenow',
        agent: 'Diane',
        buyer: 'ID0001',
        channel: 'VOICE',
        startedAt: '2021-01-01T09:12:58.000Z',
        answered: true,
        resolved: true,
        waitSeconds: 109,
        talkSeconds: 143,
        csat: 3,
      },
      {
        externalId: 'ID0046',
        shop: 'phonenow',
        agent: 'Jim',
        buyer: 'ID0046',
        channel: 'VOICE',
        startedAt: '2021-01-01T15:44:38.000Z',
        answered: false,
        resolved: false,
      },
    ]);
    for (const raw of raws) expect(() => parseRecord('sessions', raw)).not.toThrow();
  });

  it('makes agents of calls', async () => {
    expect(await readMapped('agents', example('agents.mapping.yaml'), CALLS)).toEqual([
      { externalId: 'Diane', name: 'Diane' },
      { externalId: 'Jim', name: 'Jim' },
    ]);
  });

  it.each(['clients', 'shops'] as const)('has %s that are valid', async (kind) => {
    for await (const { raw } of readRecords(bytesOf(example(`${kind}.ndjson`)), kind, 'ndjson')) {
      expect(() => parseRecord(kind, raw)).not.toThrow();
    }
  });
});
