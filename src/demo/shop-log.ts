import type { Instant } from '../domain/zone';
import { formatInstant } from './history';
import { Random } from './random';
import type { DemoShop } from './shops';
import { lastChange, type Unfolding } from './unfolding';
import type { World } from './world';

/** What shops tell of, and how much of it comes some days late. */
const LATE = { sessions: 0.01, orders: 0, refunds: 0.15, complaints: 0.15 } as const;
const MAX_DAYS_LATE = 3;
const SENT_TWICE = 0.03;

const RETURNING = 0.34;
/** Those who were here before so many others do not come back. */
const REMEMBERED_BUYERS = 2_500;

/** A shop's system: it names everything and sends the records. */
export class ShopLog {
  private readonly random: Random;
  private readonly counts = new Map<string, number>();
  private readonly buyers: string[] = [];

  constructor(
    private readonly world: World,
    private readonly shop: DemoShop,
  ) {
    this.random = new Random(world.seed, 'log', shop.id);
  }

  /** Somebody new, or one of those who were here lately. */
  nextBuyer(): string {
    const { random, buyers } = this;
    const earliest = Math.max(0, buyers.length - REMEMBERED_BUYERS);
    const known = random.chance(RETURNING) ? buyers[random.integer(earliest, buyers.length - 1)] : undefined;
    if (known !== undefined) return known;
    const buyer = this.nextId('buyer');
    buyers.push(buyer);
    return buyer;
  }

  /**
   * Sends a record as it stands when the history ends, as an export of the past does: mostly at once, some of them days
   * late. Now and then it comes as it stood first, and again on the day of its last change. Gives its id, or null, with
   * nothing sent, if it did not begin within the history.
   */
  send(kind: keyof typeof LATE, fields: object, thing: Unfolding): string | null {
    const { random } = this;
    const { outbox, history } = this.world;
    const externalId = this.nextId(kind.slice(0, -1));
    const put = (asOf: Instant, knownAt: Instant, daysLate: number): boolean => {
      const updatedAt = formatInstant(lastChange(thing, asOf));
      const record = { externalId, shop: this.shop.id, ...fields, ...thing.stateAt(asOf), updatedAt };
      return outbox.put(this.shop.client, kind, knownAt, record, daysLate);
    };
    const changedAt = lastChange(thing, history.end);
    const isOtherDay = history.dayIndex(changedAt) > history.dayIndex(thing.beganAt);
    const isSentTwice = isOtherDay && random.chance(SENT_TWICE);
    const daysLate = !isSentTwice && random.chance(LATE[kind]) ? random.integer(1, MAX_DAYS_LATE) : 0;
    const isSent = put(isSentTwice ? thing.beganAt : history.end, thing.beganAt, daysLate);
    if (isSentTwice) put(history.end, changedAt, 0);
    return isSent ? externalId : null;
  }

  /** A name such as order-000042. */
  private nextId(prefix: string): string {
    const count = (this.counts.get(prefix) ?? 0) + 1;
    this.counts.set(prefix, count);
    return `${prefix}-${String(count).padStart(6, '0')}`;
  }
}
