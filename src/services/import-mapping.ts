import { parse as parseYaml, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { parseDecimal, Rejection } from '../domain/field';
import type { RecordKind } from '../domain/records';
import { AppError } from '../errors';
import { type MappedColumn, mappedColumn } from './mapped-column';
import type { RowReader } from './record-reader/csv';
import { badColumn, buildRowReader, columnsOf } from './record-reader/record-columns';

/** How records are made of a file that has columns of its own. */
export interface ImportMapping {
  readonly delimiter: string;
  readonly encoding: string;
  /** For CSV. Throws AppError for a header that lacks a column of the mapping, or has it twice. */
  readonly openRows: (header: readonly string[]) => RowReader;
  /** For NDJSON, where columns are the keys of each line's object. Throws Rejection. */
  readonly toRaw: (value: unknown) => unknown;
}

/** Reads a mapping file, YAML or JSON. Throws AppError that tells all that is wrong with it. */
export function parseMapping(kind: RecordKind, text: string): ImportMapping {
  const parsed = mappingSchema(kind).safeParse(readYaml(text));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join('.') || 'file'}: ${message}`);
    throw new AppError('BAD_USER_INPUT', `The mapping is not valid:\n${problems.join('\n')}`);
  }
  const { delimiter, encoding, fields } = parsed.data;
  const columns = Object.values(fields).filter((column) => column !== undefined);
  const keys = [...new Set(columns.flatMap(({ sources }) => sources))];
  const readKeys = openRows(columns, keys);
  return {
    delimiter,
    encoding,
    openRows: (header) => openRows(columns, header),
    toRaw: (value) => readKeys(cellsOf(value, keys)),
  };
}

function readYaml(text: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new AppError('BAD_USER_INPUT', `The mapping is neither YAML nor JSON: ${error.message}`);
  }
}

function mappingSchema(kind: RecordKind) {
  const columns = [...columnsOf(kind).values()];
  return z.strictObject({
    delimiter: z
      .string()
      .regex(/^[^"\r\n]$/, 'must be one character, and no quote')
      .default(','),
    encoding: z.string().refine(isEncoding, 'must be an encoding such as utf-8 or gb18030').default('utf-8'),
    fields: z.strictObject(Object.fromEntries(columns.map((column) => [column.name, mappedColumn(column)]))),
  });
}

function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    // Only an unknown label makes it throw.
    return false;
  }
}

function openRows(columns: readonly MappedColumn[], header: readonly string[]): RowReader {
  const names = header.map((name) => name.trim());
  return buildRowReader(
    columns.map(({ column, sources, convert }) => {
      const indexes = sources.map((source) => indexOf(source, names));
      const read = (cells: readonly string[]): unknown => {
        const texts = indexes.map((index) => cells[index]?.trim() ?? '').filter((text) => text !== '');
        return texts.length > 0 || sources.length === 0 ? convert(texts.join(' ')) : undefined;
      };
      return { column, read };
    }),
  );
}

function indexOf(name: string, names: readonly string[]): number {
  const index = names.indexOf(name);
  if (index === -1) throw badColumn(name, `The mapping names the column "${name}", which the file lacks.`);
  if (names.lastIndexOf(name) !== index) throw badColumn(name, `The column "${name}" is there twice.`);
  return index;
}

function cellsOf(value: unknown, keys: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Rejection('INVALID_TYPE', 'An object is needed.');
  }
  const given: Readonly<Record<string, unknown>> = { ...value };
  return keys.map((key) => cellOf(given[key]));
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return JSON.stringify(value);
  const digits = parseDecimal(value);
  if (digits !== null) return digits;
  throw new Rejection('INVALID_TYPE', 'A number of more than 15 digits has lost some; it must be quoted.');
}
