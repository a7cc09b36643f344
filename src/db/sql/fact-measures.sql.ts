import type { MeasureKey } from '../../domain/measures';
import type { FactFamily } from './fact-families.sql';
import { answeredCall, handled, inquiry, paidAmount, validSale } from './facts.sql';

/** How a measure is told from the facts of its family: an aggregate, over those that fulfil the condition. */
export interface MeasureSql {
  readonly family: FactFamily;
  readonly aggregate: string;
  readonly condition: string | null;
  /** Which of these facts carry something of it; null: all of them. */
  readonly carrier: string | null;
}

function of(
  family: FactFamily,
  aggregate: string,
  condition: string | null = null,
  carrier: string | null = null,
): MeasureSql {
  return { family, aggregate, condition, carrier };
}

const count = (family: FactFamily, condition: string | null = null): MeasureSql => of(family, 'count(*)', condition);
const sessions = (condition: string | null = null): MeasureSql => count('session', condition);
/** Sessions that have a value. */
const known = (column: string, condition: string | null = null): MeasureSql =>
  of('session', `count(${column})`, condition, `${column} is not null`);
/** Of a column that is null where there is nothing. */
const sumOfKnown = (column: string, condition: string | null = null): MeasureSql =>
  of('session', `sum(${column})`, condition, `${column} is not null`);
/** Of a column that is 0 where there is nothing; where another one counts what it adds up, that is above 0. */
const sumOfAny = (column: string, countColumn = column): MeasureSql =>
  of('session', `sum(${column})`, null, `greatest(${column}, ${countColumn}) > 0`);
const buyers = (family: FactFamily, condition: string | null = null): MeasureSql =>
  of(family, `count(distinct ${family === 'sale' ? 'o' : 's'}.buyer_id)`, condition);
const callsWithin = (seconds: number): MeasureSql => sessions(`${answeredCall('s')} and s.wait_seconds <= ${seconds}`);

/**
 * A helper's conversion has the buyer on neither side, unless one of the helper's sessions that day has the credit for
 * an order, or helped none. A day has such an inquiry if and only if one of its sessions is one.
 */
const inquiredOfOwn = `${inquiry('s')} and (help.session_id is null or o.id is not null)`;
const isCredited = 'o.agent_id is not null';
const byMerchant = `r.completed_by = 'MERCHANT'`;
const refundMs = `sum((extract(epoch from r.closed_at - r.opened_at) * 1000)::bigint)`;
const resolvedWithEnd = `${handled('s')} and s.resolved and s.ended_at is not null`;

const earlierSale = `exists (
      select 1
      from orders e
      where e.organization_id = o.organization_id
        and e.buyer_id = o.buyer_id
        and ${validSale('e')}
        and e.paid_at < o.paid_at
        and e.paid_at >= o.paid_at - interval '8760 hours'
    )`;
const afterSale = `s.purpose = 'AFTER_SALE'`;
const saleAfterwards = `exists (
      select 1
      from orders a
      where a.organization_id = s.organization_id
        and a.buyer_id = s.buyer_id
        and ${validSale('a')}
        and a.placed_at > s.started_at
        and a.paid_at <= s.started_at + interval '720 hours'
    )`;

