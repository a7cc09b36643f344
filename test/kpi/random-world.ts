import fc from 'fast-check';
import {
  makeComplaint,
  makeOrder,
  makePresence,
  makeRefund,
  makeSession,
  makeShop,
  makeWorld,
  type World,
} from '../support/facts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Around the days on which New York loses the hour from 2 to 3, and Havana the one from midnight to 1. */
const START = Date.parse('2026-03-06T00:00:00Z');

/** Days of four months, at the ends of weeks and months and some in a row; that on which clocks change is among them. */
const BUSY_DAYS = [
  ...['01-28', '01-31', '02-01', '02-02', '02-03', '02-08', '02-09', '02-27', '02-28', '03-01', '03-02', '03-07'],
  ...['03-08', '03-09', '03-15', '03-31', '04-01', '04-02', '04-05', '04-06', '04-30', '05-01', '05-17', '05-25'],
].map((day) => Date.parse(`2026-${day}T00:00:00Z`));

export const SHOPS = [
  makeShop({ id: 'tea', client: 'leaf' }),
  makeShop({
    id: 'toy',
    client: 'leaf',
    platform: 'AMAZON',
    timeZone: 'America/New_York',
    currency: 'USD',
    serviceHours: { from: '21:00', to: '02:00' },
    attribution: { touch: 'FIRST', windowHours: 24 },
  }),
  makeShop({ id: 'tin', client: 'tool', serviceHours: { from: '00:00', to: '00:00' } }),
];

export const AGENTS = [
  { id: 'ann', team: 'east' },
  { id: 'bob', team: 'east' },
  { id: 'cat', team: 'west' },
  { id: 'dan', team: null },
];

// Few of everything, and few instants: what matters is how facts meet.
const shop = fc.constantFrom('tea', 'tea', 'toy', 'tin');
const agent = fc.constantFrom('ann', 'ann', 'bob', 'cat', 'dan', null);
const buyer = fc.constantFrom('b1', 'b2', 'b3');
const rarely = fc.nat(7).map((n) => n === 0);
const maybe = fc.constantFrom(true, false, null);
/** When things happen: any instant of records, and one of presence, which begins and ends on whole minutes. */
interface Setting {
  readonly moment: fc.Arbitrary<number>;
  readonly minute: fc.Arbitrary<number>;
  /** The number within its shop of a record that another one names; some of these are not there. */
  readonly named: fc.Arbitrary<number>;
}
const fewDays: Setting = {
  moment: fc
    .tuple(fc.nat(30), fc.constantFrom(0, 0, 0, 1, -1, 30 * MINUTE))
    .map(([slot, rest]) => START + slot * 4 * HOUR + rest),
  minute: fc.tuple(fc.nat(20), fc.nat(2)).map(([slot, part]) => START + slot * 4 * HOUR + part * 17 * MINUTE),
  named: fc.nat(5),
};
const months: Setting = {
  moment: fc
    .tuple(fc.constantFrom(...BUSY_DAYS), fc.nat(5), fc.constantFrom(0, 0, 0, 1, -1, 30 * MINUTE))
    .map(([day, slot, rest]) => day + slot * 4 * HOUR + rest),
  minute: fc
    .tuple(fc.constantFrom(...BUSY_DAYS), fc.nat(5), fc.nat(2))
    .map(([day, slot, part]) => day + slot * 4 * HOUR + part * 17 * MINUTE),
  named: fc.nat(45),
};

const seconds = fc.constantFrom(null, null, 0, 20, 21, 30, 60, 61);

