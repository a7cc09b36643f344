import type { Pool } from 'pg';
import type { Day } from '../../src/domain/zone';
import { addDays } from '../../src/domain/period';

export const AGENTS = 200;
export const SHOPS = 20;
/** Six whole calendar months. */
export const DAYS = 181;

export const FIRST_DAY: Day = '2026-01-01';
export const LAST_DAY: Day = addDays(FIRST_DAY, DAYS - 1);

export interface KpiWorld {
  readonly organizationId: number;
  readonly agentIds: readonly number[];
  readonly shopIds: readonly number[];
}

/**
 * Facts straight into the tables, as ingestion would leave them: sessions in order of time over all shops, each agent
 * in one of them, buyers who come four times on average, four orders to ten sessions, few refunds and complaints.
 */
export async function makeKpiWorld(superuser: Pool, organizationId: number, sessions: number): Promise<KpiWorld> {
  const client = await superuser.connect();
  try {
    await client.query(`set synchronous_commit = off`);
    await client.query(`select setseed(0.42)`);
    for (const statement of statementsFor(sessions))
      await client.query(statement.replaceAll('$1', String(organizationId)));
    for (const table of ['session', 'orders', 'refund', 'complaint', 'presence', 'buyer', 'agent', 'shop']) {
      await client.query(`vacuum analyze ${table}`);
    }
    const idsOf = async (table: 'agent' | 'shop'): Promise<number[]> => {
      const { rows } = await client.query<{ id: number }>(
        `select t.id from ${table} t where t.organization_id = $1 order by t.id`,
        [organizationId],
      );
      return rows.map(({ id }) => id);
    };
    return { organizationId, agentIds: await idsOf('agent'), shopIds: await idsOf('shop') };
  } finally {
    client.release();
  }
}

