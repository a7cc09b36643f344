import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, ID, Info, Resolver, Root } from 'type-graphql';
import { InvalidInput } from '../domain/invalid-input';
import { changeOf } from '../domain/kpi';
import { METRICS, scalarOf } from '../domain/metrics';
import { comparedPeriod, type Comparison as ComparisonName, type Period } from '../domain/period';
import { toGlobalId } from '../domain/global-id';
import type { KpiSubject, KpiValues } from '../services/reading/kpi-reader';
import { requireScope } from '../services/auth.service';
import type { Context } from './context';
import { Agent, Client, Organization, Shop, Team } from './directory.types';
import { kpiFilterOf, numericKeysOf } from './kpi-filter';
import { Comparison, KpiFilter, Kpis, KpiValue, PeriodInput } from './kpi.types';
import { periodOf } from './lists';
import { argumentsOf, selectedFields } from './selection';

const PERIOD = { description: 'The days they are of.' };
const KPIS = { description: 'Its KPIs over a period.' };

/** What a Kpis object carries for its fields. */
interface KpisRow extends Kpis {
  readonly subject: KpiSubject;
  readonly input: PeriodInput;
  readonly period: Period;
  readonly values: KpiValues;
}

/** The typed fields of one subject: only what is selected is measured, together with all subjects of the page. */
async function readKpis(subject: KpiSubject, input: PeriodInput, context: Context, info: GraphQLResolveInfo) {
  requireScope(context.principal, 'KPI_READ');
  const period = await periodOf(input, context);
  const values = await context.kpis.load(subject, period, selectedMetrics(info));
  const typed = [...values].map(([key, { value, exact }]) => [key, DECIMALS.has(key) ? exact : value]);
  const id = toGlobalId('Kpis', JSON.stringify([subject, period.from, period.to]));
  return { ...Object.fromEntries(typed), id, subject, input, period, values } as KpisRow;
}

/** Typed fields that are exact decimals. */
const DECIMALS: ReadonlySet<string> = new Set(
  [...METRICS.values()].filter((metric) => scalarOf(metric) === 'Decimal').map(({ key }) => key),
);

function selectedMetrics(info: GraphQLResolveInfo): string[] {
  return selectedFields(info).flatMap((node) => {
    if (METRICS.has(node.name.value)) return [node.name.value];
    if (node.name.value !== 'value') return [];
    const { metric } = argumentsOf(info, node);
    return typeof metric === 'string' ? [metric] : [];
  });
}

@Resolver(() => Organization)
export class OrganizationKpisResolver {
  @FieldResolver(() => Kpis, { description: 'KPIs of all that the key may see, or of what the filter leaves of it.' })
  kpis(
    @Arg('period', () => PeriodInput, PERIOD) period: PeriodInput,
    @Arg('filter', () => KpiFilter, { nullable: true, description: 'Narrows the facts.' }) filter: KpiFilter | null,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return readKpis({ type: 'ORGANIZATION', filter: filter && kpiFilterOf(filter) }, period, context, info);
  }
}

@Resolver(() => Client)
export class ClientKpisResolver {
  @FieldResolver(() => Kpis, KPIS)
  kpis(
    @Root() client: Client,
    @Arg('period', () => PeriodInput, PERIOD) period: PeriodInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return readKpis({ type: 'CLIENT', id: Number(client.key) }, period, context, info);
  }
}

@Resolver(() => Shop)
export class ShopKpisResolver {
  @FieldResolver(() => Kpis, KPIS)
  kpis(
    @Root() shop: Shop,
    @Arg('period', () => PeriodInput, PERIOD) period: PeriodInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return readKpis({ type: 'SHOP', id: Number(shop.key) }, period, context, info);
  }
}

@Resolver(() => Team)
export class TeamKpisResolver {
  @FieldResolver(() => Kpis, KPIS)
  kpis(
    @Root() team: Team,
    @Arg('period', () => PeriodInput, PERIOD) period: PeriodInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return readKpis({ type: 'TEAM', id: Number(team.key) }, period, context, info);
  }
}

@Resolver(() => Agent)
export class AgentKpisResolver {
  @FieldResolver(() => Kpis, { description: 'KPIs over the shops that the key may see.' })
  kpis(
    @Root() agent: Agent,
    @Arg('period', () => PeriodInput, PERIOD) period: PeriodInput,
    @Arg('shopIds', () => [ID], { nullable: true, description: 'From these shops only.' }) shopIds: string[] | null,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    const shops = shopIds && numericKeysOf('Shop', 'shopIds', shopIds);
    return readKpis({ type: 'AGENT', id: Number(agent.key), shopIds: shops }, period, context, info);
  }
}

@Resolver(() => Kpis)
export class KpiValueResolver {
  @FieldResolver(() => KpiValue, { description: 'Any metric with its parts, and why it has no value.' })
  async value(
    @Root() { subject, input, period, values }: KpisRow,
    @Arg('metric', () => String, { description: 'Key of the metric.' }) metric: string,
    @Arg('compareTo', () => Comparison, { nullable: true, description: 'Fills previous, change and changeRatio.' })
    compareTo: ComparisonName | null,
    @Ctx() { kpis }: Context,
  ) {
    const value = values.get(metric) ?? (await kpis.load(subject, period, [metric])).get(metric);
    if (!value) throw new InvalidInput('metric', `There is no metric ${metric.slice(0, 64)}.`);
    if (!compareTo) return value;
    const before = await kpis.load(subject, comparedPeriod(input, period, compareTo), [metric]);
    return { ...value, ...changeOf(value, before.get(metric) ?? null) };
  }
}
