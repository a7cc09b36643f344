import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AuthService } from '../src/services/auth.service';
import { createTestDatabase, type TestDatabase } from './support/database';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const ROOT = join(__dirname, '..');

let db: TestDatabase;

beforeAll(async () => (db = await createTestDatabase()));
afterAll(() => db.close());

const SOURCES = ['-r', './test/support/run-typescript.js', 'src/cli.ts'];

const environmentWith = (changes: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  DATABASE_URL: db.apiUrl,
  DATABASE_OWNER_URL: db.ownerUrl,
  ...changes,
});

/** Runs the sources in a process of their own, on the test database unless told otherwise. */
function scoreline(args: readonly string[], changes: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const options = { cwd: ROOT, env: environmentWith(changes) };
  return new Promise((resolve) => {
    execFile(process.execPath, [...SOURCES, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const keyIdOf = (key: string): string => key.split('_')[1] ?? '';

it('the first key of an empty database comes with an organization, and is all of standard output', async () => {
  const scopes = 'KPI_READ, INGEST';
  const { code, stdout, stderr } = await scoreline(['keys', 'create', '--name', 'first', '--scopes', scopes]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^sl_\w{12}_\w{43}\n$/);
  expect(stderr).toBe('Made the organization "Default" in the time zone Asia/Shanghai.\n');
  const principal = await new AuthService(db.database.readers).authenticate(`Bearer ${stdout.trim()}`);
  expect(principal).toMatchObject({ keyName: 'first', scopes: new Set(['KPI_READ', 'INGEST']) });
});

it('a key is listed, and revoked by its id', async () => {
  const create = ['keys', 'create', '--name', 'short', '--scopes', 'KPI_READ', '--expires', '2100-01-01T00:00:00Z'];
  const keyId = keyIdOf((await scoreline(create)).stdout);
  const expiring = `${keyId}\tshort\tKPI_READ\tall clients\texpires 2100-01-01T00:00:00.000Z\n`;
  expect((await scoreline(['keys', 'list'])).stdout).toContain(expiring);
  expect(await scoreline(['keys', 'revoke', keyId])).toEqual({
    code: 0,
    stdout: '',
    stderr: 'The key "short" is revoked.\n',
  });
  expect((await scoreline(['keys', 'list'])).stdout).toMatch(new RegExp(`^${keyId}\t.*\trevoked 20`, 'm'));
});

it('what the caller got wrong is one sentence on standard error, and exit code 2', async () => {
  const key = ['keys', 'create', '--name', 'x', '--scopes', 'KPI_READ'];
  const wrong = [
    [['keys', 'create', '--name', 'x'], "error: required option '--scopes <scopes>' not specified\n"],
    [[...key, '--clients', 'nosuch'], 'There is no client nosuch.\n'],
    [
      [...key, '--organization', 'Other'],
      'No single organization has the name or id "Other": there are 1 "Default".\n',
    ],
    [['organizations', 'create', 'x', '--time-zone', 'CET'], '"CET" is not an IANA time zone such as Asia/Shanghai.\n'],
    [['organizations', 'create', ' Default', '--time-zone', 'UTC'], 'There is an organization "Default" already.\n'],
  ] as const;
  for (const [args, stderr] of wrong) expect(await scoreline(args)).toEqual({ code: 2, stdout: '', stderr });
});

it('among several organizations one has to be named', async () => {
  const { stdout } = await scoreline(['organizations', 'create', '客服中心', '--time-zone', 'Europe/Berlin']);
  const id = stdout.trim();
  expect((await scoreline(['organizations', 'list'])).stdout).toContain(`${id}\t客服中心\tEurope/Berlin\n`);
  const { code, stderr } = await scoreline(['keys', 'list']);
  expect(code).toBe(2);
  expect(stderr).toBe(`Name one with --organization: there are 1 "Default", ${id} "客服中心".\n`);
  for (const name of [id, '客服中心']) expect((await scoreline(['keys', 'list', '--organization', name])).code).toBe(0);
});

it('records are imported into the organization that is named', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'scoreline-cli-'));
  const file = join(directory, 'clients.csv');
  await writeFile(file, 'externalId,name\nc1,One\nc2,Two\n');
  const imported = await scoreline(['import', 'clients', file, '--organization', 'Default']);
  expect(imported).toMatchObject({ code: 0, stdout: 'clients: 2 accepted, 0 unchanged, 0 stale, 0 rejected\n' });
  const key = ['keys', 'create', '--name', 'c', '--scopes', 'KPI_READ', '--clients', 'c1, c2'];
  expect((await scoreline([...key, '--organization', 'Default'])).code).toBe(0);
  await rm(directory, { recursive: true });
});

it('what is imported is worked out; verify tells what is not what the facts say, and rebuild mends it', async () => {
  const tenant = db.tenant(1);
  const directory = await mkdtemp(join(tmpdir(), 'scoreline-cli-'));
  const of = ['--organization', 'Default'];
  const load = async (kind: string, csv: string): Promise<Outcome> => {
    const file = join(directory, `${kind}.csv`);
    await writeFile(file, csv);
    return scoreline(['import', kind, file, ...of]);
  };
  await load('shops', 'externalId,client,name,platform\ns1,c1,Shop,TAOBAO\n');
  await load('agents', 'externalId,name\na1,Ann\n');
  const { code, stderr } = await load(
    'sessions',
    'externalId,shop,agent,buyer,startedAt\nx,s1,a1,b,2026-03-02T02:00:00Z\n',
  );
  expect([code, stderr]).toEqual([0, 'Working out what that changes in the KPIs.\n']);
  await rm(directory, { recursive: true });

  const status = 'pending\t0\nsince\t\nlag seconds\t0\ncells\t2\nmonths\t0\n';
  expect(await scoreline(['rollup', 'status', ...of])).toEqual({ code: 0, stdout: status, stderr: '' });
  const sound = { code: 0, stdout: '', stderr: 'Everything is what the facts say.\n' };
  expect(await scoreline(['rollup', 'verify', ...of])).toEqual(sound);

  await tenant.query({ text: 'update agent_day set sessions_received = 7', values: [] });
  const wrong = await scoreline(['rollup', 'verify', ...of]);
  expect(wrong.code).toBe(1);
  expect(wrong.stdout).toMatch(/^agent_day\t\d+\t\{.*\}\tsessions_received\t7\t1$/m);
  const rebuilt = await scoreline(['rollup', 'rebuild', ...of]);
  expect(rebuilt).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('2 of 2 shops\n') as string });
  expect(await scoreline(['rollup', 'verify', ...of])).toEqual(sound);

  await tenant.query({
    text: 'insert into rollup_mark (organization_id, shop_id) select 1, s.id from shop s',
    values: [],
  });
  expect((await scoreline(['rollup', 'status', ...of])).stdout).toMatch(/^pending\t1\nsince\t20.*Z\n/);
  expect((await scoreline(['rollup', 'status', '--wait', ...of])).stdout).toMatch(/^pending\t0\n/);
}, 60_000);

