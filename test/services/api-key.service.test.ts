import { SCOPES } from '../../src/domain/access';
import { ApiKeyService, type NewApiKey } from '../../src/services/api-key.service';
import { AuthService } from '../../src/services/auth.service';
import { IngestionService } from '../../src/services/ingestion.service';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makePrincipal } from '../support/ingest';

const NOW = Date.parse('2030-01-01T00:00:00Z');

let db: TestDatabase;
let keys: ApiKeyService;
let organizationId: number;
let otherId: number;

beforeAll(async () => {
  db = await createTestDatabase();
  keys = new ApiKeyService(db.database, () => NOW);
  organizationId = await db.createOrganization();
  otherId = await db.createOrganization('Other');
  const clients = ['c1', 'c2'].map((externalId) => ({ externalId, name: externalId }));
  const ingestion = new IngestionService(db.database);
  await ingestion.ingest(makePrincipal(organizationId), { clients });
  await ingestion.ingest(makePrincipal(otherId), { clients: [{ externalId: 'c3', name: 'c3' }] });
});
afterAll(() => db.close());

const makeKey = (overrides: Partial<NewApiKey> = {}): NewApiKey => ({
  name: 'test',
  scopes: ['KPI_READ'],
  ...overrides,
});

const auditOf = (id: number): Promise<object[]> =>
  db.tenant(organizationId).query({
    text: `select action, key_name, subject_kind, subject_id, detail from audit_event
           where organization_id = $1 and subject_kind = 'ApiKey' and subject_id = $2 order by id`,
    values: [organizationId, id],
  });

describe('creating a key', () => {
  it('stores a digest, never the secret', async () => {
    const { apiKey, secret } = await keys.create(organizationId, makeKey());
    const [row] = await db.tenant(organizationId).query<{ key_id: string; stored: string }>({
      text: `select k.key_id, k::text || encode(k.digest, 'escape') as stored from api_key k
             where k.organization_id = $1 and k.id = $2`,
      values: [organizationId, apiKey.id],
    });
    const [, keyId = '', part = ''] = secret.split('_');
    expect(row?.key_id).toBe(keyId);
    expect(row?.stored).not.toContain(part);
  });

  it('makes one that works', async () => {
    const { apiKey, secret } = await keys.create(organizationId, makeKey({ scopes: [...SCOPES] }));
    const principal = await new AuthService(db.database.readers, () => NOW).authenticate(`Bearer ${secret}`);
    expect(principal).toMatchObject({ organizationId, keyId: apiKey.id, scopes: new Set(SCOPES), clientIds: null });
  });

  it('leaves a trace in the audit trail', async () => {
    const { apiKey } = await keys.create(organizationId, makeKey({ name: ' My key ' }));
    expect(await auditOf(apiKey.id)).toEqual([
      {
        action: 'API_KEY_CREATED',
        key_name: 'command line',
        subject_kind: 'ApiKey',
        subject_id: String(apiKey.id),
        detail: 'My key',
      },
    ]);
  });

  it('limits it to clients by their external ids', async () => {
    const { apiKey } = await keys.create(organizationId, makeKey({ clients: ['c2', 'c1'] }));
    const names = await db.tenant(organizationId).query<{ external_id: string }>({
      text: 'select external_id from client where organization_id = $1 and id = any($2) order by external_id',
      values: [organizationId, apiKey.clientIds],
    });
    expect(names.map((row) => row.external_id)).toEqual(['c1', 'c2']);
  });

  it.each<[string, Partial<NewApiKey>, string, string]>([
    ['without a name', { name: ' ' }, 'name', 'The name of a key has 1 to 100 characters.'],
    ['with a name of 101', { name: 'x'.repeat(101) }, 'name', 'The name of a key has 1 to 100 characters.'],
    ['with a name that moves the cursor', { name: 'a\u001b[2J' }, 'name', 'A name has no control characters.'],
    ['without a scope', { scopes: [] }, 'scopes', `A key has at least one scope. Scopes are ${SCOPES.join(', ')}.`],
    [
      'with an unknown scope',
      { scopes: ['KPI_READ', 'ROOT'] },
      'scopes',
      `There is no scope ROOT. Scopes are ${SCOPES.join(', ')}.`,
    ],
    ['for no client', { clients: [] }, 'clients', 'A key limited to clients names at least one.'],
    ['for an unknown client', { clients: ['c1', 'c9'] }, 'clients', 'There is no client c9.'],
    ["for another organization's client", { clients: ['c3'] }, 'clients', 'There is no client c3.'],
    [
      'with ADMIN for a client',
      { clients: ['c1'], scopes: ['ADMIN'] },
      'scopes',
      'A key limited to clients cannot have the scope ADMIN.',
    ],
    ['that expires now', { expiresAt: new Date(NOW) }, 'expiresAt', 'A key expires at an instant in the future.'],
  ])('is refused %s, and leaves nothing behind', async (_, overrides, field, message) => {
    const before = await keys.list(organizationId);
    await expect(keys.create(organizationId, makeKey(overrides))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message,
      details: { field },
    });
    expect(await keys.list(organizationId)).toEqual(before);
  });

  it('takes a name of 100 and an expiry in a millisecond', async () => {
    const expiresAt = new Date(NOW + 1);
    const { apiKey } = await keys.create(organizationId, makeKey({ name: 'x'.repeat(100), expiresAt }));
    expect(await keys.list(organizationId)).toContainEqual(expect.objectContaining({ id: apiKey.id, expiresAt }));
  });
});

describe('listing keys', () => {
  it('gives those of the organization, oldest first', async () => {
    const { apiKey } = await keys.create(otherId, makeKey({ name: 'theirs' }));
    expect((await keys.list(otherId)).map(({ id }) => id)).toEqual([apiKey.id]);
    const own = (await keys.list(organizationId)).map(({ id }) => id);
    expect(own).toEqual([...own].sort((a, b) => a - b));
    expect(own).not.toContain(apiKey.id);
  });
});

describe('revoking a key', () => {
  it('is told once in the audit trail, however often it is done', async () => {
    const { apiKey } = await keys.create(organizationId, makeKey());
    const revoked = await keys.revoke(organizationId, apiKey.keyId);
    expect(revoked.revokedAt).toEqual(new Date(NOW));
    const again = await new ApiKeyService(db.database, () => NOW + 1).revoke(organizationId, apiKey.keyId);
    expect(again.revokedAt).toEqual(new Date(NOW));
    expect(await auditOf(apiKey.id)).toMatchObject([{ action: 'API_KEY_CREATED' }, { action: 'API_KEY_REVOKED' }]);
  });

  it("cannot reach another organization's key, and does not tell that it exists", async () => {
    const { apiKey } = await keys.create(otherId, makeKey());
    await expect(keys.revoke(organizationId, apiKey.keyId)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `There is no key ${apiKey.keyId} in this organization.`,
    });
  });
});
