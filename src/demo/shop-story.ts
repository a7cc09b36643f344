import type { Instant } from '../domain/zone';
import type { DemoAgent, Skills } from './agents';
import { makePurchase, type Purchase } from './order';
import { Random } from './random';
import { daysUntilRefund, makeRefund } from './refund';
import { crowd, promotion, visitInstant } from './rhythm';
import { ShopDesk } from './shop-desk';
import { ShopLog } from './shop-log';
import type { DemoShop } from './shops';
import type { World } from './world';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

const ASKS_AGAIN = 0.13;
const ASKS_AGAIN_TODAY = 0.6;
const SPAM = 0.016;
const CALLS_BEFORE_SALE = 0.5;
const ORDERS_UNANSWERED = 0.1;
const ORDERS_BY_PHONE = 0.6;
const ASKS_AFTER_ORDER = 0.34;
const TALKS_ABOUT_REFUND = 0.7;

/** Of whoever serves where nobody does: a shop's own pages, or its platform. */
const NOBODY: Skills = { speed: 0.4, selling: 0.4, care: 0.6 };

/** An order; its id is null where it was placed before the history begins. */
interface Order {
  readonly id: string | null;
  readonly buyer: string;
  readonly purchase: Purchase;
}

/**
 * What happens in one shop. Each visit is told to its end at once, with the order, the questions and the refund that
 * follow days or weeks later; the outbox brings the records into the order in which they come to be.
 */
export class ShopStory {
  private readonly random: Random;
  private readonly log: ShopLog;
  private readonly desk: ShopDesk;

  constructor(
    private readonly world: World,
    private readonly shop: DemoShop,
  ) {
    this.random = new Random(world.seed, 'story', shop.id);
    this.log = new ShopLog(world, shop);
    this.desk = new ShopDesk(world, shop, this.log);
  }

  tellDay(dayIndex: number): void {
    const { random, shop, log, desk } = this;
    const day = this.world.history.day(dayIndex);
    const visits = shop.inquiries * crowd(random, day);
    // A sale makes people ask and buy, but not take up the phone.
    const calls = (shop.calls ?? 0) * Math.sqrt(promotion(day));
    const repeat = (mean: number, tell: (at: Instant) => void): void => {
      for (let left = random.poisson(mean); left > 0; left -= 1) tell(visitInstant(random, shop, day));
    };
    repeat(visits, (at) => this.tellInquiry(log.nextBuyer(), at));
    repeat(visits * shop.silentOrders, (at) => this.tellOrder(log.nextBuyer(), null, at));
    repeat(visits * SPAM, (at) => desk.spam(log.nextBuyer(), at));
    repeat(calls, (at) => this.tellCall(log.nextBuyer(), at));
  }

  private tellInquiry(buyer: string, at: Instant): void {
    const { random, desk } = this;
    let contact = desk.chat(buyer, 'PRE_SALE', at);
    const hoursLater = random.chance(ASKS_AGAIN_TODAY) ? random.uniform(0.5, 3) : random.uniform(20, 27);
    const again = at + Math.round(hoursLater * HOUR_MS);
    if (random.chance(ASKS_AGAIN) && desk.findAgent('PRE_SALE', again) !== null) {
      contact = desk.chat(buyer, 'PRE_SALE', again);
    }
    const { agent, endedAt } = contact;
    const conversion = agent === null ? ORDERS_UNANSWERED : this.conversionBy(agent);
    if (random.chance(conversion)) this.tellOrder(buyer, agent, this.soonAfter(endedAt));
  }

  private tellCall(buyer: string, at: Instant): void {
    const { random, desk } = this;
    const purpose = random.chance(CALLS_BEFORE_SALE) ? 'PRE_SALE' : 'AFTER_SALE';
    const { agent, endedAt } = desk.call(buyer, purpose, at);
    if (agent === null || purpose === 'AFTER_SALE') return;
    if (random.chance(this.conversionBy(agent) * ORDERS_BY_PHONE)) {
      this.tellOrder(buyer, agent, this.soonAfter(endedAt));
    }
  }

  private tellOrder(buyer: string, agent: DemoAgent | null, placedAt: Instant): void {
    const { random, shop } = this;
    const purchase = makePurchase(random, shop, placedAt, agent?.skills ?? NOBODY);
    const named = random.chance(shop.namedAgents ?? 0) ? agent?.id : undefined;
    this.tellAftermath({ id: this.log.send('orders', { buyer, agent: named }, purchase), buyer, purchase });
  }

  private tellAftermath(order: Order): void {
    const { random, shop } = this;
    const { paidAt, cancelledAt } = order.purchase;
    if (paidAt === null) return;
    if (cancelledAt !== null) {
      this.tellRefund(order, cancelledAt);
      return;
    }
    if (random.chance(ASKS_AFTER_ORDER)) {
      this.desk.chat(order.buyer, 'AFTER_SALE', this.daysAfter(paidAt, 1 + random.poisson(3.2)), order.id);
    }
    if (random.chance(shop.refunds)) this.tellRefund(order, this.daysAfter(paidAt, daysUntilRefund(random)));
  }

  private tellRefund({ id, buyer, purchase }: Order, at: Instant): void {
    const { random, desk } = this;
    const contact = random.chance(TALKS_ABOUT_REFUND) ? desk.chat(buyer, 'AFTER_SALE', at, id) : null;
    if (id === null) return;
    const agent = contact?.agent ?? desk.findAgent('AFTER_SALE', at);
    const refund = makeRefund(random, purchase, contact?.endedAt ?? at, agent?.skills ?? NOBODY);
    this.log.send('refunds', { order: id, agent: agent?.id }, refund);
  }

  private conversionBy({ skills }: DemoAgent): number {
    return this.shop.conversion + 0.38 * (skills.selling - 0.5);
  }

  private soonAfter(instant: Instant): Instant {
    return instant + Math.round(this.random.logNormal(12, 1.2) * MINUTE_MS);
  }

  private daysAfter(instant: Instant, days: number): Instant {
    const { history } = this.world;
    return visitInstant(this.random, this.shop, history.day(history.dayIndex(instant) + days));
  }
}
