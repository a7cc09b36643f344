export type Grain = 'AGENT' | 'SHOP';

/** The kinds of records that a measure is made of. */
export type FactKind = 'SESSION' | 'ORDER' | 'REFUND' | 'COMPLAINT' | 'PRESENCE';

/**
 * How a measure adds up.
 * SUM: over everything. DAILY: over days and shops, not over agents, who may share a buyer or an account.
 * DISTINCT: people, over shops only. MAXIMUM: not at all.
 */
export type MeasureKind = 'SUM' | 'DAILY' | 'DISTINCT' | 'MAXIMUM';

/** A quantity that metrics are made of, counted on local days of the shop. */
export interface Measure {
  readonly kind: MeasureKind;
  readonly facts: readonly FactKind[];
  readonly money: boolean;
  readonly grains: readonly Grain[];
  readonly description: string;
}

const EVERY_GRAIN: readonly Grain[] = ['AGENT', 'SHOP'];
const AGENTS_ONLY: readonly Grain[] = ['AGENT'];
const SHOPS_ONLY: readonly Grain[] = ['SHOP'];

function measure(kind: MeasureKind, facts: readonly FactKind[], description: string): Measure {
  return { kind, facts, money: false, grains: EVERY_GRAIN, description };
}

const sum = (fact: FactKind, description: string): Measure => measure('SUM', [fact], description);
const daily = (fact: FactKind, description: string): Measure => measure('DAILY', [fact], description);
const people = (facts: readonly FactKind[], description: string): Measure => measure('DISTINCT', facts, description);
const money = (facts: readonly FactKind[], description: string): Measure => ({
  ...measure('SUM', facts, description),
  money: true,
});

