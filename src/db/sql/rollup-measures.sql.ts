import type { MeasureQuery } from '../../domain/measure-query';
import { type MeasureKey, MEASURES } from '../../domain/measures';
import type { Day } from '../../domain/zone';
import type { SqlQuery } from '../sql-query';
import { factPart } from './fact-measures-query.sql';
import { agentMember, bindScope, shopMember } from './measure-scope.sql';
import { cellPart } from './measured-cells.sql';
import { groupingOf } from './measured-grouping.sql';
import { combineParts } from './measured-rows.sql';
import { statePart } from './measured-states.sql';
import { monthRun, wholeMonths } from './month-run.sql';
import { SqlBuilder } from './sql-builder';

/** Where a measure of a query is read. */
type Source = 'cells' | 'states' | 'presence';

/** Fewer cells of days than these are not worth looking for months. */
const CELLS_WORTH_MONTHS = 200;
/** A guess: some have three, some three hundred. */
const SHOPS_OF_AN_ORGANIZATION = 20;

/** The same rows as from the facts, from what is worked out of them. There are no cuts here: throws for one. */
export function buildRollupMeasuresSql(query: MeasureQuery): SqlQuery {
  if (query.cut !== undefined) throw new Error('Cuts are answered from the facts.');
  const builder = new SqlBuilder(query.organizationId);
  const scope = bindScope(builder, query);
  const of = (source: Source): MeasureKey[] => query.measures.filter((measure) => sourceOf(measure, query) === source);
  const [cells, states, presence] = [of('cells'), of('states'), of('presence')];
  const cellGrouping = groupingOf(builder, query, cells);
  const stateGrouping = groupingOf(builder, query, states);
  const months = cells.length > 0 ? usefulMonths(query) : [];
  const parts = [
    ...(cells.length > 0 ? [cellPart(scope, cellGrouping, cells, months.length > 0)] : []),
    ...(states.length > 0 ? [statePart(scope, stateGrouping, states)] : []),
    ...(presence.length > 0 ? [factPart('presence', scope, presence)] : []),
  ];
  const used = (needs: 'needsShops' | 'needsAgents'): boolean =>
    presence.length > 0 || cellGrouping[needs] || stateGrouping[needs];
  const tables = [
    months.length > 0 ? monthRun(builder, scope, months) : null,
    used('needsShops') ? shopMember(builder, query, scope) : null,
    used('needsAgents') ? agentMember(builder, query, scope) : null,
  ].filter((table) => table !== null);
  const head = tables.length > 0 ? `with ${tables.join(',\n')}\n` : '';
  return builder.build(`${head}${combineParts(parts, query.measures)}`);
}

/** Finding out which months stand costs as much as reading some cells of days. */
function usefulMonths(query: MeasureQuery): readonly Day[] {
  const months = wholeMonths(query);
  const members = query.agents ?? query.shops;
  const subjects = members === 'ALL' ? SHOPS_OF_AN_ORGANIZATION : members.length;
  return subjects * months.length * 30 < CELLS_WORTH_MONTHS ? [] : months;
}

/** Agents may share buyers and accounts: those of a set are counted again. */
function sourceOf(measure: MeasureKey, { kind }: MeasureQuery): Source {
  if (kind !== 'AGENT_SET') return 'cells';
  switch (MEASURES[measure].kind) {
    case 'DISTINCT':
      return 'states';
    case 'DAILY':
      return MEASURES[measure].facts.includes('PRESENCE') ? 'presence' : 'states';
    default:
      return 'cells';
  }
}
