import Big from 'big.js';
import { z } from 'zod';
import { type Field, type FieldScalar, type FieldType, Rejection } from '../domain/field';
import { isTimeZone, localToInstant } from '../domain/zone';
import { buildDayReader, isDayFormat, parseLocalTime } from './local-time';
import { type RecordColumn, toRaw } from './record-reader/record-columns';

/** Where a field of a record comes from in a file that has columns of its own. */
export interface MappedColumn {
  readonly column: RecordColumn;
  /** Columns of the file; none for a constant. */
  readonly sources: readonly string[];
  /** Of what stands in them, trimmed and joined with a blank; never called with ''. May throw Rejection. */
  readonly convert: Converter;
}

type Converter = (text: string) => unknown;

const DURATIONS = {
  'h:mm:ss': /^(\d{1,5}):([0-5]?\d):([0-5]\d)$/,
  'mm:ss': /^(\d{1,6}):([0-5]\d)$/,
};

const value = z.union([z.string(), z.number(), z.boolean()], 'must be text, a number, true or false');
const columnName = z.string().trim().min(1);
const source = z.strictObject(
  {
    column: columnName.optional(),
    columns: z.array(columnName).min(1).optional(),
    constant: value.optional(),
    values: z.record(z.string(), value.nullable()).optional(),
    zone: z.string().refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin').optional(),
    format: z.string().refine(isDayFormat, 'must have YYYY, MM and DD once each, such as DD/MM/YYYY').optional(),
    duration: z.enum(['h:mm:ss', 'mm:ss']).optional(),
    times: z.number().positive().optional(),
  },
  { error: ({ input }) => (input === undefined ? 'is needed' : undefined) },
);
type Source = z.infer<typeof source>;

/** What a mapping may say of a field: the name of a column, or more. */
export function mappedColumn(column: RecordColumn) {
  const mapped = z
    .preprocess((given) => (typeof given === 'string' ? { column: given } : given), source)
    .superRefine((given, context) => {
      for (const message of findProblems(given, column.field)) context.addIssue({ code: 'custom', message });
    })
    .transform((given) => ({ column, sources: sourcesOf(given), convert: converterOf(given, column.field) }));
  return column.required ? mapped : mapped.optional();
}

function sourcesOf({ column, columns = [] }: Source): readonly string[] {
  return column === undefined ? columns : [column];
}

const OPTION_SCALARS: { readonly [Option in keyof Source]?: readonly FieldScalar[] } = {
  zone: ['DateTime'],
  format: ['Date', 'DateTime'],
  duration: ['Int', 'Decimal'],
  times: ['Int', 'Decimal'],
};

function* findProblems(given: Source, field: Field<unknown>): Generator<string> {
  const { column, columns, constant, values, zone, format, duration, times } = given;
  const count = (options: unknown[]): number => options.filter((option) => option !== undefined).length;
  if (count([column, columns, constant]) !== 1) yield 'needs exactly one of column, columns and constant';
  if (constant !== undefined && Object.keys(given).length > 1) yield 'has a constant, which stands alone';
  if (count([values, zone ?? format, duration, times]) > 1) yield 'takes only one of values, zone, duration and times';

  const type = 'scalar' in field.type ? field.type.scalar : null;
  for (const [option, scalars] of Object.entries(OPTION_SCALARS)) {
    if (option in given && (type === null || !scalars.includes(type))) yield `${option} is not for this field`;
  }
  if (type === 'DateTime' && format !== undefined && zone === undefined) yield 'has a format, which needs a zone here';

  for (const raw of [constant, ...Object.values(values ?? {})]) {
    const refusal = raw === undefined || raw === null ? null : refusalOf(field, raw);
    if (refusal !== null) yield `cannot be ${String(raw)}: ${refusal}`;
  }
}

function refusalOf(field: Field<unknown>, raw: unknown): string | null {
  try {
    field.parse(raw);
    return null;
  } catch (error) {
    if (error instanceof Rejection) return error.message;
    throw error;
  }
}

function converterOf(given: Source, { type }: Field<unknown>): Converter {
  const { constant, values, zone, format, duration, times } = given;
  if (constant !== undefined) return () => constant;
  if (values !== undefined) return lookUp(new Map(Object.entries(values)));
  if (zone !== undefined) return toInstant(zone, format);
  if (format !== undefined) return toDay(format);
  if (duration !== undefined) return toSeconds(duration);
  if (times !== undefined) return multiply(times, type);
  return (text) => toRaw(type, text);
}

function lookUp(values: ReadonlyMap<string, unknown>): Converter {
  return (text) => {
    const value = values.get(text);
    if (value !== undefined) return value ?? undefined;
    throw new Rejection('INVALID_VALUE', `The mapping has no value for "${text.slice(0, 100)}".`);
  };
}

function toInstant(zone: string, format?: string): Converter {
  const readDay = buildDayReader(format);
  return (text) => {
    const local = parseLocalTime(readDay, text);
    if (local !== null) return new Date(localToInstant(zone, local)).toISOString();
    throw new Rejection('INVALID_VALUE', `A day as ${format ?? 'YYYY-MM-DD'} and a time of day are needed.`);
  };
}

function toDay(format: string): Converter {
  const readDay = buildDayReader(format);
  return (text) => {
    const day = readDay(text);
    if (day !== null) return day;
    throw new Rejection('INVALID_VALUE', `A day as ${format} is needed.`);
  };
}

function toSeconds(duration: keyof typeof DURATIONS): Converter {
  return (text) => {
    const parts = DURATIONS[duration].exec(text);
    if (parts !== null) return parts.slice(1).reduce((seconds, part) => seconds * 60 + Number(part), 0);
    throw new Rejection('INVALID_VALUE', `A duration as ${duration} is needed.`);
  };
}

/** Text that is no number stays, for the field to refuse. */
function multiply(factor: number, type: FieldType): Converter {
  return (text) => (/^-?\d+(?:\.\d+)?$/.test(text) ? toRaw(type, new Big(text).times(factor).toFixed()) : text);
}
