import { DAY_MS, type Instant } from '../domain/zone';
import type { Skills } from './agents';
import { formatInstant } from './history';
import type { Odds, Random } from './random';
import type { DemoShop } from './shops';
import { told, type Unfolding } from './unfolding';

const MINUTE_MS = 60_000;

const COUPON = 0.3;
const CANCELLED_UNPAID = 0.7;
const CANCELLED_PAID = 0.02;
const REVIEWED = 0.42;
const STARS: Odds<number> = [
  [5, 80],
  [4, 13],
  [3, 3.5],
  [2, 1.5],
  [1, 2],
];

/** What becomes of an order in the end. */
interface Fate {
  readonly paidAt: Instant | null;
  readonly cancelledAt: Instant | null;
  readonly completedAt: Instant | null;
  readonly reviewedAt: Instant | null;
}

export interface Purchase extends Unfolding, Fate {
  readonly paidCents: number;
  readonly lines: number;
}

/** An order at that instant. Who sells better sells more of the dearer things, and to people who then pay. */
export function makePurchase(
  random: Random,
  { itemPrice }: DemoShop,
  placedAt: Instant,
  { selling, care }: Skills,
): Purchase {
  const fate = makeFate(random, placedAt, random.chance(0.68 + 0.18 * selling + 0.12 * care));
  const items = 1 + random.poisson(0.35 + 0.75 * selling);
  const lines = Math.min(items, 1 + random.poisson(0.35));
  const cents = items * Math.round(itemPrice * 100 * (0.9 + 0.2 * selling) * random.logNormal(1, 0.4));
  const paidCents = random.chance(COUPON) ? Math.round(cents * random.uniform(0.82, 0.97)) : cents;
  const stars = random.weighted(STARS);
  return {
    ...fate,
    paidCents,
    lines,
    beganAt: placedAt,
    changes: Object.values(fate),
    stateAt: (asOf) => ({
      placedAt: formatInstant(placedAt),
      paidAt: told(fate.paidAt, asOf),
      completedAt: told(fate.completedAt, asOf),
      cancelledAt: told(fate.cancelledAt, asOf),
      amount: formatMoney(cents),
      paidAmount: told(fate.paidAt, asOf) && paidCents < cents ? formatMoney(paidCents) : undefined,
      itemCount: items,
      subOrderCount: lines,
      reviewScore: told(fate.reviewedAt, asOf) && stars,
    }),
  };
}

export function formatMoney(cents: number): string {
  return (cents / 100).toFixed(2);
}

function makeFate(random: Random, placedAt: Instant, isPaid: boolean): Fate {
  const open = { paidAt: null, cancelledAt: null, completedAt: null, reviewedAt: null };
  // Platforms close what has not been paid for a day.
  if (!isPaid) return random.chance(CANCELLED_UNPAID) ? { ...open, cancelledAt: placedAt + DAY_MS } : open;
  const paidAt = placedAt + Math.round(random.logNormal(1.5, 1.1) * MINUTE_MS);
  if (random.chance(CANCELLED_PAID)) {
    return { ...open, paidAt, cancelledAt: paidAt + Math.round(random.uniform(0.01, 0.8) * DAY_MS) };
  }
  const completedAt = paidAt + Math.round(random.uniform(3, 12) * DAY_MS);
  const reviewedAt = random.chance(REVIEWED) ? completedAt + Math.round(random.uniform(0, 5) * DAY_MS) : null;
  return { ...open, paidAt, completedAt, reviewedAt };
}
