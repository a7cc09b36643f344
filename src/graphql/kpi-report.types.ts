import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Comparison as ComparisonName, Granularity as GranularityName } from '../domain/period';
import { Agent, Client, Shop, Team } from './directory.types';
import {
  AgentLevel,
  AgentRole,
  Channel,
  KpiDimension,
  OrderDirection,
  Platform,
  Purpose,
  RefundKind,
  enumOf,
} from './enums';
import { Comparison, KpiFilter, KpiValue, Period, PeriodInput } from './kpi.types';
import { Metric } from './metric.types';
import { type ConnectionOf, Node, PageInfo } from './node.types';
import { DateScalar, DateTimeScalar } from './scalars';

export const Granularity = enumOf(
  'Granularity',
  'Into what a period is split; the first and the last part are cut to the period.',
  ['TOTAL', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'],
  {
    TOTAL: 'Nothing: the whole period.',
    DAY: 'Days.',
    WEEK: 'ISO weeks, which begin on Monday.',
    MONTH: 'Calendar months.',
    QUARTER: 'Calendar quarters.',
    YEAR: 'Calendar years.',
  },
);

export const KpiPart = enumOf('KpiPart', 'One side of a metric.', ['NUMERATOR', 'DENOMINATOR'], {
  NUMERATOR: 'What is divided; the value itself where nothing is.',
  DENOMINATOR: 'What it is divided by.',
});

@InputType({ description: 'Orders groups by their value over the whole period; those without one come last.' })
export class KpiOrder {
  @Field(() => String, { description: 'Key of the metric; it need not be among those asked for.' })
  metric!: string;

  @Field(() => OrderDirection, { description: 'Which way.' })
  direction!: keyof typeof OrderDirection;
}

@InputType({ description: 'A KPI report.' })
export class KpiQueryInput {
  @Field(() => [String], { description: 'Keys of metrics, built in or custom; 1 to 100.' })
  metrics!: string[];

  @Field(() => [KpiDimension], {
    nullable: true,
    description:
      'What rows are of; absent: one row for all. Agents, teams, levels and roles may be combined with shops, clients and platforms, and with one cut of the facts: channel, purpose, hour of day, complaint category or refund kind.',
  })
  groupBy?: (keyof typeof KpiDimension)[] | null;

  @Field(() => Granularity, { nullable: true, description: 'Into what the period is split; TOTAL unless given.' })
  granularity?: GranularityName | null;

  @Field(() => PeriodInput, { description: 'The days.' })
  period!: PeriodInput;

  @Field(() => Comparison, {
    nullable: true,
    description:
      'Fills previous, change and changeRatio. Parts of a period are compared with the days as far from the start of the compared one, cut at its end; PREVIOUS_YEAR with the same dates.',
  })
  compareTo?: ComparisonName | null;

  @Field(() => KpiFilter, { nullable: true, description: 'Narrows the facts, and what is listed.' })
  filter?: KpiFilter | null;

  @Field(() => KpiOrder, { nullable: true, description: 'By ids unless given.' })
  orderBy?: KpiOrder | null;

  @Field(() => Int, { nullable: true, description: 'The first groups only, with all their rows; at least 1.' })
  limit?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Adds a row for every bucket without facts, with the values of a period without facts.',
  })
  fillGaps?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Each metric over its own defaultWindowDays, ending on the period's last day, where it has them; for the granularity TOTAL.",
  })
  ownWindow?: boolean | null;
}

/** Plain properties alone: there may be thousands. */
@ObjectType({
  simpleResolvers: true,
  description: 'The values of one group in one part of the period. What is not grouped by is null.',
})
export class KpiRow {
  @Field(() => ID, { description: 'Made of all that was asked for: the same numbers have the same id.' })
  id!: string;

  @Field(() => Client, { nullable: true, description: 'The client that is grouped by.' })
  client!: object | null;

  @Field(() => Shop, { nullable: true, description: 'The shop that is grouped by.' })
  shop!: object | null;

  @Field(() => Platform, { nullable: true, description: 'The platform that is grouped by.' })
  platform!: string | null;

  @Field(() => Team, { nullable: true, description: 'The team that is grouped by; null also for agents without one.' })
  team!: object | null;

  @Field(() => Agent, { nullable: true, description: 'The agent that is grouped by.' })
  agent!: object | null;

  @Field(() => AgentLevel, {
    nullable: true,
    description: 'The level that is grouped by; null also where it is unknown.',
  })
  level!: string | null;

  @Field(() => AgentRole, {
    nullable: true,
    description: 'The role that is grouped by; null also where it is unknown.',
  })
  role!: string | null;

  @Field(() => Channel, { nullable: true, description: 'The channel that is grouped by.' })
  channel!: string | null;

  @Field(() => Purpose, {
    nullable: true,
    description: 'The purpose that is grouped by; null also where it is unknown.',
  })
  purpose!: string | null;

  @Field(() => Int, { nullable: true, description: 'The hour, 0 to 23, that is grouped by.' })
  hourOfDay!: number | null;

  @Field(() => String, { nullable: true, description: 'The category of complaints that is grouped by.' })
  complaintCategory!: string | null;

  @Field(() => RefundKind, {
    nullable: true,
    description: 'The kind of refunds that is grouped by; null also where it is unknown.',
  })
  refundKind!: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'First day of the part of the period; null: all of it.' })
  bucketStart!: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'Last day of the part of the period; null: all of it.' })
  bucketEnd!: string | null;

  @Field(() => [KpiValue], { description: 'In the order in which the metrics were asked for.' })
  values!: readonly object[];
}

@ObjectType({ simpleResolvers: true, description: 'KPIs by what they were grouped by.' })
export class KpiReport {
  @Field(() => Period, { description: 'The days it is of.' })
  period!: Period;

  @Field(() => Period, { nullable: true, description: 'The days it is compared to.' })
  comparedTo!: Period | null;

  @Field(() => [Metric], { description: 'The metrics, in the order in which they were asked for.' })
  metrics!: readonly object[];

  @Field(() => [KpiRow], {
    description:
      'Active subjects of the grouping, and others with facts of the metrics; of parts of the period, and of shops combined with agents, those with facts alone unless gaps are filled.',
  })
  rows!: readonly KpiRow[];

  @Field(() => KpiRow, {
    description: 'All that was asked for as one, computed from the facts and never from the rows; only when selected.',
  })
  total!: KpiRow | null;

  @Field(() => DateTimeScalar, {
    description: 'Every change whose ingestion was answered before this instant is in these numbers.',
  })
  dataAsOf!: Date | null;
}

@ObjectType({ simpleResolvers: true, description: 'A record behind a number, and its place in the list.' })
export class KpiRecordEdge {
  @Field(() => String, { description: 'For after and before; good for the same list only.' })
  cursor!: string;

  @Field(() => Node, { description: 'The record.' })
  node!: Node;
}

@ObjectType({
  simpleResolvers: true,
  description: 'The records behind a number: people counts give buyers, sums and means the records that carry them.',
})
export class KpiRecordConnection implements ConnectionOf<Node> {
  @Field(() => [KpiRecordEdge], { description: 'The records with their cursors.' })
  edges!: KpiRecordEdge[];

  @Field(() => [Node], { description: 'The records alone.' })
  nodes!: Node[];

  @Field(() => PageInfo, { description: 'Whether there is more.' })
  pageInfo!: PageInfo;

  @Field(() => Int, { description: 'Records in the whole list; counted only when selected.' })
  totalCount!: number | null;
}
