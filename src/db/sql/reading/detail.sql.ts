import type { Access } from '../../../domain/access';
import type { SqlQuery } from '../../sql-query';

/** The organization itself. */
export function buildOrganizationSql(organizationId: number): SqlQuery {
  return {
    name: 'organization',
    text: `
      select o.id as key, o.name, o.time_zone as "timeZone"
      from organization o
      where o.id = $1`,
    values: [organizationId],
  };
}

/** The shops of these clients. */
export function buildShopsOfClientsSql(organizationId: number, clientIds: readonly number[]): SqlQuery {
  return {
    name: 'shops-of-clients',
    text: `
      select sh.id
      from shop sh
      where sh.organization_id = $1
        and sh.client_id = any($2::int[])
      order by sh.id`,
    values: [organizationId, clientIds],
  };
}

/** Message times of sessions; the sessions themselves were found visible before. */
export function buildMessagesSql(access: Access, sessionKeys: readonly string[]): SqlQuery {
  return {
    name: 'messages',
    text: `
      select m.session_id as key, m.sent_at_ms as "sentAtMs", m.senders
      from session_messages m
      where m.organization_id = $1
        and m.session_id = any($2::bigint[])`,
    values: [access.organizationId, sessionKeys],
  };
}

/** Who helped with orders: each agent once an order. The orders were found visible before. */
export function buildAssistingAgentsSql(access: Access, orderKeys: readonly string[]): SqlQuery {
  return {
    name: 'assisting-agents',
    text: `
      select distinct a.order_id as parent, a.agent_id as "agentId"
      from order_assist a
      where a.organization_id = $1
        and a.order_id = any($2::bigint[])
      order by a.order_id, a.agent_id`,
    values: [access.organizationId, orderKeys],
  };
}
