import type { Access } from '../../domain/access';
import type { KpiFilter } from '../../domain/kpi-report-filter';
import type { SqlQuery } from '../sql-query';
import { AGENT_SOURCE, SHOP_SOURCE } from './reading/directory.source';
import { SqlBuilder } from './sql-builder';

type ShopFilter = Pick<KpiFilter, 'clientIds' | 'shopIds' | 'platforms'>;
type AgentFilter = Pick<KpiFilter, 'teamIds' | 'agentIds'>;

/** Rows of ScopeShop: the visible shops that a filter leaves. */
export function buildScopeShopsSql(access: Access, { clientIds, shopIds, platforms }: ShopFilter): SqlQuery {
  const builder = new SqlBuilder(access.organizationId);
  SHOP_SOURCE.restrict(builder, access);
  builder
    .whereIn('sh.client_id', clientIds, 'int')
    .whereIn('sh.id', shopIds, 'int')
    .whereIn('sh.platform', platforms, 'text');
  return builder.build(`
      select sh.id, sh.client_id as "clientId", sh.platform
      from shop sh
      where ${builder.conditionText()}
      order by sh.id`);
}

/** Rows of ScopeAgent: the visible agents that a filter leaves; who must not see levels and roles gets none. */
export function buildScopeAgentsSql(access: Access, { teamIds, agentIds }: AgentFilter): SqlQuery {
  const builder = new SqlBuilder(access.organizationId);
  AGENT_SOURCE.restrict(builder, access);
  builder.whereIn('a.team_id', teamIds, 'int').whereIn('a.id', agentIds, 'int');
  const { level, role } = AGENT_SOURCE.columns(access);
  return builder.build(`
      select a.id, a.team_id as "teamId", ${level} as level, ${role} as role, a.active
      from agent a
      where ${builder.conditionText()}
      order by a.id`);
}
