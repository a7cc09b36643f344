import { Rejection } from '../../domain/field';

/** One record of a file or a request body, and where it stands there. */
export interface IncomingRecord {
  /** Its first line, from 1. */
  readonly line: number;
  /** Characters it takes. */
  readonly size: number;
  /** As the source wrote it; a Rejection if it could not be read. */
  readonly raw: unknown;
}

/** What `read` gives, or the Rejection that it throws. */
export function orRejection(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof Rejection) return error;
    throw error;
  }
}
