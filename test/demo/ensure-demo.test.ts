import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_ORGANIZATION } from '../../src/demo/demo';
import { type DemoOptions, ensureDemo } from '../../src/demo/ensure-demo';
import { ApiKeyService } from '../../src/services/api-key.service';
import { AuthService } from '../../src/services/auth.service';
import type { IngestBatch } from '../../src/services/ingest-result';
import { OrganizationService } from '../../src/services/organization.service';
import { createTestDatabase, type TestDatabase } from '../support/database';

/** Still the 9th in UTC. */
const NOW = new Date('2030-01-09T16:30:00Z');
const LATER = new Date('2030-03-01T00:00:00Z');

let db: TestDatabase;
let options: DemoOptions;
let sent: string[];

beforeEach(async () => {
  db = await createTestDatabase();
  sent = [];
  options = {
    organizations: new OrganizationService(db.ownerPool),
    apiKeys: new ApiKeyService(db.database),
    ingestion: {
      ingest(_principal, batch: IngestBatch) {
        sent.push(JSON.stringify(batch));
        return Promise.resolve({ accepted: 0, unchanged: 0, stale: 0, rejected: [] });
      },
    },
    rollups: {
      refresh() {
        sent.push('refresh');
        return Promise.resolve(1);
      },
      closeMonths: () => Promise.resolve(0),
    },
    dataDirectory: await mkdtemp(join(tmpdir(), 'scoreline-demo-')),
    now: NOW,
  };
});
afterEach(async () => {
  await db.close();
  await rm(options.dataDirectory, { recursive: true });
});

const keyFile = (): string => join(options.dataDirectory, 'demo-key');
const listKeys = async () => options.apiKeys.list((await options.organizations.getOnly()).id);

/** An organization whose demo is complete, without the work of it. */
async function makeCompleteDemo(): Promise<string> {
  const { id } = await options.organizations.create({ ...DEMO_ORGANIZATION, createdAt: NOW });
  const { secret } = await options.apiKeys.create(id, { name: 'demo', scopes: ['KPI_READ'] });
  await writeFile(keyFile(), `${secret}\n`);
  return secret;
}

it('a demo that was interrupted is completed up to the same day, with the same records', async () => {
  const interrupt = (done: number): void => {
    if (done === 3) throw new Error('killed');
  };
  await expect(ensureDemo({ ...options, onProgress: interrupt })).rejects.toThrow('killed');
  expect(await listKeys()).toEqual([]);
  const first = sent;
  sent = [];

  const demo = await ensureDemo({ ...options, now: LATER });
  expect(demo?.lastDay).toBe('2030-01-09');
  expect(sent.slice(0, first.length).sort()).toEqual(first.sort());
  expect(sent.at(-1)).toBe('refresh');
  expect(await options.organizations.list()).toMatchObject([{ name: DEMO_ORGANIZATION.name, createdAt: NOW }]);

  const principal = await new AuthService(db.database.readers).authenticate(`Bearer ${demo?.key ?? ''}`);
  expect(principal.scopes.has('ADMIN')).toBe(false);
  expect(await readFile(keyFile(), 'utf8')).toBe(`${demo?.key ?? ''}\n`);
  expect((await stat(keyFile())).mode & 0o777).toBe(0o600);
});

it('a complete demo is left alone, and its key is told again', async () => {
  const key = await makeCompleteDemo();
  expect(await ensureDemo({ ...options, now: LATER })).toEqual({ key, lastDay: '2030-01-09' });
  expect(sent).toEqual([]);
});

it('a complete demo is told of beside other organizations too', async () => {
  const key = await makeCompleteDemo();
  await db.createOrganization();
  expect(await ensureDemo(options)).toMatchObject({ key });
});

it.each([
  ['lost', ''],
  ['of another database', `sl_${'0'.repeat(12)}_${'0'.repeat(43)}`],
])('a key file that is %s gets a new key, and the old one is revoked', async (_, content) => {
  const old = await makeCompleteDemo();
  await writeFile(keyFile(), content, { mode: 0o644 });
  const demo = await ensureDemo(options);
  expect(demo?.key).not.toBe(old);
  expect(await listKeys()).toMatchObject([{ revokedAt: expect.any(Date) as Date }, { revokedAt: null }]);
  expect((await stat(keyFile())).mode & 0o777).toBe(0o600);
  expect(await ensureDemo(options)).toEqual(demo);
});

it('a key that somebody revoked is not replaced', async () => {
  const [, keyId = ''] = (await makeCompleteDemo()).split('_');
  await options.apiKeys.revoke((await options.organizations.getOnly()).id, keyId);
  expect(await ensureDemo(options)).toBeNull();
  expect(await listKeys()).toHaveLength(1);
});

it('there is no demo beside other organizations, unless it is asked for', async () => {
  await db.createOrganization();
  expect(await ensureDemo(options)).toBeNull();
  expect(await options.organizations.list()).toHaveLength(1);
  const stop = (): void => {
    throw new Error('begun');
  };
  await expect(ensureDemo({ ...options, besideOthers: true, onProgress: stop })).rejects.toThrow('begun');
  expect(await options.organizations.list()).toHaveLength(2);
});
