import type { NodeType } from '../../domain/global-id';
import type { MeasureQuery } from '../../domain/measure-query';
import { type FactKind, type MeasureKey, MEASURES } from '../../domain/measures';
import type { SqlQuery } from '../sql-query';
import { FLAT_FAMILIES, type FlatFamilyName, isFlat } from './fact-families.sql';
import { MEASURE_SQL } from './fact-measures.sql';
import { bindScope, memberTables } from './measure-scope.sql';
import { SqlBuilder } from './sql-builder';

export type RecordType = Extract<NodeType, 'Session' | 'Order' | 'Refund' | 'Complaint' | 'Buyer'>;

/** Whose facts and which days; the buckets do not matter. */
export type KpiRecordsQuery = Pick<MeasureQuery, 'organizationId' | 'kind' | 'shops' | 'agents' | 'buckets' | 'to'>;

export interface KpiRecordPage {
  readonly after: string | null;
  readonly before: string | null;
  readonly limit: number;
  /** The last records instead of the first; they come in reverse. */
  readonly backward: boolean;
}

interface RecordKind {
  readonly type: RecordType;
  /** Alias in the families of these facts. */
  readonly alias: string;
}

const RECORD_KINDS: { readonly [Kind in FactKind]?: RecordKind } = {
  SESSION: { type: 'Session', alias: 's' },
  ORDER: { type: 'Order', alias: 'o' },
  REFUND: { type: 'Refund', alias: 'r' },
  COMPLAINT: { type: 'Complaint', alias: 'c' },
};

/**
 * What a measure counts, or adds up over: people for people, else the records that carry it. Null where it counts days,
 * accounts or sessions at once, which no list of records shows.
 */
export function recordTypeOf(measure: MeasureKey): RecordType | null {
  const kind = recordKindOf(measure);
  if (kind === null) return null;
  return MEASURES[measure].kind === 'DISTINCT' ? 'Buyer' : kind.type;
}

/** Rows { key } in the order of the keys. Throws for a measure without records. */
export function buildKpiRecordsSql(query: KpiRecordsQuery, measure: MeasureKey, page: KpiRecordPage): SqlQuery {
  const builder = new SqlBuilder(query.organizationId);
  const { tables, key, facts } = recordsBehind(builder, query, measure);
  if (page.after !== null) builder.where(`${key} > ${builder.bind(page.after, 'bigint')}`);
  if (page.before !== null) builder.where(`${key} < ${builder.bind(page.before, 'bigint')}`);
  return builder.build(`with ${tables}
select distinct ${key} as key${facts}
    and ${builder.conditionText()}
order by ${key} ${page.backward ? 'desc' : 'asc'}
limit ${builder.bind(page.limit, 'int')}`);
}

/** One row { count }: how many records there are on all pages. Throws for a measure without records. */
export function buildKpiRecordCountSql(query: KpiRecordsQuery, measure: MeasureKey): SqlQuery {
  const builder = new SqlBuilder(query.organizationId);
  const { tables, key, facts } = recordsBehind(builder, query, measure);
  return builder.build(`with ${tables}
select count(distinct ${key})::int as count${facts}
    and ${builder.conditionText()}`);
}

function recordsBehind(builder: SqlBuilder, query: KpiRecordsQuery, measure: MeasureKey) {
  const { family, condition, carrier } = MEASURE_SQL[measure];
  const kind = recordKindOf(measure);
  if (kind === null || !isFlat(family)) throw new Error(`There are no records behind ${measure}.`);
  const wanted = { ...query, buckets: query.buckets.slice(0, 1) };
  const scope = bindScope(builder, wanted);
  for (const needed of [condition ?? 'true', ...(carrier === null ? [] : [carrier])]) builder.where(needed);
  return {
    tables: memberTables(builder, wanted, scope).join(',\n'),
    key: `${kind.alias}.${MEASURES[measure].kind === 'DISTINCT' ? 'buyer_id' : 'id'}`,
    facts: FLAT_FAMILIES[family].facts(scope),
  };
}

/** Agents' days are counted over sessions, but are none. */
function recordKindOf(measure: MeasureKey): RecordKind | null {
  const { family } = MEASURE_SQL[measure];
  if (measure === 'agentDays' || !isFlat(family)) return null;
  return RECORD_KINDS[kindOf(family)] ?? null;
}

function kindOf(family: FlatFamilyName): FactKind {
  return FLAT_FAMILIES[family].kind;
}
