import { metricValue, type MetricValue } from '../../domain/kpi';
import { isAnswered, windowsOf } from '../../domain/kpi-report';
import type { Metric } from '../../domain/metric';
import type { SubjectFacts } from '../../domain/subject-facts';
import type { FactGroup, FactTable } from './fact-table';
import { type FactsRequest, loadFacts } from './load-facts';
import type { MeasureReader } from './measure-reader';

interface Window {
  readonly metrics: ReadonlySet<Metric>;
  readonly table: FactTable;
}

/** Metrics of groups over periods. */
export class Valuation {
  private constructor(
    private readonly request: FactsRequest,
    private readonly windows: readonly Window[],
  ) {}

  /** With `ownWindow` each metric that has days of its own is taken over those that end with the period. */
  static async load(reader: MeasureReader, request: FactsRequest, ownWindow = false): Promise<Valuation> {
    const windows = windowsOf(request.metrics, request.periods, ownWindow).map(
      async ({ metrics, periods }): Promise<Window> => ({
        metrics: new Set(metrics),
        table: await loadFacts(reader, { ...request, metrics, periods }),
      }),
    );
    return new Valuation(request, await Promise.all(windows));
  }

  /** The groups with facts in any of the periods; one may be there more than once. */
  groups(): readonly FactGroup[] {
    return this.windows.flatMap(({ table }) => table.groups());
  }

  hasFacts(group: FactGroup, period: number): boolean {
    return this.windows.some(({ table }) => table.hasFacts(group, period));
  }

  /** Of metrics that were loaded. */
  valuesOf(metrics: readonly Metric[], group: FactGroup, period: number): readonly MetricValue[] {
    const facts = this.windows.map((window) => ({ ...window, facts: window.table.factsOf(group, period) }));
    return metrics.map((metric) => {
      const found = facts.find((window) => window.metrics.has(metric));
      if (!found) throw new Error(`${metric.key} was not loaded.`);
      return this.evaluate(metric, found.facts);
    });
  }

  private evaluate(metric: Metric, facts: SubjectFacts): MetricValue {
    const { scope, cut, catalogue } = this.request;
    return isAnswered(metric, scope.kind, cut)
      ? metricValue(metric, scope.kind, facts, catalogue)
      : { ...NOT_AVAILABLE, metric: metric.key };
  }
}

const NOT_AVAILABLE = {
  value: null,
  exact: null,
  numerator: null,
  denominator: null,
  nullReason: 'NOT_AVAILABLE_AT_THIS_GRAIN',
  currency: null,
} as const;
