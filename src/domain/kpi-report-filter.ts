import type { SubjectKind } from './kpi';
import type { Cut } from './measure-query';
import type { KpiDimension } from './metric';
import type { PLATFORMS } from './records';

/** Narrows the organization: each list to what is in it, all lists at once; null is no condition. */
export interface KpiFilter {
  readonly clientIds?: readonly number[] | null;
  readonly shopIds?: readonly number[] | null;
  readonly platforms?: readonly (typeof PLATFORMS)[number][] | null;
  readonly teamIds?: readonly number[] | null;
  readonly agentIds?: readonly number[] | null;
}

type DimensionKind = 'WHOLE' | 'SHOPS' | 'AGENTS' | 'CUT';

const DIMENSION_KINDS: Readonly<Record<KpiDimension, DimensionKind>> = {
  ORGANIZATION: 'WHOLE',
  CLIENT: 'SHOPS',
  SHOP: 'SHOPS',
  PLATFORM: 'SHOPS',
  TEAM: 'AGENTS',
  AGENT: 'AGENTS',
  LEVEL: 'AGENTS',
  ROLE: 'AGENTS',
  CHANNEL: 'CUT',
  PURPOSE: 'CUT',
  HOUR_OF_DAY: 'CUT',
  COMPLAINT_CATEGORY: 'CUT',
  REFUND_KIND: 'CUT',
};

export function isCut(dimension: KpiDimension): dimension is Cut {
  return DIMENSION_KINDS[dimension] === 'CUT';
}

export function groupsShops(groupBy: readonly KpiDimension[]): boolean {
  return groupBy.some((dimension) => DIMENSION_KINDS[dimension] === 'SHOPS');
}

export function groupsAgents(groupBy: readonly KpiDimension[]): boolean {
  return groupBy.some((dimension) => DIMENSION_KINDS[dimension] === 'AGENTS');
}

/** Whether shops are left out by it. */
export function filtersShops({ clientIds, shopIds, platforms }: KpiFilter): boolean {
  return [clientIds, shopIds, platforms].some((list) => list != null);
}

/** Whose numbers the groups of a query are: it names agents when it groups by them or filters them. */
export function kindOf(groupBy: readonly KpiDimension[], { teamIds, agentIds }: KpiFilter): SubjectKind {
  if (groupBy.includes('AGENT') || onlyOne(agentIds) !== null) return 'AGENT';
  return groupsAgents(groupBy) || teamIds != null || agentIds != null ? 'AGENT_SET' : 'SHOP';
}

/** The one that a list names, however often; null for none, several, or no list. */
export function onlyOne(ids: readonly number[] | null | undefined): number | null {
  const [one, ...others] = new Set(ids ?? []);
  return one !== undefined && others.length === 0 ? one : null;
}
