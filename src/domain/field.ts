import { parseInstant } from './instant';
import { isDay } from './period';
import { parseClock } from './service-hours';
import { type Day, type Instant, isTimeZone } from './zone';

/** Why a record is refused; the closed list of `RejectedRecord.code`. */
export type RejectionCode =
  | 'REQUIRED'
  | 'INVALID_TYPE'
  | 'INVALID_VALUE'
  | 'OUT_OF_RANGE'
  | 'INVALID_ENCODING'
  | 'UNKNOWN_FIELD'
  | 'UNKNOWN_REFERENCE'
  | 'MALFORMED'
  | 'CONFLICT'
  | 'FORBIDDEN';

/** A value breaks its field's rule. The path grows as it passes through nested shapes. */
export class Rejection extends Error {
  constructor(
    readonly code: RejectionCode,
    message: string,
    readonly field: string | null = null,
    /** What the record called itself, where that is known to whoever refused it only. */
    readonly externalId: string | null = null,
  ) {
    super(message);
  }

  within(parent: string): Rejection {
    return new Rejection(this.code, this.message, this.field === null ? parent : `${parent}.${this.field}`);
  }
}

/** The scalar that a field has in the GraphQL input type. */
export type FieldScalar = 'String' | 'Int' | 'Boolean' | 'DateTime' | 'Date' | 'Decimal' | 'TimeZone';

export type FieldType =
  | { readonly scalar: FieldScalar }
  | { readonly enumName: string; readonly values: readonly string[] }
  | { readonly shape: Shape<unknown> }
  | { readonly list: Shape<unknown> };

/** One field of a record: its type, whether it must be there, and how a raw value becomes a checked one. */
export interface Field<T> {
  readonly type: FieldType;
  readonly required: boolean;
  readonly description: string;
  /** Throws Rejection. Never called with null or undefined. */
  readonly parse: (raw: unknown) => T;
  readonly absent: T;
}

/** An object of fields, named as its GraphQL input type. */
export interface Shape<T> {
  readonly name: string;
  readonly description: string;
  readonly fields: { readonly [Key in keyof T]: Field<T[Key]> };
}

/** The record that a shape describes. */
export type RecordOf<S> = S extends Shape<infer T> ? T : never;

/** Checks an object against its shape, field by field. Throws Rejection for the first field that breaks a rule. */
export function parseShape<T>(shape: Shape<T>, raw: unknown): T {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new Rejection('INVALID_TYPE', 'An object is needed.');
  }
  const given: Readonly<Record<string, unknown>> = { ...raw };
  const record: Partial<T> = {};
  for (const key in shape.fields) record[key] = parseField(key, shape.fields[key], given[key]);
  for (const name in given) {
    if (Object.hasOwn(shape.fields, name)) continue;
    throw new Rejection('UNKNOWN_FIELD', `There is no such field in ${shape.name}.`, name.slice(0, 100));
  }
  return record as T;
}

function parseField<T>(name: string, field: Field<T>, raw: unknown): T {
  if (raw === undefined || raw === null) {
    if (field.required) throw new Rejection('REQUIRED', 'A value is needed.', name);
    return field.absent;
  }
  try {
    return field.parse(raw);
  } catch (error) {
    throw error instanceof Rejection ? error.within(name) : error;
  }
}

/** The same field, which must be given. */
export function required<T>(field: Field<T | null>): Field<T> {
  // A required field is never absent, so its null is never seen.
  return { ...field, required: true } as Field<T>;
}

/** The same field, with the value it has where the source is silent. */
export function withDefault<T>(field: Field<T | null>, absent: T): Field<T> {
  return { ...field, absent } as Field<T>;
}

function field<T>(type: FieldType, description: string, parse: (raw: unknown) => T): Field<T | null> {
  return { type, required: false, description, parse, absent: null };
}

const MAX_ID_LENGTH = 255;

/** An identifier of the source, kept exactly. A number is refused: it may have lost digits already. */
export function identifier(description: string): Field<string | null> {
  return field({ scalar: 'String' }, description, (raw) => parseText(raw, MAX_ID_LENGTH));
}

export function text(description: string, maxLength = 500): Field<string | null> {
  return field({ scalar: 'String' }, description, (raw) => parseText(raw, maxLength));
}

/** A key that formulas can name: a letter, then letters, digits and underscores. */
export function metricKey(description: string): Field<string | null> {
  return field({ scalar: 'String' }, description, (raw) => {
    const key = parseText(raw, 64);
    if (/^[A-Za-z][A-Za-z0-9_]*$/.test(key)) return key;
    throw new Rejection('INVALID_VALUE', 'A key is a letter, then letters, digits and underscores.');
  });
}

// NUL cannot be stored; U+FFFD and lone surrogates are what broken encodings leave behind.
const BROKEN_TEXT = /[\u0000\uFFFD]|\p{Surrogate}/u;

