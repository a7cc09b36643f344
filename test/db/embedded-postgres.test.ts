import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { findPackage } from '../../src/db/embedded-binaries';
import { acquireEmbeddedPostgres, type EmbeddedPostgres, EmbeddedPostgresError } from '../../src/db/embedded-postgres';

const settings = { fsync: 'off' };
const parents: string[] = [];
const releases: (() => Promise<unknown>)[] = [];

let dataDirectory: string;
beforeAll(async () => {
  dataDirectory = await makeDirectory('data');
});

afterEach(async () => {
  for (const release of releases.splice(0)) await release();
});

afterAll(async () => {
  for (const parent of parents) await rm(parent, { recursive: true, force: true });
});

async function makeDirectory(name: string): Promise<string> {
  const parent = await mkdtemp(join(await realpath(tmpdir()), 'scoreline-embedded-'));
  // Where root runs the tests, the server's user has to pass.
  await chmod(parent, 0o755);
  parents.push(parent);
  return join(parent, name);
}

async function acquire(directory: string): Promise<EmbeddedPostgres> {
  const server = await acquireEmbeddedPostgres({ dataDirectory: directory, settings });
  releases.push(() => server.release());
  return server;
}

const PROCESS = `
  const options = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } };
  require.extensions['.ts'] = (module, file) =>
    module._compile(require('@swc/core').transformFileSync(file, options).code, file);
  const { acquireEmbeddedPostgres } = require('./src/db/embedded-postgres.ts');
  acquireEmbeddedPostgres({ dataDirectory: process.argv[1], settings: ${JSON.stringify(settings)} }).then((server) => {
    console.log(server.superuserUrl);
    process.stdin.resume().on('end', () => void server.release());
  });`;

/** Another process that holds the server until told to release it. */
async function acquireElsewhere(directory: string, environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['-e', PROCESS, directory], {
    cwd: join(__dirname, '../..'),
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const release = () => (child.stdin.end(), exit);
  releases.push(release);
  for await (const superuserUrl of createInterface({ input: child.stdout })) {
    return { superuserUrl, release, kill: () => (child.kill('SIGKILL'), exit) };
  }
  throw new Error('The process has not acquired a server.');
}

async function ask(url: string, question: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ answer: unknown }>(`select (${question}) as answer`);
    return rows[0]?.answer;
  } finally {
    await client.end();
  }
}

const pidFileOf = (directory: string) => join(directory, 'postgres/data/postmaster.pid');

async function killServer(directory: string): Promise<void> {
  process.kill(Number.parseInt(await readFile(pidFileOf(directory), 'utf8')), 'SIGKILL');
}

test('the process that started the server may leave first; the last one out stops it', async () => {
  const starter = await acquireElsewhere(dataDirectory);
  const joiner = await acquire(dataDirectory);
  expect(joiner.superuserUrl).toBe(starter.superuserUrl);

  await starter.release();
  expect(await ask(joiner.superuserUrl, 'select 1')).toBe(1);

  await joiner.release();
  await joiner.release();
  expect(existsSync(pidFileOf(dataDirectory))).toBe(false);
});

test('a killed process leaves the server to the next and its lease to nobody', async () => {
  const killed = await acquireElsewhere(dataDirectory);
  await killed.kill();
  const next = await acquire(dataDirectory);
  expect(next.superuserUrl).toBe(killed.superuserUrl);

  const leases = `select count(*)::int from pg_locks where locktype = 'advisory'`;
  while ((await ask(next.superuserUrl, leases)) !== 1);
  await next.release();
  expect(existsSync(pidFileOf(dataDirectory))).toBe(false);
});

test('a process that joins while the last one stops the server gets one that runs', async () => {
  for (let round = 0; round < 5; round++) {
    const last = await acquire(dataDirectory);
    const [joiner] = await Promise.all([acquire(dataDirectory), last.release()]);
    expect(await ask(joiner.superuserUrl, 'select 1')).toBe(1);
    await joiner.release();
  }
});

test('a killed server starts again with its data, and its leases can be released', async () => {
  const before = await acquire(dataDirectory);
  await ask(before.superuserUrl, `select lo_from_bytea(4711, 'kept')`);
  await killServer(dataDirectory);

  const after = await acquire(dataDirectory);
  expect(await ask(after.superuserUrl, `select convert_from(lo_get(4711), 'UTF8')`)).toBe('kept');
  await before.release();
  expect(await ask(after.superuserUrl, 'select 1')).toBe(1);
});

test('a stale pid file that names another program of the same user does not block the start', async () => {
  const killed = await acquire(dataDirectory);
  const pidFile = pidFileOf(dataDirectory);
  const stale = await readFile(pidFile, 'utf8');
  await killServer(dataDirectory);
  const { uid, gid } = await stat(killed.directory);
  const program = spawn('sleep', ['600'], { uid, gid, cwd: '/', stdio: 'ignore' });
  releases.push(() => Promise.resolve(program.kill()));
  await once(program, 'spawn');
  await writeFile(pidFile, stale.replace(/^\d+/, `${program.pid ?? ''}`));

  const server = await acquire(dataDirectory);
  expect(await ask(server.superuserUrl, 'select 1')).toBe(1);
  expect(program.exitCode).toBeNull();
});

test('a copy of a cluster that runs gets a server of its own', async () => {
  const original = await acquire(dataDirectory);
  const copy = await makeDirectory('data');
  await promisify(execFile)('cp', ['-a', dataDirectory, copy]);
  const server = await acquire(copy);
  expect(await ask(server.superuserUrl, `select current_setting('data_directory')`)).toBe(join(copy, 'postgres/data'));
  expect(server.superuserUrl).not.toBe(original.superuserUrl);
});

test('two first starts at once share one server', async () => {
  const directory = await makeDirectory('data');
  const [mine, other] = await Promise.all([acquire(directory), acquireElsewhere(directory)]);
  expect(other.superuserUrl).toBe(mine.superuserUrl);
});

test.each([
  ['no locale', 'data', {}],
  ['another locale and an odd path', `o'd "d" $HOME \`id\` é日本`, { LC_ALL: 'zh_CN.GB18030', TZ: 'Asia/Tokyo' }],
])('%s: UTF-8, order by code point, UTC', async (_, name, environment) => {
  const { superuserUrl } = await acquireElsewhere(await makeDirectory(name), environment);
  expect(await ask(superuserUrl, `select current_setting('server_encoding')`)).toBe('UTF8');
  expect(await ask(superuserUrl, `select current_setting('timezone')`)).toBe('UTC');
  const letters = `select string_agg(lower(letter), '' order by letter) from unnest('{a,Ä,é,B}'::text[]) as letter`;
  expect(await ask(superuserUrl, letters)).toBe('baäé');
});

test('a platform without binaries is named', () => {
  expect(() => findPackage('sunos', 'sparc')).toThrow('no PostgreSQL for sunos-sparc');
});

test('an error names DATABASE_URL as the way out', async () => {
  const attempt = acquireEmbeddedPostgres({ dataDirectory: __filename });
  await expect(attempt).rejects.toThrow(EmbeddedPostgresError);
  await expect(attempt).rejects.toThrow('DATABASE_URL');
});
