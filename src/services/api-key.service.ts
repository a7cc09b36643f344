import { type EntityManager, In } from 'typeorm';
import type { Database, Transaction } from '../db/database';
import { ApiKeyEntity } from '../db/entities/api-key.entity';
import { ClientEntity } from '../db/entities/client.entity';
import { type Scope, SCOPES } from '../domain/access';
import { AppError } from '../errors';
import { type AuditAction, recordEvents } from './audit';
import { generateKey } from './auth.service';

export interface NewApiKey {
  readonly name: string;
  readonly scopes: readonly string[];
  /** External ids; absent or null: every client. */
  readonly clients?: readonly string[] | null;
  readonly expiresAt?: Date | null;
}

export interface CreatedApiKey {
  readonly apiKey: ApiKeyEntity;
  /** The whole key: this is the only time it is told. */
  readonly secret: string;
}

const MAX_NAME_LENGTH = 100;

/** Administers the keys of an organization from the command line. */
export class ApiKeyService {
  constructor(
    private readonly database: Database,
    private readonly now: () => number = Date.now,
  ) {}

  async create(organizationId: number, input: NewApiKey): Promise<CreatedApiKey> {
    const name = parseName(input.name);
    const scopes = parseScopes(input.scopes);
    const clients = parseClients(input.clients ?? null, scopes);
    const expiresAt = this.parseExpiry(input.expiresAt ?? null);
    const { key, keyId, digest } = generateKey();
    const apiKey = await this.database.transaction(organizationId, async (tx) => {
      const { manager } = tx;
      const clientIds = clients && (await findClientIds(manager, organizationId, clients));
      const created = manager.create(ApiKeyEntity, {
        organizationId,
        keyId,
        digest,
        name,
        scopes,
        clientIds,
        expiresAt,
      });
      await manager.insert(ApiKeyEntity, created);
      await audit(tx, 'API_KEY_CREATED', created);
      return created;
    });
    return { apiKey, secret: key };
  }

  /** Oldest first, revoked ones too. */
  async list(organizationId: number): Promise<ApiKeyEntity[]> {
    return this.database.transaction(organizationId, ({ manager }) =>
      manager.find(ApiKeyEntity, { where: { organizationId }, order: { id: 'ASC' } }),
    );
  }

  /** Ends the key within seconds, for good. One that was revoked already stays as it is. */
  async revoke(organizationId: number, keyId: string): Promise<ApiKeyEntity> {
    return this.database.transaction(organizationId, async (tx) => {
      const { manager } = tx;
      const apiKey = await manager.findOne(ApiKeyEntity, {
        where: { organizationId, keyId },
        lock: { mode: 'pessimistic_write' },
      });
      if (!apiKey) throw new AppError('NOT_FOUND', `There is no key ${keyId} in this organization.`);
      if (apiKey.revokedAt) return apiKey;
      apiKey.revokedAt = new Date(this.now());
      await manager.update(ApiKeyEntity, { organizationId, id: apiKey.id }, { revokedAt: apiKey.revokedAt });
      await audit(tx, 'API_KEY_REVOKED', apiKey);
      return apiKey;
    });
  }

  private parseExpiry(expiresAt: Date | null): Date | null {
    if (!expiresAt || expiresAt.getTime() > this.now()) return expiresAt;
    throw invalid('expiresAt', 'A key expires at an instant in the future.');
  }
}

function invalid(field: string, message: string): AppError {
  return new AppError('BAD_USER_INPUT', message, { field });
}

function parseName(text: string): string {
  const name = text.trim();
  // Lists show it on terminals.
  if (/\p{Cc}/u.test(name)) throw invalid('name', 'A name has no control characters.');
  if (name.length >= 1 && name.length <= MAX_NAME_LENGTH) return name;
  throw invalid('name', `The name of a key has 1 to ${MAX_NAME_LENGTH} characters.`);
}

function parseScopes(texts: readonly string[]): Scope[] {
  const scopes = SCOPES.filter((scope) => texts.includes(scope));
  const known = new Set<string>(SCOPES);
  const unknown = texts.filter((text) => !known.has(text));
  if (scopes.length > 0 && unknown.length === 0) return scopes;
  const problem = unknown.length > 0 ? `There is no scope ${unknown.join(', ')}.` : 'A key has at least one scope.';
  throw invalid('scopes', `${problem} Scopes are ${SCOPES.join(', ')}.`);
}

function parseClients(clients: readonly string[] | null, scopes: readonly Scope[]): readonly string[] | null {
  if (!clients) return null;
  if (clients.length === 0) throw invalid('clients', 'A key limited to clients names at least one.');
  if (scopes.includes('ADMIN')) throw invalid('scopes', 'A key limited to clients cannot have the scope ADMIN.');
  return clients;
}

async function findClientIds(
  manager: EntityManager,
  organizationId: number,
  externalIds: readonly string[],
): Promise<number[]> {
  const clients = await manager.find(ClientEntity, { where: { organizationId, externalId: In([...externalIds]) } });
  const known = new Set(clients.map((client) => client.externalId));
  const unknown = externalIds.filter((externalId) => !known.has(externalId));
  if (unknown.length > 0) throw invalid('clients', `There is no client ${unknown.join(', ')}.`);
  return clients.map((client) => client.id);
}

async function audit(tx: Transaction, action: AuditAction, apiKey: ApiKeyEntity): Promise<void> {
  const subject = { kind: 'ApiKey', id: apiKey.id, detail: apiKey.name };
  await recordEvents(tx, apiKey.organizationId, action, { keyName: 'command line', actor: null }, [subject]);
}