function parseText(raw: unknown, maxLength: number): string {
  if (typeof raw !== 'string') throw new Rejection('INVALID_TYPE', 'Text is needed; numbers must be quoted.');
  if (BROKEN_TEXT.test(raw)) throw new Rejection('INVALID_ENCODING', 'The text is not valid UTF-8, or contains NUL.');
  if (raw.trim() === '') throw new Rejection('REQUIRED', 'The text is empty.');
  if (raw.length > maxLength) throw new Rejection('OUT_OF_RANGE', `The text is longer than ${maxLength} characters.`);
  return raw;
}

export function oneOf<const V extends string>(
  enumName: string,
  values: readonly V[],
  description: string,
): Field<V | null> {
  const known = new Map<unknown, V>(values.map((value) => [value, value]));
  return field({ enumName, values }, description, (raw) => {
    const value = known.get(raw);
    if (value !== undefined) return value;
    throw new Rejection('INVALID_VALUE', `One of ${values.join(', ')} is needed.`);
  });
}

export function boolean(description: string): Field<boolean | null> {
  return field({ scalar: 'Boolean' }, description, (raw) => {
    if (typeof raw === 'boolean') return raw;
    throw new Rejection('INVALID_TYPE', 'true or false is needed.');
  });
}

/** A whole number of a 32-bit column, not negative unless `min` says so. */
export function integer(description: string, { min = 0, max = 2_147_483_647 } = {}): Field<number | null> {
  return field({ scalar: 'Int' }, description, (raw) => {
    if (typeof raw !== 'number') throw new Rejection('INVALID_TYPE', 'A whole number is needed.');
    if (!Number.isInteger(raw)) throw new Rejection('INVALID_VALUE', 'A whole number is needed.');
    if (raw < min || raw > max) throw new Rejection('OUT_OF_RANGE', `A number from ${min} to ${max} is needed.`);
    return raw;
  });
}

/** An exact decimal, kept as text. */
export function decimal(description: string, { negative = false } = {}): Field<string | null> {
  return field({ scalar: 'Decimal' }, description, (raw) => {
    const value = parseDecimal(raw);
    if (value === null) {
      throw new Rejection('INVALID_VALUE', 'A decimal of at most 18 digits before and 8 after the point is needed.');
    }
    if (!negative && value.startsWith('-')) throw new Rejection('OUT_OF_RANGE', 'The number must not be negative.');
    return value;
  });
}

/**
 * A decimal as text, or null. A JSON number is taken only where it has at most 15 digits: up to there a double
 * gives back exactly the digits that were written.
 */
export function parseDecimal(raw: unknown): string | null {
  const digits = typeof raw === 'number' ? String(raw) : raw;
  if (typeof digits !== 'string' || !/^-?\d{1,18}(?:\.\d{1,8})?$/.test(digits)) return null;
  if (typeof raw === 'number' && digits.replace(/^-?0*\.?0*|\./g, '').length > 15) return null;
  return /^-0+(?:\.0+)?$/.test(digits) ? digits.slice(1) : digits;
}

export function instant(description: string): Field<Instant | null> {
  return field({ scalar: 'DateTime' }, description, (raw) => {
    const value = raw instanceof Date ? raw.getTime() : typeof raw === 'string' ? parseInstant(raw) : null;
    if (value !== null) return value;
    throw new Rejection('INVALID_VALUE', 'An instant as 2026-01-31T08:00:00Z or with an offset is needed.');
  });
}

export function day(description: string): Field<Day | null> {
  return field({ scalar: 'Date' }, description, (raw) => {
    if (typeof raw === 'string' && isDay(raw)) return raw;
    throw new Rejection('INVALID_VALUE', 'A calendar day as 2026-01-31 is needed.');
  });
}

export function timeZone(description: string): Field<string | null> {
  return field({ scalar: 'TimeZone' }, description, (raw) => {
    if (typeof raw === 'string' && isTimeZone(raw)) return raw;
    throw new Rejection('INVALID_VALUE', 'An IANA time zone such as Asia/Shanghai is needed.');
  });
}

export function currency(description: string): Field<string | null> {
  return field({ scalar: 'String' }, description, (raw) => {
    if (typeof raw === 'string' && /^[A-Z]{3}$/.test(raw)) return raw;
    throw new Rejection('INVALID_VALUE', 'A currency code of three capital letters is needed.');
  });
}

export function clock(description: string): Field<string | null> {
  return field({ scalar: 'String' }, description, (raw) => {
    if (typeof raw === 'string' && parseClock(raw) !== null) return raw;
    throw new Rejection('INVALID_VALUE', 'A time of day as 08:00 is needed.');
  });
}

export function nested<T>(shape: Shape<T>, description: string): Field<T | null> {
  return field({ shape: shape }, description, (raw) => parseShape(shape, raw));
}

export function listOf<T>(shape: Shape<T>, maxLength: number, description: string): Field<readonly T[] | null> {
  return field({ list: shape }, description, (raw) => {
    if (!Array.isArray(raw)) throw new Rejection('INVALID_TYPE', 'A list is needed.');
    if (raw.length > maxLength) throw new Rejection('OUT_OF_RANGE', `The list has more than ${maxLength} entries.`);
    return raw.map((item: unknown, index) => {
      try {
        return parseShape(shape, item);
      } catch (error) {
        throw error instanceof Rejection ? error.within(String(index)) : error;
      }
    });
  });
}
