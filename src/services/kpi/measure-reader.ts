import { measurementsOf } from '../../db/sql/measured-rows.sql';
import type { SqlQuery, SqlRunner } from '../../db/sql-query';
import { type Layer, layersOf } from '../../domain/kpi-report-windows';
import type { Cut, MeasuredRow, MeasureQuery } from '../../domain/measure-query';
import type { MeasureKey } from '../../domain/measures';
import type { Period } from '../../domain/period';
import type { FactTable } from './fact-table';
import { isEmptyScope, type KpiScope } from './kpi-scope';

/** How measures are read: from the rollups or from the facts, which answer alike. */
export interface MeasureBuilders {
  readonly plain: (query: MeasureQuery) => SqlQuery;
  /** From the facts always. */
  readonly cut: (query: MeasureQuery) => SqlQuery;
}

export interface MeasureRequest {
  readonly scope: KpiScope;
  readonly periods: readonly (Period | null)[];
  readonly measures: readonly MeasureKey[];
  readonly cut: Cut | null;
  /** At most so many groups and periods, any of them; null: all. */
  readonly maxRows: number | null;
}

/** Reads measures on behalf of one request. */
export class MeasureReader {
  constructor(
    readonly runner: SqlRunner,
    private readonly builders: MeasureBuilders,
  ) {}

  /** One statement for all periods that do not overlap; none where nothing or nobody is to be measured. */
  async addTo(table: FactTable, request: MeasureRequest): Promise<void> {
    if (request.measures.length === 0 || isEmptyScope(request.scope)) return;
    await Promise.all(layersOf(request.periods).map((layer) => this.addLayer(table, request, layer)));
  }

  private async addLayer(table: FactTable, request: MeasureRequest, layer: Layer): Promise<void> {
    for (const row of await this.runner.query<MeasuredRow>(this.statementOf(request, layer))) {
      const { shopGroup, agentGroup, cut } = row;
      const measured = measurementsOf(row, request.measures);
      for (const period of layer.periods[row.bucket] ?? []) {
        table.addMeasured({ shopGroup, agentGroup, cut }, period, measured);
      }
    }
  }

  private statementOf({ scope, measures, cut, maxRows }: MeasureRequest, { buckets, to }: Layer): SqlQuery {
    const { organizationId, kind, shops, agents } = scope;
    const query = { organizationId, kind, shops, agents, buckets, to, measures };
    const statement = cut === null ? this.builders.plain(query) : this.builders.cut({ ...query, cut });
    return maxRows === null ? statement : limited(statement, maxRows);
  }
}

function limited({ text, values }: SqlQuery, maxRows: number): SqlQuery {
  return { text: `select m.*\nfrom (\n${text}\n) m\nlimit $${values.length + 1}`, values: [...values, maxRows] };
}
