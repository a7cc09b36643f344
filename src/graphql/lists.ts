import type { GraphQLResolveInfo } from 'graphql';
import { keysOf, type NodeType } from '../domain/global-id';
import type { PageArgs } from '../domain/page';
import { resolvePeriod, type PeriodInput } from '../domain/period';
import { type Day, localDay } from '../domain/zone';
import type { Sort } from '../db/sql/reading/source';
import type { ListQuery } from '../services/reading/connection';
import type { Context } from './context';
import { selects } from './selection';

interface ListArgs<Filter> extends PageArgs {
  readonly filter?: Filter | null;
  readonly orderBy?: { readonly field: string; readonly direction: 'ASC' | 'DESC' } | null;
}

/** What a list field asks for. Ids of its filter become our keys; throws InvalidInput for one of another type. */
export function listQuery<Filter extends object>(
  args: ListArgs<Filter>,
  defaultSort: Sort,
  info: GraphQLResolveInfo,
): ListQuery<Filter> {
  const { first, after, last, before } = args;
  return {
    args: { first, after, last, before },
    filter: withKeys(args.filter ?? {}) as Filter,
    sort: args.orderBy ? { field: args.orderBy.field, direction: args.orderBy.direction } : defaultSort,
    withTotal: selects(info, 'totalCount'),
  };
}

const ID_FIELDS: Readonly<Record<string, NodeType>> = {
  clientIds: 'Client',
  shopIds: 'Shop',
  teamIds: 'Team',
  agentIds: 'Agent',
  buyerIds: 'Buyer',
  orderIds: 'Order',
};

/** The same filter with our keys in the place of global ids. */
export function withKeys(filter: object): object {
  const entries = Object.entries(filter).map(([name, value]: [string, unknown]) => {
    const type = ID_FIELDS[name];
    return [name, type && Array.isArray(value) ? keysOf(type, name, value.map(String)) : value];
  });
  return Object.fromEntries(entries) as object;
}

/** The days of a period input; presets begin at the organization's today. */
export async function periodOf(input: PeriodInput, context: Context) {
  return resolvePeriod(input, await todayOf(input, context));
}

/** The organization's today, where a period depends on it; else UTC's, which is at hand. */
export async function todayOf(input: PeriodInput, context: Context): Promise<Day> {
  const zone = input.preset == null ? 'UTC' : (await context.reader.organization()).timeZone;
  return localDay(zone, context.now.getTime());
}
