import { ArgsType, type ClassType, Field, ID, InputType, Int } from 'type-graphql';
import type { PageArgs } from '../domain/page';
import {
  AgentRole,
  Channel,
  ComplaintOrderField,
  OrderDirection,
  OrderOrderField,
  Purpose,
  RefundOrderField,
  RefundStatus,
  SessionOrderField,
} from './enums';
import { PeriodInput } from './kpi.types';
import { DateTimeScalar, DecimalScalar } from './scalars';

const OPTIONAL = { nullable: true } as const;
const SHOPS = { ...OPTIONAL, description: 'Of these shops.' };
const AGENTS = { ...OPTIONAL, description: 'Of these agents.' };
const EXTERNAL_IDS = { ...OPTIONAL, description: "With these ids of the source's own." };
const UPDATED_AT = { ...OPTIONAL, description: 'Last changed here within these bounds.' };

@ArgsType()
export class ConnectionArgs implements PageArgs {
  @Field(() => Int, {
    ...OPTIONAL,
    description: 'The first so many entries, 1 to 100; 25 if neither first nor last is given.',
  })
  first?: number | null;

  @Field(() => String, { ...OPTIONAL, description: 'Only entries after this cursor.' })
  after?: string | null;

  @Field(() => Int, { ...OPTIONAL, description: 'The last so many entries, 1 to 100.' })
  last?: number | null;

  @Field(() => String, { ...OPTIONAL, description: 'Only entries before this cursor.' })
  before?: string | null;
}

@InputType({ description: 'Bounds of an instant; all that are given must hold.' })
export class DateTimeFilter {
  @Field(() => DateTimeScalar, { ...OPTIONAL, description: 'At or after.' })
  gte?: Date | null;

  @Field(() => DateTimeScalar, { ...OPTIONAL, description: 'After.' })
  gt?: Date | null;

  @Field(() => DateTimeScalar, { ...OPTIONAL, description: 'At or before.' })
  lte?: Date | null;

  @Field(() => DateTimeScalar, { ...OPTIONAL, description: 'Before.' })
  lt?: Date | null;
}

@InputType({ description: 'Bounds of a number; all that are given must hold.' })
export class DecimalFilter {
  @Field(() => DecimalScalar, { ...OPTIONAL, description: 'Exactly.' })
  eq?: string | null;

  @Field(() => DecimalScalar, { ...OPTIONAL, description: 'At least.' })
  gte?: string | null;

  @Field(() => DecimalScalar, { ...OPTIONAL, description: 'More than.' })
  gt?: string | null;

  @Field(() => DecimalScalar, { ...OPTIONAL, description: 'At most.' })
  lte?: string | null;

  @Field(() => DecimalScalar, { ...OPTIONAL, description: 'Less than.' })
  lt?: string | null;
}

@InputType({ description: 'Which sessions; all conditions must hold, an empty list matches none.' })
export class SessionFilter {
  @Field(() => [ID], SHOPS)
  shopIds?: string[] | null;

  @Field(() => [ID], AGENTS)
  agentIds?: string[] | null;

  @Field(() => [ID], { ...OPTIONAL, description: 'Of these buyers.' })
  buyerIds?: string[] | null;

  @Field(() => [Channel], { ...OPTIONAL, description: 'Held in these ways.' })
  channel?: string[] | null;

  @Field(() => [Purpose], { ...OPTIONAL, description: 'About these matters.' })
  purpose?: string[] | null;

  @Field(() => DateTimeFilter, { ...OPTIONAL, description: 'Begun within these bounds.' })
  startedAt?: DateTimeFilter | null;

  @Field(() => DateTimeFilter, UPDATED_AT)
  updatedAt?: DateTimeFilter | null;

  @Field(() => Boolean, { ...OPTIONAL, description: 'Left out of all numbers, or not.' })
  excluded?: boolean | null;

  @Field(() => Boolean, { ...OPTIONAL, description: 'Calls answered, or not; other sessions match neither.' })
  answered?: boolean | null;

  @Field(() => Boolean, { ...OPTIONAL, description: 'Resolved, or not; unknown matches neither.' })
  resolved?: boolean | null;

  @Field(() => [String], EXTERNAL_IDS)
  externalIds?: string[] | null;
}

@InputType({ description: 'Which orders; all conditions must hold, an empty list matches none.' })
export class OrderFilter {
  @Field(() => [ID], SHOPS)
  shopIds?: string[] | null;

  @Field(() => [ID], { ...OPTIONAL, description: 'Credited to these agents.' })
  agentIds?: string[] | null;

  @Field(() => [ID], { ...OPTIONAL, description: 'Of these buyers.' })
  buyerIds?: string[] | null;

  @Field(() => DateTimeFilter, { ...OPTIONAL, description: 'Placed within these bounds.' })
  placedAt?: DateTimeFilter | null;

  @Field(() => DateTimeFilter, { ...OPTIONAL, description: 'Paid within these bounds.' })
  paidAt?: DateTimeFilter | null;

  @Field(() => DateTimeFilter, UPDATED_AT)
  updatedAt?: DateTimeFilter | null;

  @Field(() => DecimalFilter, { ...OPTIONAL, description: 'Of such an amount, whatever the currency.' })
  amount?: DecimalFilter | null;

  @Field(() => Boolean, { ...OPTIONAL, description: 'Paid, or not; cancelled orders may be either.' })
  paid?: boolean | null;

  @Field(() => Boolean, { ...OPTIONAL, description: 'Credited to an agent, or not.' })
  attributed?: boolean | null;

  @Field(() => [String], EXTERNAL_IDS)
  externalIds?: string[] | null;
}

