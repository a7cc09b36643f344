import type { Principal } from '../../src/domain/access';
import { Rejection } from '../../src/domain/field';
import { externalIdOf, parseRecord, RECORD_KINDS, type RecordKind } from '../../src/domain/records';
import type { IngestBatch, IngestResult, RejectedRecord } from '../../src/services/ingest-result';

/** Takes batches in by the rules of the records, and keeps what it was given instead of storing it. */
export class FakeIngestion {
  readonly batches: { readonly kind: RecordKind; readonly raws: readonly unknown[] }[] = [];

  /** `beforeBatch` may throw, as a database would. */
  constructor(private readonly beforeBatch: (number: number) => Promise<void> | void = () => undefined) {}

  get raws(): readonly unknown[] {
    return this.batches.flatMap(({ raws }) => raws);
  }

  async ingest(_principal: Principal, batch: IngestBatch): Promise<IngestResult> {
    await this.beforeBatch(this.batches.length + 1);
    const rejected: RejectedRecord[] = [];
    let count = 0;
    for (const kind of RECORD_KINDS) {
      const raws = batch[kind];
      if (!raws) continue;
      this.batches.push({ kind, raws });
      count += raws.length;
      raws.forEach((raw, index) => {
        const refusal = refusalOf(kind, raw);
        if (refusal === null) return;
        const { code, field, message } = refusal;
        rejected.push({ kind, index, externalId: refusal.externalId ?? externalIdOf(raw), field, code, message });
      });
    }
    return { accepted: count - rejected.length, unchanged: 0, stale: 0, rejected };
  }
}

function refusalOf(kind: RecordKind, raw: unknown): Rejection | null {
  if (raw instanceof Rejection) return raw;
  try {
    parseRecord(kind, raw);
    return null;
  } catch (error) {
    if (error instanceof Rejection) return error;
    throw error;
  }
}
