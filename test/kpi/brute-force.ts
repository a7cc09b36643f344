import type { Message } from '../../src/domain/conversation';
import type { MeasureKey } from '../../src/domain/measures';
import type { Day, Instant } from '../../src/domain/zone';
import type { OrderFact, RefundFact, SessionFact, ShopFact, World } from '../support/facts';

/** Whose numbers: agents (one, or several as one), or shops; null shops: all, and what has none. */
export interface Subject {
  readonly agents: readonly string[] | null;
  readonly shops: readonly string[] | null;
}

/** Numerator and denominator as whole numbers; null: there is no value, and no data either. */
type Parts = readonly [bigint] | readonly [bigint, bigint] | null;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Every measure and metric of a subject, computed one fact at a time by the words of its definition, with nothing shared
 * with the statements but the facts. Presence must begin and end on whole minutes. Money is in hundredths. A measure
 * without a twin here does not compile.
 */
export function bruteForce(world: World, { agents, shops }: Subject, from: Day, to: Day) {
  const shopOf = (record: { shop: string }): ShopFact => found(world.shops.find((shop) => shop.id === record.shop));
  const visible = (shop: string | null): boolean => shops === null || (shop !== null && shops.includes(shop));
  const mine = (agent: string | null): boolean => agents === null || (agent !== null && agents.includes(agent));
  const dayOf = (record: { shop: string }, instant: Instant): Day => clock(shopOf(record).timeZone, instant).day;
  const inPeriod = (record: { shop: string }, instant: Instant | null): boolean =>
    instant !== null && visible(record.shop) && from <= dayOf(record, instant) && dayOf(record, instant) <= to;

  // Orders and their credit, over all facts, whatever the period.
  const orders = world.orders.filter((order) => !order.excluded);
  const findCandidates = (order: OrderFact): SessionFact[] => {
    const windowMs = shopOf(order).attribution.windowHours * HOUR;
    return world.sessions.filter(
      (s) =>
        s.shop === order.shop &&
        s.buyer === order.buyer &&
        isInquiry(s) &&
        s.agent !== null &&
        s.startedAt >= order.placedAt - windowMs &&
        s.startedAt <= order.placedAt,
    );
  };
  const candidatesOf = new Map(orders.map((order) => [order, findCandidates(order)]));
  const candidates = (order: OrderFact): SessionFact[] => found(candidatesOf.get(order));
  const touched = (order: OrderFact): SessionFact | undefined => {
    const possible = candidates(order).filter((s) => order.agent === null || s.agent === order.agent);
    const times = possible.map((s) => s.startedAt);
    const time = shopOf(order).attribution.touch === 'FIRST' ? Math.min(...times) : Math.max(...times);
    return possible.filter((s) => s.startedAt === time).sort((a, b) => (a.externalId < b.externalId ? -1 : 1))[0];
  };
  const creditedSession = new Map(orders.map((order) => [order, touched(order)]));
  const agentOf = (order: OrderFact): string | null => order.agent ?? creditedSession.get(order)?.agent ?? null;
  const isSale = (order: OrderFact): boolean => order.paidAt !== null && order.cancelledAt === null;
  const assists = (s: SessionFact): boolean =>
    orders.some((order) => isSale(order) && candidates(order).includes(s) && agentOf(order) !== s.agent);
  const creditedWith = (s: SessionFact): OrderFact[] => orders.filter((order) => creditedSession.get(order) === s);

  // Sessions of the subject in the period.
  const all = world.sessions.filter((s) => mine(s.agent) && inPeriod(s, s.startedAt));
  const sessions = all.filter(isEligible);
  const inquiries = sessions.filter(isInquiry);
  const handled = sessions.filter(isHandled);
  const calls = sessions.filter((s) => s.channel === 'VOICE');
  const answered = calls.filter((s) => s.answered === true);
  const rounds = sessions.flatMap(roundsOf);
  const answeredSummaries = sessions.flatMap((s) => s.summary ?? []);
  const responses = rounds.filter((ms) => ms !== null);
  const answeredRounds = responses.length + total(answeredSummaries.map((s) => s.answeredRounds));
  const responseMs = total(responses) + total(answeredSummaries.map((s) => s.totalResponseSeconds * 1000));
  const waits = (s: SessionFact): (number | null)[] => serviceWaits(s, shopOf(s));
  const serviceMessages = sessions.flatMap(waits);
  const answeredWaits = serviceMessages.filter((ms) => ms !== null);
  const firstResponses = sessions.flatMap((s) => {
    const first = s.summary === null ? firstResponse(s) : secondsToMs(s.summary.firstResponseSeconds);
    return first ?? [];
  });

  // Rows of a buyer's day: of each agent, or of the shop.
  const rows = [...groupBy(sessions, (s) => [s.shop, agents && s.agent, s.buyer, dayOf(s, s.startedAt)])].map((of) => {
    const [first] = of;
    const unanswered = of.some((s) => s.channel === 'VOICE' && s.answered !== true);
    const timed = of.some((s) => s.messages?.some((m) => m.from === 'BUYER'));
    const ordered = of.some((s) => creditedWith(s).length > 0);
    return {
      buyer: `${first.shop} ${first.buyer}`,
      day: dayOf(first, first.startedAt),
      replied: of.some(isHandled),
      effective: timed || unanswered ? !unanswered && of.flatMap(waits).every((ms) => ms !== null && ms <= HOUR) : null,
      ordered,
      paid: of.some((s) => creditedWith(s).some(isSale)),
      assisted: of.some((s) => isInquiry(s) && assists(s)),
      inquired: of.some(isInquiry) && (agents === null || ordered || of.some((s) => isInquiry(s) && !assists(s))),
    };
  });
  type Row = (typeof rows)[number];
  const people = (flag: (row: Row) => boolean): bigint => distinct(rows.filter(flag).map((row) => row.buyer));
  const judged = [
    ...groupBy(
      rows.filter((row) => row.effective !== null),
      (row) => [row.buyer, row.day],
    ),
  ];

  // Orders, refunds, complaints of the subject.
  const credited = orders.filter((order) => agentOf(order) !== null && mine(agentOf(order)));
  const placed = credited.filter((order) => inPeriod(order, order.placedAt));
  const shopSales = orders.filter((order) => isSale(order) && inPeriod(order, order.paidAt));
  const sales = shopSales.filter((order) => credited.includes(order));
  const subOrders = total((agents === null ? shopSales : sales).map((order) => order.subOrderCount));
  const cents = (of: readonly OrderFact[]): bigint =>
    of.reduce((sum, order) => sum + hundredths(order.paidAmount ?? order.amount), 0n);
  const buyerOf = (record: { shop: string; buyer: string }): string => `${record.shop} ${record.buyer}`;
  const returning = sales.filter((sale) =>
    orders.some(
      (other) =>
        other !== sale &&
        isSale(other) &&
        buyerOf(other) === buyerOf(sale) &&
        Number(other.paidAt) < Number(sale.paidAt) &&
        Number(other.paidAt) >= Number(sale.paidAt) - 365 * 24 * HOUR,
    ),
  );
  const orderNamed = (record: { shop: string; order: string | null }): OrderFact | undefined =>
    orders.find((order) => order.shop === record.shop && order.externalId === record.order);
  const refundsOf = (agent: (refund: RefundFact, order: OrderFact) => string | null): RefundFact[] =>
    world.refunds.filter((refund) => {
      const order = orderNamed(refund);
      return !refund.excluded && order !== undefined && mine(agent(refund, order));
    });
  const refunds = refundsOf((refund, order) => refund.agent ?? agentOf(order));
  const opened = refunds.filter((refund) => inPeriod(refund, refund.openedAt));
  const disputed = refunds.filter((refund) => inPeriod(refund, refund.disputedAt));
  const completed = refunds.filter((refund) => refund.status === 'COMPLETED' && inPeriod(refund, refund.closedAt));
  const byMerchant = completed.filter((refund) => refund.completedBy === 'MERCHANT');
  const liable = completed.filter((refund) => refund.platformIntervened && refund.liability === 'MERCHANT');
  const durations = (of: readonly RefundFact[]): number => total(of.map((r) => Number(r.closedAt) - r.openedAt));
  const givenBack = refundsOf((_, order) => agentOf(order)).filter((refund) => {
    const order = orderNamed(refund);
    const isCounted = refund.status === 'COMPLETED' && inPeriod(refund, refund.closedAt);
    return isCounted && order !== undefined && isSale(order) && credited.includes(order);
  });
  const complaints = world.complaints.filter((complaint) => {
    const order = orderNamed(complaint);
    const session = world.sessions.find((s) => s.shop === complaint.shop && s.externalId === complaint.session);
    const waiting = (complaint.order !== null && !order) || (complaint.session !== null && !session);
    const agent = complaint.agent ?? session?.agent ?? (order ? agentOf(order) : null);
    return !complaint.excluded && !waiting && mine(agent) && inPeriod(complaint, complaint.openedAt);
  });

  const afterSales = sessions.filter((s) => s.purpose === 'AFTER_SALE');
  const wonBack = afterSales.filter((s) =>
    orders.some(
      (order) =>
        isSale(order) &&
        buyerOf(order) === buyerOf(s) &&
        order.placedAt > s.startedAt &&
        Number(order.paidAt) <= s.startedAt + 30 * 24 * HOUR,
    ),
  );
  const withOutcome = handled.filter((s) => s.resolved !== null);
  const withFirstContact = handled.filter((s) => s.resolvedOnFirstContact !== null);
  const resolvedWithEnd = withOutcome.filter((s) => s.resolved === true && s.endedAt !== null);
  const rated = sessions.flatMap((s) => s.csat ?? []);
  const handleTimes = handled.flatMap((s) => handleMs(s) ?? []);
  const waited = answered.flatMap((s) => s.waitSeconds ?? []);
  const talked = answered.flatMap((s) => s.talkSeconds ?? []);
  const byAgents = handled.filter((s) => s.agent !== null);
  const agentDays = distinct(byAgents.map((s) => `${s.shop} ${s.agent ?? ''} ${dayOf(s, s.startedAt)}`));

  const onlineMinutes = new Set<string>();
  const accountDays = new Set<string>();
  for (const presence of world.presences) {
    if (!mine(presence.agent) || !visible(presence.shop)) continue;
    const zone = presence.shop === null ? world.timeZone : shopOf({ shop: presence.shop }).timeZone;
    const account = presence.account === null ? `agent ${presence.agent}` : `account ${presence.account}`;
    for (let minute = presence.startedAt; minute < presence.endedAt; minute += MINUTE) {
      const { day } = clock(zone, minute);
      if (day < from || day > to) continue;
      const accountDay = `${presence.shop ?? ''} ${account} ${day}`;
      accountDays.add(accountDay);
      onlineMinutes.add(`${accountDay} ${minute}`);
    }
  }
  const peaks = [...groupBy(sessions, (s) => [s.shop, s.agent, dayOf(s, s.startedAt)])].flatMap(peakOf);

  const values: Readonly<Record<string, Parts>> = {
    inquiringBuyers: [people((row) => row.inquired)],
    orderingBuyers: [people((row) => row.ordered)],
    payingBuyers: [people((row) => row.paid)],
    inquiryConversionRate: [people((row) => row.ordered), people((row) => row.inquired)],
    inquirySessions: [size(inquiries)],
    conversionPerInquiry: [people((row) => row.ordered), size(inquiries)],
    inquiryPaidConversionRate: [people((row) => row.paid), people((row) => row.inquired)],
    orderSuccessRate: [people((row) => row.paid), people((row) => row.ordered)],
    placedOrders: [size(placed)],
    paidOrders: [size(sales)],
    paymentRate: [size(placed.filter(isSale)), size(placed)],
    salesAmount: [cents(sales), 100n],
    netSalesAmount: [cents(sales) - givenBack.reduce((sum, refund) => sum + hundredths(refund.amount), 0n), 100n],
    salesBuyers: [distinct(sales.map(buyerOf))],
    averageSpendPerBuyer: [cents(sales), 100n * distinct(sales.map(buyerOf))],
    averageItemPrice: [cents(sales), 100n * BigInt(total(sales.map((o) => o.itemCount)))],
    averageOrderValue: [cents(sales), 100n * size(sales)],
    itemsSold: [BigInt(total(sales.map((o) => o.itemCount)))],
    itemsPerBuyer: [BigInt(total(sales.map((o) => o.itemCount))), distinct(sales.map(buyerOf))],
    assistedBuyers: [people((row) => row.assisted)],
    shopSalesAmount: [cents(shopSales), 100n],
    serviceSalesShare: [cents(sales), cents(shopSales)],
    repurchaseRate: [distinct(returning.map(buyerOf)), distinct(sales.map(buyerOf))],
    badReviews: [size(sales.filter((o) => o.reviewScore !== null && o.reviewScore <= 3))],
    receivedBuyers: [distinct(rows.map((row) => row.buyer))],
    replyRate: [people((row) => row.replied), distinct(rows.map((row) => row.buyer))],
    effectiveReplyRate: [size(judged.filter((of) => of.every((row) => row.effective === true))), size(judged)],
    averageResponseSeconds: [BigInt(responseMs), 1000n * BigInt(answeredRounds)],
    fastResponseRate10: [size(responses.filter((ms) => ms <= 10_000)), size(rounds)],
    fastResponseRate20: [size(responses.filter((ms) => ms <= 20_000)), size(rounds)],
    fastResponseRate30: [size(responses.filter((ms) => ms <= 30_000)), size(rounds)],
    fastResponseRate60: [size(responses.filter((ms) => ms <= 60_000)), size(rounds)],
    fastResponseRate180: [size(responses.filter((ms) => ms <= 180_000)), size(rounds)],
    responseRateWithin30s: [size(answeredWaits.filter((ms) => ms <= 30_000)), size(serviceMessages)],
    averageMessageResponseSeconds: [BigInt(total(answeredWaits)), 1000n * size(answeredWaits)],
    firstResponseSeconds: [BigInt(total(firstResponses)), 1000n * size(firstResponses)],
    onlineHours: [BigInt(onlineMinutes.size), 60n * BigInt(accountDays.size)],
    sessionsReceived: [size(sessions)],
    excludedSessions: [size(all) - size(sessions)],
    sessionsHandled: [size(handled)],
    sessionsPerAgentDay: [size(byAgents), agentDays],
    averageHandleSeconds: [BigInt(total(handleTimes)), 1000n * size(handleTimes)],
    peakConcurrentSessions: peaks.length === 0 ? null : [BigInt(Math.max(...peaks))],
    callsOffered: [size(calls)],
    callsAnswered: [size(answered)],
    answerRate: [size(answered), size(calls)],
    serviceLevel20s: [size(waited.filter((seconds) => seconds <= 20)), size(calls)],
    serviceLevel30s: [size(waited.filter((seconds) => seconds <= 30)), size(calls)],
    serviceLevel60s: [size(waited.filter((seconds) => seconds <= 60)), size(calls)],
    averageWaitSeconds: [BigInt(total(waited)), size(waited)],
    averageTalkSeconds: [BigInt(total(talked)), size(talked)],
    refundCount: [size(opened)],
    refundRate: [size(opened), BigInt(subOrders)],
    refundDisputeRate: [size(disputed), BigInt(subOrders)],
    merchantLiableRefundRate: [size(liable), BigInt(subOrders)],
    selfResolvedRefundRate: [size(byMerchant), size(completed)],
    refundCompletionHours: [BigInt(durations(byMerchant)), BigInt(HOUR) * size(byMerchant)],
    averageRefundHours: [BigInt(durations(completed)), BigInt(HOUR) * size(completed)],
    complaintCount: [BigInt(total(complaints.map((c) => c.subOrderCount)))],
    complaintRate: [BigInt(total(complaints.map((c) => c.subOrderCount))), BigInt(subOrders)],
    complaintsPerSession: [size(complaints), size(handled)],
    upheldComplaints: [size(complaints.filter((c) => c.upheld === true))],
    complaintResolutionRate: [size(complaints.filter((c) => c.resolvedAt !== null)), size(complaints)],
    csatAverage: [BigInt(total(rated)), size(rated)],
    csatRate: [size(rated.filter((score) => score >= 4)), size(rated)],
    resolutionRate: [size(withOutcome.filter((s) => s.resolved === true)), size(withOutcome)],
    firstContactResolutionRate: [
      size(withFirstContact.filter((s) => s.resolvedOnFirstContact === true)),
      size(withFirstContact),
    ],
    averageResolutionSeconds: [
      BigInt(total(resolvedWithEnd.map((s) => Number(s.endedAt) - s.startedAt))),
      1000n * size(resolvedWithEnd),
    ],
    afterSalesRepurchaseRate: [distinct(wonBack.map(buyerOf)), distinct(afterSales.map(buyerOf))],
  };
  const within = (limitMs: number): bigint => size(responses.filter((ms) => ms <= limitMs));
  const answeredIn = (limit: number): bigint => size(waited.filter((seconds) => seconds <= limit));
  const measures: Readonly<Record<MeasureKey, bigint | null>> = {
    inquiringBuyers: people((row) => row.inquired),
    orderingBuyers: people((row) => row.ordered),
    payingBuyers: people((row) => row.paid),
    assistedBuyers: people((row) => row.assisted),
    inquirySessions: size(inquiries),
    placedOrders: size(placed),
    placedOrdersPaid: size(placed.filter(isSale)),
    paidOrders: size(sales),
    salesAmount: cents(sales),
    refundedSalesAmount: givenBack.reduce((sum, refund) => sum + hundredths(refund.amount), 0n),
    salesBuyers: distinct(sales.map(buyerOf)),
    returningBuyers: distinct(returning.map(buyerOf)),
    itemsSold: BigInt(total(sales.map((o) => o.itemCount))),
    badReviews: size(sales.filter((o) => o.reviewScore !== null && o.reviewScore <= 3)),
    shopSalesAmount: cents(shopSales),
    paidSubOrders: BigInt(subOrders),
    receivedBuyers: distinct(rows.map((row) => row.buyer)),
    repliedBuyers: people((row) => row.replied),
    judgedBuyerDays: size(judged),
    effectiveBuyerDays: size(judged.filter((of) => of.every((row) => row.effective === true))),
    answeredRounds: BigInt(answeredRounds),
    responseMs: BigInt(responseMs),
    timedRounds: size(rounds),
    roundsWithin10s: within(10_000),
    roundsWithin20s: within(20_000),
    roundsWithin30s: within(30_000),
    roundsWithin60s: within(60_000),
    roundsWithin180s: within(180_000),
    serviceMessages: size(serviceMessages),
    serviceMessagesAnswered: size(answeredWaits),
    serviceMessagesWithin30s: size(answeredWaits.filter((ms) => ms <= 30_000)),
    serviceMessageMs: BigInt(total(answeredWaits)),
    firstResponses: size(firstResponses),
    firstResponseMs: BigInt(total(firstResponses)),
    accountDays: BigInt(accountDays.size),
    onlineMs: BigInt(onlineMinutes.size) * BigInt(MINUTE),
    sessionsReceived: size(sessions),
    excludedSessions: size(all) - size(sessions),
    sessionsHandled: size(handled),
    sessionsHandledByAgents: size(byAgents),
    agentDays,
    sessionsWithHandleTime: size(handleTimes),
    handleMs: BigInt(total(handleTimes)),
    peakConcurrentSessions: peaks.length === 0 ? null : BigInt(Math.max(...peaks)),
    callsOffered: size(calls),
    callsAnswered: size(answered),
    callsAnsweredWithin20s: answeredIn(20),
    callsAnsweredWithin30s: answeredIn(30),
    callsAnsweredWithin60s: answeredIn(60),
    callsWithWaitTime: size(waited),
    waitSeconds: BigInt(total(waited)),
    callsWithTalkTime: size(talked),
    talkSeconds: BigInt(total(talked)),
    refundCount: size(opened),
    refundsDisputed: size(disputed),
    refundsMerchantLiable: size(liable),
    refundsCompleted: size(completed),
    refundsCompletedByMerchant: size(byMerchant),
    refundMs: BigInt(durations(completed)),
    merchantRefundMs: BigInt(durations(byMerchant)),
    complaintCount: BigInt(total(complaints.map((c) => c.subOrderCount))),
    complaintsOpened: size(complaints),
    complaintsResolved: size(complaints.filter((c) => c.resolvedAt !== null)),
    upheldComplaints: size(complaints.filter((c) => c.upheld === true)),
    sessionsRated: size(rated),
    sessionsSatisfied: size(rated.filter((score) => score >= 4)),
    satisfactionPoints: BigInt(total(rated)),
    sessionsWithOutcome: size(withOutcome),
    sessionsResolved: size(withOutcome.filter((s) => s.resolved === true)),
    sessionsWithFirstContactOutcome: size(withFirstContact),
    sessionsResolvedOnFirstContact: size(withFirstContact.filter((s) => s.resolvedOnFirstContact === true)),
    sessionsResolvedWithEnd: size(resolvedWithEnd),
    resolutionMs: BigInt(total(resolvedWithEnd.map((s) => Number(s.endedAt) - s.startedAt))),
    afterSalesBuyers: distinct(afterSales.map(buyerOf)),
    afterSalesReturningBuyers: distinct(wonBack.map(buyerOf)),
  };
  const currencies = (of: readonly { shop: string }[]): string[] =>
    [...new Set(of.map((o) => shopOf(o).currency))].sort();
  return {
    measures,
    currencies: {
      salesAmount: currencies(sales),
      refundedSalesAmount: currencies(givenBack),
      shopSalesAmount: currencies(shopSales),
    },
    values: new Map(Object.entries(values)),
  };
}

