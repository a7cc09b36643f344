import { buildFactMeasuresSql } from '../../src/db/sql/fact-measures-query.sql';
import type { SqlQuery, SqlRunner } from '../../src/db/sql-query';
import { daysBetween } from '../../src/domain/period';
import { type KpiFilter, KpiService, type KpiSubjects, ORGANIZATION } from '../../src/services/kpi.service';
import { RollupService } from '../../src/services/rollup.service';
import { createTestDatabase, type TestDatabase } from '../support/database';
import {
  at,
  makeComplaint,
  makeHandled,
  makeOrder,
  makePresence,
  makeRefund,
  makeSession,
  makeShop,
  makeWorld,
  messages,
  type StoredWorld,
  storeWorld,
  type World,
} from '../support/facts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

type Who =
  | { readonly agent: string; readonly shops?: readonly string[] }
  | { readonly team: string }
  | { readonly shop: string }
  | { readonly client: string }
  | { readonly filter: (stored: StoredWorld) => KpiFilter };
type Days = readonly [from: string, to: string];

const ANN: Who = { agent: 'ann' };
const BOB: Who = { agent: 'bob' };
const EAST: Who = { team: 'east' };
const TEA: Who = { shop: 'tea' };
const EVERYBODY: Who = { filter: () => ({}) };
const MARCH: Days = ['2026-03-01', '2026-03-31'];

function subjectsOf(who: Who, stored: StoredWorld): { id: number; subjects: KpiSubjects } {
  if ('agent' in who) {
    const id = stored.agents.of(who.agent);
    return { id, subjects: { type: 'AGENT', ids: [id], shopIds: who.shops?.map((shop) => stored.shops.of(shop)) } };
  }
  if ('filter' in who) return { id: ORGANIZATION, subjects: { type: 'ORGANIZATION', filter: who.filter(stored) } };
  const [type, id] =
    'team' in who
      ? (['TEAM', stored.teams.of(who.team)] as const)
      : 'shop' in who
        ? (['SHOP', stored.shops.of(who.shop)] as const)
        : (['CLIENT', stored.clients.of(who.client)] as const);
  return { id, subjects: { type, ids: [id] } };
}

const FACTS = new KpiService({ measures: buildFactMeasuresSql });
const ROLLUPS = new KpiService();

/**
 * Stores the facts; what is given back asks for metrics, of the facts and of the rollups, which must agree, and gets
 * exact decimals, or why there is none.
 */
async function given(facts: Partial<World>, seenShops: readonly string[] | null = null) {
  const stored = await storeWorld(db, makeWorld(facts));
  const { organizationId } = stored;
  await new RollupService(db.database).rebuild(organizationId);
  return async (who: Who, metrics: readonly string[], [from, to]: Days = MARCH): Promise<(string | null)[]> => {
    const { id, subjects } = subjectsOf(who, stored);
    const access = {
      organizationId,
      clientIds: null,
      shopIds: seenShops?.map((shop) => stored.shops.of(shop)) ?? null,
    };
    const period = { from, to, days: daysBetween(from, to) + 1 };
    const answer = async (service: KpiService): Promise<(string | null)[]> => {
      const table = await service.query(db.tenant(organizationId), access, { subjects, period, metrics });
      return metrics.map((metric) => {
        const value = table.get(id)?.get(metric);
        return value?.exact ?? value?.nullReason ?? null;
      });
    };
    const values = await answer(FACTS);
    expect(await answer(ROLLUPS)).toEqual(values);
    return values;
  };
}

const CONVERSION = ['inquiringBuyers', 'orderingBuyers', 'payingBuyers', 'assistedBuyers'];
const repeat = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

