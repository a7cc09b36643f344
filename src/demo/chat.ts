import type { Message } from '../domain/conversation';
import type { Instant } from '../domain/zone';
import type { Skills } from './agents';
import type { Odds, Random } from './random';

/** How many messages a buyer writes before waiting for an answer. */
const RUN_LENGTHS: Odds<number> = [
  [1, 68],
  [2, 24],
  [3, 8],
];
const GREETED_BY_BOT = 0.55;
const SECOND_REPLY = 0.34;
const FAREWELL = 0.4;

export interface Chat {
  readonly messages: readonly Message[];
  readonly endedAt: Instant;
}

/** Who answers, and how much there is to do: 1 on a usual day. */
export interface Answering {
  readonly skills: Skills;
  readonly load: number;
}

/** A conversation of so many rounds; without anybody to answer, the buyer gives up after the first. */
export function holdChat(random: Random, startedAt: Instant, rounds: number, answering: Answering | null): Chat {
  const messages: Message[] = [];
  let now = startedAt;
  const say = (from: Message['from'], afterSeconds: number): void => {
    now += Math.round(afterSeconds * 1000);
    messages.push({ at: now, from });
  };
  const isLastForgotten = answering !== null && isForgotten(random, answering.skills);
  for (let round = 1; round <= rounds; round += 1) {
    say('BUYER', round === 1 ? 0 : random.logNormal(32, 0.7));
    if (round === 1 && random.chance(GREETED_BY_BOT)) say('BOT', random.uniform(0.4, 1.6));
    for (let more = random.weighted(RUN_LENGTHS); more > 1; more -= 1) say('BUYER', random.logNormal(6, 0.5));
    if (answering === null || (isLastForgotten && round === rounds)) break;
    say('AGENT', responseSeconds(random, answering));
    if (random.chance(SECOND_REPLY)) say('AGENT', random.logNormal(9, 0.5));
    if (round === rounds && random.chance(FAREWELL)) say('AGENT', random.logNormal(25, 0.5));
  }
  return { messages, endedAt: now + Math.round(random.uniform(15, 75) * 1000) };
}

/** Whether the agent never answers the buyer at all. */
export function isOverlooked(random: Random, { care }: Skills): boolean {
  return random.chance(0.001 + 0.035 * (1 - care) ** 2);
}

/** Whether the agent lets the buyer have the last word. */
function isForgotten(random: Random, { care }: Skills): boolean {
  return random.chance(0.006 + 0.06 * (1 - care) ** 1.5);
}

/** Mostly at once; now and then minutes, with something to look up; hardly ever hours, lost from sight. */
function responseSeconds(random: Random, { skills: { speed, care }, load }: Answering): number {
  if (random.chance(0.0001 + 0.0014 * (1 - care) ** 2)) return random.uniform(3_700, 9_000);
  if (random.chance((0.012 + 0.06 * (1 - speed)) * load)) return random.logNormal(150, 0.6);
  return random.logNormal(6 + 16 * (1 - speed), 0.55) * load;
}
