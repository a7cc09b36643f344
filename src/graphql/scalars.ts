import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { parseDecimal } from '../domain/field';
import { parseInstant } from '../domain/instant';
import { isDay } from '../domain/period';
import { isTimeZone } from '../domain/zone';

/** A scalar that travels as text. `parse` gives null for text that is none. */
function textScalar<T>(options: {
  name: string;
  description: string;
  expected: string;
  specifiedByURL?: string;
  parse: (raw: unknown) => T | null;
  serialize: (value: unknown) => string;
}): GraphQLScalarType<T, string> {
  const parse = (raw: unknown): T => {
    const value = options.parse(raw);
    if (value === null) throw new GraphQLError(`${options.name} expects ${options.expected}.`);
    return value;
  };
  return new GraphQLScalarType<T, string>({
    name: options.name,
    description: options.description,
    specifiedByURL: options.specifiedByURL,
    parseValue: parse,
    parseLiteral: (node: ValueNode) => parse(literalText(node)),
    serialize: options.serialize,
  });
}

function literalText(node: ValueNode): string | null {
  // The digits of a number literal are still those that were written.
  return node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT ? node.value : null;
}

export const DateScalar = textScalar({
  name: 'Date',
  description: 'A calendar day, YYYY-MM-DD, in the time zone of the shop that it belongs to.',
  expected: 'a calendar day such as "2026-01-31"',
  parse: (raw) => (typeof raw === 'string' && isDay(raw) ? raw : null),
  serialize: String,
});

export const DateTimeScalar = textScalar({
  name: 'DateTime',
  description: 'An instant as RFC 3339 has it, kept to the millisecond; always returned in UTC.',
  expected: 'an instant such as "2026-01-31T08:00:00Z"',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time',
  parse: (raw) => {
    const instant = typeof raw === 'string' ? parseInstant(raw) : null;
    return instant === null ? null : new Date(instant);
  },
  serialize: (value) => new Date(value instanceof Date ? value : String(value)).toISOString(),
});

export const DecimalScalar = textScalar({
  name: 'Decimal',
  description:
    'An exact decimal number, returned as a string. Send it as a string; a number is taken where it has at most 15 digits.',
  expected: 'a decimal such as "12.50", with at most 18 digits before and 8 after the point',
  parse: parseDecimal,
  serialize: String,
});

export const TimeZoneScalar = textScalar({
  name: 'TimeZone',
  description: 'The IANA name of a time zone, such as Asia/Shanghai.',
  expected: 'an IANA time zone such as "Asia/Shanghai"',
  parse: (raw) => (typeof raw === 'string' && isTimeZone(raw) ? raw : null),
  serialize: String,
});

/** Scalars by the names that the domain uses for them. */
export const SCALARS = {
  Date: DateScalar,
  DateTime: DateTimeScalar,
  Decimal: DecimalScalar,
  TimeZone: TimeZoneScalar,
} as const;
