import type { MeasureKey } from '../../domain/measures';
import type { FactFamily } from './fact-families.sql';
import { answeredCall, handled, inquiry, paidAmount, validSale } from './facts.sql';

/** How a measure is told from the facts of its family: an aggregate, over those that fulfil the condition. */
export interface MeasureSql {
  readonly family: FactFamily;
  readonly aggregate: string;
  readonly condition: string | null;
}

function of(family: FactFamily, aggregate: string, condition: string | null = null): MeasureSql {
  return { family, aggregate, condition };
}

const count = (family: FactFamily, condition: string | null = null): MeasureSql => of(family, 'count(*)', condition);
const sessions = (condition: string | null = null): MeasureSql => count('session', condition);
const sessionSum = (column: string, condition: string | null = null): MeasureSql =>
  of('session', `sum(${column})`, condition);
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
const refundMs = `sum(extract(epoch from r.closed_at - r.opened_at) * 1000)`;
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
  answeredRounds: sessionSum('s.answered_rounds'),
  responseMs: sessionSum('s.response_ms'),
  timedRounds: sessionSum('s.timed_rounds'),
  roundsWithin10s: sessionSum('s.rounds_within_10s'),
  roundsWithin20s: sessionSum('s.rounds_within_20s'),
  roundsWithin30s: sessionSum('s.rounds_within_30s'),
  roundsWithin60s: sessionSum('s.rounds_within_60s'),
  roundsWithin180s: sessionSum('s.rounds_within_180s'),
  serviceMessages: sessionSum('s.service_messages'),
  serviceMessagesAnswered: sessionSum('s.service_messages_answered'),
  serviceMessagesWithin30s: sessionSum('s.service_messages_within_30s'),
  serviceMessageMs: sessionSum('s.service_message_ms'),
  firstResponses: of('session', 'count(s.first_response_ms)'),
  firstResponseMs: sessionSum('s.first_response_ms'),
  accountDays: count('presence'),
  onlineMs: of(
    'presence',
    `sum((
      select sum(extract(epoch from upper(o.span) - lower(o.span)) * 1000)
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
  sessionsWithHandleTime: of('session', 'count(s.handle_ms)', handled('s')),
  handleMs: sessionSum('s.handle_ms', handled('s')),
  peakConcurrentSessions: of('concurrency', 'max(e.open)'),
  callsOffered: sessions(`s.channel = 'VOICE'`),
  callsAnswered: sessions(answeredCall('s')),
  callsAnsweredWithin20s: callsWithin(20),
  callsAnsweredWithin30s: callsWithin(30),
  callsAnsweredWithin60s: callsWithin(60),
  callsWithWaitTime: of('session', 'count(s.wait_seconds)', answeredCall('s')),
  waitSeconds: sessionSum('s.wait_seconds', answeredCall('s')),
  callsWithTalkTime: of('session', 'count(s.talk_seconds)', answeredCall('s')),
  talkSeconds: sessionSum('s.talk_seconds', answeredCall('s')),

  refundCount: count('refundOpened'),
  refundsDisputed: count('refundDisputed'),
  refundsMerchantLiable: count('refundCompleted', `r.platform_intervened and r.liability = 'MERCHANT'`),
  refundsCompleted: count('refundCompleted'),
  refundsCompletedByMerchant: count('refundCompleted', byMerchant),
  refundMs: of('refundCompleted', refundMs),
  merchantRefundMs: of('refundCompleted', refundMs, byMerchant),
  complaintCount: of('complaint', 'sum(c.sub_order_count)'),
  complaintsOpened: count('complaint'),
  complaintsResolved: of('complaint', 'count(c.resolved_at)'),
  upheldComplaints: count('complaint', 'c.upheld'),
  sessionsRated: of('session', 'count(s.csat)'),
  sessionsSatisfied: sessions('s.csat >= 4'),
  satisfactionPoints: sessionSum('s.csat'),
  sessionsWithOutcome: of('session', 'count(s.resolved)', handled('s')),
  sessionsResolved: sessions(`${handled('s')} and s.resolved`),
  sessionsWithFirstContactOutcome: of('session', 'count(s.resolved_on_first_contact)', handled('s')),
  sessionsResolvedOnFirstContact: sessions(`${handled('s')} and s.resolved_on_first_contact`),
  sessionsResolvedWithEnd: sessions(resolvedWithEnd),
  resolutionMs: sessionSum('extract(epoch from s.ended_at - s.started_at) * 1000', resolvedWithEnd),
  afterSalesBuyers: buyers('session', afterSale),
  afterSalesReturningBuyers: buyers('session', `${afterSale} and ${saleAfterwards}`),
};
