import type { RecordKind } from '../../domain/records';
import type { ImportMapping } from '../import-mapping';
import { readCsv } from './csv';
import type { IncomingRecord } from './incoming-record';
import { readNdjson } from './ndjson';
import { openPlainRows } from './record-columns';

export const RECORD_FORMATS = ['csv', 'ndjson'] as const;
export type RecordFormat = (typeof RECORD_FORMATS)[number];

/**
 * Records of a file or a request body, read no faster than they are taken; without a mapping, fields have their own
 * names. Throws AppError before the first record if the columns do not fit.
 */
export function readRecords(
  bytes: AsyncIterable<Uint8Array>,
  kind: RecordKind,
  format: RecordFormat,
  mapping?: ImportMapping,
): AsyncIterable<IncomingRecord> {
  if (format === 'ndjson') return readNdjson(bytes, mapping?.toRaw, mapping?.encoding);
  return readCsv(bytes, mapping?.openRows ?? ((header) => openPlainRows(kind, header)), mapping);
}
