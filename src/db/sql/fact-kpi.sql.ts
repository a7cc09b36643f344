import type { Measured, Measurements } from '../../domain/kpi';
import { type Grain, MEASURE_KEYS, type MeasureKey, MEASURES } from '../../domain/measures';
import type { Period } from '../../domain/period';
import type { SqlQuery } from '../sql-query';
import { FACT_FAMILIES, type FactFamily } from './fact-families.sql';
import { MEASURE_SQL } from './fact-measures.sql';

/** An agent or a shop, by the grain, whose facts count for a subject; in one with several they count together. */
export interface SubjectMember {
  readonly subject: number;
  readonly member: number;
}

export interface FactKpiQuery {
  readonly organizationId: number;
  /** Only facts of these shops; null: of all, and presence without a shop. */
  readonly shopIds: readonly number[] | null;
  readonly period: Pick<Period, 'from' | 'to'>;
  readonly grain: Grain;
  readonly subjects: readonly SubjectMember[];
  /** At least one. */
  readonly measures: readonly MeasureKey[];
}

/** One subject: its measures as decimals, null for a maximum without data, and the currencies of money. */
export type FactKpiRow = { readonly subject: number } & {
  readonly [Key in MeasureKey]?: string | null;
} & { readonly [Key in `${MeasureKey}Currencies`]?: readonly string[] | null };

/** Computes measures straight from the facts, in one statement with one row for each subject. */
export function buildFactKpiSql(query: FactKpiQuery): SqlQuery {
  const { organizationId, shopIds, period, grain, subjects, measures } = query;
  const scope = { grain, limitedToShops: shopIds !== null };
  const families = [...new Set(measures.map((measure) => MEASURE_SQL[measure].family))];
  const parts = families.map((family) => {
    const columns = measures.filter((measure) => MEASURE_SQL[measure].family === family).flatMap(columnsOf);
    return `${tableOf(family)} as (${FACT_FAMILIES[family](scope, columns.join(',\n    '))}\n)`;
  });
  return {
    text: `with member as (
  select distinct u.subject, u.member
  from unnest($4::int[], $5::int[]) u (subject, member)
),
${parts.join(',\n')}
select u.subject,
  ${measures.flatMap(resultsOf).join(',\n  ')}
from (select distinct m.subject from member m) u
${families.map((family) => `left join ${tableOf(family)} on ${tableOf(family)}.subject = u.subject`).join('\n')}`,
    values: [
      organizationId,
      period.from,
      period.to,
      subjects.map(({ subject }) => subject),
      subjects.map(({ member }) => member),
      ...(shopIds === null ? [] : [shopIds]),
    ],
  };
}

/** What a row says of its subject. */
export function measurementsOf(row: FactKpiRow): Measurements {
  const measured = new Map<MeasureKey, Measured>();
  for (const key of MEASURE_KEYS) {
    const amount = row[key];
    if (amount !== undefined) measured.set(key, { amount, currencies: row[`${key}Currencies`] ?? [] });
  }
  return measured;
}

function columnsOf(measure: MeasureKey): string[] {
  const { aggregate, condition } = MEASURE_SQL[measure];
  const filter = condition === null ? '' : ` filter (where ${condition})`;
  const amount = `${aggregate}${filter} as "${measure}"`;
  if (!MEASURES[measure].money) return [amount];
  return [amount, `array_agg(distinct h.currency)${filter} as "${measure}Currencies"`];
}

function resultsOf(measure: MeasureKey): string[] {
  const table = tableOf(MEASURE_SQL[measure].family);
  const { kind, money } = MEASURES[measure];
  const amount = kind === 'MAXIMUM' ? `${table}."${measure}"` : `coalesce(${table}."${measure}", 0)`;
  return [`${amount}::text as "${measure}"`, ...(money ? [`${table}."${measure}Currencies"`] : [])];
}

/** Not the family's plain name, which is often that of a table. */
function tableOf(family: FactFamily): string {
  return `"${family}Measures"`;
}
