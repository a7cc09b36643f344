import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DELETABLE_KINDS } from '../services/deletion.service';
import { enumOf, ExclusionReason } from './enums';
import { UserError } from './ingest.types';
import { Node } from './node.types';

export const RecordKind = enumOf('RecordKind', 'What can be deleted.', DELETABLE_KINDS, {
  SESSION: 'Sessions.',
  ORDER: 'Orders.',
  REFUND: 'Refunds.',
  COMPLAINT: 'Complaints.',
  PRESENCE: 'Times online.',
});

const ACTOR = 'The person behind the key, for the audit trail.';
const USER_ERRORS = 'Why nothing was changed; empty if it was.';

@InputType({ description: 'Records to leave out of all numbers, or to take in again.' })
export class ExcludeRecordsInput {
  @Field(() => [ID], { description: 'Sessions, orders, refunds and complaints; at most 1,000.' })
  recordIds!: string[];

  @Field(() => ExclusionReason, { description: 'Why; it takes the place of an earlier reason.' })
  reason!: keyof typeof ExclusionReason;

  @Field(() => String, { nullable: true, description: 'More about the reason.' })
  note!: string | null;

  @Field(() => String, { nullable: true, description: ACTOR })
  actor!: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Take the exclusion back instead; one by the source itself stays, and a record without one is no error.',
  })
  restore!: boolean | null;
}

@ObjectType({ simpleResolvers: true, description: 'What became of an exclusion: all of it, or with errors nothing.' })
export class ExcludeRecordsPayload {
  @Field(() => [Node], {
    description:
      'The records as they are now, each once; without those that cannot be found now, such as the refunds of an excluded order. None for a key that may not read records.',
  })
  records!: Node[];

  @Field(() => [UserError], { description: USER_ERRORS })
  userErrors!: UserError[];
}

@InputType({ description: 'Records to delete, by the ids of their source.' })
export class DeleteRecordsInput {
  @Field(() => RecordKind, { description: 'What they are.' })
  kind!: keyof typeof RecordKind;

  @Field(() => String, { nullable: true, description: 'External id of their shop; only PRESENCE may do without.' })
  shop!: string | null;

  @Field(() => [String], { description: "The source's own ids, at most 1,000; those that are not there are ignored." })
  externalIds!: string[];

  @Field(() => String, { nullable: true, description: ACTOR })
  actor!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'What became of a deletion.' })
export class DeletePayload {
  @Field(() => Int, { description: 'How many were there and are no longer.' })
  deleted!: number;

  @Field(() => [UserError], { description: USER_ERRORS })
  userErrors!: UserError[];
}
