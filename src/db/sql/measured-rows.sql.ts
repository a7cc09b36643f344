import type { Measured, Measurements } from '../../domain/kpi';
import type { MeasuredRow } from '../../domain/measure-query';
import { MEASURE_KEYS, type MeasureKey, MEASURES } from '../../domain/measures';

/** Rows (shop_group, agent_group, bucket, cut) with some of the measures; of money the lowest and highest currency too. */
export interface MeasuredPart {
  readonly text: string;
  readonly measures: readonly MeasureKey[];
}

/** One column of a measure, as a part names it. */
export interface PartColumn {
  readonly name: string;
  readonly type: 'numeric' | 'text';
}

/** The columns that a part has for a measure. */
export function partColumns(measure: MeasureKey): readonly PartColumn[] {
  const amount = { name: `"${measure}"`, type: 'numeric' } as const;
  if (!MEASURES[measure].money) return [amount];
  return [amount, { name: lowest(measure), type: 'text' }, { name: highest(measure), type: 'text' }];
}

/** An amount of money and its currencies, from aggregates over the same facts. */
export function partText(measure: MeasureKey, amount: string, currency: (aggregate: 'min' | 'max') => string): string {
  const texts = [`${amount} as "${measure}"`];
  if (MEASURES[measure].money) {
    texts.push(`${currency('min')} as ${lowest(measure)}`, `${currency('max')} as ${highest(measure)}`);
  }
  return texts.join(',\n    ');
}

/** Puts parts side by side: one row for each group, bucket and cut in which a measure is anything but nothing. */
export function combineParts(parts: readonly MeasuredPart[], measures: readonly MeasureKey[]): string {
  const columns = measures.flatMap(partColumns);
  return `select p.shop_group as "shopGroup",
  p.agent_group as "agentGroup",
  p.bucket,
  p.cut,
  ${measures.flatMap(resultOf).join(',\n  ')}
from (${parts.length === 1 ? parts[0]?.text : united(parts, columns)}
) p
where (${measures.map(isSomething).join(' or ')})`;
}

/** What a row says of its group, of these measures. Reports have thousands of rows. */
export function measurementsOf(row: MeasuredRow, measures: readonly MeasureKey[] = MEASURE_KEYS): Measurements {
  const measured = new Map<MeasureKey, Measured>();
  for (const key of measures) {
    const amount = row[key];
    if (amount !== undefined) measured.set(key, { amount, currencies: currenciesOf(row, key) });
  }
  return measured;
}

function currenciesOf(row: MeasuredRow, measure: MeasureKey): readonly string[] {
  if (!MEASURES[measure].money) return NO_CURRENCIES;
  const [low = null, high = null] = row[`${measure}Currencies`] ?? [];
  return [...new Set([low, high])].filter((currency) => currency !== null);
}

const NO_CURRENCIES: readonly string[] = [];

/** Not joined: what a part lacks would have to be told apart from what it has none of, and cuts may be null. */
function united(parts: readonly MeasuredPart[], columns: readonly PartColumn[]): string {
  const texts = parts.map(({ text, measures }) => {
    const own = new Set(measures.flatMap(partColumns).map(({ name }) => name));
    const values = columns.map(({ name, type }) => (own.has(name) ? `f.${name}` : `null::${type}`));
    return `
    select f.shop_group, f.agent_group, f.bucket, f.cut, ${values.join(', ')}
    from (${text}
    ) f`;
  });
  return `
  select f.shop_group, f.agent_group, f.bucket, f.cut,
    ${columns.map(({ name }) => `max(f.${name}) as ${name}`).join(',\n    ')}
  from (${texts.join('\n    union all')}
  ) f (shop_group, agent_group, bucket, cut, ${columns.map(({ name }) => name).join(', ')})
  group by f.shop_group, f.agent_group, f.bucket, f.cut`;
}

/** bigint or numeric, which arrive as text; only a maximum may be neither. */
function resultOf(measure: MeasureKey): string[] {
  const { kind, money } = MEASURES[measure];
  if (kind === 'MAXIMUM') return [`p."${measure}"::bigint as "${measure}"`];
  if (!money) return [`coalesce(p."${measure}", 0) as "${measure}"`];
  return [
    // As many decimals as it needs, however it was added up.
    `trim_scale(coalesce(p."${measure}", 0)) as "${measure}"`,
    `array[p.${lowest(measure)}, p.${highest(measure)}] as "${measure}Currencies"`,
  ];
}

function isSomething(measure: MeasureKey): string {
  const { kind, money } = MEASURES[measure];
  if (kind === 'MAXIMUM') return `p."${measure}" is not null`;
  return money ? `p.${lowest(measure)} is not null` : `p."${measure}" <> 0`;
}

function lowest(measure: MeasureKey): string {
  return `"${measure}Lowest"`;
}

function highest(measure: MeasureKey): string {
  return `"${measure}Highest"`;
}
