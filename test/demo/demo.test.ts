import type { Principal } from '../../src/domain/access';
import { type Credit, creditOrder } from '../../src/domain/attribution';
import { type ConversationFigures, figuresFromMessages } from '../../src/domain/conversation';
import { addDays, daysBetween } from '../../src/domain/period';
import { parseRecord, type RecordKind, type SourceRecord } from '../../src/domain/records';
import { withinServiceHours } from '../../src/domain/service-hours';
import { localDay } from '../../src/domain/zone';
import { type Demo, DEMO_ORGANIZATION, generateDemo } from '../../src/demo/demo';
import { seedDemo } from '../../src/demo/seed-demo';
import type { IngestBatch, IngestResult } from '../../src/services/ingest-result';

const LAST_DAY = '2026-11-14';
const SALE_DAY = '2026-11-11';
const DAYS = 28;
const FIRST_DAY = addDays(LAST_DAY, 1 - DAYS);
const MAX_BATCH = 2_000;
const HOUR_MS = 3_600_000;
const HOME_ZONE = DEMO_ORGANIZATION.timeZone;

type Session = SourceRecord<'sessions'>;
type Order = SourceRecord<'orders'>;
type Figures = Omit<ConversationFigures, 'firstResponseMs' | 'lastMessageAt'>;
interface Versioned {
  readonly shop: string;
  readonly externalId: string;
  readonly updatedAt: number | null;
}

const demo = generateDemo(LAST_DAY, { days: DAYS });
const days: readonly { day: string; batches: readonly IngestBatch[] }[] = [...demo.story];
const batches: readonly IngestBatch[] = [demo.directory, ...days.flatMap((day) => day.batches)];

/** Every record of a kind, in the order sent. Throws for one that breaks a rule. */
function sent<Kind extends RecordKind>(kind: Kind): SourceRecord<Kind>[] {
  return batches.flatMap((batch) => (batch[kind] ?? []).map((raw) => parseRecord(kind, raw)));
}

const keyOf = ({ shop, externalId }: { shop: string; externalId: string }): string => `${shop} ${externalId}`;

/** Each as it was sent last. */
function latest<T extends { shop: string; externalId: string }>(records: readonly T[]): T[] {
  return [...new Map(records.map((record) => [keyOf(record), record])).values()];
}

