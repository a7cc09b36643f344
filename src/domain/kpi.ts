import Big from 'big.js';
import { type Grain, MEASURE_KEYS, type MeasureKey } from './measures';
import type { Metric } from './metric';
import { getMetric } from './metrics';

export const NULL_REASONS = [
  'NO_DATA',
  'ZERO_DENOMINATOR',
  'MIXED_CURRENCIES',
  'NO_TARGET',
  'MISSING_OPERAND',
  'NOT_AVAILABLE_AT_THIS_GRAIN',
] as const;
export type NullReason = (typeof NULL_REASONS)[number];

/** Whose numbers: one agent's, those of several agents as one, or those of shops. */
export type SubjectKind = 'AGENT' | 'AGENT_SET' | 'SHOP';

/** One measure of one subject. */
export interface Measured {
  /** An exact decimal; null only for a maximum without data. */
  readonly amount: string | null;
  /** Of the facts behind an amount of money. */
  readonly currencies: readonly string[];
}

/** What was measured of one subject; a measure left out is that of a subject without facts. */
export type Measurements = ReadonlyMap<MeasureKey, Measured>;

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

/** Rounds half up to 12 decimals, once. */
const Exact = Big();
Exact.DP = 12;
Exact.RM = Exact.roundHalfUp;

/** Whether the metric has a meaning for such a subject. */
export function isAvailable(metric: Metric, kind: SubjectKind): boolean {
  // A maximum is one agent's: several agents have no common peak.
  if (metric.additivity === 'MAXIMUM' && kind !== 'AGENT') return false;
  return metric.grains.includes(grainOf(kind));
}

export function grainOf(kind: SubjectKind): Grain {
  return kind === 'SHOP' ? 'SHOP' : 'AGENT';
}

/** What must be measured for the metrics that such a subject has. Throws InvalidInput for an unknown metric. */
export function measuresOf(metrics: readonly string[], kind: SubjectKind): MeasureKey[] {
  const available = metrics.map(getMetric).filter((metric) => isAvailable(metric, kind));
  const needed = new Set(available.flatMap((metric) => metric.measures));
  return MEASURE_KEYS.filter((key) => needed.has(key));
}

/** The metric's value, from what was measured of a subject. Throws InvalidInput for an unknown metric. */
export function metricValue(key: string, kind: SubjectKind, measured: Measurements): MetricValue {
  const metric = getMetric(key);
  if (!isAvailable(metric, kind)) return noValue(key, 'NOT_AVAILABLE_AT_THIS_GRAIN');
  const [currency = null, ...others] = new Set(metric.measures.flatMap((m) => measured.get(m)?.currencies ?? []));
  if (others.length > 0) return noValue(key, 'MIXED_CURRENCIES');
  return { ...evaluate(metric, measured), currency: metric.unit === 'MONEY' ? currency : null };
}

function evaluate({ key, parts, additivity }: Metric, measured: Measurements): MetricValue {
  const amountOf = (measure: MeasureKey): Big => new Exact(measured.get(measure)?.amount ?? 0);
  switch (parts.type) {
    case 'SIMPLE':
      // Any other measure of nothing is 0.
      if (additivity === 'MAXIMUM' && measured.get(parts.measure)?.amount == null) return noValue(key, 'NO_DATA');
      return plainValue(key, amountOf(parts.measure));
    case 'DIFFERENCE':
      return plainValue(key, amountOf(parts.minuend).minus(amountOf(parts.subtrahend)));
    case 'RATIO':
      return ratioValue(key, amountOf(parts.numerator), amountOf(parts.denominator), parts.scale);
  }
}

function plainValue(metric: string, amount: Big): MetricValue {
  return { ...noValue(metric, null), ...valueOf(amount), numerator: amount.toFixed() };
}

function ratioValue(metric: string, amount: Big, count: Big, scale: number): MetricValue {
  const parts = { numerator: amount.div(scale).toFixed(), denominator: count.toFixed() };
  if (count.eq(0)) return { ...noValue(metric, 'ZERO_DENOMINATOR'), ...parts };
  // Divided once: a rounded numerator would spoil the last digit.
  return { ...noValue(metric, null), ...valueOf(amount.div(count.times(scale))), ...parts };
}

function valueOf(amount: Big): Pick<MetricValue, 'value' | 'exact'> {
  const exact = amount.toFixed();
  return { value: Number(exact), exact };
}

function noValue(metric: string, nullReason: NullReason | null): MetricValue {
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
  const previous = new Exact(before.exact);
  if (value.exact === null) return { previous: previous.toNumber(), change: null, changeRatio: null };
  const change = new Exact(value.exact).minus(previous);
  return {
    previous: previous.toNumber(),
    change: change.toNumber(),
    changeRatio: previous.gt(0) ? change.div(previous).toNumber() : null,
  };
}
