import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { Pool } from 'pg';
import { type Principal, type Scope, SCOPES } from '../domain/access';
import { AppError } from '../errors';

/** A new key: `key` goes to its holder and nowhere else, the other two are stored. */
export interface GeneratedKey {
  readonly key: string;
  readonly keyId: string;
  readonly digest: Buffer;
}

/** What a caller presents: which key, and what it knows of its secret. */
interface Credential {
  readonly keyId: string;
  readonly digest: Buffer;
}

interface KeyRow {
  readonly organization_id: number;
  readonly id: number;
  readonly digest: Buffer;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly client_ids: readonly number[] | null;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
}

/** A key that has proved its secret. */
interface ProvedKey {
  readonly principal: Principal;
  readonly expiresAt: number;
  readonly cachedUntil: number;
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const KEY_ID_LENGTH = 12;
/** 62^43 > 2^256. */
const SECRET_LENGTH = 43;
const KEY = new RegExp(`^sl_([0-9A-Za-z]{${KEY_ID_LENGTH}})_([0-9A-Za-z]{${SECRET_LENGTH}})$`);
/** No secret is known to have this digest. */
const NO_DIGEST = Buffer.alloc(32);

/** How long a revoked key may still work. */
const CACHE_MS = 5_000;
const MAX_CACHED_KEYS = 1_000;

export function generateKey(): GeneratedKey {
  const keyId = randomText(KEY_ID_LENGTH);
  const secret = randomText(SECRET_LENGTH);
  return { key: `sl_${keyId}_${secret}`, keyId, digest: sha256(secret) };
}

/** The public part of a key, or null when the text is not a key. */
export function findKeyId(key: string): string | null {
  return KEY.exec(key)?.[1] ?? null;
}

/** Throws FORBIDDEN unless the key has one of the scopes. */
export function requireScope(principal: Principal, ...scopes: readonly Scope[]): void {
  if (scopes.some((scope) => principal.scopes.has(scope))) return;
  throw new AppError('FORBIDDEN', `This key lacks the scope ${scopes.join(' or ')}.`);
}

/** Tells from the Authorization header who is asking. */
export class AuthService {
  /** By key id and digest of the secret, the longest unused first. */
  private readonly proved = new Map<string, ProvedKey>();

  constructor(
    private readonly readers: Pool,
    private readonly now: () => number = Date.now,
  ) {}

  /** Throws UNAUTHENTICATED, which tells why only to those who know the secret. */
  async authenticate(authorization: string | undefined): Promise<Principal> {
    const credential = parseAuthorization(authorization ?? '');
    if (!credential) throw invalidKey();
    const key = this.findCached(credential) ?? (await this.prove(credential));
    if (key.expiresAt <= this.now()) throw new AppError('UNAUTHENTICATED', 'This API key has expired.');
    return key.principal;
  }

  private async prove(credential: Credential): Promise<ProvedKey> {
    // No tenant is set: who it is comes out of this.
    const { rows } = await this.readers.query<KeyRow>({
      name: 'find_api_key',
      text: 'select * from find_api_key($1)',
      values: [credential.keyId],
    });
    const row = rows[0];
    const isProved = timingSafeEqual(credential.digest, row?.digest ?? NO_DIGEST);
    if (!row || !isProved) throw invalidKey();
    if (row.revoked_at) throw new AppError('UNAUTHENTICATED', 'This API key was revoked.');
    const key = {
      principal: toPrincipal(row),
      expiresAt: row.expires_at?.getTime() ?? Infinity,
      cachedUntil: this.now() + CACHE_MS,
    };
    this.cache(credential, key);
    return key;
  }

  private findCached(credential: Credential): ProvedKey | null {
    const name = cacheName(credential);
    const key = this.proved.get(name);
    if (!key) return null;
    this.proved.delete(name);
    if (key.cachedUntil <= this.now()) return null;
    // Behind all others: the longest unused makes room.
    this.proved.set(name, key);
    return key;
  }

  private cache(credential: Credential, key: ProvedKey): void {
    const [longestUnused] = this.proved.keys();
    if (longestUnused !== undefined && this.proved.size >= MAX_CACHED_KEYS) this.proved.delete(longestUnused);
    this.proved.set(cacheName(credential), key);
  }
}

function invalidKey(): AppError {
  return new AppError('UNAUTHENTICATED', 'A valid API key is needed, as in "Authorization: Bearer sl_…".');
}

/** `Bearer <key>`; `Basic` with the key as user or as password, or with the key's id as user and its secret as password. */
function parseAuthorization(header: string): Credential | null {
  const [, scheme, value] = /^(bearer|basic) +(\S+)$/i.exec(header) ?? [];
  if (!scheme || !value) return null;
  if (scheme.toLowerCase() === 'bearer') return parseKey(value);
  const login = Buffer.from(value, 'base64').toString();
  const [user = '', password = ''] = login.split(':', 2);
  return parseKey(user) ?? parseKey(password) ?? parseKey(`${user}_${password}`) ?? parseKey(`sl_${user}_${password}`);
}

function parseKey(text: string): Credential | null {
  const [, keyId, secret] = KEY.exec(text) ?? [];
  return keyId && secret ? { keyId, digest: sha256(secret) } : null;
}

function toPrincipal(row: KeyRow): Principal {
  return {
    organizationId: row.organization_id,
    keyId: row.id,
    keyName: row.name,
    // A scope that only a newer version knows grants nothing here.
    scopes: new Set(SCOPES.filter((scope) => row.scopes.includes(scope))),
    clientIds: row.client_ids,
  };
}

function cacheName({ keyId, digest }: Credential): string {
  return keyId + digest.toString('base64');
}

function sha256(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function randomText(length: number): string {
  return Array.from({ length }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}