function isEligible(s: SessionFact): boolean {
  return s.exclusion === null && !s.excluded;
}

function isInquiry(s: SessionFact): boolean {
  return isEligible(s) && s.purpose !== 'AFTER_SALE' && !(s.channel === 'VOICE' && s.answered !== true);
}

function isHandled(s: SessionFact): boolean {
  const replies = s.summary?.agentReplies ?? (s.messages ?? []).filter((message) => message.from === 'AGENT').length;
  return isEligible(s) && (replies > 0 || (s.channel === 'VOICE' && s.answered === true));
}

/** What buyer and humans wrote, by time, those of equal time as sent. */
function dialogue(s: SessionFact): Message[] {
  return (s.messages ?? []).filter((message) => message.from !== 'BOT').sort((a, b) => a.at - b.at);
}

/** The wait of each round, null where nobody replied. */
function roundsOf(s: SessionFact): (number | null)[] {
  const talk = dialogue(s);
  const starts = talk.flatMap((message, i) => (message.from === 'BUYER' && talk[i - 1]?.from !== 'BUYER' ? [i] : []));
  return starts.map((i) => waitAt(talk, i));
}

/** The wait of each buyer message inside service hours, null where nobody replied. */
function serviceWaits(s: SessionFact, { timeZone, serviceHours: { from, to } }: ShopFact): (number | null)[] {
  const isOpen = (instant: Instant): boolean => {
    const { time } = clock(timeZone, instant);
    return from === to || (from < to ? from <= time && time < to : from <= time || time < to);
  };
  return dialogue(s).flatMap((message, i, talk) =>
    message.from === 'BUYER' && isOpen(message.at) ? [waitAt(talk, i)] : [],
  );
}

