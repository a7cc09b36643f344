import type { Access } from '../../../domain/access';
import type { SqlBuilder } from '../sql-builder';
import type { Source } from './source';

const TIMES = (alias: string) => ({ createdAt: `${alias}.created_at`, updatedAt: `${alias}.updated_at` });

const byName = (alias: string) => ({ NAME: { expression: `${alias}.name collate "C"`, type: 'text' } }) as const;

export const CLIENT_SOURCE: Source<object, 'NAME'> = {
  type: 'Client',
  from: 'client c',
  key: 'c.id',
  columns: () => ({ externalId: 'c.external_id', name: 'c.name', ...TIMES('c') }),
  restrict: (builder, access) => {
    builder.where('c.organization_id = $1').whereIn('c.id', access.clientIds, 'int');
  },
  filter: () => undefined,
  sorts: byName('c'),
  parents: {},
};

export const SHOP_SOURCE: Source<object, 'NAME'> = {
  type: 'Shop',
  from: 'shop sh',
  key: 'sh.id',
  columns: () => ({
    clientId: 'sh.client_id',
    externalId: 'sh.external_id',
    name: 'sh.name',
    platform: 'sh.platform',
    timeZone: 'sh.time_zone',
    currency: 'sh.currency',
    serviceHours: `json_build_object('from', sh.service_from, 'to', sh.service_to)`,
    attribution: `json_build_object('touch', sh.attribution_touch, 'windowHours', sh.attribution_window_hours)`,
    ...TIMES('sh'),
  }),
  restrict: (builder, access) => {
    builder.where('sh.organization_id = $1').whereIn('sh.id', access.shopIds, 'int');
  },
  filter: () => undefined,
  sorts: byName('sh'),
  parents: { Client: { expression: 'sh.client_id', indexed: true } },
};

/** Whether the agent has a fact in one of the shops. */
function hasFact(agent: string, shopIds: string): string {
  const tables = [
    ['session', 'agent_id'],
    ['orders', 'agent_id'],
    ['refund', 'explicit_agent_id'],
    ['complaint', 'explicit_agent_id'],
    ['presence', 'agent_id'],
    ['observation', 'agent_id'],
    ['target', 'agent_id'],
  ] as const;
  const found = tables.map(
    ([table, column]) => `exists (
            select 1
            from ${table} fact
            where fact.organization_id = $1
              and fact.${column} = ${agent}.id
              and fact.shop_id = any(${shopIds})
          )`,
  );
  return `(${found.join('\n          or ')})`;
}

export const TEAM_SOURCE: Source<object, 'NAME'> = {
  type: 'Team',
  from: 'team t',
  key: 't.id',
  columns: () => ({ externalId: 't.external_id', name: 't.name', ...TIMES('t') }),
  restrict: (builder, access) => {
    builder.where('t.organization_id = $1');
    if (access.shopIds) {
      const shopIds = builder.bind(access.shopIds, 'int[]');
      builder.where(`exists (
        select 1
        from agent a
        where a.organization_id = $1
          and a.team_id = t.id
          and ${hasFact('a', shopIds)}
      )`);
    }
  },
  filter: () => undefined,
  sorts: byName('t'),
  parents: {},
};

export interface AgentFilter {
  readonly teamIds?: readonly string[] | null;
  readonly shopIds?: readonly string[] | null;
  readonly roles?: readonly string[] | null;
  readonly active?: boolean | null;
  readonly search?: string | null;
}

export const AGENT_SOURCE: Source<AgentFilter, 'NAME'> = {
  type: 'Agent',
  from: 'agent a',
  key: 'a.id',
  columns: (access) => ({
    externalId: 'a.external_id',
    name: 'a.name',
    teamId: 'a.team_id',
    active: 'a.active',
    ...(access.shopIds
      ? { level: 'null', role: 'null', hiredOn: 'null' }
      : { level: 'a.level', role: 'a.role', hiredOn: 'a.hired_on' }),
    ...TIMES('a'),
  }),
  restrict: (builder, access) => {
    builder.where('a.organization_id = $1');
    if (access.shopIds) builder.where(hasFact('a', builder.bind(access.shopIds, 'int[]')));
  },
  filter: (builder, filter, access) => {
    builder.whereIn('a.team_id', filter.teamIds, 'int').whereFlag('a.active', filter.active);
    if (filter.roles) filterByRole(builder, filter.roles, access);
    if (filter.shopIds) builder.where(hasFact('a', builder.bind(filter.shopIds, 'int[]')));
    if (filter.search) {
      const words = builder.bind(filter.search, 'text');
      builder.where(
        `(strpos(lower(a.name), lower(${words})) > 0 or strpos(lower(a.external_id), lower(${words})) > 0)`,
      );
    }
  },
  sorts: byName('a'),
  parents: { Team: { expression: 'a.team_id', indexed: true } },
};

/** Who must not see roles must not find by them either. */
function filterByRole(builder: SqlBuilder, roles: readonly string[], access: Access): void {
  if (access.shopIds) builder.where('false');
  else builder.whereIn('a.role', roles, 'text');
}