describe('conversion', () => {
  test('T1: 780 buyers inquire, 120 of them order; T21 holds', async () => {
    const ask = await given({
      sessions: repeat(780, (i) => makeSession({ buyer: `b${i}` })),
      orders: repeat(120, (i) => makeOrder({ buyer: `b${i}`, paidAt: i < 90 ? at('2026-03-05 10:00') : null })),
    });
    const metrics = [...CONVERSION, 'inquiryConversionRate', 'orderSuccessRate', 'inquiryPaidConversionRate'];
    const expected = ['780', '120', '90', '0', '0.153846153846', '0.75', '0.115384615385'];
    expect(await ask(ANN, metrics)).toEqual(expected);
    expect(await ask(EAST, metrics)).toEqual(expected);
  });

  test('T2: 420 buyers inquire, 210 of them order', async () => {
    const ask = await given({
      sessions: repeat(420, (i) => makeSession({ buyer: `b${i}` })),
      orders: repeat(210, (i) => makeOrder({ buyer: `b${i}` })),
    });
    expect(await ask(ANN, ['inquiringBuyers', 'orderingBuyers', 'inquiryConversionRate'])).toEqual([
      '420',
      '210',
      '0.5',
    ]);
  });

  test('T3: sales of 22,000 by 210 and by 180 buyers; T22 holds', async () => {
    const sales = (buyers: number): Promise<Awaited<ReturnType<typeof given>>> =>
      given({
        sessions: repeat(buyers, (i) => makeSession({ buyer: `b${i}` })),
        orders: repeat(220, (i) => makeOrder({ buyer: `b${i % buyers}`, amount: '100', itemCount: 2 })),
      });
    const metrics = ['salesAmount', 'averageSpendPerBuyer', 'averageItemPrice', 'itemsPerBuyer', 'averageOrderValue'];
    expect(await (await sales(210))(ANN, metrics)).toEqual([
      '22000',
      '104.761904761905',
      '50',
      '2.095238095238',
      '100',
    ]);
    expect(await (await sales(180))(ANN, metrics)).toEqual([
      '22000',
      '122.222222222222',
      '50',
      '2.444444444444',
      '100',
    ]);
  });

  test('T4: 489 order and nobody pays', async () => {
    const ask = await given({
      sessions: repeat(489, (i) => makeSession({ buyer: `b${i}` })),
      orders: repeat(489, (i) => makeOrder({ buyer: `b${i}`, paidAt: null })),
    });
    expect(await ask(ANN, ['orderingBuyers', 'orderSuccessRate'])).toEqual(['489', '0']);
    expect(await ask(BOB, ['orderingBuyers', 'orderSuccessRate'])).toEqual(['0', 'ZERO_DENOMINATOR']);
  });

  test('T5: sales of 40,000 by 80 buyers', async () => {
    const ask = await given({ orders: repeat(80, (i) => makeOrder({ agent: 'ann', buyer: `b${i}`, amount: '500' })) });
    expect(await ask(ANN, ['salesAmount', 'salesBuyers', 'averageSpendPerBuyer'])).toEqual(['40000', '80', '500']);
  });

  test('a buyer counts once over days and sessions, and on the day of the inquiry', async () => {
    const ask = await given({
      sessions: [
        makeSession({ startedAt: at('2026-03-02 10:00') }),
        makeSession({ startedAt: at('2026-03-02 12:00') }),
        makeSession({ startedAt: at('2026-03-03 23:30') }),
      ],
      orders: [makeOrder({ placedAt: at('2026-03-04 01:00'), paidAt: at('2026-03-05 01:00') })],
    });
    const metrics = [
      ...CONVERSION.slice(0, 3),
      'inquirySessions',
      'conversionPerInquiry',
      'placedOrders',
      'paidOrders',
    ];
    expect(await ask(ANN, metrics)).toEqual(['1', '1', '1', '3', '0.333333333333', '1', '1']);
    const day = (date: string): Promise<(string | null)[]> => ask(ANN, metrics, [date, date]);
    expect(await day('2026-03-02')).toEqual(['1', '0', '0', '2', '0', '0', '0']);
    expect(await day('2026-03-03')).toEqual(['1', '1', '1', '1', '1', '0', '0']);
    expect(await day('2026-03-04')).toEqual(['0', '0', '0', '0', 'ZERO_DENOMINATOR', '1', '0']);
    expect(await day('2026-03-05')).toEqual(['0', '0', '0', '0', 'ZERO_DENOMINATOR', '0', '1']);
  });

  test('helping a sale of another changes neither side of the helper', async () => {
    const ask = await given({
      sessions: [
        makeSession({ agent: 'ann', startedAt: at('2026-03-02 09:00') }),
        makeSession({ agent: 'bob', startedAt: at('2026-03-02 10:00') }),
        makeSession({ agent: 'ann', buyer: 'b2', startedAt: at('2026-03-02 09:00') }),
      ],
      orders: [makeOrder()],
    });
    const metrics = [...CONVERSION, 'inquiryConversionRate', 'inquirySessions'];
    expect(await ask(ANN, metrics)).toEqual(['1', '0', '0', '1', '0', '2']);
    expect(await ask(BOB, metrics)).toEqual(['1', '1', '1', '0', '1', '1']);
    expect(await ask(EAST, metrics)).toEqual(['2', '1', '1', '1', '0.5', '3']);
    expect(await ask(TEA, metrics)).toEqual(['2', '1', '1', 'NOT_AVAILABLE_AT_THIS_GRAIN', '0.5', '3']);
  });

  test('a day of helping alone is an inquiry of the shop, not of the helper', async () => {
    const ask = await given({
      sessions: [
        makeSession({ startedAt: at('2026-03-01 12:00') }),
        makeSession({ agent: 'bob', startedAt: at('2026-03-02 10:00') }),
      ],
      orders: [makeOrder()],
    });
    const day: Days = ['2026-03-01', '2026-03-01'];
    expect([await ask(ANN, CONVERSION, day), await ask(EAST, ['inquiringBuyers'], day)]).toEqual([
      ['0', '0', '0', '1'],
      ['0'],
    ]);
    expect(await ask(TEA, ['inquiringBuyers', 'orderingBuyers'], day)).toEqual(['1', '0']);
  });

  test('a helper who has another inquiry of the buyer that day, or the credit too, keeps the buyer', async () => {
    const ask = await given({
      sessions: [
        makeSession({ startedAt: at('2026-03-02 09:00') }),
        makeSession({ agent: 'bob', startedAt: at('2026-03-02 10:00') }),
        makeSession({ startedAt: at('2026-03-02 11:30') }),
      ],
      orders: [makeOrder({ placedAt: at('2026-03-02 11:00') })],
    });
    expect(await ask(ANN, CONVERSION)).toEqual(['1', '0', '0', '1']);
    const both = await given({
      sessions: [
        makeSession({ startedAt: at('2026-03-02 09:00') }),
        makeSession({ agent: 'bob', startedAt: at('2026-03-02 10:00') }),
      ],
      orders: [makeOrder({ placedAt: at('2026-03-02 09:30') }), makeOrder({ placedAt: at('2026-03-02 11:00') })],
    });
    expect(await both(ANN, CONVERSION)).toEqual(['1', '1', '1', '1']);
  });

  test('an after-sale session of the helper is no inquiry of the helper', async () => {
    const ask = await given({
      sessions: [
        makeSession({ startedAt: at('2026-03-02 09:00') }),
        makeSession({ startedAt: at('2026-03-02 18:00'), purpose: 'AFTER_SALE' }),
        makeSession({ agent: 'bob', startedAt: at('2026-03-02 10:00') }),
      ],
      orders: [makeOrder()],
    });
    expect(await ask(ANN, CONVERSION)).toEqual(['0', '0', '0', '1']);
    expect(await ask(TEA, ['inquiringBuyers', 'inquiryConversionRate'])).toEqual(['1', '1']);
  });

  test('an order that is cancelled, not paid or excluded has no helpers', async () => {
    const sessions = [
      makeSession({ startedAt: at('2026-03-02 09:00') }),
      makeSession({ agent: 'bob', startedAt: at('2026-03-02 10:00') }),
    ];
    const withOrder = async (who: Who, facts: Parameters<typeof makeOrder>[0]): Promise<(string | null)[]> =>
      (await given({ sessions, orders: [makeOrder(facts)] }))(who, CONVERSION);
    for (const facts of [{ cancelledAt: at('2026-03-03 10:00') }, { paidAt: null }, { excluded: true }]) {
      expect(await withOrder(ANN, facts)).toEqual(['1', '0', '0', '0']);
    }
    expect(await withOrder(BOB, { cancelledAt: at('2026-03-03 10:00') })).toEqual(['1', '1', '0', '0']);
    expect(await withOrder(BOB, { paidAt: null })).toEqual(['1', '1', '0', '0']);
    expect(await withOrder(BOB, { excluded: true })).toEqual(['1', '0', '0', '0']);
  });

  test('after-sale sessions and unanswered calls are no inquiries', async () => {
    const ask = await given({
      sessions: [
        makeSession({ purpose: 'AFTER_SALE' }),
        makeSession({ buyer: 'b2', channel: 'VOICE' }),
        makeSession({ buyer: 'b3', channel: 'VOICE', answered: false }),
        makeSession({ buyer: 'b4', channel: 'VOICE', answered: true }),
        makeSession({ buyer: 'b5', purpose: 'PRE_SALE' }),
      ],
    });
    expect(await ask(ANN, ['inquiringBuyers', 'inquirySessions', 'receivedBuyers'])).toEqual(['2', '2', '5']);
  });

  test('sessions without an agent count for the shop only', async () => {
    const ask = await given({ sessions: [makeHandled({ agent: null }), makeHandled()] });
    const metrics = ['sessionsReceived', 'sessionsHandled', 'inquirySessions', 'receivedBuyers', 'sessionsPerAgentDay'];
    expect(await ask(TEA, metrics)).toEqual(['2', '2', '2', '1', '1']);
    expect(await ask(EAST, metrics)).toEqual(['1', '1', '1', '1', '1']);
  });
});

