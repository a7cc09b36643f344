import type { Principal } from '../domain/access';
import type { RecordKind } from '../domain/records';
import type { RejectedRecord } from './ingest-result';
import type { IngestionService } from './ingestion.service';
import type { IncomingRecord } from './record-reader/incoming-record';

/** What became of the records so far. */
export interface StreamResult {
  readonly accepted: number;
  readonly unchanged: number;
  readonly stale: number;
  readonly rejected: number;
}

/** A record that was refused; its index counts from the start of the stream. */
export interface RejectedLine extends RejectedRecord {
  readonly line: number;
}

export interface StreamOptions {
  readonly batchSize?: number;
  /** Called after each batch, when it is stored. */
  readonly onProgress?: (soFar: StreamResult) => void;
  /** Gets the rejected records of each batch; the next one waits for it. */
  readonly onRejected?: (rejected: readonly RejectedLine[]) => Promise<void> | void;
}

export const NOTHING_INGESTED: StreamResult = { accepted: 0, unchanged: 0, stale: 0, rejected: 0 };
const BATCH_RECORDS = 1000;
// A thousand lines of the greatest length would be a gigabyte.
const BATCH_CHARACTERS = 8 * 1_048_576;

/**
 * Takes a stream of records in, batch after batch, each in a transaction of its own; rollups are left for later. When reading fails, the batches
 * before stay and nothing of the one begun is taken.
 */
export async function ingestStream(
  ingestion: Pick<IngestionService, 'ingest'>,
  principal: Principal,
  kind: RecordKind,
  records: AsyncIterable<IncomingRecord>,
  { batchSize = BATCH_RECORDS, onProgress, onRejected }: StreamOptions = {},
): Promise<StreamResult> {
  let result = NOTHING_INGESTED;
  let start = 0;
  for await (const batch of inBatches(records, batchSize)) {
    const { rejected, ...counts } = await ingestion.ingest(
      principal,
      { [kind]: batch.map(({ raw }) => raw) },
      { refresh: false },
    );
    result = {
      accepted: result.accepted + counts.accepted,
      unchanged: result.unchanged + counts.unchanged,
      stale: result.stale + counts.stale,
      rejected: result.rejected + rejected.length,
    };
    onProgress?.(result);
    if (rejected.length > 0) await onRejected?.(inStream(rejected, batch, start));
    start += batch.length;
  }
  return result;
}

async function* inBatches(records: AsyncIterable<IncomingRecord>, batchSize: number): AsyncGenerator<IncomingRecord[]> {
  let batch: IncomingRecord[] = [];
  let characters = 0;
  for await (const record of records) {
    batch.push(record);
    characters += record.size;
    if (batch.length < batchSize && characters < BATCH_CHARACTERS) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}

function inStream(
  rejected: readonly RejectedRecord[],
  batch: readonly IncomingRecord[],
  start: number,
): RejectedLine[] {
  return rejected.map((record) => ({
    ...record,
    index: start + record.index,
    line: batch[record.index]?.line ?? 0,
  }));
}
