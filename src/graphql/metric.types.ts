import { Field, InputType, Int, ObjectType } from 'type-graphql';
import type * as Domain from '../domain/metric';
import { Additivity, KpiDimension, MetricDirection, MetricGrain, MetricUnit } from './enums';
import { UserError } from './ingest.types';

@ObjectType({
  simpleResolvers: true,
  description: 'One entry of the catalogue: built in, or defined by the organization as a formula.',
})
export class Metric {
  @Field(() => String, { description: 'Names it for ever.' })
  key!: string;

  @Field(() => Int, { description: 'Counted from 1; another meaning is another version.' })
  version!: number;

  @Field(() => String, {
    description:
      'What the value is made of. Of salesTargetAttainment the sales are those of the days that the targets cover.',
  })
  formula!: string;

  @Field(() => [String], { description: 'The measures in it, those of the metrics that it names included.' })
  measures!: readonly string[];

  @Field(() => MetricUnit, { description: 'What a value is measured in.' })
  unit!: Domain.MetricUnit;

  @Field(() => MetricDirection, { description: 'Which way it is better.' })
  direction!: Domain.MetricDirection;

  @Field(() => [MetricGrain], { description: 'Whom it has a meaning for; for others it is null.' })
  grains!: readonly (keyof typeof MetricGrain)[];

  @Field(() => Additivity, { description: 'What becomes of values that are put together.' })
  additivity!: Domain.Additivity;

  @Field(() => [KpiDimension], {
    description: 'What it is made to be grouped by; under a cut that is not among them it is null.',
  })
  dimensions!: readonly Domain.KpiDimension[];

  @Field(() => Boolean, { description: 'False for a metric that the organization defined.' })
  builtIn!: boolean;

  @Field(() => Int, {
    nullable: true,
    description: 'Days, up to the last one of a period, that it is judged by where its own window is asked for.',
  })
  defaultWindowDays!: number | null;

  @Field(() => String, { description: 'Where the definition comes from; empty where it is our own or yours.' })
  source!: string;
}

@InputType({ description: 'A metric as a formula.' })
export class DefineMetricInput {
  @Field(() => String, { description: 'A small letter, then letters and digits; an existing one gets a new version.' })
  key!: string;

  @Field(() => String, { description: 'For people, at most 200 characters.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What it means, at most 2,000 characters.' })
  description?: string | null;

  @Field(() => String, {
    description:
      'Metrics and measures by key, numbers, + - * / and parentheses, min(…), max(…), sum, avg, count and last of an observation, such as avg(exam), and target(key); at most 500 characters.',
  })
  formula!: string;

  @Field(() => MetricUnit, { description: 'What a value is measured in.' })
  unit!: Domain.MetricUnit;

  @Field(() => MetricDirection, { description: 'Which way it is better.' })
  direction!: Domain.MetricDirection;
}

@ObjectType({ simpleResolvers: true, description: 'The metric as it now is, or what hinders it.' })
export class DefineMetricPayload {
  @Field(() => Metric, { nullable: true, description: 'The metric; null where it was refused.' })
  metric!: Metric | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty if it was not.' })
  userErrors!: UserError[];
}
