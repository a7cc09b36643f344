import {
  buildKpiRecordCountSql,
  buildKpiRecordsSql,
  type KpiRecordPage,
  type RecordType,
  recordTypeOf,
} from '../../db/sql/kpi-records.sql';
import type { SqlRunner } from '../../db/sql-query';
import type { Access } from '../../domain/access';
import { InvalidInput } from '../../domain/invalid-input';
import { isAvailable } from '../../domain/kpi';
import { type KpiFilter, kindOf } from '../../domain/kpi-report-filter';
import { type KpiPart, measureOfPart } from '../../domain/kpi-report-records';
import type { MeasureKey } from '../../domain/measures';
import type { MetricCatalogue } from '../../domain/metric-catalogue';
import type { Period } from '../../domain/period';
import { isEmptyScope, loadDirectory, makeScope } from './kpi-scope';

/** The records behind one side of a metric. */
export interface KpiRecordsQuery {
  readonly metric: string;
  readonly part: KpiPart;
  readonly period: Period;
  readonly filter: KpiFilter;
  readonly catalogue: MetricCatalogue;
}

export interface KpiRecords {
  readonly type: RecordType;
  /** In the order of the page: reversed where it goes backward. */
  readonly keys: readonly string[];
  /** Null where it was not asked for. */
  readonly totalCount: number | null;
}

/** Throws InvalidInput for a side of a metric that counts no records. */
export async function readKpiRecords(
  runner: SqlRunner,
  access: Access,
  query: KpiRecordsQuery,
  page: KpiRecordPage,
  withTotal: boolean,
): Promise<KpiRecords> {
  const { period, filter } = query;
  const { measure, type } = getRecordMeasure(query);
  const scopeQuery = { kind: kindOf([], filter), groupBy: [], filter };
  const scope = makeScope(access, await loadDirectory(runner, access, scopeQuery), scopeQuery);
  if (isEmptyScope(scope)) return { type, keys: [], totalCount: withTotal ? 0 : null };
  const { organizationId, kind, shops, agents } = scope;
  const facts = { organizationId, kind, shops, agents, buckets: [period.from], to: period.to };
  const [rows, counts] = await Promise.all([
    runner.query<{ key: string | number }>(buildKpiRecordsSql(facts, measure, page)),
    withTotal ? runner.query<{ count: number }>(buildKpiRecordCountSql(facts, measure)) : [],
  ]);
  return { type, keys: rows.map(({ key }) => String(key)), totalCount: counts[0]?.count ?? null };
}

function getRecordMeasure({ metric: key, part, filter, catalogue }: KpiRecordsQuery): {
  readonly measure: MeasureKey;
  readonly type: RecordType;
} {
  const metric = catalogue.get(key, 'metric');
  if (!isAvailable(metric, kindOf([], filter))) {
    throw new InvalidInput('metric', `${metric.key} is not available for what the filter leaves.`);
  }
  const measure = measureOfPart(metric, part, catalogue);
  const type = measure && recordTypeOf(measure);
  if (!type) throw new InvalidInput('part', `The ${part.toLowerCase()} of ${metric.key} counts no records.`);
  return { measure, type };
}
