import { InvalidInput } from './invalid-input';
import { isAvailable, type SubjectKind } from './kpi';
import { isCut, type KpiFilter, kindOf } from './kpi-report-filter';
import { withoutCut } from './kpi-report-groups';
import type { Cut } from './measure-query';
import type { KpiDimension, Metric } from './metric';
import type { MetricCatalogue } from './metric-catalogue';
import {
  bucketsOf,
  comparedBuckets,
  comparedPeriod,
  type Comparison,
  type Granularity,
  lastDays,
  type Period,
  type PeriodInput,
  resolvePeriod,
} from './period';
import type { Day } from './zone';

/** A report as asked for. */
export interface KpiReportInput {
  readonly metrics: readonly string[];
  readonly groupBy?: readonly KpiDimension[] | null;
  readonly granularity?: Granularity | null;
  readonly period: PeriodInput;
  readonly compareTo?: Comparison | null;
  readonly filter?: KpiFilter | null;
  readonly orderBy?: { readonly metric: string; readonly direction: 'ASC' | 'DESC' } | null;
  readonly limit?: number | null;
  readonly fillGaps?: boolean | null;
  readonly ownWindow?: boolean | null;
}

/** A report that can be made: all that was asked for is known and fits together. */
export interface KpiReportPlan {
  /** In the order asked for. */
  readonly metrics: readonly Metric[];
  readonly groupBy: readonly KpiDimension[];
  readonly cut: Cut | null;
  readonly filter: KpiFilter;
  /** Of the rows. */
  readonly kind: SubjectKind;
  /** Of the total. */
  readonly totalKind: SubjectKind;
  readonly granularity: Granularity;
  readonly period: Period;
  readonly comparedTo: Period | null;
  readonly buckets: readonly Period[];
  /** By bucket; null where nothing is compared. */
  readonly comparedBuckets: readonly (Period | null)[] | null;
  readonly orderBy: { readonly metric: Metric; readonly direction: 'ASC' | 'DESC' } | null;
  readonly limit: number | null;
  readonly fillGaps: boolean;
  readonly ownWindow: boolean;
}

const MAX_METRICS = 100;

/** Every metric that a report names. */
export function metricKeysOf({ metrics, orderBy }: KpiReportInput): readonly string[] {
  return orderBy ? [...metrics, orderBy.metric] : metrics;
}

/** Throws InvalidInput, with the field to blame, for what is unknown or does not fit together. */
export function planKpiReport(input: KpiReportInput, today: Day, catalogue: MetricCatalogue): KpiReportPlan {
  const metrics = getMetrics(input.metrics, catalogue);
  const groupBy = getGroupBy(input.groupBy ?? []);
  const cut = groupBy.find(isCut) ?? null;
  const filter = input.filter ?? {};
  const kind = kindOf(groupBy, filter);
  const granularity = input.granularity ?? 'TOTAL';
  const period = resolvePeriod(input.period, today);
  const buckets = bucketsOf(period, granularity);
  const comparison = input.compareTo ?? null;
  const comparedTo = comparison && comparedPeriod(input.period, period, comparison);
  const ownWindow = input.ownWindow ?? false;
  if (ownWindow && granularity !== 'TOTAL') {
    throw new InvalidInput('ownWindow', 'Windows of their own are for the granularity TOTAL.');
  }
  return {
    metrics,
    groupBy,
    cut,
    filter,
    kind,
    totalKind: totalKindOf(groupBy, filter),
    granularity,
    period,
    comparedTo,
    buckets,
    comparedBuckets: comparison && comparedTo && comparedBuckets(buckets, period, comparedTo, comparison),
    orderBy: input.orderBy ? getOrder(input.orderBy, kind, cut, catalogue) : null,
    limit: getLimit(input.limit ?? null),
    fillGaps: input.fillGaps ?? false,
    ownWindow,
  };
}

/** Whether the metric has a meaning for such a subject and cut. */
export function isAnswered(metric: Metric, kind: SubjectKind, cut: Cut | null): boolean {
  return isAvailable(metric, kind) && (cut === null || metric.dimensions.includes(cut));
}

/** Metrics that are measured over the same periods. */
export interface MetricWindow {
  readonly metrics: readonly Metric[];
  readonly periods: readonly (Period | null)[];
}

/** The periods of each metric: those given, or the days of its own that end with them. */
export function windowsOf(
  metrics: readonly Metric[],
  periods: readonly (Period | null)[],
  ownWindow: boolean,
): readonly MetricWindow[] {
  const unique = [...new Set(metrics)];
  const daysOf = (metric: Metric): number | null => (ownWindow ? (metric.defaultWindowDays ?? null) : null);
  return [...new Set(unique.map(daysOf))].map((days) => ({
    metrics: unique.filter((metric) => daysOf(metric) === days),
    periods: days === null ? periods : periods.map((period) => period && lastDays(period, days)),
  }));
}

/** The whole of what was asked for has no groups: agents who are grouped are there a set. */
function totalKindOf(groupBy: readonly KpiDimension[], filter: KpiFilter): SubjectKind {
  const kind = kindOf([], filter);
  return kind === 'SHOP' && kindOf(groupBy, filter) !== 'SHOP' ? 'AGENT_SET' : kind;
}

function getMetrics(keys: readonly string[], catalogue: MetricCatalogue): readonly Metric[] {
  if (keys.length < 1) throw new InvalidInput('metrics', 'Name at least one metric.');
  if (keys.length > MAX_METRICS) throw new InvalidInput('metrics', `At most ${MAX_METRICS} metrics are taken at once.`);
  return keys.map((key) => catalogue.get(key));
}

function getGroupBy(groupBy: readonly KpiDimension[]): readonly KpiDimension[] {
  const twice = groupBy.find((dimension, index) => groupBy.indexOf(dimension) !== index);
  if (twice) throw new InvalidInput('groupBy', `${twice} is there twice.`);
  if (groupBy.length - withoutCut(groupBy).length > 1) {
    throw new InvalidInput(
      'groupBy',
      'At most one of CHANNEL, PURPOSE, HOUR_OF_DAY, COMPLAINT_CATEGORY and REFUND_KIND.',
    );
  }
  return groupBy;
}

function getOrder(
  { metric: key, direction }: NonNullable<KpiReportInput['orderBy']>,
  kind: SubjectKind,
  cut: Cut | null,
  catalogue: MetricCatalogue,
): KpiReportPlan['orderBy'] {
  const metric = catalogue.get(key, 'orderBy');
  if (isAnswered(metric, kind, cut)) return { metric, direction };
  throw new InvalidInput('orderBy', `${metric.key} is not available for what is grouped by.`);
}

function getLimit(limit: number | null): number | null {
  if (limit !== null && limit < 1) throw new InvalidInput('limit', 'The limit is at least 1.');
  return limit;
}
