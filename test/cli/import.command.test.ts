import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { importCommand } from '../../src/cli/import.command';
import { FakeIngestion } from '../support/fake-ingestion';
import { makePrincipal } from '../support/ingest';

let directory: string;
let ingestion: FakeIngestion;
let beforeBatch: (number: number) => void;
const close = jest.fn(() => Promise.resolve());

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'import-'));
  beforeBatch = () => undefined;
  ingestion = new FakeIngestion((number) => beforeBatch(number));
  close.mockClear();
});
afterEach(async () => {
  process.exitCode = undefined;
  await rm(directory, { recursive: true });
});

const path = (name: string): string => join(directory, name);

async function write(name: string, content: string | Buffer): Promise<string> {
  await writeFile(path(name), content);
  return path(name);
}

interface Outcome {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: readonly string[], { stdin = '', isTTY = false } = {}): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const into = (name: keyof typeof written): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        written[name] += chunk.toString();
        done();
      },
    });
  const openContext = () => Promise.resolve({ ingestion, principal: makePrincipal(1), close });
  const stderr = Object.assign(into('stderr'), { isTTY });
  const terminal = { stdin: Readable.from([Buffer.from(stdin)]), stdout: into('stdout'), stderr };
  const exit = jest.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${String(code)}`);
  });
  const command = importCommand(openContext, terminal).configureOutput({
    writeErr: (text) => (written.stderr += text),
  });
  try {
    await command.parseAsync(args, { from: 'user' });
    return { code: process.exitCode, ...written };
  } catch (error) {
    return { code: error instanceof Error ? error.message : error, ...written };
  } finally {
    exit.mockRestore();
  }
}

const TEAMS = 'externalId,name\nt1,A\nt2,B\n';

describe('scoreline import', () => {
  it.each([
    ['teams.csv', TEAMS],
    ['teams.csv.gz', gzipSync(TEAMS)],
    ['teams.ndjson', '{"externalId":"t1","name":"A"}\n{"externalId":"t2","name":"B"}\n'],
    ['teams.jsonl', '{"externalId":"t1","name":"A"}\n{"externalId":"t2","name":"B"}\n'],
  ])('takes in %s', async (name, content) => {
    expect(await run(['teams', await write(name, content)])).toEqual({
      code: 0,
      stdout: 'teams: 2 accepted, 0 unchanged, 0 stale, 0 rejected\n',
      stderr: '',
    });
    expect(ingestion.batches).toEqual([
      { kind: 'teams', raws: [{ externalId: 't1', name: 'A' }, { externalId: 't2', name: 'B' }] }, // prettier-ignore
    ]);
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('reads standard input', async () => {
    expect(await run(['teams', '-', '--format', 'csv'], { stdin: TEAMS })).toMatchObject({ code: 0 });
    expect(ingestion.raws).toHaveLength(2);
  });

  it('takes a mapping and the size of batches', async () => {
    const mapping = await write('map.yaml', 'fields: { externalId: No, name: Group }');
    const file = await write('groups.txt', 'No,Group\n1,A\n2,B\n3,C\n');
    const outcome = await run(['teams', file, '--format', 'csv', '--mapping', mapping, '--batch-size', '2']);
    expect(outcome).toMatchObject({ code: 0 });
    expect(ingestion.batches.map(({ raws }) => raws.length)).toEqual([2, 1]);
  });

  it('shows the first rejected lines and writes all of them', async () => {
    const rows = Array.from({ length: 2500 }, (_, index) => (index % 100 === 7 ? `t${index},` : `t${index},A`));
    const file = await write('teams.csv', `externalId,name\n${rows.join('\n')}`);
    const { code, stdout, stderr } = await run(['teams', file, '--rejects', path('rejects.ndjson')]);
    expect(code).toBe(1);
    expect(stdout).toBe('teams: 2475 accepted, 0 unchanged, 0 stale, 25 rejected\n');
    const shown = stderr.trimEnd().split('\n');
    expect(shown[0]).toBe('line 9: name: A value is needed. (REQUIRED)');
    expect(shown).toHaveLength(21);
    expect(shown[20]).toBe('and 5 more; --rejects <file> tells them all.');
    const rejects = (await readFile(path('rejects.ndjson'), 'utf8')).trimEnd().split('\n');
    expect(rejects).toHaveLength(25);
    expect(JSON.parse(rejects[24] ?? '')).toMatchObject({
      kind: 'teams',
      index: 2407,
      line: 2409,
      externalId: 't2407',
    });
  });

  it('shows a bar on a terminal, and keeps it out of a log', async () => {
    const file = await write('teams.csv', TEAMS);
    const { stderr, stdout } = await run(['teams', file], { isTTY: true });
    expect(stderr).toContain('100%');
    expect(stdout).toBe('teams: 2 accepted, 0 unchanged, 0 stale, 0 rejected\n');
  });

  it('tells what went in before it failed', async () => {
    beforeBatch = (number) => {
      if (number === 2) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    };
    const { code, stdout, stderr } = await run(['teams', await write('teams.csv', TEAMS), '--batch-size', '1']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      'connect ECONNREFUSED\n' +
        'Before that, teams: 1 accepted, 0 unchanged, 0 stale, 0 rejected. Importing the file again is safe.\n',
    );
    expect(close).toHaveBeenCalledTimes(1);
  });
});

describe('scoreline import cannot run', () => {
  const refused = async (args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(ingestion.batches).toEqual([]);
    return stderr;
  };

  it('on a file that is not there', async () => {
    expect(await refused(['teams', path('x.csv')])).toBe(
      `${path('x.csv')} cannot be opened: no such file or directory.\n`,
    );
    expect(close).not.toHaveBeenCalled();
  });

  it('on a directory', async () => {
    expect(await refused(['teams', directory, '--format', 'csv'])).toBe(`${directory} is a directory.\n`);
  });

  it('on a name that does not tell the format', async () => {
    expect(await refused(['teams', await write('teams.txt', TEAMS)])).toMatch(/does not tell its format: add --format/);
  });

  it('on what is no gzip', async () => {
    expect(await refused(['teams', await write('teams.csv.gz', TEAMS)])).toBe('This is not gzip, or it is cut off.\n');
  });

  it('on a header that does not fit', async () => {
    expect(await refused(['teams', await write('teams.csv', 'id\n1\n')])).toBe('The column "externalId" is missing.\n');
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('on a mapping that is not valid', async () => {
    const mapping = await write('map.yaml', 'fields: { externalId: No }');
    const stderr = await refused(['teams', await write('teams.csv', TEAMS), '--mapping', mapping]);
    expect(stderr).toBe('The mapping is not valid:\n  fields.name: is needed\n');
  });

  it('on a place for the rejects that cannot be written', async () => {
    const file = await write('teams.csv', TEAMS);
    expect(await refused(['teams', file, '--rejects', path('no/rejects.ndjson')])).toMatch(
      /cannot be opened: no such file or directory/,
    );
  });

  it.each([
    ['an unknown kind', ['colours', 'x.csv']],
    ['no file', ['teams']],
    ['an unknown format', ['teams', 'x', '--format', 'xml']],
    ['a batch of nothing', ['teams', 'x.csv', '--batch-size', '0']],
    ['a batch size that is no number', ['teams', 'x.csv', '--batch-size', 'many']],
  ])('on %s', async (_case, args) => {
    const { code, stderr } = await run(args);
    expect(code).toBe('exit 2');
    expect(stderr).toMatch(/^error: /);
  });
});
