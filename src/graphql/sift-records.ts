import {
  getNamedType,
  type GraphQLSchema,
  isInputObjectType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import { type Field, Rejection, type Shape } from '../domain/field';
import { externalIdOf, parseRecord, RECORD_KINDS, RECORD_SHAPES, type RecordKind } from '../domain/records';

/*
 * GraphQL refuses a whole request for one value that does not fit its type. At the other doors a bad record is refused
 * alone, so here bad records are taken out of the variables before GraphQL sees them. In the place of each stands a
 * record that fits and carries the reason; the text begins with NUL, which no text that was sent can.
 */
const MARK = '\0rejected:';

const KIND_OF_INPUT = new Map<string, RecordKind>(RECORD_KINDS.map((kind) => [RECORD_SHAPES[kind].name, kind]));

/** The same variables, with records that break a rule replaced. */
export function siftRecords(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const sifted: Record<string, unknown> = { ...variables };
  for (const definition of operation.variableDefinitions ?? []) {
    const name = definition.variable.name.value;
    const type = getNamedType(typeFromAST(schema, definition.type as never));
    if (isInputObjectType(type)) sifted[name] = siftValue(type.name, variables[name]);
  }
  return sifted;
}

function siftValue(typeName: string, value: unknown): unknown {
  if (typeName === 'IngestInput') return siftBatch(value);
  const kind = KIND_OF_INPUT.get(typeName);
  return kind && Array.isArray(value) ? siftKind(kind, value) : value;
}

function siftBatch(batch: unknown): unknown {
  if (typeof batch !== 'object' || batch === null || Array.isArray(batch)) return batch;
  const entries = Object.entries(batch).map(([name, records]: [string, unknown]) => {
    const kind = RECORD_KINDS.find((known) => known === name);
    return [name, kind && Array.isArray(records) ? siftKind(kind, records) : records];
  });
  return Object.fromEntries(entries) as unknown;
}

function siftKind(kind: RecordKind, records: readonly unknown[]): unknown[] {
  return records.map((raw) => {
    try {
      parseRecord(kind, raw);
      return raw;
    } catch (error) {
      if (error instanceof Rejection) return standIn(kind, raw, error);
      throw error;
    }
  });
}

/** Fits the input type of its kind in every required field. */
const FITTING: Readonly<Record<string, string>> = {
  DateTime: '2000-01-01T00:00:00Z',
  Date: '2000-01-01',
  Decimal: '0',
  TimeZone: 'UTC',
  String: '-',
};

function standIn(kind: RecordKind, raw: unknown, { code, message, field }: Rejection): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  const shape: Shape<unknown> = RECORD_SHAPES[kind];
  for (const [name, { type, required }] of Object.entries<Field<unknown>>(shape.fields)) {
    if (required) record[name] = 'enumName' in type ? type.values[0] : 'scalar' in type ? FITTING[type.scalar] : null;
  }
  record[nameField(kind)] = MARK + JSON.stringify({ code, message, field, externalId: externalIdOf(raw) });
  return record;
}

/** A required text of every kind. */
function nameField(kind: RecordKind): string {
  return kind === 'observations' ? 'measure' : kind === 'targets' ? 'metric' : 'externalId';
}

/** The rejection that a record carries, or the record as it is. */
export function readSifted(kind: RecordKind, record: unknown): unknown {
  if (typeof record !== 'object' || record === null) return record;
  const carried: unknown = Object.entries(record).find(([name]) => name === nameField(kind))?.[1];
  if (typeof carried !== 'string' || !carried.startsWith(MARK)) return record;
  return readReason(carried.slice(MARK.length));
}

function readReason(json: string): Rejection {
  const { code, message, field, externalId } = JSON.parse(json) as Rejection;
  return new Rejection(code, message, field, externalId);
}
