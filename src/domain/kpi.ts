import { decimalOf, type Fraction, fractionOf, negative, numberOf, over, plus } from './exact';
import type { Evaluated } from './formula-value';
import { type Grain, MEASURE_KEYS, type MeasureKey, MEASURES } from './measures';
import type { Metric } from './metric';
import type { MetricCatalogue } from './metric-catalogue';
import { evaluate } from './metric-evaluation';
import type { NullReason } from './null-reason';
import type { SubjectFacts } from './subject-facts';

export { NULL_REASONS, type NullReason } from './null-reason';
export type { Measured, Measurements } from './subject-facts';

/** Whose numbers: one agent's, those of several agents as one, or those of shops. */
export type SubjectKind = 'AGENT' | 'AGENT_SET' | 'SHOP';

/** A metric of one subject, exact to 12 decimals, with the parts it is made of; null always has its reason. */
export interface MetricValue {
  readonly metric: string;
  readonly value: number | null;
  readonly exact: string | null;
  readonly numerator: string | null;
  readonly denominator: string | null;
  readonly nullReason: NullReason | null;
  /** Of an amount of money, where there are facts. */
  readonly currency: string | null;
}

/** All that is to be found out of subjects for metrics of theirs. */
export interface KpiNeeds {
  readonly measures: readonly MeasureKey[];
  readonly observations: readonly string[];
  readonly targets: readonly string[];
  /** Whether the sales of the days that targets cover are needed. */
  readonly attainment: boolean;
}

/** Whether the metric has a meaning for such a subject. */
export function isAvailable(metric: Metric, kind: SubjectKind): boolean {
  if (!metric.grains.includes(grainOf(kind))) return false;
  // A maximum is one agent's: several agents have no common peak.
  return kind !== 'AGENT_SET' || metric.measures.every((measure) => MEASURES[measure].kind !== 'MAXIMUM');
}

export function grainOf(kind: SubjectKind): Grain {
  return kind === 'SHOP' ? 'SHOP' : 'AGENT';
}

/** What the metrics that such a subject has are made of, each part once. */
export function needsOf(metrics: readonly Metric[], kind: SubjectKind, catalogue: MetricCatalogue): KpiNeeds {
  const operands = metrics.filter((metric) => isAvailable(metric, kind)).map((metric) => catalogue.operandsOf(metric));
  const measures = new Set(operands.flatMap((needed) => needed.measures));
  return {
    measures: MEASURE_KEYS.filter((key) => measures.has(key)),
    observations: [...new Set(operands.flatMap((needed) => needed.observations))],
    targets: [...new Set(operands.flatMap((needed) => needed.targets))],
    attainment: operands.some((needed) => needed.attainment),
  };
}

/** The metric's value, from what is known of a subject. */
export function metricValue(
  metric: Metric,
  kind: SubjectKind,
  facts: SubjectFacts,
  catalogue: MetricCatalogue,
): MetricValue {
  if (!isAvailable(metric, kind)) return noValue(metric.key, 'NOT_AVAILABLE_AT_THIS_GRAIN');
  const [currency = null, another] = currenciesOf(metric, facts, catalogue);
  if (another !== undefined) return noValue(metric.key, 'MIXED_CURRENCIES');
  return told(metric.key, evaluate(metric.parts, facts, catalogue), metric.unit === 'MONEY' ? currency : null);
}

const NO_CURRENCIES: readonly string[] = [];

/** Each once, of all the money in the metric. */
function currenciesOf(metric: Metric, facts: SubjectFacts, catalogue: MetricCatalogue): readonly string[] {
  const { amounts, attainment } = catalogue.operandsOf(metric);
  if (amounts.length === 0 && !attainment) return NO_CURRENCIES;
  const money = amounts.map((measure) => facts.measured.get(measure));
  const covered = attainment ? [facts.targetedSales] : [];
  return [...new Set([...money, ...covered].flatMap((amount) => amount?.currencies ?? NO_CURRENCIES))];
}

function told(metric: string, { value, numerator, denominator }: Evaluated, currency: string | null): MetricValue {
  const exact = typeof value === 'string' ? null : decimalOf(value);
  return {
    metric,
    value: exact === null ? null : numberOf(exact),
    exact,
    // Where nothing is divided it is the value.
    numerator: numerator === value ? exact : numerator && decimalOf(numerator),
    denominator: denominator && decimalOf(denominator),
    nullReason: typeof value === 'string' ? value : null,
    currency,
  };
}

function noValue(metric: string, nullReason: NullReason): MetricValue {
  return { metric, value: null, exact: null, numerator: null, denominator: null, nullReason, currency: null };
}

/** How a value moved against an earlier one; the ratio is null where the earlier one is not above 0. */
export interface Change {
  readonly previous: number | null;
  readonly change: number | null;
  readonly changeRatio: number | null;
}

/** An amount of another currency is nothing to compare with. */
export function changeOf(value: MetricValue, before: MetricValue | null): Change {
  const isComparable = value.currency === null || before?.currency == null || value.currency === before.currency;
  if (before?.exact == null || !isComparable) return { previous: null, change: null, changeRatio: null };
  const earlier = fractionOf(before.exact);
  const previous = nearest(earlier);
  if (value.exact === null) return { previous, change: null, changeRatio: null };
  const change = plus(fractionOf(value.exact), negative(earlier));
  const changeRatio = previous > 0 ? nearest(over(change, earlier)) : null;
  return { previous, change: nearest(change), changeRatio };
}

function nearest(fraction: Fraction): number {
  return numberOf(decimalOf(fraction));
}
