import type { RejectionCode } from '../domain/field';
import type { RecordKind } from '../domain/records';

/** A record that was refused; the others of its batch went in. */
export interface RejectedRecord {
  readonly kind: RecordKind;
  /** Position among the records sent of this kind, from 0. */
  readonly index: number;
  readonly externalId: string | null;
  readonly field: string | null;
  readonly code: RejectionCode;
  readonly message: string;
}

/** What became of a batch: every record is in exactly one of the four. */
export interface IngestResult {
  /** Written, new or changed. */
  readonly accepted: number;
  /** The same as stored. */
  readonly unchanged: number;
  /** Older than what is stored, or than a later version in the same batch. */
  readonly stale: number;
  readonly rejected: readonly RejectedRecord[];
}

/** Raw records by kind. A record that could not even be read is a Rejection in its place. */
export type IngestBatch = { readonly [Kind in RecordKind]?: readonly unknown[] | null };