function groupBy<T>(items: readonly T[], nameOf: (item: T) => string | null): ReadonlyMap<string | null, readonly T[]> {
  const groups = new Map<string | null, T[]>();
  for (const item of items) {
    const group = groups.get(nameOf(item)) ?? [];
    groups.set(nameOf(item), group);
    group.push(item);
  }
  return groups;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const mean = (numbers: readonly number[]): number => sum(numbers) / numbers.length;
const shareOf = <T>(items: readonly T[], isCounted: (item: T) => boolean): number =>
  items.filter(isCounted).length / items.length;

const clients = sent('clients');
const teams = sent('teams');
const shops = new Map(sent('shops').map((shop) => [shop.externalId, shop]));
const agents = sent('agents');
const sentSessions = sent('sessions');
const sentOrders = sent('orders');
const sentRefunds = sent('refunds');
const sessions = latest(sentSessions);
const orders = latest(sentOrders);
const refunds = latest(sentRefunds);
const complaints = latest(sent('complaints'));
const presences = sent('presences');
const observations = sent('observations');
const targets = sent('targets');

function shopOf(externalId: string): SourceRecord<'shops'> {
  const shop = shops.get(externalId);
  if (shop === undefined) throw new Error(`There is no shop ${externalId}.`);
  return shop;
}

const zoneOf = (shop: string | null): string => (shop === null ? null : shopOf(shop).timeZone) ?? HOME_ZONE;

function isInquiry({ purpose, exclusion, channel, answered }: Session): boolean {
  return purpose !== 'AFTER_SALE' && exclusion === null && (channel !== 'VOICE' || answered === true);
}

interface Chat extends Session {
  readonly figures: ConversationFigures;
}

/** The sessions with message times. */
const chats: readonly Chat[] = sessions.flatMap((session) => {
  const { shop, messages } = session;
  if (messages === null) return [];
  return [{ ...session, figures: figuresFromMessages(messages, shopOf(shop).serviceHours, zoneOf(shop)) }];
});

const sessionsByBuyer = groupBy(sessions, ({ shop, buyer }) => `${shop} ${buyer}`);
const numberOf = (id: string | null): number | null => (id === null ? null : Number(/\d+$/.exec(id)?.[0]));

function creditOf(order: Order): Credit {
  const candidates = (sessionsByBuyer.get(`${order.shop} ${order.buyer}`) ?? []).map((session) => ({
    id: numberOf(session.externalId) ?? 0,
    externalId: session.externalId,
    agentId: numberOf(session.agent),
    startedAt: session.startedAt,
    inquiry: isInquiry(session),
  }));
  return creditOrder({ ...order, explicitAgent: numberOf(order.agent) }, candidates, shopOf(order.shop).attribution);
}

const credits = orders.map((order) => ({ order, credit: creditOf(order) }));

/** For each record sent, the days from the instant it is about to the day on which it came. */
function delaysOf<Kind extends RecordKind>(kind: Kind, instantOf: (record: SourceRecord<Kind>) => number): number[] {
  return days.flatMap(({ day, batches }) =>
    batches.flatMap((batch) =>
      (batch[kind] ?? []).map((raw) => daysBetween(localDay(HOME_ZONE, instantOf(parseRecord(kind, raw))), day)),
    ),
  );
}

/** One figure of each agent with enough chats to tell. */
function byAgent(figureOf: (chats: readonly Chat[], agent: string) => number): number[] {
  const served = groupBy(
    chats.filter(({ exclusion }) => exclusion === null),
    ({ agent }) => agent,
  );
  return [...served].flatMap(([agent, theirs]) =>
    agent === null || theirs.length < 100 ? [] : [figureOf(theirs, agent)],
  );
}

describe('the records', () => {
  const print = ({ directory, story }: Demo): string => JSON.stringify([directory, ...story]);

  it('are the same for the same day and seed, and others for another', () => {
    const first = print(generateDemo(LAST_DAY, { days: 1, seed: 7 }));
    expect(print(generateDemo(LAST_DAY, { days: 1, seed: 7 }))).toBe(first);
    expect(print(generateDemo(LAST_DAY, { days: 1, seed: 8 }))).not.toBe(first);
    expect(print(generateDemo('2026-11-13', { days: 1, seed: 7 }))).not.toBe(first);
  });

  it('name only what is there', () => {
    const idsOf = (records: readonly { externalId: string }[]) => new Set(records.map(({ externalId }) => externalId));
    const known = new Map([
      ['client', idsOf(clients)],
      ['team', idsOf(teams)],
      ['shop', new Set(shops.keys())],
      ['agent', idsOf(agents)],
      ['order', new Set(orders.map(keyOf))],
      ['session', new Set(sessions.map(keyOf))],
    ]);
    const ofShop = new Set(['order', 'session']);
    const facts = [...sessions, ...orders, ...refunds, ...complaints, ...presences, ...observations, ...targets];
    const strangers = [...shops.values(), ...agents, ...facts].flatMap((record) => {
      const fields: Readonly<Record<string, unknown>> = { ...record };
      return Object.entries(fields).filter(([name, value]) => {
        const id = ofShop.has(name) ? `${String(fields.shop)} ${String(value)}` : String(value);
        return value !== null && known.get(name)?.has(id) === false;
      });
    });
    expect(strangers).toEqual([]);
  });

  it('tell of nothing after the last day, by the clock of the shop and by that of the firm', () => {
    const isOver = (shop: string | null, at: number | null): boolean =>
      at !== null && [HOME_ZONE, zoneOf(shop)].some((zone) => localDay(zone, at) > LAST_DAY);
    const facts = [...sessions, ...orders, ...refunds, ...complaints, ...presences];
    const late = facts.filter((fact) =>
      Object.entries(fact).some(([name, value]) => name.endsWith('At') && isOver(fact.shop, Number(value ?? 0))),
    );
    expect(late).toEqual([]);
    expect(sessions.filter(({ shop, messages }) => messages?.some(({ at }) => isOver(shop, at)))).toEqual([]);
    expect(observations.filter(({ on }) => on < FIRST_DAY || on > LAST_DAY)).toEqual([]);
    expect(targets.filter(({ from, to }) => from < FIRST_DAY || to > LAST_DAY)).toEqual([]);
  });

  it('come day by day, in batches that one call can take, those of a day from different shops', () => {
    const shopOfRaw = (raw: unknown): unknown =>
      typeof raw === 'object' && raw !== null && 'shop' in raw ? raw.shop : undefined;
    const rawsOf = (batch: IngestBatch): unknown[] => Object.values(batch).flatMap((raws) => raws ?? []);
    expect(days.map(({ day }) => day)).toEqual(Array.from({ length: DAYS }, (_, index) => addDays(FIRST_DAY, index)));
    for (const day of days) {
      const named = day.batches.flatMap((batch) => [...new Set(rawsOf(batch).map(shopOfRaw))]).filter(Boolean);
      expect(new Set(named).size).toBe(named.length);
      expect(Math.max(...day.batches.map((batch) => rawsOf(batch).length))).toBeLessThan(MAX_BATCH);
    }
  });

  it('come again only as newer versions', () => {
    const isNewer = (at: number | null, index: number, all: readonly (number | null)[]): boolean =>
      index === 0 || (at ?? 0) > (all[index - 1] ?? 0);
    for (const records of [sentSessions, sentOrders, sentRefunds]) {
      const versions = groupBy<Versioned>(records, keyOf);
      const again = [...versions.values()].filter(({ length }) => length > 1);
      expect(again.length).toBeGreaterThan(0);
      expect(again.every((records) => records.map(({ updatedAt }) => updatedAt).every(isNewer))).toBe(true);
    }
  });

  it.each([
    ['sessions', delaysOf('sessions', ({ endedAt, startedAt }) => endedAt ?? startedAt)],
    ['orders', delaysOf('orders', ({ placedAt }) => placedAt)],
    ['refunds', delaysOf('refunds', ({ openedAt }) => openedAt)],
    ['complaints', delaysOf('complaints', ({ openedAt }) => openedAt)],
  ])('come on the day they are about, some %s later, none before', (_kind, delays) => {
    expect(Math.min(...delays)).toBe(0);
    expect(Math.max(...delays)).toBeGreaterThan(0);
    expect(shareOf(delays, (delay) => delay === 0)).toBeGreaterThan(0.7);
  });
});

describe('the world', () => {
  it('is a firm with three clients, nine shops on seven platforms, two zones and two currencies', () => {
    const all = [...shops.values()];
    expect(clients).toHaveLength(3);
    expect(all).toHaveLength(9);
    expect(new Set(all.map(({ platform }) => platform)).size).toBe(7);
    expect(new Set(all.map(({ timeZone }) => timeZone))).toEqual(new Set(['Asia/Shanghai', 'Europe/Berlin']));
    expect(new Set(all.map(({ currency }) => currency))).toEqual(new Set(['CNY', 'EUR']));
  });

  it('has forty agents in four teams, of every level and role', () => {
    expect(teams).toHaveLength(4);
    expect(agents).toHaveLength(40);
    expect(new Set(agents.map(({ team }) => team)).size).toBe(4);
    expect(new Set(agents.map(({ level }) => level)).size).toBe(4);
    expect(new Set(agents.map(({ name }) => name)).size).toBe(40);
    expect(agents.filter(({ role }) => role === 'AFTER_SALE').length).toBeLessThanOrEqual(10);
    expect(agents.filter(({ active }) => !active)).toHaveLength(2);
  });

  const calls = sessions.filter(({ channel }) => channel === 'VOICE');
  const isNight = ({ shop, startedAt }: Session): boolean =>
    !withinServiceHours(shopOf(shop).serviceHours, zoneOf(shop), startedAt);
  it.each<[string, boolean]>([
    ['messages of a bot', chats.some(({ figures }) => figures.autoReplies > 0)],
    ['visits outside service hours', chats.some((chat) => chat.figures.buyerMessages > 0 && isNight(chat))],
    ['visits when nobody is there', chats.some(({ agent }) => agent === null)],
    [
      'buyers whom their agent overlooked',
      chats.some(
        ({ agent, figures }) => agent !== null && figures.unansweredRounds > 0 && figures.answeredRounds === 0,
      ),
    ],
    [
      'last words that nobody answered',
      chats.some(({ figures }) => figures.unansweredRounds > 0 && figures.answeredRounds > 0),
    ],
    [
      'waits of over an hour',
      chats.some(({ figures }) => figures.overdueServiceMessages > 0 && figures.unansweredRounds === 0),
    ],
    ['sessions of which only a summary is known', sessions.some(({ summary }) => summary !== null)],
    ['spam', sessions.some(({ exclusion }) => exclusion === 'SPAM')],
    ['adverts', sessions.some(({ exclusion }) => exclusion === 'ADVERT')],
    [
      'answered calls',
      calls.some(({ answered, waitSeconds, talkSeconds }) => answered && waitSeconds !== null && talkSeconds !== null),
    ],
    ['unanswered calls', calls.some(({ answered, talkSeconds }) => !answered && talkSeconds === null)],
    ['calls in one shop only', new Set(calls.map(({ shop }) => shop)).size === 1],
    ['silent sales', credits.some(({ credit }) => credit.agentId === null)],
    ['sales whose agent the source names', credits.some(({ credit }) => credit.basis === 'EXPLICIT')],
    ['sales credited to the first who was asked', credits.some(({ credit }) => credit.basis === 'FIRST_TOUCH')],
    ['assists', credits.some(({ credit }) => credit.assists.length > 0)],
    ['orders never paid', orders.some(({ paidAt, cancelledAt }) => paidAt === null && cancelledAt === null)],
    ['orders cancelled unpaid', orders.some(({ paidAt, cancelledAt }) => paidAt === null && cancelledAt !== null)],
    [
      'orders cancelled after payment',
      orders.some(({ paidAt, cancelledAt }) => paidAt !== null && cancelledAt !== null),
    ],
    ['coupons', orders.some(({ amount, paidAmount }) => Number(paidAmount ?? amount) < Number(amount))],
    ['bad reviews', orders.some(({ reviewScore }) => reviewScore !== null && reviewScore <= 3)],
    ['refunds under way', refunds.some(({ status }) => status === 'OPEN')],
    ['refunds withdrawn', refunds.some(({ status }) => status === 'WITHDRAWN')],
    ['refunds rejected', refunds.some(({ status }) => status === 'REJECTED')],
    ['refunds by the platform', refunds.some(({ completedBy }) => completedBy === 'PLATFORM')],
    ['disputes', refunds.some(({ disputedAt, platformIntervened }) => disputedAt !== null && !platformIntervened)],
    [
      'refunds that the merchant was made to give',
      refunds.some(({ liability, status }) => liability === 'MERCHANT' && status === 'COMPLETED'),
    ],
    ['complaints upheld', complaints.some(({ upheld }) => upheld === true)],
    ['complaints dismissed', complaints.some(({ upheld }) => upheld === false)],
    ['complaints about orders', complaints.some(({ order }) => order !== null)],
    ['time online at accounts of shops', presences.some(({ shop, account }) => shop !== null && account !== null)],
    ['time online for all shops', presences.some(({ shop }) => shop === null)],
  ])('has %s', (_what, has) => expect(has).toBe(true));

  it('has every measure and goal that the built-in formulas ask for', () => {
    expect(new Set(observations.map(({ measure }) => measure))).toEqual(
      new Set([
        ...['exam', 'assessment', 'training', 'trainingAbsences', 'daysPresent', 'daysScheduled', 'complaintCalls'],
        ...['dsrService', 'footTraffic', 'entrants', 'triers'],
      ]),
    );
    expect(new Set(targets.map(({ metric }) => metric))).toEqual(
      new Set(['salesAmount', 'callVolume', 'complaintCoefficient', 'absenceCoefficient']),
    );
    expect(targets.some(({ team }) => team !== null)).toBe(true);
  });

  it('has no two goals of one metric for the same days', () => {
    const goals = groupBy(targets, ({ metric, agent, team }) => `${metric} ${String(agent)} ${String(team)}`);
    for (const ofOne of goals.values()) {
      expect(ofOne.every(({ from }, index) => index === 0 || from > (ofOne[index - 1]?.to ?? ''))).toBe(true);
    }
  });
});

describe('seeding', () => {
  const principal: Principal = {
    organizationId: 1,
    keyId: 1,
    keyName: 'demo',
    scopes: new Set(['INGEST']),
    clientIds: null,
  };
  const accept = (): Promise<IngestResult> => Promise.resolve({ accepted: 1, unchanged: 0, stale: 0, rejected: [] });

  it('sends the directory alone and first, then at most four batches at once', async () => {
    const atOnce: number[] = [];
    let open = 0;
    const ingest = async (_principal: Principal, batch: IngestBatch): Promise<IngestResult> => {
      open += 1;
      atOnce.push(open);
      expect(batch.shops === undefined).toBe(atOnce.length > 1);
      await Promise.resolve();
      open -= 1;
      return accept();
    };
    await seedDemo({ ingestion: { ingest }, principal, lastDay: LAST_DAY, days: 2 });
    expect(atOnce.slice(0, 2)).toEqual([1, 1]);
    expect(Math.max(...atOnce)).toBe(4);
  });

  it('counts what it sent and tells how far it is', async () => {
    const progress: number[][] = [];
    const counts = await seedDemo({
      ingestion: { ingest: accept },
      principal,
      lastDay: LAST_DAY,
      days: DAYS,
      onProgress: (done, total) => progress.push([done, total]),
    });
    expect(counts).toMatchObject({ agents: 40, sessions: sentSessions.length, orders: sentOrders.length });
    expect(progress).toEqual(Array.from({ length: DAYS }, (_, index) => [index + 1, DAYS]));
  });

  it('stops at the first rejected record, and names it', async () => {
    const rejected = [
      {
        kind: 'shops' as const,
        index: 0,
        externalId: 'tmall-qimu',
        field: 'client',
        code: 'UNKNOWN_REFERENCE' as const,
        message: 'No.',
      },
    ];
    const ingest = (): Promise<IngestResult> => Promise.resolve({ accepted: 0, unchanged: 0, stale: 0, rejected });
    await expect(seedDemo({ ingestion: { ingest }, principal, lastDay: LAST_DAY, days: 1 })).rejects.toThrow(
      '1 records of the demo were rejected, first shops tmall-qimu: client UNKNOWN_REFERENCE No.',
    );
  });
});

describe('the numbers', () => {
  it('multiply on a day of sales by three to five', () => {
    const perDay = groupBy(sessions.filter(isInquiry), ({ shop, startedAt }) => localDay(zoneOf(shop), startedAt));
    const usual = mean([...perDay].filter(([day]) => day !== SALE_DAY).map(([, visits]) => visits.length));
    const onSaleDay = (perDay.get(SALE_DAY) ?? []).length;
    expect(onSaleDay / usual).toBeGreaterThan(3);
    expect(onSaleDay / usual).toBeLessThan(5);
  });

  const conversionOf = (theirs: readonly Chat[], agent: string): number => {
    const buyers = new Set(theirs.filter(isInquiry).map(({ shop, buyer }) => `${shop} ${buyer}`));
    const theirOrders = credits.filter(({ credit }) => credit.agentId === numberOf(agent));
    return new Set(theirOrders.map(({ order }) => `${order.shop} ${order.buyer}`)).size / buyers.size;
  };
  const figuresPer = (theirs: readonly Chat[], part: keyof Figures, whole: keyof Figures): number =>
    sum(theirs.map(({ figures }) => figures[part])) / sum(theirs.map(({ figures }) => figures[whole]));
  const responseOf = (theirs: readonly Chat[]): number => figuresPer(theirs, 'responseMs', 'answeredRounds') / 1000;
  const promptnessOf = (theirs: readonly Chat[]): number =>
    figuresPer(theirs, 'serviceMessagesWithin30s', 'serviceMessages');
  const replyRateOf = (theirs: readonly Chat[]): number => shareOf(theirs, ({ figures }) => figures.agentReplies > 0);
  const csatRateOf = (theirs: readonly Chat[]): number =>
    shareOf(
      theirs.filter(({ csat }) => csat !== null),
      ({ csat }) => (csat ?? 0) >= 4,
    );

  it.each<[string, number[], { min: number; max: number; spread: number }]>([
    ['inquiryConversionRate', byAgent(conversionOf), { min: 0.1, max: 0.75, spread: 0.25 }],
    ['averageResponseSeconds', byAgent(responseOf), { min: 8, max: 70, spread: 20 }],
    ['responseRateWithin30s', byAgent(promptnessOf), { min: 0.5, max: 0.99, spread: 0.25 }],
    ['replyRate', byAgent(replyRateOf), { min: 0.93, max: 1, spread: 0.02 }],
    ['csatRate', byAgent(csatRateOf), { min: 0.6, max: 1, spread: 0.15 }],
  ])('tell agents apart, within what is usual: %s', (_metric, figures, { min, max, spread }) => {
    expect(figures.length).toBeGreaterThan(20);
    expect(Math.min(...figures)).toBeGreaterThanOrEqual(min);
    expect(Math.max(...figures)).toBeLessThanOrEqual(max);
    expect(Math.max(...figures) - Math.min(...figures)).toBeGreaterThan(spread);
  });

  it('put agents online for 7 to 10 hours a day', () => {
    const shifts = groupBy(presences, ({ externalId }) => externalId.slice(0, -2));
    const hoursOf = (spans: typeof presences): number =>
      sum(spans.map(({ startedAt, endedAt }) => endedAt - startedAt)) / HOUR_MS;
    const byPerson = groupBy([...shifts.values()], (spans) => spans[0]?.agent ?? null);
    for (const theirs of byPerson.values()) {
      const hours = mean(theirs.map((spans) => hoursOf([...spans])));
      expect([hours > 7, hours < 10.5]).toEqual([true, true]);
    }
  });

  it('are of more than 60,000 sessions with message times in 120 days, and not of many more', () => {
    const raws = [...generateDemo(LAST_DAY).story].flatMap((day) =>
      day.batches.flatMap((batch) => batch.sessions ?? []),
    );
    const withTimes = raws.filter((raw) => 'messages' in raw).length;
    expect(withTimes).toBeGreaterThan(60_000);
    expect(withTimes).toBeLessThan(70_000);
  });
});
