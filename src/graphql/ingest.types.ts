import { type ClassType, Field, InputType, Int, ObjectType } from 'type-graphql';
import type { Field as RecordField, FieldType, Shape } from '../domain/field';
import { RECORD_KINDS, RECORD_SHAPES } from '../domain/records';
import { RECORD_ENUMS } from './enums';
import { SCALARS } from './scalars';

const BUILT_IN_SCALARS = { String, Int, Boolean } as const;

const inputs = new Map<string, ClassType>();

/** The input type of a record shape: the same fields, types and descriptions at every door. */
function inputOf(shape: Shape<unknown>): ClassType {
  const known = inputs.get(shape.name);
  if (known) return known;
  const input = class {};
  inputs.set(shape.name, input);
  InputType(shape.name, { description: shape.description })(input);
  for (const [name, field] of Object.entries<RecordField<unknown>>(shape.fields)) {
    // Now, not when the schema asks: inputs must be declared before it is built.
    const type = graphqlType(field.type);
    const options = { nullable: !field.required, description: field.description };
    Field(() => type, options)(input.prototype, name);
  }
  return input;
}

function graphqlType(type: FieldType) {
  if ('scalar' in type) return { ...BUILT_IN_SCALARS, ...SCALARS }[type.scalar];
  if ('enumName' in type) return getEnum(type.enumName);
  return 'list' in type ? [inputOf(type.list)] : inputOf(type.shape);
}

function getEnum(name: string): object {
  const members = RECORD_ENUMS[name];
  if (!members) throw new Error(`The enum ${name} is not registered.`);
  return members;
}

@InputType({
  description: 'Records by kind, at most 1,000 in all; taken in together, or not at all if the call fails.',
})
export class IngestInput {
  [kind: string]: unknown[] | null | undefined;
}

for (const kind of RECORD_KINDS) {
  const shape: Shape<unknown> = RECORD_SHAPES[kind];
  const input = inputOf(shape);
  Field(() => [input], { nullable: true, description: shape.description })(IngestInput.prototype, kind);
}

@ObjectType({ simpleResolvers: true, description: 'A problem with what was sent; a refused write changes nothing.' })
export class UserError {
  @Field(() => String, { description: 'What is wrong, for programs.' })
  code!: string;

  @Field(() => String, { description: 'What is wrong, for people.' })
  message!: string;

  @Field(() => [String], { nullable: true, description: 'Path into the input to what is to blame.' })
  field!: string[] | null;
}

@ObjectType({ simpleResolvers: true, description: 'A record that was refused; the others went in.' })
export class RejectedRecord {
  @Field(() => String, { description: 'Kind, as in IngestInput.' })
  kind!: string;

  @Field(() => Int, { description: 'Position among the records sent of this kind, from 0.' })
  index!: number;

  @Field(() => String, { nullable: true, description: "The source's own id, if it has one." })
  externalId!: string | null;

  @Field(() => String, { nullable: true, description: 'The field to blame; dotted where nested.' })
  field!: string | null;

  @Field(() => String, {
    description:
      'REQUIRED, INVALID_TYPE, INVALID_VALUE, OUT_OF_RANGE, INVALID_ENCODING, UNKNOWN_FIELD, UNKNOWN_REFERENCE, MALFORMED, CONFLICT or FORBIDDEN.',
  })
  code!: string;

  @Field(() => String, { description: 'What is wrong, in a sentence.' })
  message!: string;
}

@ObjectType({ simpleResolvers: true, description: 'What became of the records: each is in exactly one of the four.' })
export class IngestPayload {
  @Field(() => Int, { description: 'Written: new or changed.' })
  accepted!: number;

  @Field(() => Int, { description: 'The same as stored.' })
  unchanged!: number;

  @Field(() => Int, {
    description: 'Older by updatedAt than what is stored, or than another version in the same call.',
  })
  stale!: number;

  @Field(() => [RejectedRecord], { description: 'Refused, each with its reason.' })
  rejected!: RejectedRecord[];

  @Field(() => [UserError], { description: 'Why the whole call was refused; empty if it was not.' })
  userErrors!: UserError[];
}
