import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { NULL_REASONS } from '../domain/kpi';
import { METRICS, scalarOf } from '../domain/metrics';
import type { PeriodPreset as PeriodPresetName } from '../domain/period';
import { enumOf, Platform } from './enums';
import { DateScalar, DecimalScalar } from './scalars';

const PRESET_MEANINGS: Readonly<Record<PeriodPresetName, string>> = {
  TODAY: 'Today.',
  YESTERDAY: 'Yesterday.',
  THIS_WEEK: 'From Monday to today.',
  LAST_WEEK: 'The last whole week, Monday to Sunday.',
  THIS_MONTH: 'From the first of the month to today.',
  LAST_MONTH: 'The last whole calendar month.',
  LAST_7_DAYS: 'The seven days that end yesterday.',
  LAST_28_DAYS: 'The 28 days that end yesterday.',
  LAST_30_DAYS: 'The 30 days that end yesterday.',
  LAST_90_DAYS: 'The 90 days that end yesterday.',
  LAST_180_DAYS: 'The 180 days that end yesterday.',
};

const PeriodPreset = enumOf(
  'PeriodPreset',
  "Days counted from the organization's today. Weeks are ISO weeks.",
  Object.keys(PRESET_MEANINGS) as PeriodPresetName[],
  PRESET_MEANINGS,
);

export const Comparison = enumOf('Comparison', 'What a period is compared to.', ['PREVIOUS_PERIOD', 'PREVIOUS_YEAR'], {
  PREVIOUS_PERIOD: 'As many days just before; for a preset week or month the calendar one before.',
  PREVIOUS_YEAR: 'The same dates a year earlier.',
});

const NullReason = enumOf('NullReason', 'Why a KPI has no value.', NULL_REASONS, {
  NO_DATA: 'There is nothing to take it from.',
  ZERO_DENOMINATOR: 'It would be divided by zero.',
  MIXED_CURRENCIES: 'It would add amounts of different currencies.',
  NO_TARGET: 'There is no target.',
  MISSING_OPERAND: 'A part of the formula has no value.',
  NOT_AVAILABLE_AT_THIS_GRAIN: 'It has no meaning for such a subject.',
});

@InputType({
  description:
    'Either preset, or from and to: whole calendar days in the zone of each shop, both included, at most 1,100.',
})
export class PeriodInput {
  @Field(() => PeriodPreset, { nullable: true, description: "Days counted from the organization's today." })
  preset?: PeriodPresetName | null;

  @Field(() => DateScalar, { nullable: true, description: 'First day.' })
  from?: string | null;

  @Field(() => DateScalar, { nullable: true, description: 'Last day.' })
  to?: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'Whole calendar days, both ends included.' })
export class Period {
  @Field(() => DateScalar, { description: 'First day.' })
  from!: string;

  @Field(() => DateScalar, { description: 'Last day.' })
  to!: string;

  @Field(() => Int, { description: 'How many days.' })
  days!: number;
}

@InputType({
  description: 'Narrows the facts; all conditions must hold. Naming agents or teams makes them the subject.',
})
export class KpiFilter {
  @Field(() => [ID], { nullable: true, description: 'Shops of these clients.' })
  clientIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'These shops.' })
  shopIds?: string[] | null;

  @Field(() => [Platform], { nullable: true, description: 'Shops on these platforms.' })
  platforms?: (keyof typeof Platform)[] | null;

  @Field(() => [ID], { nullable: true, description: 'The present members of these teams, as one.' })
  teamIds?: string[] | null;

  @Field(() => [ID], { nullable: true, description: 'These agents, as one.' })
  agentIds?: string[] | null;
}

@ObjectType({ simpleResolvers: true, description: 'A KPI with the parts it is made of.' })
export class KpiValue {
  @Field(() => String, { description: 'Key of the metric.' })
  metric!: string;

  @Field(() => Float, { nullable: true, description: 'The value, in the unit of the metric; null has its reason.' })
  value!: number | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'The value to 12 decimals, rounded half up.' })
  exact!: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'What is divided; the value itself where nothing is.' })
  numerator!: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'What it is divided by; null where nothing is.' })
  denominator!: string | null;

  @Field(() => NullReason, { nullable: true, description: 'Why there is no value.' })
  nullReason!: (typeof NULL_REASONS)[number] | null;

  @Field(() => String, { nullable: true, description: 'ISO 4217 code of an amount of money.' })
  currency!: string | null;

  @Field(() => Float, { nullable: true, description: 'The value in the period compared to.' })
  previous!: number | null;

  @Field(() => Float, { nullable: true, description: 'value − previous.' })
  change!: number | null;

  @Field(() => Float, { nullable: true, description: 'change / previous; null where previous is not above 0.' })
  changeRatio!: number | null;
}

/** Every built-in metric is a field of its own, made from the registry below. */
@ObjectType({
  simpleResolvers: true,
  description: 'Every built-in metric as a typed field; null where it has no value, and value() tells why.',
})
export class Kpis {
  @Field(() => ID, { description: 'Made of subject, period and filter: the same numbers have the same id.' })
  id!: string;

  @Field(() => Period, { description: 'The days they are of.' })
  period!: Period;

  [metric: string]: unknown;
}

const SCALAR_TYPES = { Int, Float, Decimal: DecimalScalar } as const;

for (const metric of METRICS.values()) {
  const scalar = SCALAR_TYPES[scalarOf(metric)];
  const description = `${metric.name['zh-CN']}: ${metric.description.en}`;
  Field(() => scalar, { nullable: true, description })(Kpis.prototype, metric.key);
}