describe('sales', () => {
  const SALES = ['placedOrders', 'paidOrders', 'paymentRate', 'salesAmount', 'salesBuyers', 'itemsSold'];

  test('a cancelled order stays among the placed and leaves the sales', async () => {
    const ask = await given({
      sessions: [makeSession()],
      orders: [
        makeOrder({ amount: '80', paidAmount: '75.50', itemCount: 3 }),
        makeOrder({ cancelledAt: at('2026-03-20 10:00') }),
        makeOrder({ paidAt: null }),
        makeOrder({ paidAt: at('2026-04-01 00:00') }),
      ],
    });
    expect(await ask(ANN, [...SALES, 'payingBuyers'])).toEqual(['4', '1', '0.5', '75.5', '1', '3', '1']);
  });

  test('silent sales are the shop’s; an agent named by the source needs no session', async () => {
    const ask = await given({
      orders: [makeOrder({ amount: '300' }), makeOrder({ buyer: 'b2', agent: 'ann', subOrderCount: 2 })],
    });
    const metrics = [
      'salesAmount',
      'shopSalesAmount',
      'serviceSalesShare',
      'paidOrders',
      'orderingBuyers',
      'salesBuyers',
    ];
    expect(await ask(TEA, metrics)).toEqual(['100', '400', '0.25', '1', '0', '1']);
    const none = 'NOT_AVAILABLE_AT_THIS_GRAIN';
    expect(await ask(ANN, metrics)).toEqual(['100', none, none, '1', '0', '1']);
  });

  test('what was given back is taken from the agent of the sale, when it is closed', async () => {
    const order = makeOrder({ externalId: 'o1', amount: '100' });
    const cancelled = makeOrder({ externalId: 'o2', cancelledAt: at('2026-03-03 10:00') });
    const closed = { status: 'COMPLETED', closedAt: at('2026-03-10 10:00') } as const;
    const ask = await given({
      sessions: [makeSession()],
      orders: [order, cancelled, makeOrder({ externalId: 'o3', buyer: 'silent' })],
      refunds: [
        makeRefund({ order: 'o1', agent: 'bob', amount: '10.25', ...closed }),
        makeRefund({ order: 'o1', agent: 'bob', amount: '10', ...closed }),
        makeRefund({ order: 'o1', amount: '10', ...closed }),
        makeRefund({ order: 'o1', amount: '20', closedAt: at('2026-03-10 10:00'), status: 'REJECTED' }),
        makeRefund({ order: 'o1', amount: '1', ...closed, closedAt: at('2026-04-01 00:00') }),
        makeRefund({ order: 'o1', amount: '1', ...closed, excluded: true }),
        makeRefund({ order: 'o2', amount: '50', ...closed }),
        makeRefund({ order: 'o3', amount: '60', ...closed }),
      ],
    });
    expect(await ask(ANN, ['netSalesAmount'])).toEqual(['69.75']);
    expect(await ask(BOB, ['netSalesAmount'])).toEqual(['0']);
    expect(await ask(TEA, ['netSalesAmount'])).toEqual(['69.75']);
  });

  test('repurchase: paid strictly before, by at most 365 × 24 hours', async () => {
    const paidAt = at('2026-03-10 12:00');
    const rate = async (earlier: number, facts: Parameters<typeof makeOrder>[0] = {}): Promise<string | null> => {
      const ask = await given({
        orders: [makeOrder({ agent: 'ann', paidAt }), makeOrder({ paidAt: paidAt - earlier, ...facts })],
      });
      return (await ask(ANN, ['repurchaseRate'], ['2026-03-10', '2026-03-10']))[0] ?? null;
    };
    const year = 365 * 24 * 3_600_000;
    expect(await rate(0)).toBe('0');
    expect(await rate(1)).toBe('1');
    expect(await rate(year)).toBe('1');
    expect(await rate(year + 1)).toBe('0');
    expect(await rate(year, { cancelledAt: paidAt })).toBe('0');
    expect(await rate(year, { excluded: true })).toBe('0');
    expect(await rate(year, { buyer: 'b2' })).toBe('0');
  });

  test('bad reviews are those of 3 stars or fewer', async () => {
    const ask = await given({ orders: [1, 3, 4, null].map((reviewScore) => makeOrder({ agent: 'ann', reviewScore })) });
    expect(await ask(ANN, ['badReviews'])).toEqual(['2']);
  });

  test('money over shops of two currencies is null, people are not', async () => {
    const ask = await given({
      shops: [makeShop(), makeShop({ id: 'toy', currency: 'USD' })],
      orders: [makeOrder({ agent: 'ann' }), makeOrder({ shop: 'toy', agent: 'ann' }), makeOrder({ agent: 'bob' })],
    });
    const metrics = ['salesAmount', 'averageSpendPerBuyer', 'netSalesAmount', 'salesBuyers'];
    expect(await ask(ANN, metrics)).toEqual(['MIXED_CURRENCIES', 'MIXED_CURRENCIES', 'MIXED_CURRENCIES', '2']);
    expect(await ask(BOB, metrics)).toEqual(['100', '100', '100', '1']);
    expect(await ask({ agent: 'ann', shops: ['toy'] }, metrics)).toEqual(['100', '100', '100', '1']);
    expect(await ask({ client: 'leaf' }, ['shopSalesAmount', 'serviceSalesShare'])).toEqual([
      ...['MIXED_CURRENCIES', 'MIXED_CURRENCIES'],
    ]);
  });
});

