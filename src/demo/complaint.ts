import { DAY_MS, type Instant } from '../domain/zone';
import type { Skills } from './agents';
import { formatInstant } from './history';
import type { Odds, Random } from './random';
import { told, type Unfolding } from './unfolding';

const CATEGORIES: Odds<string> = [
  ['Late delivery', 26],
  ['Product quality', 24],
  ['Slow or no reply', 18],
  ['Broken promise', 14],
  ['Rude reply', 10],
  ['Wrong item', 8],
];
const UPHELD = 0.45;

/** Whether a conversation leaves such anger behind. */
export function isComplainedAbout(random: Random, { care }: Skills): boolean {
  return random.chance(0.0004 + 0.01 * (1 - care) ** 3);
}

/** A complaint about a conversation that ended at the instant. */
export function makeComplaint(random: Random, endedAt: Instant, { care }: Skills): Unfolding {
  const openedAt = endedAt + Math.round(random.uniform(0.02, 6) * DAY_MS);
  const daysToResolve = random.logNormal(1.6, 0.6);
  const resolvedAt = random.chance(0.78 + 0.2 * care) ? openedAt + Math.round(daysToResolve * DAY_MS) : null;
  const category = random.weighted(CATEGORIES);
  const upheld = random.chance(UPHELD);
  return {
    beganAt: openedAt,
    changes: [resolvedAt],
    stateAt: (asOf) => ({
      category,
      openedAt: formatInstant(openedAt),
      resolvedAt: told(resolvedAt, asOf),
      upheld: told(resolvedAt, asOf) === undefined ? undefined : upheld,
    }),
  };
}
