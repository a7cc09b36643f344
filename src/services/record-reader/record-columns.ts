import { type Field, type FieldScalar, type FieldType, Rejection } from '../../domain/field';
import { externalIdOf, RECORD_SHAPES, type RecordKind } from '../../domain/records';
import { AppError } from '../../errors';
import type { RowReader } from './csv';

/** A field of a record as a column: a nested one has its path as name, such as serviceHours.from. */
export interface RecordColumn {
  readonly name: string;
  readonly parent: string | null;
  readonly key: string;
  readonly field: Field<unknown>;
  /** Whether every record has it; a nested field is never needed without its parent. */
  readonly required: boolean;
}

/** A column, and how a row gives its raw value; undefined: the record has none. */
export interface ColumnReader {
  readonly column: RecordColumn;
  readonly read: (cells: readonly string[]) => unknown;
}

/** Every column that records of a kind can have, by name. */
export function columnsOf(kind: RecordKind): ReadonlyMap<string, RecordColumn> {
  const columns = Object.entries<Field<unknown>>(RECORD_SHAPES[kind].fields).flatMap(([key, field]): RecordColumn[] => {
    if (!('shape' in field.type)) return [{ name: key, parent: null, key, field, required: field.required }];
    return Object.entries<Field<unknown>>(field.type.shape.fields).map(([innerKey, inner]) => ({
      name: `${key}.${innerKey}`,
      parent: key,
      key: innerKey,
      field: inner,
      required: false,
    }));
  });
  return new Map(columns.map((column) => [column.name, column]));
}

/** Reads rows whose header has the record's own names. Throws AppError that names the column to blame. */
export function openPlainRows(kind: RecordKind, header: readonly string[]): RowReader {
  const columns = columnsOf(kind);
  for (const { name, required } of columns.values()) {
    if (required && !header.includes(name)) throw badColumn(name, `The column "${name}" is missing.`);
  }
  return buildRowReader(
    header.map((name, index) => {
      const column = columns.get(name);
      if (column === undefined) throw badColumn(name, `${RECORD_SHAPES[kind].name} has no column "${name}".`);
      if (header.indexOf(name) !== index) throw badColumn(name, `The column "${name}" is there twice.`);
      return { column, read: (cells) => toRaw(column.field.type, cells[index] ?? '') };
    }),
  );
}

export function badColumn(name: string, message: string): AppError {
  return new AppError('BAD_USER_INPUT', message, { field: name });
}

/** Makes raw records of what the columns give. */
export function buildRowReader(columns: readonly ColumnReader[]): RowReader {
  return (cells) => {
    const record: Record<string, unknown> = {};
    const nested: Record<string, Record<string, unknown>> = {};
    for (const { column, read } of columns) {
      const value = readColumn(column, () => read(cells), record);
      if (value === undefined) continue;
      if (column.parent === null) record[column.key] = value;
      else record[column.parent] = nested[column.parent] = { ...nested[column.parent], [column.key]: value };
    }
    return record;
  };
}

/** A refusal names the field, and the record if that is known by then. */
function readColumn({ name }: RecordColumn, read: () => unknown, record: unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    throw new Rejection(error.code, error.message, name, externalIdOf(record));
  }
}

/** A cell as it would stand in JSON; an empty one is undefined. Text that does not convert stays, for the field to refuse. */
export function toRaw(type: FieldType, text: string): unknown {
  if (text === '') return undefined;
  if ('list' in type) return parseList(text);
  return 'scalar' in type ? (SCALAR_CELLS[type.scalar]?.(text) ?? text) : text;
}

const SCALAR_CELLS: { readonly [Scalar in FieldScalar]?: (text: string) => unknown } = {
  Int: (text) => (/^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text),
  Boolean: (text) => BOOLEANS.get(text.toLowerCase()),
};

// Spreadsheets write TRUE.
const BOOLEANS = new Map([
  ['true', true],
  ['false', false],
]);

function parseList(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
