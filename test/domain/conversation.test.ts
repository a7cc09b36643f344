import fc from 'fast-check';
import {
  type ConversationFigures,
  figuresFromMessages,
  figuresFromSummary,
  type Message,
  NO_FIGURES,
  type Sender,
} from '../../src/domain/conversation';
import { type ServiceHours, withinServiceHours } from '../../src/domain/service-hours';

const HOUR = 3_600_000;
const NOON = Date.parse('2026-11-11T12:00Z');
const DAYTIME: ServiceHours = { from: '08:00', to: '23:00' };
const ALWAYS: ServiceHours = { from: '00:00', to: '00:00' };

const message = (from: Sender, afterMs: number): Message => ({ at: NOON + afterMs, from });
const buyer = (afterMs: number): Message => message('BUYER', afterMs);
const agent = (afterMs: number): Message => message('AGENT', afterMs);
const bot = (afterMs: number): Message => message('BOT', afterMs);
const figures = (...messages: Message[]): ConversationFigures => figuresFromMessages(messages, DAYTIME, 'UTC');

describe('messages and replies', () => {
  it('a session without messages has no figures', () => expect(figures()).toEqual(NO_FIGURES));
  it('each sender is counted apart', () =>
    expect(figures(bot(0), buyer(1), buyer(2), agent(3), agent(4), agent(5))).toMatchObject({
      autoReplies: 1,
      buyerMessages: 2,
      timedBuyerMessages: 2,
      agentReplies: 3,
    }));
  it('the last message is the latest, whoever sent it', () => {
    expect(figures(buyer(9), agent(5)).lastMessageAt).toBe(NOON + 9);
    expect(figures(bot(7)).lastMessageAt).toBe(NOON + 7);
  });
});

describe('rounds', () => {
  it('a round runs from the first buyer message of the run to the next human reply', () =>
    expect(figures(buyer(0), buyer(4000), agent(9000), buyer(10_000), agent(13_000))).toMatchObject({
      answeredRounds: 2,
      unansweredRounds: 0,
      timedRounds: 2,
      responseMs: 12_000,
    }));
  it('a run without a human reply is an unanswered round and in no mean', () =>
    expect(figures(buyer(0), agent(1000), buyer(2000), buyer(3000), bot(3001))).toMatchObject({
      answeredRounds: 1,
      unansweredRounds: 1,
      timedRounds: 2,
      responseMs: 1000,
    }));
  it('a reply that nobody waited for is no round', () => {
    expect(figures(agent(0)).timedRounds).toBe(0);
    expect(figures(agent(0), buyer(1), agent(2), agent(3)).timedRounds).toBe(1);
  });
  it('messages BUYER, AGENT of equal time are a round of 0 s', () =>
    expect(figures(buyer(0), agent(0))).toMatchObject({ answeredRounds: 1, responseMs: 0, firstResponseMs: 0 }));
  it('messages AGENT, BUYER of equal time are an unanswered round', () =>
    expect(figures(agent(0), buyer(0))).toMatchObject({
      answeredRounds: 0,
      unansweredRounds: 1,
      serviceMessagesAnswered: 0,
      firstResponseMs: null,
    }));
  it('messages of equal time keep the order sent when the others are put in order', () => {
    expect(figures(buyer(5), agent(5), buyer(0)).answeredRounds).toBe(1);
    expect(figures(agent(5), buyer(5), buyer(0))).toMatchObject({ answeredRounds: 1, unansweredRounds: 1 });
  });
  it('the messages given stay as they were', () => {
    const messages = Object.freeze([agent(5), buyer(0)]);
    expect(figuresFromMessages(messages, DAYTIME, 'UTC').responseMs).toBe(5);
    expect(messages).toEqual([agent(5), buyer(0)]);
  });
  it('a reply after exactly 30 s is within 30 s, one millisecond later not', () => {
    expect(figures(buyer(0), agent(30_000))).toMatchObject({ roundsWithin30s: 1, serviceMessagesWithin30s: 1 });
    expect(figures(buyer(0), agent(30_001))).toMatchObject({ roundsWithin30s: 0, serviceMessagesWithin30s: 0 });
  });
  it.each([
    [10, 'roundsWithin10s'],
    [20, 'roundsWithin20s'],
    [60, 'roundsWithin60s'],
    [180, 'roundsWithin180s'],
  ] as const)('within %d s includes the limit', (seconds, figure) => {
    expect(figures(buyer(0), agent(seconds * 1000))[figure]).toBe(1);
    expect(figures(buyer(0), agent(seconds * 1000 + 1))[figure]).toBe(0);
  });
});

