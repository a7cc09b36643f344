import { type MeasureKey, MEASURES } from '../../domain/measures';
import { type Grouping, groups, inScope, joins } from './measured-grouping.sql';
import { type MeasuredPart, partText } from './measured-rows.sql';
import { bucketOf, bucketStart, type MeasureScope } from './measure-scope.sql';
import { cellColumn, peoplePrefix } from './rollup-columns';

/** Columns that tell whether there are facts behind an amount, which may be 0. */
const FACTS_BEHIND: { readonly [Key in MeasureKey]?: string } = {
  salesAmount: 'paid_orders',
  refundedSalesAmount: 'refunded_sales',
  shopSalesAmount: 'shop_paid_orders',
};

/** Measures from cells: of days, and of the months of month_run where there are any. */
export function cellPart(
  scope: MeasureScope,
  grouping: Grouping,
  measures: readonly MeasureKey[],
  withMonths: boolean,
): MeasuredPart {
  const text = `
  select ${groups(grouping)}, ${bucketOf(scope, 'c.day')} as bucket, null::text as cut,
    ${measures.map((measure) => cellText(scope, measure)).join(',\n    ')}
  from (${cellRanges(scope, measures, withMonths).join('\n    union all')}
  ) c
  ${joins(grouping)}
  group by 1, 2, 3, 4`;
  return { text, measures };
}

/** Days before the run of months and after it, and these months; or the days alone. */
function cellRanges(scope: MeasureScope, measures: readonly MeasureKey[], withMonths: boolean): string[] {
  const { from, to } = scope;
  const table = scope.grain === 'AGENT' ? 'agent' : 'shop';
  const range = (unit: 'day' | 'month', first: string, last: string): string => `
    select ${cellColumns(scope, measures).join(', ')}
    from ${table}_${unit} c
    where ${inScope(scope)}
      and c.day >= ${first}
      and c.day ${last}`;
  if (!withMonths) return [range('day', from, `<= ${to}`)];
  const [first, past] = ['(select r.first from month_run r)', '(select r.past from month_run r)'];
  return [range('day', from, `< ${first}`), range('month', first, `< ${past}`), range('day', past, `<= ${to}`)];
}

function cellColumns({ grain }: MeasureScope, measures: readonly MeasureKey[]): string[] {
  const columns = measures.flatMap((measure) => {
    if (MEASURES[measure].kind !== 'DISTINCT') return [cellColumn(measure), FACTS_BEHIND[measure] ?? []].flat();
    const prefix = peoplePrefix(measure);
    return [`${prefix}_gaps`, `${prefix}_buyers`];
  });
  return [...(grain === 'AGENT' ? ['agent_id'] : []), 'shop_id', 'day', ...new Set(columns)].map((name) => `c.${name}`);
}

function cellText(scope: MeasureScope, measure: MeasureKey): string {
  switch (MEASURES[measure].kind) {
    case 'DISTINCT':
      return partText(measure, `sum(${newBuyers(scope, peoplePrefix(measure))})`, currencyOf(measure));
    case 'MAXIMUM':
      return partText(measure, `max(c.${cellColumn(measure)})`, currencyOf(measure));
    default:
      return partText(measure, `sum(c.${cellColumn(measure)})`, currencyOf(measure));
  }
}

/** Of a cell's buyers those whose time before lies before the bucket, or never was. */
function newBuyers(scope: MeasureScope, prefix: string): string {
  const days = `(c.day - ${bucketStart(scope, 'c.day')})::smallint`;
  return `c.${prefix}_buyers[width_bucket(${days}, c.${prefix}_gaps) + 1]`;
}

function currencyOf(measure: MeasureKey): (aggregate: 'min' | 'max') => string {
  return (aggregate) => `${aggregate}(h.currency) filter (where c.${FACTS_BEHIND[measure] ?? ''} > 0)`;
}
