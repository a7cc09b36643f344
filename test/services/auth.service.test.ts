import { Pool } from 'pg';
import type { Scope } from '../../src/domain/access';
import { ApiKeyService, type NewApiKey } from '../../src/services/api-key.service';
import { AuthService, generateKey, requireScope } from '../../src/services/auth.service';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makePrincipal } from '../support/ingest';

const START = Date.parse('2030-01-01T00:00:00Z');
const NOT_VALID = {
  code: 'UNAUTHENTICATED',
  message: 'A valid API key is needed, as in "Authorization: Bearer sl_…".',
};

let db: TestDatabase;
let organizationId: number;
let now: number;
let keys: ApiKeyService;
let auth: AuthService;

beforeAll(async () => {
  db = await createTestDatabase();
  organizationId = await db.createOrganization();
});
afterAll(() => db.close());

beforeEach(() => {
  now = START;
  keys = new ApiKeyService(db.database, () => now);
  auth = new AuthService(db.database.readers, () => now);
});

async function createKey(overrides: Partial<NewApiKey> = {}): Promise<{ key: string; keyId: string; secret: string }> {
  const { secret: key } = await keys.create(organizationId, { name: 'test', scopes: ['KPI_READ'], ...overrides });
  const [, keyId = '', secret = ''] = key.split('_');
  return { key, keyId, secret };
}

const basic = (user: string, password = ''): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

describe('a key', () => {
  it('has an id of 12 and a secret of 256 bits, both base62, and never comes twice', () => {
    const generated = Array.from({ length: 100 }, generateKey);
    for (const { key, keyId, digest } of generated) {
      expect(key).toMatch(/^sl_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}$/);
      expect(key.split('_')[1]).toBe(keyId);
      expect(digest).toHaveLength(32);
    }
    expect(new Set(generated.map(({ key }) => key)).size).toBe(100);
  });
});

describe('who is asking', () => {
  it('is told from a bearer token', async () => {
    const { key } = await createKey({ name: 'reader', scopes: ['RECORDS_READ', 'KPI_READ'] });
    const principal = await auth.authenticate(`Bearer ${key}`);
    expect(principal).toEqual({
      organizationId,
      keyId: expect.any(Number) as number,
      keyName: 'reader',
      scopes: new Set(['KPI_READ', 'RECORDS_READ']),
      clientIds: null,
    });
  });

  it('is told whatever the case of the scheme', async () => {
    const { key } = await createKey();
    await expect(auth.authenticate(`bearer ${key}`)).resolves.toMatchObject({ organizationId });
  });

  it.each<[string, (parts: { key: string; keyId: string; secret: string }) => string]>([
    ['the key as user', ({ key }) => basic(key)],
    ['the key as user, and any password', ({ key }) => basic(key, 'x')],
    ['the key as password', ({ key }) => basic('api', key)],
    ['the key as password of nobody', ({ key }) => basic('', key)],
    ['sl_ and the id as user, the secret as password', ({ keyId, secret }) => basic(`sl_${keyId}`, secret)],
    ['the id as user, the secret as password', ({ keyId, secret }) => basic(keyId, secret)],
  ])('is told from Basic with %s', async (_, header) => {
    await expect(auth.authenticate(header(await createKey()))).resolves.toMatchObject({ organizationId });
  });

  it('is not told without a header', async () => {
    await expect(auth.authenticate(undefined)).rejects.toMatchObject(NOT_VALID);
  });

  it.each<[string, (parts: { key: string; keyId: string; secret: string }) => string]>([
    ['an empty header', () => ''],
    ['no scheme', ({ key }) => key],
    ['another scheme', ({ key }) => `Token ${key}`],
    ['two keys', ({ key }) => `Bearer ${key} ${key}`],
    ['a key cut short', ({ key }) => `Bearer ${key.slice(0, -1)}`],
    ['a key and more', ({ key }) => `Bearer ${key}0`],
    ['the id alone', ({ keyId }) => `Bearer sl_${keyId}`],
    ['Basic that is not base64', () => 'Basic ???'],
    ['Basic with the id alone', ({ keyId }) => basic(keyId)],
    ['the secret of another key', ({ keyId }) => `Bearer sl_${keyId}_${generateKey().key.split('_')[2] ?? ''}`],
    ['a key nobody made', () => `Bearer ${generateKey().key}`],
  ])('is not told from %s, in the same words', async (_, header) => {
    await expect(auth.authenticate(header(await createKey()))).rejects.toMatchObject(NOT_VALID);
  });

  it('looks an unknown key up like a known one', async () => {
    const query = jest.spyOn(db.database.readers, 'query');
    await expect(auth.authenticate(`Bearer ${generateKey().key}`)).rejects.toMatchObject(NOT_VALID);
    expect(query).toHaveBeenCalledTimes(1);
    query.mockRestore();
  });
});

