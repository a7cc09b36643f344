import type { ConversationFigures } from '../../domain/conversation';
import type { SqlQuery } from '../sql-query';
import type { StoredMessages } from '../stored-messages';
import { FIGURE_COLUMNS, figureRow, LOCAL_DAYS } from './record-tables';
import { buildUpdateByIdSql } from './upsert.sql';

/** Keeps the message times of sessions, in place of those stored. */
export function buildReplaceMessagesSql(
  organizationId: number,
  sessions: readonly ({ readonly sessionId: string } & StoredMessages)[],
): SqlQuery {
  return {
    text: `
      insert into session_messages (organization_id, session_id, sent_at_ms, senders)
      select $1, incoming.session_id, incoming.sent_at_ms::bigint[], incoming.senders
      from unnest($2::bigint[], $3::text[], $4::text[]) as incoming (session_id, sent_at_ms, senders)
      order by incoming.session_id
      on conflict (organization_id, session_id) do update
      set sent_at_ms = excluded.sent_at_ms, senders = excluded.senders`,
    values: [
      organizationId,
      sessions.map(({ sessionId }) => sessionId),
      sessions.map(({ sentAtMs }) => sentAtMs),
      sessions.map(({ senders }) => senders),
    ],
  };
}

/** Forgets the message times of sessions that now come without. */
export function buildDeleteMessagesSql(organizationId: number, sessionIds: readonly string[]): SqlQuery {
  return {
    text: `
      delete from session_messages m
      where m.organization_id = $1
        and m.session_id = any($2::bigint[])`,
    values: [organizationId, sessionIds],
  };
}

/** A page of a shop's sessions that have message times, in id order after the given one. */
export function buildShopMessagesSql(organizationId: number, shopId: number, afterId: string, limit: number): SqlQuery {
  return {
    text: `
      select s.id, m.sent_at_ms as "sentAtMs", m.senders
      from session s
      join session_messages m on m.organization_id = $1 and m.session_id = s.id
      where s.organization_id = $1
        and s.shop_id = $2
        and s.id > $3
      order by s.id
      limit $4`,
    values: [organizationId, shopId, afterId, limit],
  };
}

/** Puts figures that were derived again in the place of the old ones. */
export function buildUpdateFiguresSql(
  organizationId: number,
  sessions: readonly { readonly id: string; readonly figures: ConversationFigures }[],
): SqlQuery {
  return buildUpdateByIdSql(
    'session',
    { id: 'bigint', ...FIGURE_COLUMNS },
    organizationId,
    sessions.map(({ id, figures }) => ({ id, ...figureRow(figures) })),
  );
}

/** Local days of a shop's records by the clock it has now: one statement for each table. */
export function buildLocalDaysSql(organizationId: number, shopId: number): SqlQuery[] {
  return Object.entries(LOCAL_DAYS).map(([table, days]) => {
    const day = (instant: string): string => `(stored.${instant} at time zone shop.time_zone)::date`;
    return {
      text: `
      update ${table} stored
      set ${Object.entries(days)
        .map(([column, instant]) => `${column} = ${day(instant)}`)
        .join(', ')}, updated_at = now()
      from shop
      where stored.organization_id = $1
        and stored.shop_id = $2
        and shop.organization_id = $1
        and shop.id = $2
        and (${Object.keys(days)
          .map((column) => `stored.${column}`)
          .join(', ')}) is distinct from (${Object.values(days).map(day).join(', ')})`,
      values: [organizationId, shopId],
    };
  });
}