describe('exclusion', () => {
  test('a session excluded by the source or by a user counts nowhere else', async () => {
    const ask = await given({
      sessions: [
        makeHandled({ exclusion: 'SPAM', csat: 1 }),
        makeHandled({ excluded: true, csat: 1 }),
        makeHandled({ exclusion: 'SPAM', excluded: true, csat: 1 }),
        makeHandled({ csat: 5 }),
      ],
    });
    const metrics = ['excludedSessions', 'sessionsReceived', 'sessionsHandled', 'csatAverage', 'inquirySessions'];
    expect(await ask(ANN, metrics)).toEqual(['3', '1', '1', '5', '1']);
    expect(await ask(TEA, metrics)).toEqual(['3', '1', '1', '5', '1']);
  });

  test('an excluded order is as if not received: its refunds and complaints wait', async () => {
    const facts = (excluded: boolean): Partial<World> => ({
      sessions: [makeSession()],
      orders: [makeOrder({ externalId: 'o1', excluded })],
      refunds: [makeRefund({ order: 'o1', disputedAt: at('2026-03-05 10:00') })],
      complaints: [makeComplaint({ order: 'o1' }), makeComplaint({ agent: 'ann' })],
    });
    const metrics = [...CONVERSION.slice(0, 3), 'salesAmount', 'placedOrders', 'refundCount', 'complaintCount'];
    expect(await (await given(facts(false)))(ANN, metrics)).toEqual(['1', '1', '1', '100', '1', '1', '2']);
    expect(await (await given(facts(true)))(ANN, metrics)).toEqual(['1', '0', '0', '0', '0', '0', '1']);
  });
});

describe('refunds', () => {
  test('a refund counts once its order has arrived, for its agent, else for the order’s', async () => {
    const refunds = [
      makeRefund({ order: 'o1' }),
      makeRefund({ order: 'o1', agent: 'bob' }),
      makeRefund({ order: 'late' }),
      makeRefund({ order: 'o1', excluded: true }),
    ];
    const orders = [makeOrder({ externalId: 'o1', agent: 'ann', subOrderCount: 4 })];
    const before = await given({ orders, refunds });
    const after = await given({ orders: [...orders, makeOrder({ externalId: 'late', paidAt: null })], refunds });
    const metrics = ['refundCount', 'refundRate'];
    expect(await before(ANN, metrics)).toEqual(['1', '0.25']);
    expect(await before(BOB, metrics)).toEqual(['1', 'ZERO_DENOMINATOR']);
    expect(await before(TEA, metrics)).toEqual(['2', '0.5']);
    expect(await after(TEA, metrics)).toEqual(['3', '0.75']);
    expect(await after(EAST, metrics)).toEqual(['2', '0.5']);
  });

  test('paid sub-orders are credited ones of an agent, all of a shop', async () => {
    const ask = await given({
      orders: [
        makeOrder({ externalId: 'o1', agent: 'ann', subOrderCount: 2 }),
        makeOrder({ subOrderCount: 6 }),
        makeOrder({ agent: 'ann', subOrderCount: 9, cancelledAt: at('2026-03-03 10:00') }),
      ],
      refunds: [makeRefund({ order: 'o1' })],
    });
    expect([await ask(ANN, ['refundRate']), await ask(TEA, ['refundRate'])]).toEqual([['0.5'], ['0.125']]);
  });

  test('ids of one shop mean nothing in another', async () => {
    const ask = await given({
      shops: [makeShop(), makeShop({ id: 'toy' })],
      sessions: [makeSession({ externalId: 's1', shop: 'toy' })],
      orders: [makeOrder({ externalId: 'o1', shop: 'toy', agent: 'bob' })],
      refunds: [makeRefund({ order: 'o1', agent: 'ann' }), makeRefund({ order: 'o1', shop: 'toy', agent: 'ann' })],
      complaints: [makeComplaint({ order: 'o1', agent: 'ann' }), makeComplaint({ session: 's1', agent: 'ann' })],
    });
    expect(await ask(ANN, ['refundCount', 'complaintCount'])).toEqual(['1', '0']);
  });

  test('each refund counts on the day of what happened', async () => {
    const completed = { status: 'COMPLETED', openedAt: at('2026-03-03 00:00') } as const;
    const ask = await given({
      orders: [makeOrder({ externalId: 'o1', agent: 'ann', subOrderCount: 10 })],
      refunds: [
        makeRefund({ order: 'o1', ...completed, closedAt: at('2026-03-04 12:00'), completedBy: 'MERCHANT' }),
        makeRefund({ order: 'o1', ...completed, closedAt: at('2026-03-05 00:30'), completedBy: 'MERCHANT' }),
        makeRefund({
          order: 'o1',
          ...completed,
          closedAt: at('2026-03-06 00:00'),
          completedBy: 'PLATFORM',
          platformIntervened: true,
          liability: 'MERCHANT',
          disputedAt: at('2026-03-04 10:00'),
        }),
        makeRefund({ order: 'o1', ...completed, closedAt: at('2026-03-06 00:00'), liability: 'MERCHANT' }),
        makeRefund({ order: 'o1', platformIntervened: true, liability: 'MERCHANT', closedAt: at('2026-03-04 10:00') }),
      ],
    });
    const metrics = [
      ...['refundCount', 'refundDisputeRate', 'merchantLiableRefundRate', 'selfResolvedRefundRate'],
      ...['refundCompletionHours', 'averageRefundHours'],
    ];
    expect(await ask(ANN, metrics)).toEqual(['5', '0.1', '0.1', '0.5', '42.25', '57.125']);
    expect(await ask(ANN, metrics.slice(3), ['2026-03-04', '2026-03-05'])).toEqual(['1', '42.25', '42.25']);
    expect(await ask(ANN, ['refundCount'], ['2026-03-04', '2026-03-05'])).toEqual(['0']);
  });
});

describe('complaints', () => {
  test('the agent is the given one, else the session’s, else the order’s; links through an excluded session stay', async () => {
    const ask = await given({
      agents: ['ann', 'bob', 'cat'].map((id) => ({ id, team: 'east' })),
      sessions: [
        makeSession({ externalId: 's1', agent: 'bob', excluded: true, buyer: 'b2' }),
        makeSession({ externalId: 's2', agent: null, buyer: 'b2' }),
      ],
      orders: [makeOrder({ externalId: 'o1', agent: 'ann' })],
      complaints: [
        makeComplaint({ agent: 'cat', session: 's1', order: 'o1' }),
        makeComplaint({ session: 's1', order: 'o1' }),
        makeComplaint({ session: 's2', order: 'o1' }),
        makeComplaint({ session: 's2' }),
        makeComplaint({}),
        makeComplaint({ agent: 'cat', session: 'late' }),
        makeComplaint({ agent: 'cat', order: 'late' }),
        makeComplaint({ agent: 'cat', excluded: true }),
      ],
    });
    const count = async (who: Who): Promise<string | null | undefined> => (await ask(who, ['complaintCount']))[0];
    expect([await count(ANN), await count(BOB), await count({ agent: 'cat' })]).toEqual(['1', '1', '1']);
    expect([await count(EAST), await count(TEA)]).toEqual(['3', '5']);
  });

  test('sub-orders, complaints, upheld and resolved ones', async () => {
    const ask = await given({
      sessions: repeat(4, (i) => makeHandled({ buyer: `b${i}` })),
      orders: [makeOrder({ agent: 'ann', subOrderCount: 800 })],
      complaints: [
        makeComplaint({ agent: 'ann', subOrderCount: 3, upheld: true, resolvedAt: at('2026-05-01 10:00') }),
        makeComplaint({ agent: 'ann', upheld: false }),
        makeComplaint({ agent: 'ann', upheld: true, openedAt: at('2026-04-01 00:00') }),
      ],
    });
    const metrics = [
      ...['complaintCount', 'complaintRate', 'complaintsPerSession', 'upheldComplaints', 'complaintResolutionRate'],
    ];
    expect(await ask(ANN, metrics)).toEqual(['4', '0.005', '0.5', '1', '0.5']);
  });
});

