import type { Instant } from '../domain/zone';
import type { Answering } from './chat';
import type { Random } from './random';

/** The fields of a call, as its session has them. */
export interface Call {
  readonly answered: boolean;
  readonly endedAt: Instant;
  readonly waitSeconds?: number;
  readonly talkSeconds?: number;
  readonly holdSeconds?: number;
  readonly wrapUpSeconds?: number;
}

/** A call that somebody takes, or that the caller gives up: most do so before the second minute. */
export function holdCall(random: Random, startedAt: Instant, answering: Answering | null): Call {
  const patience = Math.round(random.logNormal(70, 0.5));
  const waitSeconds = answering === null ? Infinity : waitOf(random, answering);
  if (answering === null || waitSeconds > patience) return { answered: false, endedAt: startedAt + patience * 1000 };
  const talkSeconds = Math.round(random.logNormal(205 - 60 * answering.skills.speed, 0.5));
  const holdSeconds = random.chance(0.25) ? Math.round(random.logNormal(35, 0.5)) : 0;
  const wrapUpSeconds = Math.round(random.logNormal(55 - 25 * answering.skills.speed, 0.4));
  const endedAt = startedAt + (waitSeconds + talkSeconds + holdSeconds) * 1000;
  return { answered: true, endedAt, waitSeconds, talkSeconds, holdSeconds, wrapUpSeconds };
}

/** Four of five callers are through before they have heard the greeting. */
function waitOf(random: Random, { skills, load }: Answering): number {
  const median = random.chance(0.8) ? 9 : 38 - 12 * skills.speed;
  return Math.round(random.logNormal(median, 0.4) * load);
}
