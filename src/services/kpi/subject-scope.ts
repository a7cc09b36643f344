import type { SqlRunner } from '../../db/sql-query';
import type { Access } from '../../domain/access';
import { type KpiFilter, kindOf } from '../../domain/kpi-report-filter';
import type { KpiDimension } from '../../domain/metric';
import {
  type KpiScope,
  loadDirectory,
  makeScope,
  type ScopeDirectory,
  type ScopeQuery,
  visibleShops,
} from './kpi-scope';

/** Of whom in the directory KPIs are wanted. The organization is one subject, ORGANIZATION. */
export type KpiSubjects =
  | { readonly type: 'AGENT'; readonly ids: readonly number[]; readonly shopIds?: readonly number[] | null }
  | { readonly type: 'TEAM' | 'SHOP' | 'CLIENT'; readonly ids: readonly number[] }
  | { readonly type: 'ORGANIZATION'; readonly filter?: KpiFilter | null };

/** The subject number of the organization, or of what a filter leaves of it. */
export const ORGANIZATION = 0;

/** Groups of a scope that are subjects. Ids that are not there, or not visible, are in no group. */
export interface SubjectScope {
  readonly scope: KpiScope;
  readonly subjects: readonly number[];
  /** The subject of a group. */
  readonly subjectOf: (group: { readonly shopGroup: number; readonly agentGroup: number }) => number;
}

/** Two statements at most, and none for agents, for shops, and for an organization without a filter. */
export async function loadSubjectScope(
  runner: SqlRunner,
  access: Access,
  subjects: KpiSubjects,
): Promise<SubjectScope> {
  const query = queryOf(subjects);
  const directory = knownDirectory(access, subjects) ?? (await loadDirectory(runner, access, query));
  const scope = makeScope(access, directory, query);
  const [dimension] = query.groupBy;
  return {
    scope,
    subjects: subjects.type === 'ORGANIZATION' ? [ORGANIZATION] : subjects.ids,
    subjectOf: ({ shopGroup, agentGroup }) => {
      const values = { ...scope.shopGroups[shopGroup]?.values, ...scope.agentGroups[agentGroup]?.values };
      return dimension === undefined ? ORGANIZATION : Number(values[dimension]);
    },
  };
}

function queryOf(subjects: KpiSubjects): ScopeQuery {
  const of = (groupBy: readonly KpiDimension[], filter: KpiFilter): ScopeQuery => ({
    kind: kindOf(groupBy, filter),
    groupBy,
    filter,
  });
  switch (subjects.type) {
    case 'AGENT':
      return of(['AGENT'], { shopIds: subjects.shopIds ?? null });
    case 'TEAM':
      return of(['TEAM'], { teamIds: subjects.ids });
    case 'SHOP':
      return of(['SHOP'], {});
    case 'CLIENT':
      return of(['CLIENT'], { clientIds: subjects.ids });
    case 'ORGANIZATION':
      return of([], subjects.filter ?? {});
  }
}

/** Who is measured as themselves need not be looked up. */
function knownDirectory(access: Access, subjects: KpiSubjects): ScopeDirectory | null {
  switch (subjects.type) {
    case 'AGENT': {
      const agents = [...new Set(subjects.ids)].map((id) => ({
        id,
        teamId: null,
        level: null,
        role: null,
        active: true,
      }));
      return { shops: visibleShops(access, subjects.shopIds), agents };
    }
    case 'SHOP':
      return { shops: visibleShops(access, subjects.ids), agents: null };
    default:
      return null;
  }
}
