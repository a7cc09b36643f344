import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Query, Resolver } from 'type-graphql';
import type { KpiReportInput } from '../domain/kpi-report';
import type { GroupValues } from '../domain/kpi-report-groups';
import type { KpiDimension } from '../domain/metric';
import { requireScope } from '../services/auth.service';
import type { KpiReportRow } from '../services/kpi/kpi-report';
import type { NodeRow } from '../services/reading/connection';
import type { Reader, ReadableType } from '../services/reading/reader';
import type { Context } from './context';
import { kpiFilterOf } from './kpi-filter';
import { KpiQueryInput, KpiReport, type KpiRow } from './kpi-report.types';
import { todayOf } from './lists';
import { selectedFields } from './selection';

@Resolver()
export class KpiReportResolver {
  @Query(() => KpiReport, { description: 'KPIs by any dimensions, over any days.' })
  async kpis(
    @Arg('input', () => KpiQueryInput, { description: 'What is wanted.' }) input: KpiQueryInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<KpiReport> {
    requireScope(context.principal, 'KPI_READ');
    const selected = selectedFields(info);
    const isSelected = (field: string): boolean => selected.some((node) => node.name.value === field);
    const [{ period, comparedTo, metrics, rows, total }, dataAsOf] = await Promise.all([
      context.kpis.report(reportInput(input), await todayOf(input.period, context), isSelected('total')),
      isSelected('dataAsOf') ? context.kpis.dataAsOf() : null,
    ]);
    const shaped = await shapeRows(total ? [...rows, total] : rows, fieldsOfRows(info), context.reader);
    return {
      period,
      comparedTo,
      metrics,
      rows: shaped.slice(0, rows.length),
      total: shaped[rows.length] ?? null,
      dataAsOf,
    };
  }
}

function reportInput(input: KpiQueryInput): KpiReportInput {
  const { metrics, groupBy, granularity, period, compareTo, filter, orderBy, limit, fillGaps, ownWindow } = input;
  return {
    ...{ metrics, groupBy, granularity, period, compareTo, orderBy, limit, fillGaps, ownWindow },
    filter: filter && kpiFilterOf(filter),
  };
}

/** What is selected of rows or of the total. */
function fieldsOfRows(info: GraphQLResolveInfo): ReadonlySet<string> {
  const fieldNodes = selectedFields(info).filter(({ name }) => name.value === 'rows' || name.value === 'total');
  return new Set(selectedFields({ ...info, fieldNodes }).map(({ name }) => name.value));
}

/** Fields that are things of the directory, and what they are found by. */
const NODE_FIELDS = {
  client: { type: 'Client', dimension: 'CLIENT' },
  shop: { type: 'Shop', dimension: 'SHOP' },
  team: { type: 'Team', dimension: 'TEAM' },
  agent: { type: 'Agent', dimension: 'AGENT' },
} as const satisfies Readonly<Record<string, { type: ReadableType; dimension: KpiDimension }>>;

type NodeField = keyof typeof NODE_FIELDS;
type FoundNodes = ReadonlyMap<number, NodeRow>;

/** Rows as plain objects: what they refer to is read here, once, and only where it is selected. */
async function shapeRows(
  rows: readonly KpiReportRow[],
  fields: ReadonlySet<string>,
  reader: Reader,
): Promise<readonly KpiRow[]> {
  const load = (field: NodeField): Promise<FoundNodes> | null =>
    fields.has(field) ? findNodes(rows, field, reader) : null;
  const [client, shop, team, agent] = await Promise.all([load('client'), load('shop'), load('team'), load('agent')]);
  return rows.map(({ id, group, bucket, values }) => ({
    id,
    client: nodeOf(client, group.CLIENT),
    shop: nodeOf(shop, group.SHOP),
    platform: textOf(group.PLATFORM),
    team: nodeOf(team, group.TEAM),
    agent: nodeOf(agent, group.AGENT),
    level: textOf(group.LEVEL),
    role: textOf(group.ROLE),
    channel: textOf(group.CHANNEL),
    purpose: textOf(group.PURPOSE),
    hourOfDay: typeof group.HOUR_OF_DAY === 'number' ? group.HOUR_OF_DAY : null,
    complaintCategory: textOf(group.COMPLAINT_CATEGORY),
    refundKind: textOf(group.REFUND_KIND),
    bucketStart: bucket?.from ?? null,
    bucketEnd: bucket?.to ?? null,
    values,
  }));
}

async function findNodes(rows: readonly KpiReportRow[], field: NodeField, reader: Reader): Promise<FoundNodes> {
  const { type, dimension } = NODE_FIELDS[field];
  const keys = [...new Set(rows.map(({ group }) => group[dimension]))].filter((key) => typeof key === 'number');
  const found = await Promise.all(keys.map((key) => reader.find(type, key)));
  return new Map(found.flatMap((node) => (node ? [[Number(node.key), node]] : [])));
}

function nodeOf(nodes: FoundNodes | null, key: GroupValues[KpiDimension]): NodeRow | null {
  return (typeof key === 'number' && nodes?.get(key)) || null;
}

function textOf(value: GroupValues[KpiDimension]): string | null {
  return typeof value === 'string' ? value : null;
}
