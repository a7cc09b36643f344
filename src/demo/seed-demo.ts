import type { Principal } from '../domain/access';
import { RECORD_KINDS, type RecordKind } from '../domain/records';
import type { Day } from '../domain/zone';
import type { IngestBatch, IngestResult } from '../services/ingest-result';
import type { IngestionService } from '../services/ingestion.service';
import { generateDemo } from './demo';

export interface DemoSeed {
  readonly ingestion: Pick<IngestionService, 'ingest'>;
  /** Of the organization to fill, with the scope INGEST and no limit to clients. */
  readonly principal: Principal;
  /** The last day told, in the organization's zone: the one before today. */
  readonly lastDay: Day;
  readonly days?: number;
  /** Called after each day taken in. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** How many records were sent of each kind; those sent twice count twice. */
export type DemoCounts = { readonly [Kind in RecordKind]?: number };

/** Fills an organization with the demo, but for its rollups. Throws if any record is rejected: the demo must fit the rules. */
export async function seedDemo({ ingestion, principal, lastDay, days, onProgress }: DemoSeed): Promise<DemoCounts> {
  const counts: { [Kind in RecordKind]?: number } = {};
  const send = async (batch: IngestBatch): Promise<void> => {
    assertNoneRejected(await ingestion.ingest(principal, batch, { refresh: false }));
    for (const kind of RECORD_KINDS) {
      const count = batch[kind]?.length ?? 0;
      if (count > 0) counts[kind] = (counts[kind] ?? 0) + count;
    }
  };
  const demo = generateDemo(lastDay, { days });
  await send(demo.directory);
  let done = 0;
  for (const { batches } of demo.story) {
    await Promise.all(batches.map(send));
    done += 1;
    onProgress?.(done, demo.days);
  }
  return counts;
}

function assertNoneRejected({ rejected }: IngestResult): void {
  const [first] = rejected;
  if (first === undefined) return;
  const { kind, externalId, field, code, message } = first;
  throw new Error(
    `${rejected.length} records of the demo were rejected, first ${kind} ${externalId}: ${field} ${code} ${message}`,
  );
}
