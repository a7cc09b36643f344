import type { SqlRunner } from '../../src/db/sql-query';

/**
 * All that ingestion keeps, by the source's ids: our own numbers and the times of writing depend on the order of
 * arrival, the rest must not.
 */
const CONTENT: Readonly<Record<string, string>> = {
  session: `
    select to_jsonb(s) - '{id,organization_id,shop_id,agent_id,buyer_id,created_at,updated_at}'::text[]
           || jsonb_build_object('shop', shop.external_id, 'agent', a.external_id, 'buyer', b.external_id,
                                 'messages', to_jsonb(m) - '{organization_id,session_id}'::text[]) as content
    from session s
    join shop on shop.id = s.shop_id
    join buyer b on b.id = s.buyer_id
    left join agent a on a.id = s.agent_id
    left join session_messages m on m.session_id = s.id`,
  orders: `
    select to_jsonb(o) - '{id,organization_id,shop_id,agent_id,explicit_agent_id,buyer_id,credited_session_id,created_at,updated_at}'::text[]
           || jsonb_build_object('shop', shop.external_id, 'agent', a.external_id, 'explicit', e.external_id,
                                 'buyer', b.external_id, 'session', s.external_id) as content
    from orders o
    join shop on shop.id = o.shop_id
    join buyer b on b.id = o.buyer_id
    left join agent a on a.id = o.agent_id
    left join agent e on e.id = o.explicit_agent_id
    left join session s on s.id = o.credited_session_id`,
  order_assist: `
    select jsonb_build_object('order', o.external_id, 'session', s.external_id, 'agent', a.external_id) as content
    from order_assist x
    join orders o on o.id = x.order_id
    join session s on s.id = x.session_id
    join agent a on a.id = x.agent_id`,
  refund: recordContent('refund'),
  complaint: recordContent('complaint'),
  presence: measuredContent('presence'),
  observation: measuredContent('observation'),
  target: measuredContent('target'),
  client: `select to_jsonb(c) - '{id,organization_id,created_at,updated_at}'::text[] as content from client c`,
  team: `select to_jsonb(t) - '{id,organization_id,created_at,updated_at}'::text[] as content from team t`,
  agent: `
    select to_jsonb(a) - '{id,organization_id,team_id,created_at,updated_at}'::text[]
           || jsonb_build_object('team', t.external_id) as content
    from agent a
    left join team t on t.id = a.team_id`,
  shop: `
    select to_jsonb(s) - '{id,organization_id,client_id,created_at,updated_at}'::text[]
           || jsonb_build_object('client', c.external_id) as content
    from shop s
    join client c on c.id = s.client_id`,
};

function recordContent(table: string): string {
  return `
    select to_jsonb(r) - '{id,organization_id,shop_id,explicit_agent_id,created_at,updated_at}'::text[]
           || jsonb_build_object('shop', shop.external_id, 'agent', a.external_id) as content
    from ${table} r
    join shop on shop.id = r.shop_id
    left join agent a on a.id = r.explicit_agent_id`;
}

function measuredContent(table: string): string {
  return `
    select to_jsonb(r) - '{id,organization_id,shop_id,agent_id,created_at,updated_at}'::text[]
           || jsonb_build_object('shop', shop.external_id, 'agent', a.external_id) as content
    from ${table} r
    left join shop on shop.id = r.shop_id
    left join agent a on a.id = r.agent_id`;
}

/** The content of every table of records, sorted. */
export async function readTables(tenant: SqlRunner): Promise<Record<string, unknown[]>> {
  const tables: Record<string, unknown[]> = {};
  for (const [table, sql] of Object.entries(CONTENT)) {
    const rows = await tenant.query<{ content: unknown }>({
      text: `select content from (${sql}) rows order by content::text collate "C"`,
      values: [],
    });
    tables[table] = rows.map(({ content }) => content);
  }
  return tables;
}