const conversation = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  {
    weight: 4,
    arbitrary: fc.array(
      fc.record({
        from: fc.constantFrom('BUYER' as const, 'BUYER' as const, 'AGENT' as const, 'AGENT' as const, 'BOT' as const),
        afterMs: fc.constantFrom(0, 1, 10_000, 10_001, 20_000, 30_000, 30_001, -5000, 180_000, HOUR, HOUR + 1),
      }),
      { maxLength: 7 },
    ),
  },
);
const summary = fc.record({
  buyerMessages: fc.nat(4),
  agentReplies: fc.nat(2),
  autoReplies: fc.nat(2),
  answeredRounds: fc.nat(3),
  unansweredRounds: fc.nat(2),
  totalResponseSeconds: fc.nat(100),
  firstResponseSeconds: fc.option(fc.nat(50)),
});

const session = ({ moment }: Setting) =>
  fc
    .record({
      facts: fc.record({
        shop,
        agent,
        buyer,
        channel: fc.constantFrom('CHAT' as const, 'CHAT' as const, 'VOICE' as const, 'EMAIL' as const),
        purpose: fc.constantFrom(null, 'PRE_SALE' as const, 'AFTER_SALE' as const),
        startedAt: moment,
        answered: maybe,
        waitSeconds: seconds,
        talkSeconds: seconds,
        holdSeconds: seconds,
        wrapUpSeconds: seconds,
        resolved: maybe,
        resolvedOnFirstContact: maybe,
        csat: fc.constantFrom(null, 1, 3, 4, 5),
        exclusion: rarely.map((excluded) => (excluded ? ('SPAM' as const) : null)),
        excluded: rarely,
      }),
      lengthMs: fc.constantFrom(null, 0, MINUTE, 2 * HOUR, 5 * HOUR, 30 * HOUR),
      conversation,
      summary: fc.option(summary, { freq: 4 }),
    })
    .map(({ facts, lengthMs, conversation, summary }) => {
      let at = facts.startedAt;
      const messages = conversation?.map(({ from, afterMs }) => ({ from, at: (at += afterMs) })) ?? null;
      return {
        ...facts,
        endedAt: lengthMs === null ? null : facts.startedAt + lengthMs,
        messages: summary === null ? messages : null,
        summary,
      };
    });

const paidAt = ({ moment }: Setting) =>
  fc.oneof(
    fc.constant(null),
    fc.constantFrom(0, 1, HOUR, 26 * HOUR).map((afterMs) => ({ afterPlacedMs: afterMs })),
    // At the edge of the windows in which a buyer is seen to come back: 30 and 365 times 24 hours.
    fc
      .tuple(moment, fc.constantFrom(720 * HOUR, 720 * HOUR + 1, -8760 * HOUR, -8760 * HOUR - 1))
      .map(([instant, shift]) => ({ at: instant + shift })),
  );
const order = (setting: Setting) =>
  fc
    .record({
      facts: fc.record({
        shop,
        buyer,
        agent: fc.constantFrom(null, null, null, 'ann', 'bob', 'cat'),
        placedAt: setting.moment,
        cancelledAt: rarely.map((cancelled) => (cancelled ? START : null)),
        amount: fc.constantFrom('0', '10', '12.5', '99.99'),
        paidAmount: fc.constantFrom(null, null, '8.01', '0'),
        itemCount: fc.nat(3),
        subOrderCount: fc.nat(3),
        reviewScore: fc.constantFrom(null, 1, 3, 4, 5),
        excluded: rarely,
      }),
      paid: paidAt(setting),
    })
    .map(({ facts, paid }) => ({
      ...facts,
      paidAt: paid === null ? null : 'at' in paid ? paid.at : facts.placedAt + paid.afterPlacedMs,
    }));

const refund = ({ moment, named }: Setting) =>
  fc.record({
    shop,
    kind: fc.constantFrom(null, 'REFUND_ONLY' as const, 'EXCHANGE' as const),
    agent,
    order: named.map((n) => `o${n}`),
    status: fc.constantFrom('COMPLETED' as const, 'COMPLETED' as const, 'OPEN' as const, 'REJECTED' as const),
    openedAt: moment,
    openMs: fc.constantFrom(0, 1, HOUR, 100 * HOUR),
    amount: fc.constantFrom('0', '5', '12.5'),
    disputedAt: fc.option(moment, { freq: 2 }),
    platformIntervened: fc.boolean(),
    liability: fc.constantFrom(null, 'MERCHANT' as const, 'MERCHANT' as const, 'BUYER' as const),
    completedBy: fc.constantFrom(null, 'MERCHANT' as const, 'PLATFORM' as const),
    excluded: rarely,
  });