const TABLE = {
  inquiringBuyers: people(['SESSION', 'ORDER'], 'Buyers with an inquiry that did not merely help a sale of another.'),
  orderingBuyers: people(['SESSION', 'ORDER'], 'Buyers whose inquiry got the credit for an order.'),
  payingBuyers: people(['SESSION', 'ORDER'], 'Buyers whose inquiry got the credit for a valid sale.'),
  assistedBuyers: {
    ...people(['SESSION', 'ORDER'], 'Buyers whose inquiry helped a valid sale that is credited to another agent.'),
    grains: AGENTS_ONLY,
  },
  inquirySessions: sum('SESSION', 'Eligible sessions that are neither after-sale nor an unanswered call.'),
  placedOrders: sum('ORDER', 'Credited orders by the day they were placed.'),
  placedOrdersPaid: sum('ORDER', 'Credited orders by the day they were placed, of them the valid sales.'),
  paidOrders: sum('ORDER', 'Credited valid sales by the day they were paid.'),
  salesAmount: money(['ORDER'], 'Amount paid for credited valid sales, by the day they were paid.'),
  refundedSalesAmount: money(['REFUND', 'ORDER'], 'Completed refunds of credited valid sales, by the day they closed.'),
  salesBuyers: people(['ORDER'], 'Buyers with a credited valid sale, by the day it was paid.'),
  returningBuyers: people(['ORDER'], 'Of the salesBuyers, those with an earlier valid sale within 365 × 24 hours.'),
  itemsSold: sum('ORDER', 'Items of credited valid sales, by the day they were paid.'),
  badReviews: sum('ORDER', 'Credited valid sales reviewed with 3 or less, by the day they were paid.'),
  shopSalesAmount: {
    ...money(['ORDER'], 'Amount paid for all valid sales, credited or not, by the day they were paid.'),
    grains: SHOPS_ONLY,
  },
  paidSubOrders: sum(
    'ORDER',
    'Sub-orders of valid sales by the day they were paid: credited ones of an agent, all of a shop.',
  ),

  receivedBuyers: people(['SESSION'], 'Buyers with an eligible session.'),
  repliedBuyers: people(['SESSION'], 'Buyers with a handled session.'),
  judgedBuyerDays: daily('SESSION', 'Buyers of each day with a message of known time or an unanswered call.'),
  effectiveBuyerDays: daily(
    'SESSION',
    'Of the judgedBuyerDays, those on which nobody waited over an hour in service hours.',
  ),
  answeredRounds: sum('SESSION', 'Runs of buyer messages that got a human reply.'),
  responseMs: sum('SESSION', 'Milliseconds from the first message of each answered round to the reply.'),
  timedRounds: sum('SESSION', 'Rounds of known times, answered or not.'),
  roundsWithin10s: sum('SESSION', 'Rounds answered within 10 s.'),
  roundsWithin20s: sum('SESSION', 'Rounds answered within 20 s.'),
  roundsWithin30s: sum('SESSION', 'Rounds answered within 30 s.'),
  roundsWithin60s: sum('SESSION', 'Rounds answered within 60 s.'),
  roundsWithin180s: sum('SESSION', 'Rounds answered within 180 s.'),
  serviceMessages: sum('SESSION', 'Buyer messages inside service hours.'),
  serviceMessagesAnswered: sum('SESSION', 'Of the serviceMessages, those with a human reply later in the session.'),
  serviceMessagesWithin30s: sum('SESSION', 'Of the serviceMessages, those with a human reply within 30 s.'),
  serviceMessageMs: sum('SESSION', 'Milliseconds from each of the serviceMessagesAnswered to its reply.'),
  firstResponses: sum('SESSION', 'Sessions with a buyer message and a human reply after it.'),
  firstResponseMs: sum('SESSION', 'Milliseconds from the first buyer message to the first human reply after it.'),
  accountDays: daily('PRESENCE', 'Accounts online, each once a shop and day.'),
  onlineMs: daily('PRESENCE', 'Milliseconds online, overlapping spans of one account united.'),
  sessionsReceived: sum('SESSION', 'Eligible sessions.'),
  excludedSessions: sum('SESSION', 'Sessions left out by the source or a user.'),
  sessionsHandled: sum('SESSION', 'Eligible sessions with a human reply, and answered calls.'),
  sessionsHandledByAgents: sum('SESSION', 'Handled sessions that have an agent.'),
  agentDays: sum('SESSION', 'Agents with a handled session, each once a shop and day.'),
  sessionsWithHandleTime: sum('SESSION', 'Handled sessions whose handle time is known.'),
  handleMs: sum('SESSION', 'Milliseconds of talk, hold and wrap-up, else from start to end, of handled sessions.'),
  peakConcurrentSessions: {
    ...measure('MAXIMUM', ['SESSION'], 'Most sessions of one shop and day that were open at once.'),
    grains: AGENTS_ONLY,
  },
  callsOffered: sum('SESSION', 'Eligible calls.'),
  callsAnswered: sum('SESSION', 'Answered calls.'),
  callsAnsweredWithin20s: sum('SESSION', 'Answered calls that waited at most 20 s.'),
  callsAnsweredWithin30s: sum('SESSION', 'Answered calls that waited at most 30 s.'),
  callsAnsweredWithin60s: sum('SESSION', 'Answered calls that waited at most 60 s.'),
  callsWithWaitTime: sum('SESSION', 'Answered calls whose waiting time is known.'),
  waitSeconds: sum('SESSION', 'Seconds that answered calls waited.'),
  callsWithTalkTime: sum('SESSION', 'Answered calls whose talk time is known.'),
  talkSeconds: sum('SESSION', 'Seconds talked in answered calls.'),

  refundCount: sum('REFUND', 'Refunds by the day they were opened.'),
  refundsDisputed: sum('REFUND', 'Refunds by the day they became a dispute.'),
  refundsMerchantLiable: sum(
    'REFUND',
    'Completed refunds where the platform found the merchant liable, by the day they closed.',
  ),
  refundsCompleted: sum('REFUND', 'Completed refunds by the day they closed.'),
  refundsCompletedByMerchant: sum('REFUND', 'Refunds that the merchant completed, by the day they closed.'),
  refundMs: sum('REFUND', 'Milliseconds from opening to closing of the refundsCompleted.'),
  merchantRefundMs: sum('REFUND', 'Milliseconds from opening to closing of the refundsCompletedByMerchant.'),
  complaintCount: sum('COMPLAINT', 'Sub-orders that complaints are about, by the day these were opened.'),
  complaintsOpened: sum('COMPLAINT', 'Complaints by the day they were opened.'),
  complaintsResolved: sum('COMPLAINT', 'Of the complaintsOpened, those resolved since.'),
  upheldComplaints: sum('COMPLAINT', 'Of the complaintsOpened, those found to be right.'),
  sessionsRated: sum('SESSION', 'Eligible sessions with a satisfaction score.'),
  sessionsSatisfied: sum('SESSION', 'Of the sessionsRated, those with 4 or 5.'),
  satisfactionPoints: sum('SESSION', 'Satisfaction scores of the sessionsRated.'),
  sessionsWithOutcome: sum('SESSION', 'Handled sessions known to be resolved or not.'),
  sessionsResolved: sum('SESSION', 'Handled sessions that were resolved.'),
  sessionsWithFirstContactOutcome: sum('SESSION', 'Handled sessions known to be resolved on first contact or not.'),
  sessionsResolvedOnFirstContact: sum('SESSION', 'Handled sessions that were resolved on first contact.'),
  sessionsResolvedWithEnd: sum('SESSION', 'Handled sessions that were resolved and have an end.'),
  resolutionMs: sum('SESSION', 'Milliseconds from start to end of the sessionsResolvedWithEnd.'),
  afterSalesBuyers: people(['SESSION'], 'Buyers with an eligible after-sale session.'),
  afterSalesReturningBuyers: people(
    ['SESSION', 'ORDER'],
    'Of the afterSalesBuyers, those who placed an order after such a session, paid within 30 × 24 hours of its start.',
  ),
} satisfies Record<string, Measure>;

export type MeasureKey = keyof typeof TABLE;

export const MEASURES: Readonly<Record<MeasureKey, Measure>> = TABLE;

export const MEASURE_KEYS = Object.keys(TABLE).filter((key): key is MeasureKey => key in TABLE);
