import type { Instant } from '../domain/zone';
import type { Skills } from './agents';
import { formatInstant } from './history';
import type { Random } from './random';
import { told, type Unfolding } from './unfolding';

const MINUTE_MS = 60_000;
const RATED = 0.32;
const KNOWN_RESULT = 0.85;
const KNOWN_FIRST_CONTACT = 0.6;

/** A session, told of when it is over, and what is said of it later: nothing where nobody served the buyer. */
export function makeSession(random: Random, startedAt: Instant, endedAt: Instant, served: Skills | null): Unfolding {
  const session = { startedAt: formatInstant(startedAt), endedAt: formatInstant(endedAt) };
  if (served === null) return { beganAt: endedAt, changes: [], stateAt: () => session };
  const ratedAt = random.chance(RATED) ? endedAt + Math.round(random.uniform(1, 600) * MINUTE_MS) : null;
  const csat = random.chance(0.68 + 0.29 * served.care) ? random.integer(4, 5) : random.integer(1, 3);
  const rated = { ...session, ...resultOf(random, served) };
  return { beganAt: endedAt, changes: [ratedAt], stateAt: (asOf) => ({ ...rated, csat: told(ratedAt, asOf) && csat }) };
}

function resultOf(random: Random, { care }: Skills): object {
  if (!random.chance(KNOWN_RESULT)) return {};
  const resolved = random.chance(0.72 + 0.26 * care);
  if (!random.chance(KNOWN_FIRST_CONTACT)) return { resolved };
  return { resolved, resolvedOnFirstContact: resolved && random.chance(0.72 + 0.2 * care) };
}
