import { createHash } from 'node:crypto';
import type { Access } from '../../domain/access';
import { toGlobalId } from '../../domain/global-id';
import { type Change, changeOf, type MetricValue } from '../../domain/kpi';
import type { KpiReportPlan } from '../../domain/kpi-report';
import { filtersShops } from '../../domain/kpi-report-filter';
import { cutValues, type GroupValues } from '../../domain/kpi-report-groups';
import { chooseGroups, listedGroups, type ReportGroup } from '../../domain/kpi-report-rows';
import type { Metric } from '../../domain/metric';
import type { MetricCatalogue } from '../../domain/metric-catalogue';
import type { Period } from '../../domain/period';
import { AppError } from '../../errors';
import type { FactGroup } from './fact-table';
import { type KpiScope, loadDirectory, makeScope, narrowScope, type ScopeDirectory } from './kpi-scope';
import type { MeasureReader } from './measure-reader';
import { Valuation } from './valuation';

/** Changes are there where a comparison was asked for. */
export type KpiReportValue = MetricValue & Partial<Change>;

export interface KpiReportRow {
  readonly id: string;
  readonly group: GroupValues;
  /** Null: the whole period. */
  readonly bucket: Period | null;
  /** In the order in which the metrics were asked for. */
  readonly values: readonly KpiReportValue[];
}

export interface KpiReport {
  readonly period: Period;
  readonly comparedTo: Period | null;
  readonly metrics: readonly Metric[];
  readonly rows: readonly KpiReportRow[];
  /** Null where it was not asked for. */
  readonly total: KpiReportRow | null;
}

const MAX_ROWS = 20_000;

/** One report on behalf of one request. */
export class KpiReportMaker {
  private readonly mark: string;

  constructor(
    private readonly reader: MeasureReader,
    private readonly access: Access,
    private readonly plan: KpiReportPlan,
    private readonly catalogue: MetricCatalogue,
  ) {
    this.mark = markOf(plan);
  }

  /** Throws RESULT_TOO_LARGE for more than 20,000 rows, before anything is measured where that can be told. */
  async make(withTotal: boolean): Promise<KpiReport> {
    const { plan, access } = this;
    const { period, comparedTo, metrics } = plan;
    const directory = await loadDirectory(this.reader.runner, access, plan);
    const scope = makeScope(access, directory, plan);
    const listed = listedGroups(plan, scope.shopGroups, scope.agentGroups);
    assertSize(Math.min(listed.length, plan.limit ?? Infinity) * (showsAll(plan) ? plan.buckets.length : 0));
    if (withTotal && isWhole(plan)) {
      const rows = await this.makeRows(scope, listed);
      return { period, comparedTo, metrics, rows, total: rows[0] ?? null };
    }
    const [rows, total] = await Promise.all([
      this.makeRows(scope, listed),
      withTotal ? this.makeTotal(directory) : null,
    ]);
    return { period, comparedTo, metrics, rows, total };
  }

  private async makeRows(scope: KpiScope, listed: readonly ReportGroup[]): Promise<readonly KpiReportRow[]> {
    const { plan } = this;
    const isTotal = plan.granularity === 'TOTAL';
    const ordered = plan.orderBy ? [...plan.metrics, plan.orderBy.metric] : plan.metrics;
    if (isTotal || (plan.orderBy === null && plan.limit === null)) {
      const [current, compared] = await Promise.all([
        this.load(scope, plan.buckets, ordered),
        plan.comparedBuckets && this.load(scope, plan.comparedBuckets, plan.metrics, null),
      ]);
      return this.rowsOf(this.choose(scope, listed, current), current, compared);
    }
    const groups = this.choose(scope, listed, await this.load(scope, [plan.period], ordered));
    const chosen = narrowScope(scope, groups);
    const [current, compared] = await Promise.all([
      this.load(chosen, plan.buckets, plan.metrics),
      plan.comparedBuckets && this.load(chosen, plan.comparedBuckets, plan.metrics, null),
    ]);
    return this.rowsOf(groups, current, compared);
  }

  private load(
    scope: KpiScope,
    periods: readonly (Period | null)[],
    metrics: readonly Metric[],
    maxRows = this.maxRows(scope, periods.length),
  ): Promise<Valuation> {
    const { catalogue, plan } = this;
    return Valuation.load(this.reader, { scope, periods, metrics, catalogue, cut: plan.cut, maxRows }, plan.ownWindow);
  }

  /** One more than may be shown tells that there are too many. With a limit all groups have to be seen. */
  private maxRows({ shopGroups, agentGroups }: KpiScope, periods: number): number | null {
    const { cut, limit } = this.plan;
    const couldBe = cut === null ? shopGroups.length * agentGroups.length * periods : Infinity;
    return limit === null && couldBe > MAX_ROWS ? MAX_ROWS + 1 : null;
  }