@InputType({ description: 'Which refunds; all conditions must hold, an empty list matches none.' })
export class RefundFilter {
  @Field(() => [ID], SHOPS)
  shopIds?: string[] | null;

  @Field(() => [ID], AGENTS)
  agentIds?: string[] | null;

  @Field(() => [ID], { ...OPTIONAL, description: 'Of these orders.' })
  orderIds?: string[] | null;

  @Field(() => [RefundStatus], { ...OPTIONAL, description: 'In these states.' })
  status?: string[] | null;

  @Field(() => DateTimeFilter, { ...OPTIONAL, description: 'Asked for within these bounds.' })
  openedAt?: DateTimeFilter | null;

  @Field(() => DateTimeFilter, { ...OPTIONAL, description: 'Closed within these bounds.' })
  closedAt?: DateTimeFilter | null;

  @Field(() => DateTimeFilter, UPDATED_AT)
  updatedAt?: DateTimeFilter | null;

  @Field(() => Boolean, { ...OPTIONAL, description: 'Disputed, or not.' })
  disputed?: boolean | null;

  @Field(() => [String], EXTERNAL_IDS)
  externalIds?: string[] | null;
}

@InputType({ description: 'Which complaints; all conditions must hold, an empty list matches none.' })
export class ComplaintFilter {
  @Field(() => [ID], SHOPS)
  shopIds?: string[] | null;

  @Field(() => [ID], AGENTS)
  agentIds?: string[] | null;

  @Field(() => [ID], { ...OPTIONAL, description: 'About these orders.' })
  orderIds?: string[] | null;

  @Field(() => [String], { ...OPTIONAL, description: 'Of these categories.' })
  category?: string[] | null;

  @Field(() => DateTimeFilter, { ...OPTIONAL, description: 'Made within these bounds.' })
  openedAt?: DateTimeFilter | null;

  @Field(() => DateTimeFilter, UPDATED_AT)
  updatedAt?: DateTimeFilter | null;

  @Field(() => Boolean, { ...OPTIONAL, description: 'Found to be right, or not; undecided matches neither.' })
  upheld?: boolean | null;

  @Field(() => [String], EXTERNAL_IDS)
  externalIds?: string[] | null;
}

interface SortInput {
  field: string;
  direction: 'ASC' | 'DESC';
}

function orderInput(name: string, fields: object): ClassType<SortInput> {
  @InputType(name, { description: 'How the list is sorted; entries that are equal in it by id.' })
  class Order implements SortInput {
    @Field(() => fields, { description: 'By what.' })
    field!: string;

    @Field(() => OrderDirection, { description: 'Which way.' })
    direction!: 'ASC' | 'DESC';
  }
  return Order;
}

const SessionOrder = orderInput('SessionOrder', SessionOrderField);
const OrderOrder = orderInput('OrderOrder', OrderOrderField);
const RefundOrder = orderInput('RefundOrder', RefundOrderField);
const ComplaintOrder = orderInput('ComplaintOrder', ComplaintOrderField);

const FILTER = { ...OPTIONAL, description: 'Which ones.' };
const LATEST_FIRST = { ...OPTIONAL, description: 'In which order; default the latest first.' };

@ArgsType()
export class SessionArgs extends ConnectionArgs {
  @Field(() => SessionFilter, FILTER)
  filter?: SessionFilter | null;

  @Field(() => SessionOrder, LATEST_FIRST)
  orderBy?: SortInput | null;
}

@ArgsType()
export class OrderArgs extends ConnectionArgs {
  @Field(() => OrderFilter, FILTER)
  filter?: OrderFilter | null;

  @Field(() => OrderOrder, LATEST_FIRST)
  orderBy?: SortInput | null;
}

@ArgsType()
export class RefundArgs extends ConnectionArgs {
  @Field(() => RefundFilter, FILTER)
  filter?: RefundFilter | null;

  @Field(() => RefundOrder, LATEST_FIRST)
  orderBy?: SortInput | null;
}

@ArgsType()
export class ComplaintArgs extends ConnectionArgs {
  @Field(() => ComplaintFilter, FILTER)
  filter?: ComplaintFilter | null;

  @Field(() => ComplaintOrder, LATEST_FIRST)
  orderBy?: SortInput | null;
}

@ArgsType()
export class AgentArgs extends ConnectionArgs {
  @Field(() => [ID], { ...OPTIONAL, description: 'Members of these teams.' })
  teamIds?: string[] | null;

  @Field(() => [ID], { ...OPTIONAL, description: 'With a fact in one of these shops.' })
  shopIds?: string[] | null;

  @Field(() => [AgentRole], { ...OPTIONAL, description: 'With one of these roles.' })
  roles?: string[] | null;

  @Field(() => Boolean, { ...OPTIONAL, description: 'Still working here, or not.' })
  active?: boolean | null;

  @Field(() => String, { ...OPTIONAL, description: 'With this text in name or externalId, in any case.' })
  search?: string | null;
}

@ArgsType()
export class TargetArgs extends ConnectionArgs {
  @Field(() => String, { ...OPTIONAL, description: 'For this metric.' })
  metric?: string | null;

  @Field(() => PeriodInput, { ...OPTIONAL, description: 'With a day in common with this period.' })
  period?: PeriodInput | null;
}

@ArgsType()
export class ObservationArgs extends ConnectionArgs {
  @Field(() => String, { ...OPTIONAL, description: 'Of this measure.' })
  measure?: string | null;

  @Field(() => PeriodInput, { ...OPTIONAL, description: 'Within this period.' })
  period?: PeriodInput | null;
}
