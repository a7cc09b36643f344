import { buildFactMeasuresSql } from '../db/sql/fact-measures-query.sql';
import type { KpiRecordPage } from '../db/sql/kpi-records.sql';
import { buildRollupMeasuresSql } from '../db/sql/rollup-measures.sql';
import { buildDataAsOfSql } from '../db/sql/rollup-mark.sql';
import type { SqlQuery, SqlRunner } from '../db/sql-query';
import type { Access } from '../domain/access';
import type { MetricValue } from '../domain/kpi';
import { type KpiReportInput, planKpiReport } from '../domain/kpi-report';
import type { MeasureQuery } from '../domain/measure-query';
import { MetricCatalogue } from '../domain/metric-catalogue';
import type { Period } from '../domain/period';
import type { Day } from '../domain/zone';
import { type KpiReport, KpiReportMaker } from './kpi/kpi-report';
import { type KpiRecords, type KpiRecordsQuery, readKpiRecords } from './kpi/kpi-records';
import { MeasureReader } from './kpi/measure-reader';
import { type KpiSubjects, loadSubjectScope } from './kpi/subject-scope';
import { Valuation } from './kpi/valuation';

export type { KpiFilter } from '../domain/kpi-report-filter';
export { type KpiSubjects, ORGANIZATION } from './kpi/subject-scope';

export interface KpiServiceOptions {
  /** How measures without a cut are read: from the rollups unless told otherwise. */
  readonly measures?: (query: MeasureQuery) => SqlQuery;
}

/** By subject, by metric. */
export type KpiTable = ReadonlyMap<number, ReadonlyMap<string, MetricValue>>;

export interface KpiQuery {
  readonly subjects: KpiSubjects;
  readonly period: Period;
  /** Their keys. */
  readonly metrics: readonly string[];
  /** What the keys mean; built-in metrics alone unless told otherwise. */
  readonly catalogue?: MetricCatalogue;
}

export interface KpiReportQuery {
  readonly input: KpiReportInput;
  readonly today: Day;
  readonly catalogue: MetricCatalogue;
  readonly withTotal: boolean;
}

/** KPIs from the shops that the caller may see. Everything that serves numbers asks here. */
export class KpiService {
  private readonly measures: (query: MeasureQuery) => SqlQuery;

  constructor({ measures = buildRollupMeasuresSql }: KpiServiceOptions = {}) {
    this.measures = measures;
  }

  /**
   * KPIs of what is in the directory. However many subjects: one statement to find their members, where they have any,
   * and one for the measures; one more for observations and two for targets, where a metric needs them. Ids that are not
   * there, or not visible, have no facts. Throws InvalidInput for an unknown metric.
   */
  async query(runner: SqlRunner, access: Access, query: KpiQuery): Promise<KpiTable> {
    const { period, catalogue = MetricCatalogue.builtIn } = query;
    const metrics = query.metrics.map((key) => catalogue.get(key));
    const { scope, subjects, subjectOf } = await loadSubjectScope(runner, access, query.subjects);
    const request = { scope, periods: [period], metrics, catalogue, cut: null, maxRows: null };
    const valuation = await Valuation.load(this.reader(runner), request);
    const groups = scope.shopGroups.flatMap((_shops, shopGroup) =>
      scope.agentGroups.map((_agents, agentGroup) => ({ shopGroup, agentGroup, cut: null })),
    );
    const groupOf = new Map(groups.map((group) => [subjectOf(group), group]));
    return new Map(
      subjects.map((subject) => {
        const values = valuation.valuesOf(metrics, groupOf.get(subject) ?? NOBODY, 0);
        return [subject, new Map(values.map((value) => [value.metric, value]))];
      }),
    );
  }

  /** Any metrics of any groups and buckets. Throws InvalidInput for what cannot be asked, RESULT_TOO_LARGE for too much. */
  report(runner: SqlRunner, access: Access, query: KpiReportQuery): Promise<KpiReport> {
    const plan = planKpiReport(query.input, query.today, query.catalogue);
    return new KpiReportMaker(this.reader(runner), access, plan, query.catalogue).make(query.withTotal);
  }

  /** The records behind one side of a metric. Throws InvalidInput where there are none to list. */
  records(
    runner: SqlRunner,
    access: Access,
    query: KpiRecordsQuery,
    page: KpiRecordPage,
    withTotal: boolean,
  ): Promise<KpiRecords> {
    return readKpiRecords(runner, access, query, page, withTotal);
  }

  /** Every change whose ingestion was answered before this instant is in what the runner reads. */
  async dataAsOf(runner: SqlRunner, { organizationId }: Pick<Access, 'organizationId'>): Promise<Date> {
    const [row] = await runner.query<{ readonly dataAsOf: Date }>(buildDataAsOfSql(organizationId));
    if (!row) throw new Error('An aggregate has a row.');
    return row.dataAsOf;
  }

  private reader(runner: SqlRunner): MeasureReader {
    return new MeasureReader(runner, { plain: this.measures, cut: buildFactMeasuresSql });
  }
}

/** In no scope. */
const NOBODY = { shopGroup: -1, agentGroup: -1, cut: null } as const;
