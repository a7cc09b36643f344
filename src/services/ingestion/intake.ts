import type { SqlQuery, SqlValue } from '../../db/sql-query';
import type { Principal } from '../../domain/access';
import { Rejection } from '../../domain/field';
import { externalIdOf, parseRecord, RECORD_KINDS, type RecordKind, type SourceRecord } from '../../domain/records';
import type { Transaction } from '../../db/database';
import type { TouchedRow } from '../../db/sql/mark.sql';
import { buildStoredVersionsSql, buildUpsertSql, type UpsertTable } from '../../db/sql/upsert.sql';
import type { IngestResult, RejectedRecord } from '../ingest-result';
import { MarkSet } from '../mark-set';

/** A record that passed its own rules, with its position among those sent. */
export interface Incoming<Kind extends RecordKind> {
  readonly index: number;
  readonly record: SourceRecord<Kind>;
}

/** A record with its references resolved, as the table takes it. */
export interface Prepared<Column extends string> {
  readonly index: number;
  readonly row: Record<Column, SqlValue>;
}

export interface Written<Column extends string> {
  readonly id: string;
  readonly row: Record<Column, SqlValue>;
}

/** What stored records of these keys touch in the rollups. */
type TouchedBy<Column extends string> = (organizationId: number, rows: readonly Record<Column, SqlValue>[]) => SqlQuery;

/** One batch on its way into the database: its transaction, on whose behalf, and what became of its records. */
export class Intake {
  readonly organizationId: number;
  private accepted = 0;
  private unchanged = 0;
  private stale = 0;
  private readonly rejected: RejectedRecord[] = [];
  /** Sessions and orders whose credit must be looked at again before the commit. */
  readonly changedSessions = new Set<string>();
  readonly changedOrders = new Set<string>();
  /** What the rollups must be worked out again for. */
  readonly marks = new MarkSet();

  constructor(
    readonly tx: Transaction,
    readonly principal: Principal,
  ) {
    this.organizationId = principal.organizationId;
  }

  result(): IngestResult {
    const { accepted, unchanged, stale } = this;
    const rejected = this.rejected.toSorted(
      (a, b) => RECORD_KINDS.indexOf(a.kind) - RECORD_KINDS.indexOf(b.kind) || a.index - b.index,
    );
    return { accepted, unchanged, stale, rejected };
  }

  /** Checks each record whole; the bad ones are noted and left out. */
  parse<Kind extends RecordKind>(kind: Kind, raws: readonly unknown[]): Incoming<Kind>[] {
    const parsed = raws.map((raw, index) =>
      this.attempt(kind, index, raw, () => {
        if (raw instanceof Rejection) throw raw;
        return { index, record: parseRecord(kind, raw) };
      }),
    );
    return parsed.filter((incoming) => incoming !== null);
  }

  /** Turns each record into a row; where that throws Rejection, the record is noted and left out. */
  prepare<Kind extends RecordKind, Column extends string>(
    kind: Kind,
    incoming: readonly Incoming<Kind>[],
    toRow: (record: SourceRecord<Kind>) => Record<Column, SqlValue>,
  ): Prepared<Column>[] {
    const prepared = incoming.map(({ index, record }) =>
      this.attempt(kind, index, record, () => ({ index, row: toRow(record) })),
    );
    return prepared.filter((row) => row !== null);
  }

  private attempt<T>(kind: RecordKind, index: number, record: unknown, turn: () => T): T | null {
    try {
      return turn();
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      this.reject(kind, index, error.externalId ?? externalIdOf(record), error);
      return null;
    }
  }

  reject(kind: RecordKind, index: number, externalId: string | null, { field, code, message }: Rejection): void {
    this.rejected.push({ kind, index, externalId, field, code, message });
  }

  /**
   * Writes the rows that are new or differ and gives them back with their ids; counts every one. Marks what those
   * touched before and touch now.
   */
  async replace<Column extends string>(
    table: UpsertTable<Column>,
    prepared: readonly Prepared<Column>[],
    touchedBy?: TouchedBy<Column>,
  ): Promise<Written<Column>[]> {
    const newest = this.keepNewest(table, prepared);
    if (newest.size === 0) return [];
    const rows = [...newest.values()];
    const before = await this.findTouched(rows, touchedBy);
    const stored = await this.tx.query<Record<Column, SqlValue> & { id: string | number }>(
      buildUpsertSql(table, this.organizationId, rows),
    );
    const written = stored.map((returned) => {
      const key = keyOf(table, returned);
      const row = newest.get(key);
      if (!row) throw new Error(`${table.name} gave back a key that was not sent.`);
      newest.delete(key);
      return { id: String(returned.id), row };
    });
    this.accepted += written.length;
    await this.countUnwritten(table, newest);
    const changed = new Set<unknown>(written.map(({ row }) => row));
    this.marks.addTouched(before.filter(({ position }) => changed.has(rows[position - 1])));
    this.marks.addTouched(
      await this.findTouched(
        written.map(({ row }) => row),
        touchedBy,
      ),
    );
    return written;
  }

  private async findTouched<Column extends string>(
    rows: readonly Record<Column, SqlValue>[],
    touchedBy: TouchedBy<Column> | undefined,
  ): Promise<TouchedRow[]> {
    if (rows.length === 0 || !touchedBy) return [];
    return this.tx.query<TouchedRow>(touchedBy(this.organizationId, rows));
  }

  /** Of several versions of one record in a batch the newest counts: by updatedAt, else the last one sent. */
  private keepNewest<Column extends string>(
    table: UpsertTable<Column>,
    prepared: readonly Prepared<Column>[],
  ): Map<string, Record<Column, SqlValue>> {
    const newest = new Map<string, Record<Column, SqlValue>>();
    for (const { row } of prepared) {
      const key = keyOf(table, row);
      const other = newest.get(key);
      const isOlder = other !== undefined && isOlderVersion(row, other);
      if (other === undefined) newest.set(key, row);
      else if (isSameRow(row, other)) this.unchanged += 1;
      else this.stale += 1;
      if (other !== undefined && !isOlder) newest.set(key, row);
    }
    return newest;
  }

  private async countUnwritten<Column extends string>(
    table: UpsertTable<Column>,
    unwritten: ReadonlyMap<string, Record<Column, SqlValue>>,
  ): Promise<void> {
    if (unwritten.size === 0) return;
    if (!table.versioned) {
      this.unchanged += unwritten.size;
      return;
    }
    const versions = await this.tx.query<Record<Column, SqlValue> & { version: string | null }>(
      buildStoredVersionsSql(table, this.organizationId, [...unwritten.values()]),
    );
    for (const stored of versions) {
      const row = unwritten.get(keyOf(table, stored));
      const version = stored.version === null ? null : Number(stored.version);
      if (row && isOlderVersion(row, { source_updated_at: version })) this.stale += 1;
      else this.unchanged += 1;
    }
  }
}

function keyOf<Column extends string>(table: UpsertTable<Column>, row: Readonly<Record<Column, SqlValue>>): string {
  return JSON.stringify(table.key.map((column) => row[column]));
}

function isSameRow(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Whether both carry a version and the first one's is the older. */
function isOlderVersion(row: object, other: object): boolean {
  const [mine, theirs] = [versionOf(row), versionOf(other)];
  return mine !== null && theirs !== null && mine < theirs;
}

function versionOf(row: object): number | null {
  return 'source_updated_at' in row && typeof row.source_updated_at === 'number' ? row.source_updated_at : null;
}
