import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import {
  AttributionBasis,
  Channel,
  CompletedBy,
  ExclusionReason,
  Liability,
  Purpose,
  RefundKind,
  RefundStatus,
  Sender,
} from './enums';
import { connection, Node } from './node.types';
import { DateScalar, DateTimeScalar, DecimalScalar } from './scalars';
import { Period } from './kpi.types';

const CREATED = { description: 'When it was first received.' };
const UPDATED = { description: 'When it was last changed here, or its credit moved.' };
const EXTERNAL_ID = { description: "The source's own id, unique within the shop." };
const EXCLUSION = { nullable: true, description: 'Set if it is left out of all numbers.' };

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A customer of one shop; of the person only the id is known.',
})
export class Buyer extends Node {
  readonly shopId!: number;

  @Field(() => String, EXTERNAL_ID)
  externalId!: string;
}

@ObjectType({ simpleResolvers: true, description: 'One message of a session; its text is never stored.' })
export class Message {
  @Field(() => DateTimeScalar, { description: 'When it was sent.' })
  at!: Date;

  @Field(() => Sender, { description: 'Who sent it.' })
  from!: keyof typeof Sender;
}

@ObjectType({ simpleResolvers: true, description: 'Why, by whom and when a record was left out of all numbers.' })
export class Exclusion {
  @Field(() => ExclusionReason, { description: 'The reason.' })
  reason!: keyof typeof ExclusionReason;

  @Field(() => String, { nullable: true, description: 'A remark of whoever decided it.' })
  note!: string | null;

  @Field(() => String, { description: 'Name of the key that decided it, or "source".' })
  by!: string;

  @Field(() => String, { nullable: true, description: 'The person that the key named.' })
  actor!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was decided.' })
  at!: Date;
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'One conversation of one buyer with one agent in one shop.',
})
export class Session extends Node {
  readonly key!: string;
  readonly shopId!: number;
  readonly agentId!: number | null;
  readonly buyerId!: number;
  readonly hasMessages!: boolean;

  @Field(() => String, EXTERNAL_ID)
  externalId!: string;

  @Field(() => Channel, { description: 'How it was held.' })
  channel!: keyof typeof Channel;

  @Field(() => Purpose, { nullable: true, description: 'What it was about; null if the source does not say.' })
  purpose!: keyof typeof Purpose | null;

  @Field(() => DateTimeScalar, {
    description: 'When it began; all it measures counts on the local day of this instant.',
  })
  startedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it ended.' })
  endedAt!: Date | null;

  @Field(() => Int, { description: 'Messages of the buyer.' })
  buyerMessages!: number;

  @Field(() => Int, { description: 'Messages of the human agent.' })
  agentReplies!: number;

  @Field(() => Int, { description: 'Messages of a bot.' })
  autoReplies!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Seconds from the first buyer message to the first human reply after it; null without both.',
  })
  firstResponseSeconds!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Mean seconds to a reply over the answered rounds; null without one.',
  })
  averageResponseSeconds!: number | null;

  @Field(() => Int, { nullable: true, description: 'Seconds of talk.' })
  talkSeconds!: number | null;

  @Field(() => Int, { nullable: true, description: 'Seconds on hold.' })
  holdSeconds!: number | null;

  @Field(() => Int, { nullable: true, description: 'Seconds of work after it.' })
  wrapUpSeconds!: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether the call was answered; null for what is no call.' })
  answered!: boolean | null;

  @Field(() => Int, { nullable: true, description: 'Seconds until the call was answered.' })
  waitSeconds!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Talk, hold and wrap-up together where any is known, else from start to end; rounded to seconds.',
  })
  handleSeconds!: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether the matter was resolved; null if unknown.' })
  resolved!: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it was resolved on first contact; null if unknown.' })
  resolvedOnFirstContact!: boolean | null;

  @Field(() => Int, { nullable: true, description: "The buyer's satisfaction, 1 to 5." })
  csat!: number | null;

  @Field(() => Exclusion, EXCLUSION)
  exclusion!: Exclusion | null;

  @Field(() => DateTimeScalar, CREATED)
  createdAt!: Date;

  @Field(() => DateTimeScalar, UPDATED)
  updatedAt!: Date;
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'One order of one buyer in one shop.' })
export class Order extends Node {
  readonly key!: string;
  readonly shopId!: number;
  readonly agentId!: number | null;
  readonly buyerId!: number;
  readonly creditedSessionId!: string | null;

  @Field(() => String, EXTERNAL_ID)
  externalId!: string;

  @Field(() => AttributionBasis, { description: 'Why it is credited as it is.' })
  attribution!: keyof typeof AttributionBasis;

  @Field(() => DateTimeScalar, { description: 'When it was placed.' })
  placedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was paid.' })
  paidAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the platform completed it.' })
  completedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was cancelled; a cancelled order is no sale.' })
  cancelledAt!: Date | null;

