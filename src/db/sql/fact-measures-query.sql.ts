import type { MeasureQuery } from '../../domain/measure-query';
import type { MeasureKey } from '../../domain/measures';
import type { SqlQuery } from '../sql-query';
import { type FactFamily, measuredFamily } from './fact-families.sql';
import { MEASURE_SQL } from './fact-measures.sql';
import { combineParts, type MeasuredPart, partText } from './measured-rows.sql';
import { bindScope, memberTables, type MeasureScope } from './measure-scope.sql';
import { SqlBuilder } from './sql-builder';

/** Rows of MeasuredRow straight from the facts, in one statement. Throws for a cut that a measure's facts do not have. */
export function buildFactMeasuresSql(query: MeasureQuery): SqlQuery {
  const builder = new SqlBuilder(query.organizationId);
  const scope = bindScope(builder, query);
  const families = [...new Set(query.measures.map((measure) => MEASURE_SQL[measure].family))];
  const parts = families.map((family) => factPart(family, scope, query.measures));
  return builder.build(`with ${memberTables(builder, query, scope).join(',\n')}
${combineParts(parts, query.measures)}`);
}

/** Those of the measures that a family has, from its facts. */
export function factPart(family: FactFamily, scope: MeasureScope, measures: readonly MeasureKey[]): MeasuredPart {
  const own = measures.filter((measure) => MEASURE_SQL[measure].family === family);
  return { measures: own, text: measuredFamily(family, scope, own.map(columnText).join(',\n    ')) };
}

function columnText(measure: MeasureKey): string {
  const { aggregate, condition } = MEASURE_SQL[measure];
  const filter = condition === null ? '' : ` filter (where ${condition})`;
  return partText(measure, `${aggregate}${filter}`, (extreme) => `${extreme}(h.currency)${filter}`);
}
