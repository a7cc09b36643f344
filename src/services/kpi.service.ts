import type { SqlQuery, SqlRunner } from '../db/sql-query';
import { NO_SHOP } from '../db/sql/fact-families.sql';
import { buildFactKpiSql, type FactKpiRow, measurementsOf, type SubjectMember } from '../db/sql/fact-kpi.sql';
import { buildClientShopsSql, buildOrganizationPartSql, buildTeamMembersSql } from '../db/sql/kpi-scope.sql';
import type { Access } from '../domain/access';
import { grainOf, type Measurements, measuresOf, metricValue, type MetricValue, type SubjectKind } from '../domain/kpi';
import type { Period } from '../domain/period';
import type { PLATFORMS } from '../domain/records';

/** Narrows the organization: each list to what is in it, all lists at once. */
export interface KpiFilter {
  readonly clientIds?: readonly number[] | null;
  readonly shopIds?: readonly number[] | null;
  readonly platforms?: readonly (typeof PLATFORMS)[number][] | null;
  readonly teamIds?: readonly number[] | null;
  readonly agentIds?: readonly number[] | null;
}

/** Of whom in the directory KPIs are wanted. The organization is one subject, ORGANIZATION. */
export type KpiSubjects =
  | { readonly type: 'AGENT'; readonly ids: readonly number[]; readonly shopIds?: readonly number[] | null }
  | { readonly type: 'TEAM' | 'SHOP' | 'CLIENT'; readonly ids: readonly number[] }
  | { readonly type: 'ORGANIZATION'; readonly filter?: KpiFilter | null };

/** Whose facts count for which subject. */
export interface KpiScope {
  readonly kind: SubjectKind;
  readonly subjects: readonly number[];
  readonly members: readonly SubjectMember[];
  /** Null: all shops, and what has no shop. */
  readonly shopIds: readonly number[] | null;
}

/** By subject, by metric. */
export type KpiTable = ReadonlyMap<number, ReadonlyMap<string, MetricValue>>;

/** The subject number of the organization, or of what a filter leaves of it. */
export const ORGANIZATION = 0;

/** KPIs of what is in the directory, from the shops that the caller may see. */
export class KpiService {
  /** At most two statements, however many subjects. Ids that are not there, or not visible, have no facts. */
  async query(
    runner: SqlRunner,
    access: Access,
    query: { readonly subjects: KpiSubjects; readonly period: Period; readonly metrics: readonly string[] },
  ): Promise<KpiTable> {
    const scope = await this.loadScope(runner, access.organizationId, query.subjects);
    return this.measure(runner, access, { ...query, scope });
  }

  /** One statement, or none where nobody is to be measured. Throws InvalidInput for an unknown metric. */
  async measure(
    runner: SqlRunner,
    access: Access,
    query: { readonly scope: KpiScope; readonly period: Period; readonly metrics: readonly string[] },
  ): Promise<KpiTable> {
    const { scope, period, metrics } = query;
    const measures = measuresOf(metrics, scope.kind);
    const shopIds = intersect(access.shopIds, scope.shopIds);
    const measured = new Map<number, Measurements>();
    if (scope.members.length > 0 && measures.length > 0) {
      const { organizationId } = access;
      const grain = grainOf(scope.kind);
      const sql = buildFactKpiSql({ organizationId, shopIds, period, grain, subjects: scope.members, measures });
      for (const row of await runner.query<FactKpiRow>(sql)) measured.set(row.subject, measurementsOf(row));
    }
    return new Map(
      scope.subjects.map((subject) => [
        subject,
        new Map(metrics.map((metric) => [metric, metricValue(metric, scope.kind, measured.get(subject) ?? new Map())])),
      ]),
    );
  }

  /** At most one statement. What the caller may not see is left out when it is measured. */
  async loadScope(runner: SqlRunner, organizationId: number, subjects: KpiSubjects): Promise<KpiScope> {
    if (subjects.type === 'ORGANIZATION') return loadOrganizationScope(runner, organizationId, subjects.filter ?? {});
    const { type, ids } = subjects;
    const load = (sql: SqlQuery): Promise<SubjectMember[]> => runner.query<SubjectMember>(sql);
    switch (type) {
      case 'AGENT':
        return { kind: type, subjects: ids, members: ids.map(itself), shopIds: subjects.shopIds ?? null };
      case 'SHOP':
        return { kind: type, subjects: ids, members: ids.map(itself), shopIds: null };
      case 'TEAM': {
        const members = await load(buildTeamMembersSql(organizationId, ids));
        return { kind: 'AGENT_SET', subjects: ids, members, shopIds: null };
      }
      case 'CLIENT': {
        const members = await load(buildClientShopsSql(organizationId, ids));
        return { kind: 'SHOP', subjects: ids, members, shopIds: null };
      }
    }
  }
}

async function loadOrganizationScope(
  runner: SqlRunner,
  organizationId: number,
  { clientIds = null, shopIds = null, platforms = null, teamIds = null, agentIds = null }: KpiFilter,
): Promise<KpiScope> {
  const sql = buildOrganizationPartSql(organizationId, { clientIds, shopIds, platforms, teamIds, agentIds });
  const found = await runner.query<FoundMember>(sql);
  const membersOf = (wanted: FoundMember['kind']): number[] =>
    found.filter(({ kind }) => kind === wanted).map(({ member }) => member);
  const isWhole = clientIds === null && shopIds === null && platforms === null;
  const shops = membersOf('SHOP');
  const scope = { subjects: [ORGANIZATION], shopIds: isWhole ? null : shops };
  if (teamIds === null && agentIds === null) {
    return { ...scope, kind: 'SHOP', members: [...shops, NO_SHOP].map(inOrganization) };
  }
  const kind = agentIds?.length === 1 ? 'AGENT' : 'AGENT_SET';
  return { ...scope, kind, members: membersOf('AGENT').map(inOrganization) };
}

interface FoundMember {
  readonly kind: 'SHOP' | 'AGENT';
  readonly member: number;
}

function itself(id: number): SubjectMember {
  return { subject: id, member: id };
}

function inOrganization(member: number): SubjectMember {
  return { subject: ORGANIZATION, member };
}

/** What is in both; null is everything. */
function intersect(a: readonly number[] | null, b: readonly number[] | null): readonly number[] | null {
  if (a === null || b === null) return a ?? b;
  const known = new Set(a);
  return b.filter((id) => known.has(id));
}
