import type { Principal } from '../domain/access';
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