it('a database on this version has nothing to migrate, and only its owner can', async () => {
  expect(await scoreline(['migrate'])).toEqual({
    code: 0,
    stdout: '',
    stderr: 'The database is on this version already.\n',
  });
  expect(await scoreline(['migrate'], { DATABASE_OWNER_URL: '' })).toEqual({
    code: 2,
    stdout: '',
    stderr: 'Set DATABASE_OWNER_URL: only the owner of the tables can migrate.\n',
  });
});

it.each<[string, (url: URL) => void, RegExp]>([
  [
    'there is no server',
    (url) => (url.port = '1'),
    /^No PostgreSQL answers at 127\.0\.0\.1:1, named by DATABASE_URL: /,
  ],
  ['the password is wrong', (url) => (url.password = 'wrong'), /the password is wrong, or there is no such role\.$/],
  ['there is no such role', (url) => (url.username = 'wrong'), /refuses the login "wrong" of DATABASE_URL: /],
  ['there is no such database', (url) => (url.pathname = '/wrong'), /^There is no database "wrong" at /],
])('where %s, serving is refused in a sentence that says so', async (_, change, sentence) => {
  const url = new URL(db.apiUrl);
  change(url);
  const { code, stderr } = await scoreline(['serve'], { DATABASE_URL: url.toString(), DATABASE_OWNER_URL: '' });
  expect(code).toBe(2);
  expect(stderr.trim()).toMatch(sentence);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

it('where the port is in use, serving is refused in a sentence that says so', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? `${address.port}` : '';
  const { code, stderr } = await scoreline(['serve'], { PORT: port, LOG_LEVEL: 'silent' });
  server.close();
  expect([code, stderr]).toEqual([2, `Port ${port} of 127.0.0.1 is in use: choose others with PORT and HOST.\n`]);
});

it('the server tells that it stops while it still answers, and then goes with exit code 0', async () => {
  const env = environmentWith({ PORT: '0', LOG_LEVEL: 'silent' });
  const server = spawn(process.execPath, [...SOURCES, 'serve'], { cwd: ROOT, env });
  let banner = '';
  for await (const chunk of server.stdout) {
    banner += String(chunk);
    if (banner.includes('keys create')) break;
  }
  const ready = `${/http:\/\/127\.0\.0\.1:\d+/.exec(banner)?.[0] ?? ''}/readyz`;
  expect((await fetch(ready)).status).toBe(200);
  const exited = once(server, 'exit');
  server.kill('SIGTERM');
  await delay(300);
  const stopping = await fetch(ready);
  expect([stopping.status, stopping.headers.get('connection')]).toEqual([503, 'close']);
  expect(await exited).toEqual([0, null]);
});