describe('responses', () => {
  const RESPONSE = ['averageResponseSeconds', 'fastResponseRate20', 'fastResponseRate30', 'firstResponseSeconds'];
  const SERVICE = ['responseRateWithin30s', 'averageMessageResponseSeconds', 'effectiveReplyRate', 'replyRate'];
  const on = (text: string): ReturnType<typeof messages> => messages('2026-03-02', text);

  test('rounds answered after 12, 21 and 30 s, and one not', async () => {
    const ask = await given({
      sessions: [
        makeSession({ messages: on('A10:00:00 B10:00:05 B10:00:10 A10:00:17 B10:01:00 O10:01:01 A10:01:21') }),
        makeSession({ buyer: 'b2', messages: on('B10:00:00 A10:00:30 B11:00:00') }),
      ],
    });
    expect(await ask(ANN, RESPONSE)).toEqual(['21', '0.25', '0.75', '21']);
    // Waits of 12, 7, 21 and 30 s, and one for ever.
    expect(await ask(ANN, SERVICE)).toEqual(['0.8', '17.5', '0.5', '1']);
  });

  test('service hours: messages of the night are in no rate of messages', async () => {
    const ask = await given({
      sessions: [
        makeSession({ messages: on('B07:59:59.999 B08:00:00 A08:00:10 B22:59:59.999 A22:59:59.999 B23:00:00') }),
      ],
    });
    expect(await ask(ANN, SERVICE)).toEqual(['1', '5', '1', '1']);
  });

  test('effective is a reply within the hour, that limit included', async () => {
    const rate = async (text: string): Promise<string | null | undefined> =>
      (await (await given({ sessions: [makeSession({ messages: on(text) })] }))(ANN, ['effectiveReplyRate']))[0];
    expect(await rate('B10:00:00 A11:00:00')).toBe('1');
    expect(await rate('B10:00:00 A11:00:00.001')).toBe('0');
    expect(await rate('B10:00:00')).toBe('0');
    expect(await rate('B23:30:00')).toBe('1');
    expect(await rate('A10:00:00')).toBe('ZERO_DENOMINATOR');
  });

  test('a buyer’s day is effective for a team if it is for all members who have it', async () => {
    const late = on('B10:00:00 A12:00:00');
    const good = on('B10:00:00 A10:00:01');
    const ask = await given({
      sessions: [
        makeSession({ agent: 'ann', messages: good }),
        makeSession({ agent: 'bob', messages: late }),
        makeSession({ agent: 'ann', buyer: 'b2', messages: good }),
        makeSession({ agent: 'bob', buyer: 'b2', messages: on('A10:00:00') }),
        makeSession({ agent: 'ann', buyer: 'b3', channel: 'VOICE' }),
        makeSession({ agent: 'ann', startedAt: at('2026-03-03 10:00'), messages: good }),
      ],
    });
    // Days of b1, b2, b3 on the 2nd and b1 on the 3rd; a message on the 2nd counts on its session's day.
    const rate = ['effectiveReplyRate'];
    expect(await ask(ANN, rate)).toEqual(['0.75']);
    expect(await ask(BOB, rate)).toEqual(['0']);
    expect(await ask(EAST, rate)).toEqual(['0.5']);
    expect(await ask(TEA, rate)).toEqual(['0.5']);
  });

  test('a summary has replies and rounds, but no times of messages', async () => {
    const ask = await given({
      sessions: [
        makeSession({
          summary: {
            buyerMessages: 9,
            agentReplies: 4,
            autoReplies: 1,
            answeredRounds: 4,
            unansweredRounds: 2,
            totalResponseSeconds: 50,
            firstResponseSeconds: 8,
          },
        }),
      ],
    });
    expect(await ask(ANN, [...RESPONSE, ...SERVICE, 'sessionsHandled'])).toEqual([
      ...['12.5', 'ZERO_DENOMINATOR', 'ZERO_DENOMINATOR', '8'],
      ...['ZERO_DENOMINATOR', 'ZERO_DENOMINATOR', 'ZERO_DENOMINATOR', '1', '1'],
    ]);
  });

  test('T6: everybody answered, and nobody received', async () => {
    const ask = await given({ sessions: [makeHandled(), makeHandled({ buyer: 'b2' }), makeSession()] });
    expect(await ask(ANN, ['receivedBuyers', 'replyRate'])).toEqual(['2', '1']);
    expect(await ask(BOB, ['receivedBuyers', 'replyRate'])).toEqual(['0', 'ZERO_DENOMINATOR']);
  });
});

