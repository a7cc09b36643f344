import {
  type ConversationFigures,
  figuresFromMessages,
  figuresFromSummary,
  type Message,
  NO_FIGURES,
} from '../../domain/conversation';
import type { SourceRecord } from '../../domain/records';
import { buildTouchedBySessionsSql } from '../../db/sql/mark.sql';
import { figureRow, SESSION_TABLE } from '../../db/sql/record-tables';
import { buildDeleteMessagesSql, buildReplaceMessagesSql } from '../../db/sql/session.sql';
import { digestMessages, storeMessages } from '../../db/stored-messages';
import type { Incoming, Intake } from './intake';
import { factReferences, type LockedShop } from './references';
import { resolveBuyers } from './resolve-buyers';

type SessionRecord = SourceRecord<'sessions'>;

export async function takeSessions(intake: Intake, incoming: readonly Incoming<'sessions'>[]): Promise<void> {
  const { shops, agents } = await factReferences(intake, incoming);
  const messages = new Map<object, readonly Message[]>();
  const prepared = intake.prepare('sessions', incoming, (record) => {
    const shop = shops.get(record.shop);
    const row = { ...sourceRow(record, shop), agent_id: agents.find(record.agent), buyer_id: record.buyer };
    if (record.messages !== null) messages.set(row, record.messages);
    return row;
  });
  await resolveBuyers(intake, prepared);
  const written = await intake.replace(SESSION_TABLE, prepared, buildTouchedBySessionsSql);
  for (const { id } of written) intake.changedSessions.add(id);

  const withMessages = written.flatMap(({ id, row }) => {
    const sent = messages.get(row);
    return sent ? [{ sessionId: id, ...storeMessages(sent) }] : [];
  });
  const without = written.filter(({ row }) => !messages.has(row)).map(({ id }) => id);
  if (withMessages.length > 0) {
    await intake.tx.query(buildReplaceMessagesSql(intake.organizationId, withMessages));
  }
  if (without.length > 0) await intake.tx.query(buildDeleteMessagesSql(intake.organizationId, without));
}

function sourceRow(record: SessionRecord, shop: LockedShop) {
  return {
    shop_id: shop.id,
    external_id: record.externalId,
    channel: record.channel,
    purpose: record.purpose,
    started_at: record.startedAt,
    ended_at: record.endedAt,
    answered: record.channel === 'VOICE' ? (record.answered ?? false) : record.answered,
    wait_seconds: record.waitSeconds,
    talk_seconds: record.talkSeconds,
    hold_seconds: record.holdSeconds,
    wrap_up_seconds: record.wrapUpSeconds,
    handle_ms: handleMs(record),
    resolved: record.resolved,
    resolved_on_first_contact: record.resolvedOnFirstContact,
    csat: record.csat,
    source_exclusion: record.exclusion,
    ...figureRow(figuresOf(record, shop)),
    messages_digest: record.messages === null ? null : digestMessages(record.messages),
    source_updated_at: record.updatedAt,
  };
}

/** What the agent spent on the session: the given parts, or else from its start to its end. */
function handleMs(record: SessionRecord): number | null {
  const { talkSeconds, holdSeconds, wrapUpSeconds, startedAt, endedAt } = record;
  if (talkSeconds !== null || holdSeconds !== null || wrapUpSeconds !== null) {
    return ((talkSeconds ?? 0) + (holdSeconds ?? 0) + (wrapUpSeconds ?? 0)) * 1000;
  }
  return endedAt === null ? null : endedAt - startedAt;
}

function figuresOf(record: SessionRecord, shop: LockedShop): ConversationFigures {
  if (record.messages !== null) return figuresFromMessages(record.messages, shop.hours, shop.timeZone);
  return record.summary === null ? NO_FIGURES : figuresFromSummary(record.summary);
}
