import { type DemoAgent, isEmployed } from './agents';
import { FIRM } from './outbox';
import { Random } from './random';
import { promotion } from './rhythm';
import { type DemoShop, SHOPS } from './shops';
import type { World } from './world';

/** The shop with a showroom, whose visitors are counted at the door. */
const SHOWROOM = 'tmall-qimu';
const EXAM_DAY = '05';
const TRAINING_DAY = '20';

/** What the firm and the platforms measure themselves on that day. */
export function tellMeasures(world: World, dayIndex: number): void {
  for (const shop of SHOPS) tellShop(world, shop, dayIndex);
  for (const agent of world.agents) tellAgent(world, agent, dayIndex);
}

function tellShop(world: World, shop: DemoShop, dayIndex: number): void {
  const { seed, history } = world;
  const random = new Random(seed, 'measures', shop.id, dayIndex);
  const on = history.day(dayIndex);
  const observe = (measure: string, value: number): void => {
    send(world, dayIndex, shop.client, { measure, shop: shop.id, on, value });
  };
  const usual = new Random(seed, 'dsr', shop.id).uniform(4.66, 4.86);
  observe('dsrService', Math.round(random.normal(usual, 0.015) * 100) / 100);
  if (shop.id !== SHOWROOM) return;
  const footTraffic = random.poisson(420 * Math.sqrt(promotion(on)));
  const entrants = Math.round(footTraffic * random.normal(0.24, 0.025));
  observe('footTraffic', footTraffic);
  observe('entrants', entrants);
  observe('triers', Math.round(entrants * random.normal(0.42, 0.04)));
}

function tellAgent(world: World, agent: DemoAgent, dayIndex: number): void {
  const on = world.history.day(dayIndex);
  if (!isEmployed(agent, on)) return;
  const random = new Random(world.seed, 'measures', agent.id, dayIndex);
  const { speed, care } = agent.skills;
  const observe = (measure: string, value: number): void => {
    send(world, dayIndex, FIRM, { measure, agent: agent.id, on, value });
  };
  const score = (skill: number): number => Math.min(100, Math.round(random.normal(64 + 32 * skill, 3.5)));
  if (on.endsWith(EXAM_DAY)) observe('exam', score((speed + care) / 2));
  if (on.endsWith(TRAINING_DAY)) {
    observe('training', score(care));
    observe('trainingAbsences', random.chance(0.2) ? 1 : 0);
  }
  // The week is closed on its last day.
  if (new Date(on).getUTCDay() !== 0) return;
  const week = [0, 1, 2, 3, 4, 5, 6].map((daysAgo) => dayIndex - daysAgo);
  observe('assessment', score(care));
  observe('daysScheduled', week.filter((index) => world.roster.isScheduled(agent, index)).length);
  observe('daysPresent', week.filter((index) => world.roster.isPresent(agent, index)).length);
  if (agent.phone) observe('complaintCalls', random.poisson(1.6 * (1 - care)));
}

function send({ history, outbox }: World, dayIndex: number, sender: string, observation: object): void {
  outbox.put(sender, 'observations', history.startOf(dayIndex), observation);
}
