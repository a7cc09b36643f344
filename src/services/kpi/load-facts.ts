import { buildObservationsSql, type ObservedRow } from '../../db/sql/operand.sql';
import { needsOf } from '../../domain/kpi';
import { isAnswered } from '../../domain/kpi-report';
import { type Layer, layersOf } from '../../domain/kpi-report-windows';
import type { Cut } from '../../domain/measure-query';
import type { MeasureKey } from '../../domain/measures';
import type { Metric } from '../../domain/metric';
import type { MetricCatalogue } from '../../domain/metric-catalogue';
import type { Period } from '../../domain/period';
import { FactTable } from './fact-table';
import { isEmptyScope, type KpiScope } from './kpi-scope';
import { addTargets } from './load-targets';
import type { MeasureReader } from './measure-reader';

export interface FactsRequest {
  readonly scope: KpiScope;
  readonly periods: readonly (Period | null)[];
  readonly metrics: readonly Metric[];
  readonly catalogue: MetricCatalogue;
  readonly cut: Cut | null;
  /** At most so many groups and periods, any of them; null: all. */
  readonly maxRows: number | null;
}

/** What the metrics need of every group in every period; only what they need is read. */
export async function loadFacts(reader: MeasureReader, request: FactsRequest): Promise<FactTable> {
  const { scope, periods, metrics, catalogue, cut, maxRows } = request;
  const table = new FactTable();
  if (isEmptyScope(scope)) return table;
  const answered = metrics.filter((metric) => isAnswered(metric, scope.kind, cut));
  const { measures, observations, targets, attainment } = needsOf(answered, scope.kind, catalogue);
  await Promise.all([
    reader.addTo(table, { scope, periods, measures: withRecords(measures, cut), cut, maxRows }),
    addObservations(reader, table, request, observations),
    addTargets(reader, table, { scope, periods, keys: targets, attainment }),
  ]);
  return table;
}

/** What tells the parts of a cut where no metric is made of its records. */
const RECORDS: Readonly<Record<Cut, MeasureKey>> = {
  CHANNEL: 'sessionsReceived',
  PURPOSE: 'sessionsReceived',
  HOUR_OF_DAY: 'sessionsReceived',
  COMPLAINT_CATEGORY: 'complaintsOpened',
  REFUND_KIND: 'refundCount',
};

function withRecords(measures: readonly MeasureKey[], cut: Cut | null): readonly MeasureKey[] {
  return measures.length === 0 && cut !== null ? [RECORDS[cut]] : measures;
}

async function addObservations(
  reader: MeasureReader,
  table: FactTable,
  { scope, periods }: FactsRequest,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  const addLayer = async (layer: Layer): Promise<void> => {
    const { organizationId, kind, shops, agents } = scope;
    const { buckets, to } = layer;
    const statement = buildObservationsSql({ organizationId, kind, shops, agents, buckets, to }, keys);
    for (const row of await reader.runner.query<ObservedRow>(statement)) {
      const { shopGroup, agentGroup, measure, sum, count, last } = row;
      for (const period of layer.periods[row.bucket] ?? []) {
        table.addObserved({ shopGroup, agentGroup, cut: null }, period, measure, { sum, count, last });
      }
    }
  };
  await Promise.all(layersOf(periods).map(addLayer));
}