describe('first response', () => {
  it('runs from the first buyer message to the first human reply after it', () =>
    expect(figures(agent(0), buyer(1000), bot(1500), buyer(2000), agent(5000), buyer(6000), agent(6001))).toMatchObject(
      {
        firstResponseMs: 4000,
      },
    ));
  it.each([
    ['no buyer message', [agent(0)]],
    ['no reply', [buyer(0)]],
    ['no reply after it', [agent(0), buyer(1)]],
    ['only a bot', [buyer(0), bot(1)]],
  ])('is null with %s', (_case, messages) => expect(figures(...messages).firstResponseMs).toBeNull());
});

describe('messages inside service hours', () => {
  const clock = (time: string, from: Sender = 'BUYER'): Message => ({ at: Date.parse(`2026-11-11T${time}Z`), from });

  it.each([
    ['07:59:59.999', 0],
    ['08:00:00', 1],
    ['22:59:59.999', 1],
    ['23:00:00', 0],
  ])('a message at %s counts %d times in 08:00–23:00', (time, count) =>
    expect(figures(clock(time)).serviceMessages).toBe(count),
  );
  it('the shop’s clock decides', () =>
    expect(figuresFromMessages([clock('00:00:00')], DAYTIME, 'Asia/Shanghai').serviceMessages).toBe(1));
  it('go by the time of the message, not of the reply', () => {
    expect(figures(clock('22:59:59'), clock('23:00:01', 'AGENT'))).toMatchObject({
      serviceMessages: 1,
      serviceMessagesAnswered: 1,
      serviceMessagesWithin30s: 1,
      serviceMessageMs: 2000,
    });
    expect(figures(clock('07:59:59'), clock('08:00:01', 'AGENT'))).toMatchObject({
      serviceMessages: 0,
      timedRounds: 1,
    });
  });
  it('each message of a run waits for itself', () =>
    expect(figures(buyer(0), buyer(20_000), agent(40_000))).toMatchObject({
      serviceMessagesAnswered: 2,
      serviceMessagesWithin30s: 1,
      serviceMessageMs: 60_000,
    }));
  it('a message that waited exactly an hour is not overdue, one millisecond later it is', () => {
    expect(figures(buyer(0), agent(HOUR)).overdueServiceMessages).toBe(0);
    expect(figures(buyer(0), agent(HOUR + 1)).overdueServiceMessages).toBe(1);
  });
  it('a message that was never answered is overdue', () =>
    expect(figures(buyer(0), bot(1))).toMatchObject({ overdueServiceMessages: 1, serviceMessagesAnswered: 0 }));
  it('a message outside service hours is never overdue', () =>
    expect(figures(clock('23:00:00')).overdueServiceMessages).toBe(0));
});

describe('figuresFromSummary', () => {
  const summary = {
    buyerMessages: 7,
    agentReplies: 5,
    autoReplies: 1,
    answeredRounds: 3,
    unansweredRounds: 1,
    totalResponseSeconds: 36,
    firstResponseSeconds: 12,
  };
  it('has its counts and responses, and nothing that needs the time of a message', () =>
    expect(figuresFromSummary(summary)).toEqual({
      ...NO_FIGURES,
      buyerMessages: 7,
      agentReplies: 5,
      autoReplies: 1,
      answeredRounds: 3,
      unansweredRounds: 1,
      responseMs: 36_000,
      firstResponseMs: 12_000,
    }));
  it('without a first response has none', () =>
    expect(figuresFromSummary({ ...summary, firstResponseSeconds: null }).firstResponseMs).toBeNull());
});

