import { createHash } from 'node:crypto';
import type { Position } from '../../db/sql/reading/page.sql';
import { AppError } from '../../errors';

/** A short mark of what a cursor belongs to: type, filter and order. The same cursor elsewhere would skip rows silently. */
export function listMark(type: string, filter: unknown, sort: unknown): string {
  return createHash('sha256')
    .update(canonicalJson([type, filter, sort]))
    .digest('base64url')
    .slice(0, 10);
}

export function toCursor(mark: string, { value, key }: Position): string {
  return Buffer.from(JSON.stringify([mark, key, value])).toString('base64url');
}

/** Throws INVALID_CURSOR for one that is not ours, or of a list with another filter or order. */
export function parseCursor(mark: string, field: string, cursor: string): Position {
  const [cursorMark, key, value] = readCursor(cursor);
  if (typeof key !== 'string' || !/^\d{1,19}$/.test(key) || typeof value !== 'string') {
    throw new AppError('INVALID_CURSOR', 'The cursor is not one of ours.', { field });
  }
  if (cursorMark !== mark) {
    throw new AppError('INVALID_CURSOR', 'The cursor belongs to a list with another filter or order.', { field });
  }
  return { key, value };
}

function readCursor(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

/** JSON in which the order of keys, and keys that are not set, make no difference. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, nested: unknown) => {
    if (nested === null || typeof nested !== 'object' || Array.isArray(nested) || nested instanceof Date) return nested;
    const entries = Object.entries(nested).filter(([, entry]) => entry !== null && entry !== undefined);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
