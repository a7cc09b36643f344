import type { SqlQuery } from '../sql-query';

/** Rows (subject, member): the agents that are in the teams now. */
export function buildTeamMembersSql(organizationId: number, teamIds: readonly number[]): SqlQuery {
  return {
    text: `select a.team_id as subject, a.id as member
from agent a
where a.organization_id = $1
  and a.team_id = any($2::int[])`,
    values: [organizationId, teamIds],
  };
}

/** Rows (subject, member): the shops of the clients. */
export function buildClientShopsSql(organizationId: number, clientIds: readonly number[]): SqlQuery {
  return {
    text: `select h.client_id as subject, h.id as member
from shop h
where h.organization_id = $1
  and h.client_id = any($2::int[])`,
    values: [organizationId, clientIds],
  };
}

/** What is left of an organization; null stands for no condition. */
export interface OrganizationPart {
  readonly shopIds: readonly number[] | null;
  readonly clientIds: readonly number[] | null;
  readonly platforms: readonly string[] | null;
  readonly teamIds: readonly number[] | null;
  readonly agentIds: readonly number[] | null;
}

/** Rows (kind, member): shops, and agents where teams or agents are asked for. */
export function buildOrganizationPartSql(organizationId: number, part: OrganizationPart): SqlQuery {
  return {
    text: `select 'SHOP' as kind, h.id as member
from shop h
where h.organization_id = $1
  and ($2::int[] is null or h.id = any($2::int[]))
  and ($3::int[] is null or h.client_id = any($3::int[]))
  and ($4::text[] is null or h.platform = any($4::text[]))
union all
select 'AGENT', a.id
from agent a
where a.organization_id = $1
  and ($5::int[] is not null or $6::int[] is not null)
  and ($5::int[] is null or a.team_id = any($5::int[]))
  and ($6::int[] is null or a.id = any($6::int[]))`,
    values: [organizationId, part.shopIds, part.clientIds, part.platforms, part.teamIds, part.agentIds],
  };
}
