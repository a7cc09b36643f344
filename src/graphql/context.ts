import type { Principal } from '../domain/access';
import type { Snapshot } from '../db/snapshot';
import type { DeletionService } from '../services/deletion.service';
import type { ExclusionService } from '../services/exclusion.service';
import type { IngestionService } from '../services/ingestion.service';
import type { MetricService } from '../services/metric.service';
import type { KpiReader } from '../services/reading/kpi-reader';
import type { Balance } from '../services/rate-limiter';
import type { Reader } from '../services/reading/reader';

/** Ways to read in one snapshot. */
export interface Reading {
  readonly snapshot: Snapshot;
  readonly reader: Reader;
  readonly kpis: KpiReader;
}

/** What one request has: who asks, when, and the ways to read and write for it. */
export interface Context extends Reading {
  readonly requestId: string;
  readonly principal: Principal;
  readonly now: Date;
  readonly metrics: MetricService;
  readonly ingestion: IngestionService;
  readonly exclusions: ExclusionService;
  readonly deletions: DeletionService;
  readonly rateLimit: Balance;
  /** After a write: what is read from now on is read in a snapshot that has it. */
  readAnew(): void;
}