describe('clock vectors', () => {
  const ROUNDS = ['averageResponseSeconds', 'fastResponseRate30', 'firstResponseSeconds'];
  const SERVICE = ['responseRateWithin30s', 'averageMessageResponseSeconds'];
  const asked = async (text: string, metrics: readonly string[], shop = makeShop()): Promise<(string | null)[]> =>
    (await given({ shops: [shop], sessions: [makeSession({ messages: messages('2026-03-02', text) })] }))(ANN, metrics);

  test.each([
    ['07:59:59.999', '08:00:05', 'ZERO_DENOMINATOR'],
    ['08:00:00', '08:00:05', '1'],
    ['22:59:59.999', '23:00:05', '1'],
    ['23:00:00', '23:00:05', 'ZERO_DENOMINATOR'],
  ])('a message at %s, answered at %s, gives 08:00–23:00 a rate of %s', async (time, reply, rate) => {
    expect(await asked(`B${time} A${reply}`, ['responseRateWithin30s'])).toEqual([rate]);
  });

  test('21:00–02:00 is one span', async () => {
    const shop = makeShop({ serviceHours: { from: '21:00', to: '02:00' } });
    // Inside it waits of 10 s, 1 ms and for ever; outside of it of 40 and 90 s.
    const day = 'B00:00:00 A00:00:10 B01:59:59.999 A02:00:00 B02:00:00 A02:00:40 B20:59:59.999 A21:01:29.999 B23:00:00';
    expect(await asked(day, SERVICE, shop)).toEqual(['0.666666666667', '5.0005']);
    expect(await asked('B20:59:59.999 A21:00:00 B21:00:00 A21:00:07', SERVICE, shop)).toEqual(['1', '7']);
  });

  test('a reply after exactly 30 s is within 30 s, one millisecond later not', async () => {
    expect(await asked('B10:00:00 A10:00:30', [...ROUNDS, ...SERVICE])).toEqual(['30', '1', '30', '1', '30']);
    const late = await asked('B10:00:00 A10:00:30.001', [...ROUNDS, ...SERVICE]);
    expect(late).toEqual(['30.001', '0', '30.001', '0', '30.001']);
  });

  test('BUYER, AGENT of equal time are a round of 0 s; AGENT, BUYER an unanswered one', async () => {
    expect(await asked('B10:00:00 A10:00:00', ROUNDS)).toEqual(['0', '1', '0']);
    expect(await asked('A10:00:00 B10:00:00', ROUNDS)).toEqual(['ZERO_DENOMINATOR', '0', 'ZERO_DENOMINATOR']);
  });

  test.each([
    ['at the very instant windowHours after the session started', 48 * 3_600_000, '1'],
    ['one millisecond later', 48 * 3_600_000 + 1, '0'],
    ['at the very instant the session started', 0, '1'],
    ['one millisecond before', -1, '0'],
  ])('of an order placed %s, this many are credited', async (_when, laterMs, credited) => {
    const startedAt = at('2026-03-02 10:00');
    const ask = await given({
      sessions: [makeSession({ startedAt })],
      orders: [makeOrder({ placedAt: startedAt + laterMs })],
    });
    const metrics = ['placedOrders', 'orderingBuyers', 'payingBuyers'];
    expect(await ask(ANN, metrics)).toEqual([credited, credited, credited]);
  });
});

describe('calls', () => {
  test('T9: of 100 calls 80 answered within 20 s, 90 in all', async () => {
    const call = (i: number) =>
      makeSession({
        buyer: `b${i}`,
        channel: 'VOICE',
        answered: i < 90 ? true : i < 95 ? false : null,
        waitSeconds: i < 80 ? 20 : 61,
        talkSeconds: i < 10 ? 192 : null,
      });
    const ask = await given({ sessions: repeat(100, call) });
    const metrics = [
      ...['callsOffered', 'callsAnswered', 'answerRate', 'serviceLevel20s', 'serviceLevel60s', 'averageWaitSeconds'],
      ...['averageTalkSeconds', 'sessionsHandled', 'replyRate'],
    ];
    expect(await ask(ANN, metrics)).toEqual(['100', '90', '0.9', '0.8', '0.8', '24.555555555556', '192', '90', '0.9']);
  });
});

describe('workload and quality', () => {
  test('handle time is talk, hold and wrap-up where any is given, else from start to end', async () => {
    const start = at('2026-03-02 10:00');
    const ask = await given({
      sessions: [
        makeHandled({ talkSeconds: 100, wrapUpSeconds: 20, endedAt: start + 999_000 }),
        makeHandled({ endedAt: start + 60_500 }),
        makeHandled(),
        makeSession({ endedAt: start + 5000 }),
      ],
    });
    expect(await ask(ANN, ['averageHandleSeconds'])).toEqual(['90.25']);
  });

  test('sessions per agent and day: cells of shop, agent and day', async () => {
    const ask = await given({
      shops: [makeShop(), makeShop({ id: 'toy' })],
      sessions: [
        ...repeat(3, () => makeHandled()),
        makeHandled({ shop: 'toy' }),
        makeHandled({ agent: 'bob' }),
        makeHandled({ startedAt: at('2026-03-03 10:00') }),
        makeSession({ startedAt: at('2026-03-04 10:00') }),
      ],
    });
    expect(await ask(ANN, ['sessionsPerAgentDay'])).toEqual(['1.666666666667']);
    expect(await ask(EAST, ['sessionsPerAgentDay'])).toEqual(['1.5']);
    expect(await ask(TEA, ['sessionsPerAgentDay'])).toEqual(['1.666666666667']);
  });

  test('peak: open from start to before the end, within one shop and day', async () => {
    const minute = (n: number): number => at('2026-03-02 10:00') + n * 60_000;
    const open = (from: number, to: number | null, facts = {}) =>
      makeSession({ startedAt: minute(from), endedAt: to === null ? null : minute(to), ...facts });
    const peak = async (...sessions: World['sessions']): Promise<string | null | undefined> =>
      (
        await (
          await given({ shops: [makeShop(), makeShop({ id: 'toy' })], sessions })
        )(ANN, ['peakConcurrentSessions'])
      )[0];
    expect(await peak(open(0, 10), open(5, 15), open(9, 20))).toBe('3');
    expect(await peak(open(0, 10), open(10, 20))).toBe('1');
    // Its only message is older than itself: it is never open, and closes nothing.
    const stale = { messages: messages('2026-03-02', 'B10:03:00') };
    expect(await peak(open(0, 10), open(4, 5), open(6, null, stale))).toBe('2');
    expect(await peak(open(0, 10), open(5, 5))).toBe('1');
    expect(await peak(open(0, 10), open(5, 15, { shop: 'toy' }))).toBe('1');
    expect(await peak(open(0, 9999), open(1440, 1450))).toBe('1');
    expect(await peak(open(0, 10), open(5, null, { messages: messages('2026-03-02', 'B10:05:00 A10:06:00') }))).toBe(
      '2',
    );
    expect(await peak(open(0, 10), open(5, null))).toBe('1');
    expect(await peak(open(0, 10), open(5, 10, { channel: 'VOICE' }))).toBe('1');
    expect(await peak(open(0, 10), open(5, 10, { excluded: true }))).toBe('1');
    expect(await peak(open(5, null))).toBe('NO_DATA');
  });

  test('satisfaction, resolution and first contact', async () => {
    const start = at('2026-03-02 10:00');
    const ask = await given({
      sessions: [
        makeHandled({ csat: 5, resolved: true, resolvedOnFirstContact: true, endedAt: start + 300_000 }),
        makeHandled({ csat: 4, resolved: true, resolvedOnFirstContact: false }),
        makeHandled({ csat: 3, resolved: false, endedAt: start + 1000 }),
        makeHandled(),
        makeSession({ csat: 5, resolved: true, resolvedOnFirstContact: true, endedAt: start + 1000 }),
      ],
    });
    const metrics = [
      ...['csatAverage', 'csatRate', 'resolutionRate', 'firstContactResolutionRate', 'averageResolutionSeconds'],
    ];
    expect(await ask(ANN, metrics)).toEqual(['4.25', '0.75', '0.666666666667', '0.5', '300']);
  });

  test('after-sales repurchase: placed after the start, paid within 30 × 24 hours of it', async () => {
    const start = at('2026-03-02 10:00');
    const month = 30 * 24 * 3_600_000;
    const rate = async (placed: number, paid: number, facts = {}): Promise<string | null | undefined> => {
      const ask = await given({
        sessions: [makeSession({ purpose: 'AFTER_SALE' }), makeSession({ purpose: 'AFTER_SALE', buyer: 'b9' })],
        orders: [makeOrder({ placedAt: start + placed, paidAt: start + paid, ...facts })],
      });
      return (await ask(ANN, ['afterSalesRepurchaseRate']))[0];
    };
    expect(await rate(1, month)).toBe('0.5');
    expect(await rate(0, month)).toBe('0');
    expect(await rate(1, month + 1)).toBe('0');
    expect(await rate(1, month, { cancelledAt: start + month })).toBe('0');
    expect(await rate(1, month, { buyer: 'b2' })).toBe('0');
  });
});