describe('an expired key', () => {
  it('works to the millisecond before, also from the cache, and then says that it has expired', async () => {
    const { key } = await createKey({ expiresAt: new Date(START + 2_000) });
    now = START + 1_999;
    await expect(auth.authenticate(`Bearer ${key}`)).resolves.toBeDefined();
    now = START + 2_000;
    await expect(auth.authenticate(`Bearer ${key}`)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: 'This API key has expired.',
    });
  });

  it('says nothing of that to those who do not know its secret', async () => {
    const { keyId } = await createKey({ expiresAt: new Date(START + 1) });
    now = START + 2;
    const guess = `Bearer sl_${keyId}_${'0'.repeat(43)}`;
    await expect(auth.authenticate(guess)).rejects.toMatchObject(NOT_VALID);
  });
});

describe('a revoked key', () => {
  it('says so', async () => {
    const { key, keyId } = await createKey();
    await keys.revoke(organizationId, keyId);
    await expect(auth.authenticate(`Bearer ${key}`)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      message: 'This API key was revoked.',
    });
  });

  it('ends 5 seconds after it was last looked up, however often it is used', async () => {
    const { key, keyId } = await createKey();
    await auth.authenticate(`Bearer ${key}`);
    await keys.revoke(organizationId, keyId);
    for (now = START; now < START + 5_000; now += 1_000) await auth.authenticate(`Bearer ${key}`);
    await expect(auth.authenticate(`Bearer ${key}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('the cache', () => {
  const lookups = async (work: () => Promise<unknown>): Promise<number> => {
    const query = jest.spyOn(db.database.readers, 'query');
    await work();
    const count = query.mock.calls.length;
    query.mockRestore();
    return count;
  };

  it('saves the lookup of a key that was used lately', async () => {
    const { key } = await createKey();
    await auth.authenticate(`Bearer ${key}`);
    expect(await lookups(() => auth.authenticate(`Bearer ${key}`))).toBe(0);
  });

  it('takes no other secret for a key it knows, nor its secret for another key', async () => {
    const one = await createKey();
    const another = await createKey();
    await auth.authenticate(`Bearer ${one.key}`);
    await auth.authenticate(`Bearer ${another.key}`);
    const mixed = `Bearer sl_${one.keyId}_${another.secret}`;
    await expect(auth.authenticate(mixed)).rejects.toMatchObject(NOT_VALID);
  });

  it('does not remember failures', async () => {
    const header = `Bearer ${generateKey().key}`;
    const fail = (): Promise<unknown> => auth.authenticate(header).catch(() => undefined);
    await fail();
    expect(await lookups(fail)).toBe(1);
  });

  it('holds a thousand keys and forgets the one that was not used for longest', async () => {
    const rest = { organization_id: 1, id: 1, name: 'many', scopes: [], client_ids: null, expires_at: null };
    const made = Array.from({ length: 1_001 }, generateKey);
    const rows = new Map(made.map(({ keyId, digest }) => [keyId, { ...rest, digest, revoked_at: null }]));
    const query = jest.fn(({ values: [keyId] }: { values: [string] }) => Promise.resolve({ rows: [rows.get(keyId)] }));
    auth = new AuthService(Object.assign(new Pool(), { query }), () => now);
    const use = (index: number) => auth.authenticate(`Bearer ${made[index]?.key ?? ''}`);

    for (let index = 0; index < 1_000; index += 1) await use(index);
    await use(0);
    await use(1_000);
    expect(query).toHaveBeenCalledTimes(1_001);
    await use(0);
    expect(query).toHaveBeenCalledTimes(1_001);
    await use(1);
    expect(query).toHaveBeenCalledTimes(1_002);
  });
});

describe('a scope', () => {
  it('is required by name', () => {
    const principal = makePrincipal(1, { scopes: new Set<Scope>(['KPI_READ']) });
    expect(() => requireScope(principal, 'KPI_READ')).not.toThrow();
    expect(() => requireScope(principal, 'ADMIN')).toThrow('This key lacks the scope ADMIN.');
  });
});
