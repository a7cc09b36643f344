import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Principal } from '../domain/access';
import { addDays } from '../domain/period';
import { type Day, localDay } from '../domain/zone';
import type { ApiKeyEntity } from '../db/entities/api-key.entity';
import type { ApiKeyService } from '../services/api-key.service';
import { findKeyId } from '../services/auth.service';
import type { IngestionService } from '../services/ingestion.service';
import type { RollupService } from '../services/rollup.service';
import type { Organization, OrganizationService } from '../services/organization.service';
import { DEMO_ORGANIZATION } from './demo';
import { seedDemo } from './seed-demo';

export interface DemoOptions {
  readonly organizations: OrganizationService;
  readonly apiKeys: ApiKeyService;
  readonly ingestion: Pick<IngestionService, 'ingest'>;
  readonly rollups: Pick<RollupService, 'refresh' | 'closeMonths'>;
  /** The demo key's secret is kept here, so that every start can show it. */
  readonly dataDirectory: string;
  readonly now: Date;
  /** Make the demo even where there are other organizations. */
  readonly besideOthers?: boolean;
  /** May throw: the demo is completed the next time. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Demo {
  readonly key: string;
  /** The last day that the demo tells of. */
  readonly lastDay: Day;
}

const KEY_NAME = 'demo';
const KEY_SCOPES = ['KPI_READ', 'RECORDS_READ', 'EVALUATION_READ', 'EVALUATION_WRITE', 'SCORE_WRITE', 'INGEST'];

/**
 * Makes the demo, or completes one that was interrupted: its key is made last and says that it is complete.
 * Null when there is none, because others use the database, or when somebody has revoked its key.
 */
export async function ensureDemo(options: DemoOptions): Promise<Demo | null> {
  const organizations = await options.organizations.list();
  const existing = organizations.find(({ name }) => name === DEMO_ORGANIZATION.name);
  const keys = existing ? await listDemoKeys(options, existing) : [];
  if (keys.length === 0 && organizations.some((other) => other !== existing) && !options.besideOthers) return null;
  const organization = existing ?? (await createOrganization(options));
  // Always the same day, so that completing writes the same records again.
  const lastDay = addDays(localDay(organization.timeZone, organization.createdAt.getTime()), -1);
  if (keys.length === 0) await seed(options, organization, lastDay);
  const key = await keepKey(options, organization, keys);
  return key === null ? null : { key, lastDay };
}

function createOrganization({ organizations, now }: DemoOptions): Promise<Organization> {
  return organizations.create({ ...DEMO_ORGANIZATION, createdAt: now });
}

async function listDemoKeys({ apiKeys }: DemoOptions, { id }: Organization): Promise<ApiKeyEntity[]> {
  return (await apiKeys.list(id)).filter(({ name }) => name === KEY_NAME);
}

async function seed(
  { ingestion, rollups, now, onProgress }: DemoOptions,
  { id, timeZone }: Organization,
  lastDay: Day,
): Promise<void> {
  const principal: Principal = {
    organizationId: id,
    keyId: 0,
    keyName: KEY_NAME,
    scopes: new Set(['INGEST']),
    clientIds: null,
  };
  await seedDemo({ ingestion, principal, lastDay, onProgress });
  await rollups.refresh(id, null);
  while ((await rollups.closeMonths(id, localDay(timeZone, now.getTime()))) > 0);
}

/** The key in the file; a new one when the file is lost; null when the key in the file has been revoked. */
async function keepKey(
  { apiKeys, dataDirectory }: DemoOptions,
  { id }: Organization,
  keys: readonly ApiKeyEntity[],
): Promise<string | null> {
  const file = join(dataDirectory, 'demo-key');
  const kept = existsSync(file) ? (await readFile(file, 'utf8')).trim() : '';
  const known = keys.find(({ keyId }) => keyId === findKeyId(kept));
  if (known) return known.revokedAt === null ? kept : null;
  for (const lost of keys) await apiKeys.revoke(id, lost.keyId);
  const { secret } = await apiKeys.create(id, { name: KEY_NAME, scopes: KEY_SCOPES });
  await mkdir(dataDirectory, { recursive: true });
  // An existing file would keep its mode.
  await rm(file, { force: true });
  await writeFile(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}