describe('presence', () => {
  const ONLINE = ['onlineHours'];

  test('spans of one account are united, accounts and days are averaged', async () => {
    const ask = await given({
      presences: [
        makePresence({ startedAt: at('2026-03-02 09:00'), endedAt: at('2026-03-02 12:00') }),
        makePresence({ startedAt: at('2026-03-02 11:00'), endedAt: at('2026-03-02 14:00') }),
        makePresence({ startedAt: at('2026-03-02 20:00'), endedAt: at('2026-03-02 21:30') }),
        makePresence({ startedAt: at('2026-03-03 09:00'), endedAt: at('2026-03-03 09:00') }),
        makePresence({ startedAt: at('2026-03-02 09:00'), endedAt: at('2026-03-02 10:00'), account: 'desk' }),
        makePresence({
          agent: 'bob',
          startedAt: at('2026-03-02 09:30'),
          endedAt: at('2026-03-02 11:00'),
          account: 'desk',
        }),
      ],
    });
    expect(await ask(ANN, ONLINE)).toEqual(['3.75']);
    expect(await ask(BOB, ONLINE)).toEqual(['1.5']);
    expect(await ask(EAST, ONLINE)).toEqual(['4.25']);
    expect(await ask(TEA, ONLINE)).toEqual(['4.25']);
  });

  test('agents without an account are accounts of their own', async () => {
    const ask = await given({ presences: [makePresence(), makePresence({ agent: 'bob' })] });
    expect([await ask(EAST, ONLINE), await ask(TEA, ONLINE)]).toEqual([['3'], ['3']]);
    const overlapping = await given({
      presences: [makePresence(), makePresence({ agent: 'bob', endedAt: at('2026-03-02 18:00') })],
    });
    expect(await overlapping(EAST, ONLINE)).toEqual(['6']);
  });

  test('a shop cuts at its own midnight, not at the organization’s', async () => {
    const span = { startedAt: at('2026-03-02 20:00'), endedAt: at('2026-03-03 04:00') };
    const ask = await given({ timeZone: 'Europe/London', presences: [makePresence(span)] });
    expect(await ask(ANN, ONLINE)).toEqual(['4']);
    const nowhere = await given({ timeZone: 'Europe/London', presences: [makePresence({ ...span, shop: null })] });
    expect(await nowhere(ANN, ONLINE)).toEqual(['8']);
  });

  test('a span is cut at local midnight', async () => {
    const ask = await given({
      presences: [makePresence({ startedAt: at('2026-03-02 22:00'), endedAt: at('2026-03-04 00:00') })],
    });
    expect(await ask(ANN, ONLINE)).toEqual(['13']);
    expect(await ask(ANN, ONLINE, ['2026-03-02', '2026-03-02'])).toEqual(['2']);
    expect(await ask(ANN, ONLINE, ['2026-03-03', '2026-03-03'])).toEqual(['24']);
    expect(await ask(ANN, ONLINE, ['2026-03-04', '2026-03-04'])).toEqual(['ZERO_DENOMINATOR']);
  });

  test.each([
    ['America/New_York', '2026-03-08', '23'],
    ['America/New_York', '2026-11-01', '25'],
    // Midnight is skipped, and strikes twice.
    ['America/Havana', '2026-03-08', '23'],
    ['Atlantic/Azores', '2026-10-25', '25'],
    ['Asia/Shanghai', '2026-03-08', '24'],
  ])('in %s the %s has %s hours', async (timeZone, day, hours) => {
    const ask = await given({
      timeZone,
      presences: [
        makePresence({
          shop: null,
          startedAt: at(`${day} 00:00`) - 172_800_000,
          endedAt: at(`${day} 00:00`) + 172_800_000,
        }),
      ],
    });
    expect(await ask(ANN, ONLINE, [day, day])).toEqual([hours]);
  });

  test('presence without a shop is the agent’s and the organization’s, unfiltered', async () => {
    const facts: Partial<World> = {
      presences: [
        makePresence({ shop: null, endedAt: at('2026-03-02 17:00') }),
        makePresence({ endedAt: at('2026-03-02 11:00') }),
      ],
    };
    const ask = await given(facts);
    expect(await ask(ANN, ONLINE)).toEqual(['5']);
    expect(await ask(EVERYBODY, ONLINE)).toEqual(['5']);
    expect(await ask({ agent: 'ann', shops: ['tea'] }, ONLINE)).toEqual(['2']);
    expect(await ask({ filter: () => ({ platforms: ['TAOBAO'] }) }, ONLINE)).toEqual(['2']);
    expect(await ask({ client: 'leaf' }, ONLINE)).toEqual(['2']);
    const limited = await given(facts, ['tea']);
    expect([await limited(ANN, ONLINE), await limited(EVERYBODY, ONLINE)]).toEqual([['2'], ['2']]);
  });
});

