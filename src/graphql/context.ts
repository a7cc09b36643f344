import type { Principal, Scope } from '../domain/access';
import { AppError } from '../errors';
import type { Snapshot } from '../db/snapshot';
import type { IngestionService } from '../services/ingestion.service';
import type { KpiReader } from '../services/reading/kpi-reader';
import type { Balance } from '../services/rate-limiter';
import type { Reader } from '../services/reading/reader';

/** What one request has: who asks, when, and the ways to read and write for it. */
export interface Context {
  readonly requestId: string;
  readonly principal: Principal;
  readonly now: Date;
  readonly snapshot: Snapshot;
  readonly reader: Reader;
  readonly kpis: KpiReader;
  readonly ingestion: IngestionService;
  readonly rateLimit: Balance;
}

/** Throws FORBIDDEN unless the key has one of the scopes. */
export function requireScope({ principal }: Context, ...scopes: readonly Scope[]): void {
  if (scopes.some((scope) => principal.scopes.has(scope))) return;
  throw new AppError('FORBIDDEN', `This key lacks the scope ${scopes.join(' or ')}.`);
}