function firstResponse(s: SessionFact): number | null {
  const talk = dialogue(s);
  const first = talk.findIndex((message) => message.from === 'BUYER');
  return first === -1 ? null : waitAt(talk, first);
}

function waitAt(talk: readonly Message[], i: number): number | null {
  const reply = talk.slice(i).find((message) => message.from === 'AGENT');
  return reply === undefined ? null : reply.at - found(talk[i]).at;
}

function handleMs(s: SessionFact): number | null {
  const given = [s.talkSeconds, s.holdSeconds, s.wrapUpSeconds].filter((seconds) => seconds !== null);
  if (given.length > 0) return total(given) * 1000;
  return s.endedAt === null ? null : s.endedAt - s.startedAt;
}

/** The most of these that are open at the start of one of them; none where no end is known. */
function peakOf(sessions: readonly SessionFact[]): number[] {
  const spans = sessions
    .filter((s) => s.channel !== 'VOICE' || s.answered === true)
    .flatMap((s) => {
      const last = Math.max(...(s.messages ?? []).map((message) => message.at));
      const end = s.endedAt ?? (last === -Infinity ? null : last);
      return end === null ? [] : [{ start: s.startedAt, end }];
    });
  if (spans.length === 0) return [];
  return [Math.max(...spans.map(({ start: t }) => spans.filter(({ start, end }) => start <= t && t < end).length))];
}

const formats = new Map<string, Intl.DateTimeFormat>();
const clocks = new Map<string, { readonly day: Day; readonly time: string }>();

/** The local day, and the time of day as text that sorts: 08:00:00.000. */
export function clock(timeZone: string, instant: Instant): { readonly day: Day; readonly time: string } {
  const key = `${timeZone} ${instant}`;
  const known = clocks.get(key);
  if (known !== undefined) return known;
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' });
  formats.set(timeZone, format);
  const [day = '', time = ''] = format.format(instant).split(' ');
  const read = { day, time: `${time}.${String(((instant % 1000) + 1000) % 1000).padStart(3, '0')}` };
  clocks.set(key, read);
  return read;
}

function groupBy<T>(items: readonly T[], key: (item: T) => readonly unknown[]): Iterable<readonly [T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const name = JSON.stringify(key(item));
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups.values();
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('Not in the world.');
  return value;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function size(items: readonly unknown[]): bigint {
  return BigInt(items.length);
}

function distinct(names: readonly string[]): bigint {
  return BigInt(new Set(names).size);
}

function secondsToMs(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 1000;
}

/** '12.5' is 1250. */
export function hundredths(amount: string): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(whole + fraction.padEnd(2, '0'));
}
