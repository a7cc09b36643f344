import { figuresFromMessages, type Message } from '../domain/conversation';
import { DEFAULT_SERVICE_HOURS, type PURPOSES } from '../domain/records';
import type { Instant } from '../domain/zone';
import type { DemoAgent } from './agents';
import { holdCall } from './call';
import { type Answering, holdChat, isOverlooked } from './chat';
import { isComplainedAbout, makeComplaint } from './complaint';
import { formatInstant } from './history';
import { Random } from './random';
import { promotion } from './rhythm';
import { makeSession } from './session';
import type { ShopLog } from './shop-log';
import type { DemoShop } from './shops';
import type { World } from './world';

type Purpose = (typeof PURPOSES)[number];

const RINGS_FOR_SOMEBODY = 0.6;
const SPAM_ANSWERED = 0.4;
const ADVERTS = 0.65;
/** Of the calls when nobody is there, those that do not reach the machine that tells the hours. */
const LINE_OPEN = 0.4;

/** A conversation that is over: who served the buyer, if anybody did. */
export interface Contact {
  readonly agent: DemoAgent | null;
  readonly endedAt: Instant;
}

/** Where the buyers of one shop reach its agents. */
export class ShopDesk {
  private readonly random: Random;

  constructor(
    private readonly world: World,
    private readonly shop: DemoShop,
    private readonly log: ShopLog,
  ) {
    this.random = new Random(world.seed, 'desk', shop.id);
  }

  /** Somebody who does that kind of work, else anybody who is there. */
  findAgent(purpose: Purpose, at: Instant): DemoAgent | null {
    const there = this.world.roster.onDuty(this.shop.id, at).filter(({ phone }) => !phone);
    const fitting = there.filter(({ role }) => role === purpose || role === 'GENERAL');
    return this.random.pick(fitting.length > 0 ? fitting : there);
  }

  /** About an order, if one is given; of one from before the history (null) no complaint is told. */
  chat(buyer: string, purpose: Purpose, startedAt: Instant, order?: string | null): Contact {
    const { random, log } = this;
    const agent = this.findAgent(purpose, startedAt);
    const served = agent === null || isOverlooked(random, agent.skills) ? null : agent;
    const rounds = purpose === 'PRE_SALE' ? random.integer(2, 4) : random.integer(3, 5);
    const { messages, endedAt } = holdChat(random, startedAt, rounds, this.answering(served, startedAt));
    const fields = { agent: agent?.id, buyer, purpose, ...this.transcript(messages) };
    const session = log.send('sessions', fields, makeSession(random, startedAt, endedAt, served?.skills ?? null));
    if (served !== null && isComplainedAbout(random, served.skills) && session !== null && order !== null) {
      log.send('complaints', { session, order }, makeComplaint(random, endedAt, served.skills));
    }
    return { agent: served, endedAt };
  }

  call(buyer: string, purpose: Purpose, startedAt: Instant): Contact {
    const { random } = this;
    const agent = random.pick(this.world.roster.onDuty(this.shop.id, startedAt).filter(({ phone }) => phone));
    const { endedAt, ...times } = holdCall(random, startedAt, this.answering(agent, startedAt));
    const served = times.answered ? agent : null;
    const rung = served ?? (random.chance(RINGS_FOR_SOMEBODY) ? agent : null);
    if (agent !== null || random.chance(LINE_OPEN)) {
      const fields = { agent: rung?.id, buyer, channel: 'VOICE', purpose, ...times };
      this.log.send('sessions', fields, makeSession(random, startedAt, endedAt, served?.skills ?? null));
    }
    return { agent: served, endedAt };
  }

  /** What the source itself leaves out of all numbers. */
  spam(buyer: string, startedAt: Instant): void {
    const { random } = this;
    const agent = this.findAgent('PRE_SALE', startedAt);
    const answering = random.chance(SPAM_ANSWERED) ? this.answering(agent, startedAt) : null;
    const { messages, endedAt } = holdChat(random, startedAt, 1, answering);
    const exclusion = random.chance(ADVERTS) ? 'ADVERT' : 'SPAM';
    const fields = { agent: agent?.id, buyer, exclusion, ...this.transcript(messages) };
    this.log.send('sessions', fields, makeSession(random, startedAt, endedAt, null));
  }

  /** On a day of sales everybody is slower. */
  private answering(agent: DemoAgent | null, at: Instant): Answering | null {
    const { history } = this.world;
    return agent && { skills: agent.skills, load: 1 + 0.14 * (promotion(history.day(history.dayIndex(at))) - 1) };
  }

  private transcript(messages: readonly Message[]): object {
    if (this.shop.summariesOnly) return { summary: summarize(messages, this.shop) };
    return { messages: messages.map(({ at, from }) => ({ at: formatInstant(at), from })) };
  }
}

function summarize(messages: readonly Message[], { serviceHours = DEFAULT_SERVICE_HOURS, timeZone }: DemoShop): object {
  const { buyerMessages, agentReplies, autoReplies, answeredRounds, unansweredRounds, responseMs, firstResponseMs } =
    figuresFromMessages(messages, serviceHours, timeZone);
  return {
    buyerMessages,
    agentReplies,
    autoReplies,
    answeredRounds,
    unansweredRounds,
    totalResponseSeconds: Math.round(responseMs / 1000),
    firstResponseSeconds: firstResponseMs === null ? undefined : Math.round(firstResponseMs / 1000),
  };
}
