import { buildScopeAgentsSql, buildScopeShopsSql } from '../../db/sql/kpi-scope.sql';
import type { SqlRunner } from '../../db/sql-query';
import type { Access } from '../../domain/access';
import type { SubjectKind } from '../../domain/kpi';
import { filtersShops, groupsShops, type KpiFilter } from '../../domain/kpi-report-filter';
import {
  type Group,
  groupAgents,
  type Grouping,
  groupShops,
  type ScopeAgent,
  type ScopeShop,
  WHOLE,
} from '../../domain/kpi-report-groups';
import { type OwnerContext, ownerOf, type TargetOwner } from '../../domain/kpi-report-targets';
import type { MeasureQuery } from '../../domain/measure-query';
import type { KpiDimension } from '../../domain/metric';

/** Whose numbers are wanted: every group of shops by every group of agents. */
export interface KpiScope extends Pick<MeasureQuery, 'organizationId' | 'kind' | 'shops' | 'agents'> {
  /** By the numbers that members name. */
  readonly shopGroups: readonly Group[];
  readonly agentGroups: readonly Group[];
  /** Whose targets are a group's own. */
  readonly ownerOf: (shopGroup: number, agentGroup: number) => TargetOwner | null;
}

/** The shops and agents that a query is about; null where all count, without being told apart. */
export interface ScopeDirectory {
  readonly shops: readonly ScopeShop[] | 'ALL';
  readonly agents: readonly ScopeAgent[] | null;
}

export interface ScopeQuery {
  readonly kind: SubjectKind;
  readonly groupBy: readonly KpiDimension[];
  readonly filter: KpiFilter;
}

/** Two statements at most, sent at once: what is visible, what the filter leaves of it, and no more than is needed. */
export async function loadDirectory(
  runner: SqlRunner,
  access: Access,
  { kind, groupBy, filter }: ScopeQuery,
): Promise<ScopeDirectory> {
  const [shops, agents] = await Promise.all([
    filtersShops(filter) || groupsShops(groupBy)
      ? runner.query<ScopeShop>(buildScopeShopsSql(access, filter))
      : visibleShops(access),
    kind === 'SHOP' ? null : runner.query<ScopeAgent>(buildScopeAgentsSql(access, filter)),
  ]);
  return { shops, agents };
}

/** All that the caller may see; with `shopIds`, of these. Nothing but their ids is known. */
export function visibleShops(
  { shopIds: visible }: Access,
  shopIds?: readonly number[] | null,
): ScopeDirectory['shops'] {
  const wanted = shopIds ?? visible;
  if (wanted === null) return 'ALL';
  const ids = [...new Set(wanted)].filter((id) => visible?.includes(id) ?? true);
  return ids.map((id) => ({ id, clientId: null, platform: null }));
}

export function makeScope(access: Access, directory: ScopeDirectory, { kind, groupBy, filter }: ScopeQuery): KpiScope {
  const shops = directory.shops === 'ALL' ? ALL_SHOPS : groupShops(directory.shops, groupBy);
  const agents = directory.agents && groupAgents(directory.agents, groupBy);
  const shopGroups = shops.groups;
  const agentGroups = agents?.groups ?? [WHOLE];
  const context: OwnerContext = { kind, groupBy, filter, limited: access.shopIds !== null };
  return {
    organizationId: access.organizationId,
    kind,
    shops: shops.members,
    agents: agents && agents.members,
    shopGroups,
    agentGroups,
    ownerOf: (shopGroup, agentGroup) =>
      ownerOf({ ...shopGroups[shopGroup]?.values, ...agentGroups[agentGroup]?.values }, context),
  };
}

/** What has no shop counts, too. */
const ALL_SHOPS = { groups: [WHOLE], members: 'ALL' } as const satisfies Omit<Grouping, 'members'> & { members: 'ALL' };

/** Only the members of these groups. */
export function narrowScope(
  scope: KpiScope,
  groups: readonly { readonly shopGroup: number; readonly agentGroup: number }[],
): KpiScope {
  const shopGroups = new Set(groups.map(({ shopGroup }) => shopGroup));
  const agentGroups = new Set(groups.map(({ agentGroup }) => agentGroup));
  return {
    ...scope,
    shops: scope.shops === 'ALL' ? 'ALL' : scope.shops.filter(({ group }) => shopGroups.has(group)),
    agents: scope.agents && scope.agents.filter(({ group }) => agentGroups.has(group)),
  };
}

/** Whether there is anybody to measure. */
export function isEmptyScope({ shops, agents }: Pick<KpiScope, 'shops' | 'agents'>): boolean {
  return shops.length === 0 || agents?.length === 0;
}
