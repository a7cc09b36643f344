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

/**
 * Measures from cells: of days, and of the months of month_run where there are any. First each agent's or shop's own, of
 * thousands of cells; only what is left of these is looked up in the tables of members.
 */
export function cellPart(
  scope: MeasureScope,
  grouping: Grouping,
  measures: readonly MeasureKey[],
  withMonths: boolean,
): MeasuredPart {
  const text = `
  select ${groups(grouping)}, c.bucket, null::text as cut,
    ${measures.map(addedUp).join(',\n    ')}
  from (
    select ${[...members(scope), `${bucketOf(scope, 'c.day')} as bucket`].join(', ')},
      ${measures.flatMap((measure) => ofMember(scope, measure)).join(',\n      ')}
    from (${cellRanges(scope, measures, withMonths).join('\n    union all')}
    ) c
    group by ${[...members(scope), 'bucket'].join(', ')}
  ) c
  ${joins(grouping)}
  group by 1, 2, 3, 4`;
  return { text, measures };
}

function members({ grain }: MeasureScope): string[] {
  return [...(grain === 'AGENT' ? ['c.agent_id'] : []), 'c.shop_id'];
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

function cellColumns(scope: MeasureScope, measures: readonly MeasureKey[]): string[] {
  const columns = measures.flatMap((measure) => {
    if (MEASURES[measure].kind !== 'DISTINCT') return [cellColumn(measure), FACTS_BEHIND[measure] ?? []].flat();
    const prefix = peoplePrefix(measure);
    return [`${prefix}_gaps`, `${prefix}_buyers`];
  });
  return [...members(scope), 'c.day', ...[...new Set(columns)].map((name) => `c.${name}`)];
}

/** The columns of a measure for one agent or shop; of money how many facts are behind it, too. */
function ofMember(scope: MeasureScope, measure: MeasureKey): string[] {
  const { kind } = MEASURES[measure];
  const value = kind === 'DISTINCT' ? newBuyers(scope, peoplePrefix(measure)) : `c.${cellColumn(measure)}`;
  const behind = FACTS_BEHIND[measure];
  return [
    `${aggregateOf(measure)}(${value}) as "${measure}"`,
    ...(behind === undefined ? [] : [`sum(c.${behind}) as ${factsOf(measure)}`]),
  ];
}

function addedUp(measure: MeasureKey): string {
  const currency = (aggregate: string): string => `${aggregate}(h.currency) filter (where c.${factsOf(measure)} > 0)`;
  return partText(measure, `${aggregateOf(measure)}(c."${measure}")`, currency);
}

function aggregateOf(measure: MeasureKey): string {
  return MEASURES[measure].kind === 'MAXIMUM' ? 'max' : 'sum';
}

function factsOf(measure: MeasureKey): string {
  return `"${measure}Facts"`;
}

/** Of a cell's buyers those whose time before lies before the bucket, or never was. */
function newBuyers(scope: MeasureScope, prefix: string): string {
  const days = `(c.day - ${bucketStart(scope, 'c.day')})::smallint`;
  return `c.${prefix}_buyers[width_bucket(${days}, c.${prefix}_gaps) + 1]`;
}