function statementsFor(sessions: number): string[] {
  const buyers = Math.ceil(sessions / 4 / SHOPS);
  const shops = `select h.id, row_number() over (order by h.id) - 1 as n from shop h where h.organization_id = $1`;
  const agents = `select a.id, row_number() over (order by a.id) - 1 as n from agent a where a.organization_id = $1`;
  return [
    `insert into client (organization_id, external_id, name)
     select $1, 'c' || n, 'Client ' || n from generate_series(1, 5) n`,
    `insert into shop (organization_id, client_id, external_id, name, platform, time_zone, currency,
                       service_from, service_to, attribution_touch, attribution_window_hours)
     select $1, c.id, 's' || n, 'Shop ' || n, (array['TAOBAO', 'TMALL', 'JD', 'PDD'])[n % 4 + 1], 'Asia/Shanghai',
            'CNY', '08:00', '23:00', 'LAST', 48
     from generate_series(1, ${SHOPS}) n
     join client c on c.organization_id = $1 and c.external_id = 'c' || (n % 5 + 1)`,
    `insert into team (organization_id, external_id, name)
     select $1, 't' || n, 'Team ' || n from generate_series(1, 10) n`,
    `insert into agent (organization_id, team_id, external_id, name)
     select $1, t.id, 'a' || n, 'Agent ' || n
     from generate_series(1, ${AGENTS}) n
     join team t on t.organization_id = $1 and t.external_id = 't' || (n % 10 + 1)`,
    `insert into buyer (organization_id, shop_id, external_id)
     select $1, h.id, 'b' || g.n from (${shops}) h cross join generate_series(1, ${buyers}) g (n)`,
    `create temp table if not exists bench_buyer (id int, shop_id int, n int)`,
    `insert into bench_buyer
     select b.id, b.shop_id, row_number() over (partition by b.shop_id order by b.id)
     from buyer b where b.organization_id = $1`,
    `create index if not exists bench_buyer_idx on bench_buyer (shop_id, n)`,
    `analyze bench_buyer`,
    // One row for each session to be; what chance decides is decided here, once. n decides the shop, n / SHOPS the rest.
    `create temp table if not exists bench_draw (n int, shop int, agent int, day date, second int, buyer int, luck float8)`,
    `insert into bench_draw
     select n, n % ${SHOPS}, n % ${SHOPS} * ${AGENTS / SHOPS} + floor(random() * ${AGENTS / SHOPS})::int,
            date '${FIRST_DAY}' + (n::bigint * ${DAYS} / ${sessions + 1})::int, floor(random() * 54000)::int,
            1 + floor(random() * ${buyers})::int, random()
     from generate_series(1, ${sessions}) n`,
    `analyze bench_draw`,
    `insert into session (organization_id, shop_id, agent_id, buyer_id, external_id, channel, purpose, started_at,
                          started_day, ended_at, answered, wait_seconds, talk_seconds, handle_ms, resolved, csat,
                          source_exclusion, buyer_messages, agent_replies, auto_replies, answered_rounds,
                          unanswered_rounds, response_ms, first_response_ms, timed_rounds, rounds_within_10s,
                          rounds_within_20s, rounds_within_30s, rounds_within_60s, rounds_within_180s,
                          timed_buyer_messages, service_messages, service_messages_answered,
                          service_messages_within_30s, service_message_ms, overdue_service_messages, last_message_at)
     select $1, h.id, case when d.luck < 0.02 then null else a.id end, b.id, 'x' || d.n,
            case when d.k % 10 = 0 then 'VOICE' else 'CHAT' end, case when d.k % 5 = 0 then 'AFTER_SALE' end,
            s.started_at, d.day, s.started_at + interval '9 minutes', case when d.k % 10 = 0 then d.k % 70 <> 0 end,
            case when d.k % 10 = 0 then d.k % 45 end, case when d.k % 10 = 0 then 60 + d.k % 300 end, 540000,
            case when d.k % 3 = 0 then d.k % 9 <> 0 end, case when d.k % 4 = 0 then d.k / 4 % 5 + 1 end,
            case when d.luck > 0.99 then 'SPAM' end, 5, 4, 1, 4, d.k % 2, 80000 + d.n % 60000, 9000 + d.n % 20000,
            4 + d.k % 2, 1, 2, 3, 4, 4, 5, 5, 5 - d.k % 2, 3, 100000 + d.n % 9000, 0,
            s.started_at + interval '8 minutes'
     from (select b.*, b.n / ${SHOPS} as k from bench_draw b) d
     join (${shops}) h on h.n = d.shop
     join (${agents}) a on a.n = d.agent
     join bench_buyer b on b.shop_id = h.id and b.n = d.buyer
     cross join lateral (
       select (d.day + make_interval(hours => 8, secs => d.second)) at time zone 'Asia/Shanghai' as started_at
     ) s
     order by d.n`,
    `insert into orders (organization_id, shop_id, buyer_id, external_id, placed_at, placed_day, paid_at, paid_day,
                         cancelled_at, amount, paid_amount, item_count, sub_order_count, review_score, agent_id,
                         attribution, credited_session_id)
     select $1, s.shop_id, s.buyer_id, 'o' || s.external_id, p.at, (p.at at time zone 'Asia/Shanghai')::date,
            p.paid_at, (p.paid_at at time zone 'Asia/Shanghai')::date, case when s.id % 33 = 0 then p.paid_at end,
            50 + s.id % 400, 45 + s.id % 400, 1 + s.id % 3, 1 + s.id % 2, case when s.id % 6 = 0 then s.id / 6 % 5 + 1 end,
            s.agent_id, case when s.agent_id is null then 'UNATTRIBUTED' else 'LAST_TOUCH' end,
            case when s.agent_id is not null then s.id end
     from session s
     cross join lateral (
       select s.started_at + make_interval(mins => (s.id % 300)::int) as at,
              case when s.id % 8 <> 0 then s.started_at + make_interval(mins => (s.id % 2000 + 301)::int) end as paid_at
     ) p
     where s.organization_id = $1 and s.source_exclusion is null and s.purpose is null and s.id % 2 = 0
     order by s.id`,
    `insert into order_assist (organization_id, order_id, session_id, agent_id)
     select $1, o.id, x.id, x.agent_id
     from orders o
     cross join lateral (
       select s.id, s.agent_id from session s
       where s.organization_id = $1 and s.buyer_id = o.buyer_id and s.agent_id <> o.agent_id
         and s.started_at <= o.placed_at and s.started_at > o.placed_at - interval '10 days'
       limit 1
     ) x
     where o.organization_id = $1 and o.id % 10 = 0 and o.paid_at is not null and o.cancelled_at is null`,
    `insert into refund (organization_id, shop_id, external_id, order_external_id, kind, status, opened_at, opened_day,
                         closed_at, closed_day, amount, liability, completed_by)
     select $1, o.shop_id, 'r' || o.id, o.external_id, 'REFUND_ONLY', 'COMPLETED', r.at,
            (r.at at time zone 'Asia/Shanghai')::date, r.at + interval '1 day',
            (r.at at time zone 'Asia/Shanghai')::date + 1, 20, 'NONE', case when o.id % 3 = 0 then 'PLATFORM' else 'MERCHANT' end
     from orders o cross join lateral (select o.placed_at + interval '2 days' as at) r
     where o.organization_id = $1 and o.id % 16 = 0`,
    `insert into complaint (organization_id, shop_id, external_id, session_external_id, category, opened_at, opened_day,
                            upheld, sub_order_count)
     select $1, s.shop_id, 'k' || s.id, s.external_id, 'attitude', s.started_at, s.started_day, s.id % 200 = 0, 1
     from session s where s.organization_id = $1 and s.id % 100 = 0`,
    `insert into presence (organization_id, external_id, agent_id, shop_id, started_at, ended_at)
     select $1, 'p' || a.n || '-' || day.at, a.id, h.id, day.at, day.at + interval '8 hours'
     from (${agents}) a
     join (${shops}) h on h.n = a.n / 10
     cross join generate_series(timestamptz '${FIRST_DAY} 00:00Z', timestamptz '${LAST_DAY} 00:00Z', interval '1 day') day (at)`,
    `insert into rollup_mark (organization_id, shop_id)
     select $1, h.id from shop h where h.organization_id = $1 union all select $1, 0`,
    `drop table bench_draw, bench_buyer`,
  ];
}
