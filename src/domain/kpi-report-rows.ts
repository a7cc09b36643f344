import Big from 'big.js';
import type { MetricValue } from './kpi';
import type { KpiReportPlan } from './kpi-report';
import { groupsAgents, groupsShops } from './kpi-report-filter';
import { compareGroups, type Group, type GroupValues } from './kpi-report-groups';

/** What rows are of: a group of shops, a group of agents, and what the facts are cut by. */
export interface ReportGroup {
  /** Positions of the two. */
  readonly shopGroup: number;
  readonly agentGroup: number;
  /** As the facts have it; null where they do not say, and without a cut. */
  readonly cut: string | null;
  readonly values: GroupValues;
}

/** Groups that are listed though they may have no facts. */
export function listedGroups(
  { groupBy, cut, fillGaps }: Pick<KpiReportPlan, 'groupBy' | 'cut' | 'fillGaps'>,
  shopGroups: readonly Group[],
  agentGroups: readonly Group[],
): readonly ReportGroup[] {
  // Of all pairs most never meet.
  const isPair = groupsShops(groupBy) && groupsAgents(groupBy);
  if (cut !== null || (isPair && !fillGaps)) return [];
  return shopGroups.flatMap((shops, shopGroup) =>
    agentGroups.flatMap((agents, agentGroup) =>
      shops.active && agents.active
        ? [{ shopGroup, agentGroup, cut: null, values: { ...shops.values, ...agents.values } }]
        : [],
    ),
  );
}

/** Sorted by what is grouped by; or by a value, nulls last, ties as without one. Then the first ones only. */
export function chooseGroups<G extends ReportGroup>(
  { groupBy, orderBy, limit }: Pick<KpiReportPlan, 'groupBy' | 'orderBy' | 'limit'>,
  groups: readonly G[],
  valueOf: (group: G) => Pick<MetricValue, 'exact'>,
): readonly G[] {
  const compare = compareGroups(groupBy);
  const sorted = [...groups].sort((a, b) => compare(a.values, b.values));
  const ordered = orderBy ? sortByValue(sorted, valueOf, orderBy.direction === 'ASC' ? 1 : -1) : sorted;
  return limit === null ? ordered : ordered.slice(0, limit);
}

function sortByValue<G>(groups: readonly G[], valueOf: (group: G) => Pick<MetricValue, 'exact'>, sign: 1 | -1): G[] {
  const valued = groups.map((group) => {
    const { exact } = valueOf(group);
    return { group, value: exact === null ? null : new Big(exact) };
  });
  // Stable: what is equal stays as it was.
  return valued
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return sign * a.value.cmp(b.value);
    })
    .map(({ group }) => group);
}