describe('for every conversation', () => {
  const hours = fc.constantFrom(DAYTIME, ALWAYS, { from: '21:00', to: '02:00' });
  const zones = fc.constantFrom('UTC', 'Asia/Shanghai', 'America/New_York');
  const senders = fc.constantFrom<Sender>('BUYER', 'AGENT', 'BOT');
  // Mostly close together and on the limits, so that equal times and edges are common.
  const steps = fc.oneof(fc.constantFrom(0, 0, 1, 10_000, 20_000, 30_000, 60_000, 180_000, HOUR), fc.nat(3 * HOUR));
  const sent = fc.array(fc.record({ step: steps, from: senders }), { maxLength: 30 }).map((entries) => {
    let at = NOON;
    return entries.map(({ step, from }): Message => ({ at: (at += step), from }));
  });
  const conversations = sent.chain((messages) =>
    fc.oneof(fc.constant(messages), fc.shuffledSubarray(messages, { minLength: messages.length })),
  );

  it('the figures are those of the definitions read word by word', () =>
    fc.assert(
      fc.property(conversations, hours, zones, (messages, serviceHours, zone) =>
        expect(figuresFromMessages(messages, serviceHours, zone)).toEqual(naiveFigures(messages, serviceHours, zone)),
      ),
      { numRuns: 500 },
    ));
  it('rounds are answered or not, and a wider limit holds no fewer', () =>
    fc.assert(
      fc.property(conversations, hours, (messages, serviceHours) => {
        const f = figuresFromMessages(messages, serviceHours, 'UTC');
        expect(f.timedRounds).toBe(f.answeredRounds + f.unansweredRounds);
        expect(f.unansweredRounds).toBeLessThanOrEqual(1);
        const nested = [
          f.roundsWithin10s,
          f.roundsWithin20s,
          f.roundsWithin30s,
          f.roundsWithin60s,
          f.roundsWithin180s,
          f.answeredRounds,
          f.agentReplies,
        ];
        expect(nested).toEqual(nested.toSorted((a, b) => a - b));
        expect(f.serviceMessagesAnswered).toBeLessThanOrEqual(f.serviceMessages);
        expect(f.serviceMessages).toBeLessThanOrEqual(f.buyerMessages);
      }),
    ));
  it('messages of a bot change nothing else', () =>
    fc.assert(
      fc.property(conversations, hours, (messages, serviceHours) => {
        const people = messages.filter(({ from }) => from !== 'BOT');
        const { autoReplies, lastMessageAt, ...others } = figuresFromMessages(messages, serviceHours, 'UTC');
        expect(figuresFromMessages(people, serviceHours, 'UTC')).toMatchObject(others);
        expect(autoReplies).toBe(messages.length - people.length);
        expect(lastMessageAt).toBe(messages.length === 0 ? null : Math.max(...messages.map(({ at }) => at)));
      }),
    ));
  it('the order sent does not matter to messages of distinct times', () => {
    const distinct = fc.uniqueArray(fc.record({ at: fc.nat(9 * HOUR), from: senders }), { selector: ({ at }) => at });
    const pairs = distinct.chain((messages) =>
      fc.tuple(fc.constant(messages), fc.shuffledSubarray(messages, { minLength: messages.length })),
    );
    fc.assert(
      fc.property(pairs, hours, ([messages, shuffled], serviceHours) =>
        expect(figuresFromMessages(shuffled, serviceHours, 'UTC')).toEqual(
          figuresFromMessages(messages, serviceHours, 'UTC'),
        ),
      ),
    );
  });
});

/** The definitions as they are written, each looked up in the whole conversation. */
function naiveFigures(sent: readonly Message[], hours: ServiceHours, zone: string): ConversationFigures {
  const messages = sent
    .map((m, position) => ({ ...m, position }))
    .sort((a, b) => a.at - b.at || a.position - b.position);
  const by = (sender: Sender) => messages.filter(({ from }) => from === sender);
  const waits = messages.flatMap((m, i) => {
    if (m.from !== 'BUYER') return [];
    const reply = messages.slice(i + 1).find(({ from }) => from === 'AGENT');
    const previous = messages.slice(0, i).findLast(({ from }) => from !== 'BOT');
    return [{ at: m.at, wait: reply ? reply.at - m.at : null, startsRound: previous?.from !== 'BUYER' }];
  });
  const sum = (numbers: (number | null)[]) => numbers.reduce<number>((total, n) => total + (n ?? 0), 0);
  const within = (entries: typeof waits, ms: number) => entries.filter((e) => e.wait !== null && e.wait <= ms).length;
  const rounds = waits.filter((w) => w.startsRound);
  const service = waits.filter((w) => withinServiceHours(hours, zone, w.at));
  const answered = (entries: typeof waits) => entries.filter((e) => e.wait !== null);
  return {
    buyerMessages: by('BUYER').length,
    agentReplies: by('AGENT').length,
    autoReplies: by('BOT').length,
    answeredRounds: answered(rounds).length,
    unansweredRounds: rounds.length - answered(rounds).length,
    responseMs: sum(rounds.map((r) => r.wait)),
    firstResponseMs: waits[0]?.wait ?? null,
    timedRounds: rounds.length,
    roundsWithin10s: within(rounds, 10_000),
    roundsWithin20s: within(rounds, 20_000),
    roundsWithin30s: within(rounds, 30_000),
    roundsWithin60s: within(rounds, 60_000),
    roundsWithin180s: within(rounds, 180_000),
    timedBuyerMessages: waits.length,
    serviceMessages: service.length,
    serviceMessagesAnswered: answered(service).length,
    serviceMessagesWithin30s: within(service, 30_000),
    serviceMessageMs: sum(service.map((s) => s.wait)),
    overdueServiceMessages: service.length - within(service, HOUR),
    lastMessageAt: messages.at(-1)?.at ?? null,
  };
}