  /** The groups to show, of those listed anyhow and those with facts. */
  private choose(scope: KpiScope, listed: readonly ReportGroup[], whole: Valuation): readonly ReportGroup[] {
    const groups = new Map(listed.map((group) => [groupName(group), group]));
    for (const group of whole.groups()) {
      const name = groupName(group);
      if (!groups.has(name)) groups.set(name, { ...group, values: this.groupValues(scope, group) });
    }
    const { orderBy } = this.plan;
    return chooseGroups(this.plan, [...groups.values()], (group) => {
      const [value] = orderBy ? whole.valuesOf([orderBy.metric], group, 0) : [];
      return value ?? { exact: null };
    });
  }

  private groupValues(scope: KpiScope, { shopGroup, agentGroup, cut }: FactGroup): GroupValues {
    return {
      ...scope.shopGroups[shopGroup]?.values,
      ...scope.agentGroups[agentGroup]?.values,
      ...cutValues(this.plan.cut, cut),
    };
  }

  private rowsOf(groups: readonly ReportGroup[], current: Valuation, compared: Valuation | null): KpiReportRow[] {
    const { buckets, granularity } = this.plan;
    const hasEvery = showsAll(this.plan);
    const rows: KpiReportRow[] = [];
    for (const group of groups) {
      for (const [position, bucket] of buckets.entries()) {
        if (!hasEvery && !current.hasFacts(group, position)) continue;
        assertSize(rows.length + 1);
        const values = this.valuesOf(group, position, current, compared);
        rows.push(this.rowOf(group.values, granularity === 'TOTAL' ? null : bucket, values));
      }
    }
    return rows;
  }

  private valuesOf(
    group: FactGroup,
    position: number,
    current: Valuation,
    compared: Valuation | null,
  ): readonly KpiReportValue[] {
    const { metrics, comparedBuckets } = this.plan;
    const values = current.valuesOf(metrics, group, position);
    if (!compared) return values;
    const before = comparedBuckets?.[position] ? compared.valuesOf(metrics, group, position) : [];
    return values.map((value, index) => ({ ...value, ...changeOf(value, before[index] ?? null) }));
  }

  private rowOf(group: GroupValues, bucket: Period | null, values: readonly KpiReportValue[]): KpiReportRow {
    const place = this.plan.groupBy.map((dimension) => group[dimension] ?? null);
    return {
      id: toGlobalId('KpiRow', JSON.stringify([this.mark, place, bucket?.from ?? null])),
      group,
      bucket,
      values,
    };
  }

  /** All of the scope as one, whatever the rows are. */
  private async makeTotal({ shops, agents }: ScopeDirectory): Promise<KpiReportRow> {
    const { access, catalogue, plan } = this;
    const { filter, totalKind, period, comparedTo, metrics, ownWindow } = plan;
    const isAll = access.shopIds === null && !filtersShops(filter);
    const scope = makeScope(access, { shops: isAll ? 'ALL' : shops, agents }, { kind: totalKind, groupBy: [], filter });
    const load = (of: Period): Promise<Valuation> =>
      Valuation.load(this.reader, { scope, periods: [of], metrics, catalogue, cut: null, maxRows: null }, ownWindow);
    const [current, compared] = await Promise.all([load(period), comparedTo && load(comparedTo)]);
    const values = current.valuesOf(metrics, ALL, 0);
    const before = compared?.valuesOf(metrics, ALL, 0);
    return {
      id: toGlobalId('KpiRow', JSON.stringify([this.mark])),
      group: {},
      bucket: null,
      values: before ? values.map((value, index) => ({ ...value, ...changeOf(value, before[index] ?? null) })) : values,
    };
  }
}

const ALL: FactGroup = { shopGroup: 0, agentGroup: 0, cut: null };

/** Whether the only row is the total. */
function isWhole({ groupBy, granularity }: KpiReportPlan): boolean {
  return granularity === 'TOTAL' && groupBy.every((dimension) => dimension === 'ORGANIZATION');
}

/** Whether there are rows without facts, too. */
function showsAll({ fillGaps, granularity }: KpiReportPlan): boolean {
  return fillGaps || granularity === 'TOTAL';
}

function groupName({ shopGroup, agentGroup, cut }: FactGroup): string {
  return JSON.stringify([shopGroup, agentGroup, cut]);
}

function assertSize(rows: number): void {
  if (rows <= MAX_ROWS) return;
  throw new AppError(
    'RESULT_TOO_LARGE',
    `This report has more than ${MAX_ROWS.toLocaleString('en')} rows: narrow it, or take it from the feed /v1/feeds/kpis.`,
  );
}

/** Rows of the same numbers have the same ids, and no others. */
function markOf({ metrics, groupBy, granularity, period, comparedTo, filter, ownWindow }: KpiReportPlan): string {
  const keys = metrics.map(({ key, version }) => [key, version]);
  const days = [period, comparedTo].map((one) => one && [one.from, one.to]);
  return createHash('sha256')
    .update(JSON.stringify([keys, groupBy, granularity, days, filter, ownWindow]))
    .digest('base64url')
    .slice(0, 22);
}
