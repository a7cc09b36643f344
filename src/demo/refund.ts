import type { LIABILITIES, REFUND_KINDS, REFUND_STATUSES } from '../domain/records';
import type { Instant } from '../domain/zone';
import type { Skills } from './agents';
import { formatInstant } from './history';
import { formatMoney, type Purchase } from './order';
import type { Odds, Random } from './random';
import { told, type Unfolding } from './unfolding';

const HOUR_MS = 3_600_000;
const LAST_DAY_OF_CLAIMS = 29;

const KINDS: Odds<(typeof REFUND_KINDS)[number]> = [
  ['RETURN_AND_REFUND', 46],
  ['REFUND_ONLY', 30],
  ['NOT_RECEIVED', 16],
  ['EXCHANGE', 8],
];
const OUTCOMES: Odds<(typeof REFUND_STATUSES)[number]> = [
  ['COMPLETED', 91],
  ['WITHDRAWN', 6],
  ['REJECTED', 3],
];
const VERDICTS: Odds<(typeof LIABILITIES)[number]> = [
  ['MERCHANT', 48],
  ['BUYER', 34],
  ['NONE', 18],
];
const PLATFORM_STEPS_IN = 0.7;
const REFUND_OF_ALL = 0.7;

/** How many days after the payment a buyer asks for the money back: mostly within the week, at most a month. */
export function daysUntilRefund(random: Random): number {
  return Math.min(LAST_DAY_OF_CLAIMS, Math.ceil(random.logNormal(4.5, 0.75)));
}

/** A refund. Who is quick closes soon; who takes care seldom comes to a dispute, or past the platform's deadline. */
export function makeRefund(random: Random, purchase: Purchase, openedAt: Instant, { speed, care }: Skills): Unfolding {
  const isDisputed = random.chance(0.015 + 0.07 * (1 - care) ** 2);
  const isOverdue = random.chance(0.015 + 0.2 * (1 - care) ** 2);
  const verdict = isDisputed && random.chance(PLATFORM_STEPS_IN) ? random.weighted(VERDICTS) : undefined;
  const hours = random.logNormal(14 + 38 * (1 - speed), 0.6) + (isDisputed || isOverdue ? random.uniform(48, 120) : 0);
  const disputedAt = isDisputed ? openedAt + Math.round(random.uniform(12, 48) * HOUR_MS) : null;
  const closedAt = openedAt + Math.round(hours * HOUR_MS);
  const kind = purchase.cancelledAt === null ? random.weighted(KINDS) : 'REFUND_ONLY';
  const cents = random.chance(REFUND_OF_ALL) ? purchase.paidCents : Math.round(purchase.paidCents / purchase.lines);
  const outcome = {
    status: verdict === 'BUYER' ? 'REJECTED' : random.weighted(OUTCOMES),
    closedAt: formatInstant(closedAt),
    liability: verdict,
  };
  const completedBy = verdict !== undefined || isOverdue ? 'PLATFORM' : 'MERCHANT';
  return {
    beganAt: openedAt,
    changes: [disputedAt, closedAt],
    stateAt: (asOf) => ({
      kind,
      openedAt: formatInstant(openedAt),
      amount: formatMoney(cents),
      disputedAt: told(disputedAt, asOf),
      platformIntervened: told(disputedAt, asOf) !== undefined && verdict !== undefined,
      ...(closedAt <= asOf ? outcome : { status: 'OPEN' }),
      completedBy: closedAt <= asOf && outcome.status === 'COMPLETED' ? completedBy : undefined,
    }),
  };
}