const complaint = ({ moment, named }: Setting) =>
  fc.record({
    shop,
    category: fc.constantFrom('attitude', 'delay'),
    agent,
    order: fc.option(
      named.map((n) => `o${n}`),
      { freq: 2 },
    ),
    session: fc.option(
      named.map((n) => `s${n}`),
      { freq: 2 },
    ),
    openedAt: moment,
    resolved: fc.boolean(),
    upheld: maybe,
    subOrderCount: fc.nat(3),
    excluded: rarely,
  });
const presence = ({ minute }: Setting) =>
  fc.record({
    agent: fc.constantFrom('ann', 'ann', 'bob', 'cat', 'dan'),
    shop: fc.option(shop, { freq: 3 }),
    account: fc.constantFrom(null, null, 'desk', 'ann'),
    startedAt: minute,
    lengthMs: fc.constantFrom(0, MINUTE, 45 * MINUTE, 5 * HOUR, 31 * HOUR),
  });

/** Gives each record a number within its shop: ids of one shop mean nothing in another. */
function numberInShops<T extends { readonly shop: string }>(facts: readonly T[], prefix: string) {
  return facts.map((fact, i) => {
    const before = facts.slice(0, i).filter((other) => other.shop === fact.shop);
    return { ...fact, externalId: `${prefix}${before.length}` };
  });
}

interface Sizes {
  readonly minLength?: number;
  readonly maxLength: number;
}

function worldOf(
  setting: Setting,
  sizes: Readonly<Record<'sessions' | 'orders' | 'refunds' | 'complaints' | 'presences', Sizes>>,
): fc.Arbitrary<World> {
  return fc
    .record({
      sessions: fc.array(session(setting), sizes.sessions),
      orders: fc.array(order(setting), sizes.orders),
      refunds: fc.array(refund(setting), sizes.refunds),
      complaints: fc.array(complaint(setting), sizes.complaints),
      presences: fc.array(presence(setting), sizes.presences),
    })
    .map(({ sessions, orders, refunds, complaints, presences }) =>
      makeWorld({
        timeZone: 'America/Havana',
        shops: SHOPS,
        agents: AGENTS,
        sessions: numberInShops(sessions, 's').map((facts) => makeSession(facts)),
        orders: numberInShops(orders, 'o').map((facts) => makeOrder(facts)),
        refunds: refunds.map(({ openMs, ...facts }) =>
          makeRefund({ ...facts, closedAt: facts.status === 'OPEN' ? null : facts.openedAt + openMs }),
        ),
        complaints: complaints.map(({ resolved, ...facts }) =>
          makeComplaint({ ...facts, resolvedAt: resolved ? facts.openedAt + HOUR : null }),
        ),
        presences: presences.map(({ lengthMs, ...facts }) =>
          makePresence({ ...facts, endedAt: facts.startedAt + lengthMs }),
        ),
      }),
    );
}

/** Small worlds in which nearly everything happens at the same few instants. */
export const randomWorld = worldOf(fewDays, {
  sessions: { maxLength: 16 },
  orders: { maxLength: 12 },
  refunds: { maxLength: 8 },
  complaints: { maxLength: 8 },
  presences: { maxLength: 10 },
});

const many = (length: number): Sizes => ({ minLength: length, maxLength: length });

/** Worlds of four months in which the same few buyers come back again and again. */
export const longWorld = worldOf(months, {
  sessions: many(220),
  orders: many(110),
  refunds: many(60),
  complaints: many(50),
  presences: many(60),
});