  @Field(() => DecimalScalar, { description: 'Amount ordered, in its currency.' })
  amount!: string;

  @Field(() => DecimalScalar, { nullable: true, description: 'Amount paid; null while it is not paid.' })
  paidAmount!: string | null;

  @Field(() => String, { description: 'ISO 4217 code: the currency of the shop.' })
  currency!: string;

  @Field(() => Int, { description: 'Pieces.' })
  itemCount!: number;

  @Field(() => Int, { description: 'Lines that refunds and complaints are counted against.' })
  subOrderCount!: number;

  @Field(() => Int, { nullable: true, description: 'Stars the buyer gave, 1 to 5.' })
  reviewScore!: number | null;

  @Field(() => Exclusion, EXCLUSION)
  exclusion!: Exclusion | null;

  @Field(() => DateTimeScalar, CREATED)
  createdAt!: Date;

  @Field(() => DateTimeScalar, UPDATED)
  updatedAt!: Date;
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'One request for money back; seen once its order is known.',
})
export class Refund extends Node {
  readonly key!: string;
  readonly shopId!: number;
  readonly agentId!: number | null;
  readonly orderId!: string;

  @Field(() => String, EXTERNAL_ID)
  externalId!: string;

  @Field(() => RefundKind, { nullable: true, description: 'What the buyer asks for.' })
  kind!: keyof typeof RefundKind | null;

  @Field(() => RefundStatus, { description: 'How far it is.' })
  status!: keyof typeof RefundStatus;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  openedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was closed.' })
  closedAt!: Date | null;

  @Field(() => DecimalScalar, { description: 'Amount to be given back, in the currency of the order.' })
  amount!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it became a dispute.' })
  disputedAt!: Date | null;

  @Field(() => Boolean, { description: 'Whether the platform stepped in.' })
  platformIntervened!: boolean;

  @Field(() => Liability, { nullable: true, description: 'Who was found to be at fault.' })
  liability!: keyof typeof Liability | null;

  @Field(() => CompletedBy, { nullable: true, description: 'Who completed it.' })
  completedBy!: keyof typeof CompletedBy | null;

  @Field(() => Exclusion, EXCLUSION)
  exclusion!: Exclusion | null;

  @Field(() => DateTimeScalar, CREATED)
  createdAt!: Date;

  @Field(() => DateTimeScalar, UPDATED)
  updatedAt!: Date;
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'One complaint of a buyer; seen once what it names is known.',
})
export class Complaint extends Node {
  readonly key!: string;
  readonly shopId!: number;
  readonly agentId!: number | null;
  readonly orderId!: string | null;
  readonly sessionId!: string | null;

  @Field(() => String, EXTERNAL_ID)
  externalId!: string;

  @Field(() => String, { description: 'What it is about, in the words of the source.' })
  category!: string;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  openedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was resolved.' })
  resolvedAt!: Date | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it was found to be right; null while undecided.' })
  upheld!: boolean | null;

  @Field(() => Int, { description: 'Order lines it concerns.' })
  subOrderCount!: number;

  @Field(() => Exclusion, EXCLUSION)
  exclusion!: Exclusion | null;

  @Field(() => DateTimeScalar, CREATED)
  createdAt!: Date;

  @Field(() => DateTimeScalar, UPDATED)
  updatedAt!: Date;
}

@ObjectType({ simpleResolvers: true, description: 'A goal for a metric over whole days.' })
export class Target {
  readonly agentId!: number | null;
  readonly teamId!: number | null;
  readonly shopId!: number | null;

  @Field(() => ID, { description: 'Opaque and stable.' })
  id!: string;

  @Field(() => String, { description: 'Key of the metric, or any key that a formula asks for.' })
  metric!: string;

  @Field(() => Period, { description: 'The days it is for.' })
  period!: Period;

  @Field(() => DecimalScalar, { description: 'The goal, in the unit of the metric.' })
  value!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A number that the source measures itself.' })
export class Observation {
  readonly agentId!: number | null;
  readonly shopId!: number | null;

  @Field(() => ID, { description: 'Opaque and stable.' })
  id!: string;

  @Field(() => String, { description: 'What was measured.' })
  measure!: string;

  @Field(() => DateScalar, { description: 'The day it counts on.' })
  on!: string;

  @Field(() => DecimalScalar, { description: 'The number.' })
  value!: string;
}

export const SessionConnection = connection('Session', () => Session);
export const OrderConnection = connection('Order', () => Order);
export const RefundConnection = connection('Refund', () => Refund);
export const ComplaintConnection = connection('Complaint', () => Complaint);
export const TargetConnection = connection('Target', () => Target);
export const ObservationConnection = connection('Observation', () => Observation);
