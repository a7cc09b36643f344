import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Info, Query, Resolver } from 'type-graphql';
import { requireScope } from '../services/auth.service';
import type { Context } from './context';
import { kpiFilterOf } from './kpi-filter';
import { KpiPart, KpiRecordConnection } from './kpi-report.types';
import { KpiFilter, PeriodInput } from './kpi.types';
import { ConnectionArgs } from './list.args';
import { periodOf } from './lists';
import { selects } from './selection';

@Resolver()
export class KpiRecordsResolver {
  @Query(() => KpiRecordConnection, {
    description: 'The records behind a number, in a fixed order; for a sum or a mean those that carry it.',
  })
  async kpiRecords(
    @Arg('metric', () => String, { description: 'Key of a metric one side of which counts records or people.' })
    metric: string,
    @Arg('part', () => KpiPart, { description: 'Which side of it.' }) part: keyof typeof KpiPart,
    @Arg('period', () => PeriodInput, { description: 'The days.' }) period: PeriodInput,
    @Arg('filter', () => KpiFilter, { nullable: true, description: 'Narrows the facts.' }) filter: KpiFilter | null,
    @Args(() => ConnectionArgs) page: ConnectionArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    requireScope(context.principal, 'KPI_READ');
    requireScope(context.principal, 'RECORDS_READ');
    const query = { metric, part, period: await periodOf(period, context), filter: filter ? kpiFilterOf(filter) : {} };
    return context.kpis.records(query, page, selects(info, 'totalCount'));
  }
}