/** Every measure in the words of its family's statement. */
export const MEASURE_SQL: Readonly<Record<MeasureKey, MeasureSql>> = {
  inquiringBuyers: buyers('conversion', inquiredOfOwn),
  orderingBuyers: buyers('conversion', 'o.id is not null'),
  payingBuyers: buyers('conversion', validSale('o')),
  assistedBuyers: buyers('conversion', 'help.session_id is not null'),
  inquirySessions: sessions(inquiry('s')),
  placedOrders: count('placed'),
  placedOrdersPaid: count('placed', validSale('o')),
  paidOrders: count('sale', isCredited),
  salesAmount: of('sale', `sum(${paidAmount('o')})`, isCredited),
  refundedSalesAmount: of('refundedSale', 'sum(r.amount)'),
  salesBuyers: buyers('sale', isCredited),
  returningBuyers: buyers('sale', `${isCredited} and ${earlierSale}`),
  itemsSold: of('sale', 'sum(o.item_count)', isCredited),
  badReviews: count('sale', `${isCredited} and o.review_score <= 3`),
  shopSalesAmount: of('sale', `sum(${paidAmount('o')})`),
  paidSubOrders: of('sale', 'sum(o.sub_order_count)'),

  receivedBuyers: buyers('session'),
  repliedBuyers: buyers('session', handled('s')),
  judgedBuyerDays: count('buyerDay'),
  effectiveBuyerDays: count('buyerDay', 'd.effective'),
  answeredRounds: sumOfAny('s.answered_rounds'),
  responseMs: sumOfAny('s.response_ms', 's.answered_rounds'),
  timedRounds: sumOfAny('s.timed_rounds'),
  roundsWithin10s: sumOfAny('s.rounds_within_10s'),
  roundsWithin20s: sumOfAny('s.rounds_within_20s'),
  roundsWithin30s: sumOfAny('s.rounds_within_30s'),
  roundsWithin60s: sumOfAny('s.rounds_within_60s'),
  roundsWithin180s: sumOfAny('s.rounds_within_180s'),
  serviceMessages: sumOfAny('s.service_messages'),
  serviceMessagesAnswered: sumOfAny('s.service_messages_answered'),
  serviceMessagesWithin30s: sumOfAny('s.service_messages_within_30s'),
  serviceMessageMs: sumOfAny('s.service_message_ms', 's.service_messages_answered'),
  firstResponses: known('s.first_response_ms'),
  firstResponseMs: sumOfKnown('s.first_response_ms'),
  accountDays: count('presence'),
  onlineMs: of(
    'presence',
    `sum((
      select sum((extract(epoch from upper(o.span) - lower(o.span)) * 1000)::bigint)
      from unnest(a.online) o (span)
    ))`,
  ),
  sessionsReceived: sessions(),
  excludedSessions: count('exclusion'),
  sessionsHandled: sessions(handled('s')),
  sessionsHandledByAgents: sessions(`${handled('s')} and s.agent_id is not null`),
  agentDays: of(
    'session',
    'count(distinct (s.shop_id, s.agent_id, s.started_day))',
    `${handled('s')} and s.agent_id is not null`,
  ),
  sessionsWithHandleTime: known('s.handle_ms', handled('s')),
  handleMs: sumOfKnown('s.handle_ms', handled('s')),
  peakConcurrentSessions: of('concurrency', 'max(e.open)'),
  callsOffered: sessions(`s.channel = 'VOICE'`),
  callsAnswered: sessions(answeredCall('s')),
  callsAnsweredWithin20s: callsWithin(20),
  callsAnsweredWithin30s: callsWithin(30),
  callsAnsweredWithin60s: callsWithin(60),
  callsWithWaitTime: known('s.wait_seconds', answeredCall('s')),
  waitSeconds: sumOfKnown('s.wait_seconds', answeredCall('s')),
  callsWithTalkTime: known('s.talk_seconds', answeredCall('s')),
  talkSeconds: sumOfKnown('s.talk_seconds', answeredCall('s')),

  refundCount: count('refundOpened'),
  refundsDisputed: count('refundDisputed'),
  refundsMerchantLiable: count('refundCompleted', `r.platform_intervened and r.liability = 'MERCHANT'`),
  refundsCompleted: count('refundCompleted'),
  refundsCompletedByMerchant: count('refundCompleted', byMerchant),
  refundMs: of('refundCompleted', refundMs),
  merchantRefundMs: of('refundCompleted', refundMs, byMerchant),
  complaintCount: of('complaint', 'sum(c.sub_order_count)'),
  complaintsOpened: count('complaint'),
  complaintsResolved: of('complaint', 'count(c.resolved_at)', null, 'c.resolved_at is not null'),
  upheldComplaints: count('complaint', 'c.upheld'),
  sessionsRated: known('s.csat'),
  sessionsSatisfied: sessions('s.csat >= 4'),
  satisfactionPoints: sumOfKnown('s.csat'),
  sessionsWithOutcome: known('s.resolved', handled('s')),
  sessionsResolved: sessions(`${handled('s')} and s.resolved`),
  sessionsWithFirstContactOutcome: known('s.resolved_on_first_contact', handled('s')),
  sessionsResolvedOnFirstContact: sessions(`${handled('s')} and s.resolved_on_first_contact`),
  sessionsResolvedWithEnd: sessions(resolvedWithEnd),
  resolutionMs: of('session', 'sum((extract(epoch from s.ended_at - s.started_at) * 1000)::bigint)', resolvedWithEnd),
  afterSalesBuyers: buyers('session', afterSale),
  afterSalesReturningBuyers: buyers('session', `${afterSale} and ${saleAfterwards}`),
};