describe('days', () => {
  test('a fact counts on the day that its shop has, from midnight to midnight', async () => {
    const ask = await given({
      shops: [makeShop(), makeShop({ id: 'toy', timeZone: 'America/New_York' })],
      sessions: [
        makeSession({ startedAt: at('2026-03-02 00:00') }),
        makeSession({ startedAt: at('2026-03-02 23:59:59.999') }),
        makeSession({ startedAt: at('2026-03-03 00:00') }),
        // 23:59:59.999 on the 2nd and midnight of the 3rd in New York.
        makeSession({ shop: 'toy', startedAt: Date.parse('2026-03-03T04:59:59.999Z') }),
        makeSession({ shop: 'toy', startedAt: Date.parse('2026-03-03T05:00:00.000Z') }),
      ],
    });
    const received = (day: string): Promise<(string | null)[]> => ask(ANN, ['sessionsReceived'], [day, day]);
    expect(await received('2026-03-01')).toEqual(['0']);
    expect(await received('2026-03-02')).toEqual(['3']);
    expect(await received('2026-03-03')).toEqual(['2']);
    expect(await received('2026-03-04')).toEqual(['0']);
  });

  test.each(['Pacific/Kiritimati', 'Etc/GMT+12'])(
    'the first and last instants of a day in %s are in it',
    async (timeZone) => {
      const offset = timeZone === 'Etc/GMT+12' ? '-12:00' : '+14:00';
      const ask = await given({
        shops: [makeShop({ timeZone })],
        sessions: ['00:00:00.000', '23:59:59.999'].map((time) =>
          makeSession({ startedAt: Date.parse(`2026-03-02T${time}${offset}`) }),
        ),
      });
      expect(await ask(TEA, ['sessionsReceived'], ['2026-03-02', '2026-03-02'])).toEqual(['2']);
    },
  );
});

describe('who is asked about', () => {
  const facts: Partial<World> = {
    shops: [makeShop(), makeShop({ id: 'toy', client: 'fun', platform: 'JD' })],
    agents: [
      { id: 'ann', team: 'east' },
      { id: 'bob', team: 'west' },
      { id: 'cat', team: null },
    ],
    sessions: [
      ...['ann', 'bob', 'cat', null].map((agent) => makeSession({ agent })),
      makeSession({ agent: 'ann', shop: 'toy' }),
    ],
  };
  const RECEIVED = ['sessionsReceived', 'receivedBuyers'];

  test('filters narrow together, and agents or teams leave out what has no agent', async () => {
    const ask = await given(facts);
    const filtered = (filter: (ids: StoredWorld) => KpiFilter): Promise<(string | null)[]> => ask({ filter }, RECEIVED);
    expect(await ask(EVERYBODY, RECEIVED)).toEqual(['5', '2']);
    expect(await filtered(({ clients }) => ({ clientIds: [clients.of('leaf')] }))).toEqual(['4', '1']);
    expect(await filtered(({ shops }) => ({ shopIds: [shops.of('toy')], platforms: ['JD'] }))).toEqual(['1', '1']);
    expect(await filtered(({ shops }) => ({ shopIds: [shops.of('toy')], platforms: ['TAOBAO'] }))).toEqual(['0', '0']);
    expect(await filtered(({ agents }) => ({ agentIds: [agents.of('ann'), agents.of('cat')] }))).toEqual(['3', '2']);
    expect(await filtered(({ teams }) => ({ teamIds: [teams.of('east'), teams.of('west')] }))).toEqual(['3', '2']);
    expect(
      await filtered(({ agents, teams }) => ({ agentIds: [agents.of('ann')], teamIds: [teams.of('west')] })),
    ).toEqual(['0', '0']);
    expect(await filtered(() => ({ agentIds: [] }))).toEqual(['0', '0']);
  });

  test('a caller limited to shops gets the numbers of these alone', async () => {
    const ask = await given(facts, ['toy']);
    expect(await ask(ANN, RECEIVED)).toEqual(['1', '1']);
    expect(await ask(EAST, RECEIVED)).toEqual(['1', '1']);
    expect(await ask(TEA, RECEIVED)).toEqual(['0', '0']);
    expect(await ask({ client: 'leaf' }, RECEIVED)).toEqual(['0', '0']);
    expect(await ask({ client: 'fun' }, RECEIVED)).toEqual(['1', '1']);
    expect(await ask(EVERYBODY, RECEIVED)).toEqual(['1', '1']);
    expect(await ask({ agent: 'ann', shops: ['tea'] }, RECEIVED)).toEqual(['0', '0']);
    expect(await ask({ filter: ({ shops }) => ({ shopIds: [shops.of('tea')] }) }, RECEIVED)).toEqual(['0', '0']);
  });

  test('ids of another organization are as if they did not exist', async () => {
    await storeWorld(
      db,
      makeWorld({ ...facts, agents: repeat(9, (i) => ({ id: `x${i}`, team: 'far' })), sessions: [] }),
    );
    const stored = await storeWorld(db, makeWorld(facts));
    const { organizationId } = stored;
    const access = { organizationId, clientIds: null, shopIds: null };
    const period = { from: MARCH[0], to: MARCH[1], days: 31 };
    for (const type of ['AGENT', 'TEAM', 'SHOP', 'CLIENT'] as const) {
      const subjects = { type, ids: [8, 1] };
      const table = await FACTS.query(db.tenant(organizationId), access, {
        subjects,
        period,
        metrics: RECEIVED,
      });
      expect([...table.keys()]).toEqual([8, 1]);
      expect(table.get(8)?.get('sessionsReceived')?.exact).toBe('0');
      expect(table.get(1)?.get('sessionsReceived')?.exact).not.toBe('0');
    }
  });

  test('any number of subjects takes one statement, and one more to find members', async () => {
    const { organizationId, ...ids } = await storeWorld(db, makeWorld(facts));
    const statements: SqlQuery[] = [];
    const tenant = db.tenant(organizationId);
    const runner: SqlRunner = {
      query<Row>(statement: SqlQuery) {
        statements.push(statement);
        return tenant.query<Row>(statement);
      },
    };
    const count = async (subjects: KpiSubjects, metrics = RECEIVED): Promise<number> => {
      statements.length = 0;
      const access = { organizationId, clientIds: null, shopIds: null };
      await FACTS.query(runner, access, {
        subjects,
        period: { from: MARCH[0], to: MARCH[1], days: 31 },
        metrics,
      });
      return statements.length;
    };
    expect(await count({ type: 'AGENT', ids: [1, 2, 3] })).toBe(1);
    expect(await count({ type: 'SHOP', ids: [1, 2] })).toBe(1);
    expect(await count({ type: 'TEAM', ids: [ids.teams.of('east'), ids.teams.of('west')] })).toBe(2);
    expect(await count({ type: 'CLIENT', ids: [1, 2] })).toBe(2);
    expect(await count({ type: 'ORGANIZATION' })).toBe(1);
    expect(await count({ type: 'ORGANIZATION', filter: { platforms: ['JD'] } })).toBe(2);
    expect(await count({ type: 'AGENT', ids: [] })).toBe(0);
    expect(await count({ type: 'AGENT', ids: [1] }, ['shopSalesAmount'])).toBe(0);
    await count({ type: 'AGENT', ids: [1] }, ['sessionsReceived']);
    expect(statements[0]?.text).not.toMatch(/orders|refund|presence/);
  });
});
