import { keysOf, type NodeType } from '../domain/global-id';
import type { KpiFilter } from '../domain/kpi-report-filter';
import type { KpiFilter as KpiFilterInput } from './kpi.types';

const MAX_KEY = 2_147_483_647;
/** No row has it. */
const NO_KEY = -1;

/** Our keys of ids that must all be of one type. Throws InvalidInput for an id that is not. */
export function numericKeysOf(type: NodeType, field: string, ids: readonly string[]): number[] {
  return keysOf(type, field, ids)
    .map(Number)
    .map((key) => (key <= MAX_KEY ? key : NO_KEY));
}

/** The filter with our keys in the place of global ids. Throws InvalidInput for an id of another type. */
export function kpiFilterOf({ clientIds, shopIds, platforms, teamIds, agentIds }: KpiFilterInput): KpiFilter {
  return {
    clientIds: clientIds && numericKeysOf('Client', 'clientIds', clientIds),
    shopIds: shopIds && numericKeysOf('Shop', 'shopIds', shopIds),
    platforms,
    teamIds: teamIds && numericKeysOf('Team', 'teamIds', teamIds),
    agentIds: agentIds && numericKeysOf('Agent', 'agentIds', agentIds),
  };
}
