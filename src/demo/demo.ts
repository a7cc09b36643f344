import type { Day } from '../domain/zone';
import { agentRecord, TEAMS } from './agents';
import { tellGoals } from './goals';
import { HOME_ZONE } from './history';
import { tellMeasures } from './measures';
import type { Batch } from './outbox';
import { tellPresences } from './presences';
import { CLIENTS, shopRecord, SHOPS } from './shops';
import { ShopStory } from './shop-story';
import { createWorld, type World } from './world';

export const DEMO_ORGANIZATION = { name: 'Demo Outsourcing', timeZone: HOME_ZONE } as const;

const DAYS = 120;
/** Told before the first day and not sent, so that buyers return and ask for their parcels from the start. */
const DAYS_BEFORE = 15;

export interface DemoDay {
  readonly day: Day;
  /** One for each client and one for the firm; no two name the same shop, so they may be sent at once. */
  readonly batches: readonly Batch[];
}

export interface Demo {
  readonly days: number;
  /** To be sent first: clients, teams, shops and agents. */
  readonly directory: Batch;
  /** Day after day, made when asked for; to be gone through once. */
  readonly story: Iterable<DemoDay>;
}

/**
 * An outsourcing firm that serves the shops of three clients, and all that happened there until the last day ended in
 * the firm's zone. The same day and seed always give the same records.
 */
export function generateDemo(lastDay: Day, { days = DAYS, seed = 1 } = {}): Demo {
  const world = createWorld(seed, lastDay, days);
  return { days, directory: directoryOf(world), story: tellStory(world) };
}

function directoryOf({ agents }: World): Batch {
  return {
    clients: [...CLIENTS],
    teams: TEAMS.map(({ id, name }) => ({ externalId: id, name })),
    shops: SHOPS.map(shopRecord),
    agents: agents.map(agentRecord),
  };
}

function* tellStory(world: World): Generator<DemoDay> {
  const { history, outbox } = world;
  const stories = SHOPS.map((shop) => new ShopStory(world, shop));
  tellGoals(world);
  for (let dayIndex = -DAYS_BEFORE; dayIndex < history.days; dayIndex += 1) {
    for (const story of stories) story.tellDay(dayIndex);
    tellPresences(world, dayIndex);
    tellMeasures(world, dayIndex);
    if (dayIndex >= 0) yield { day: history.day(dayIndex), batches: outbox.take(dayIndex) };
  }
}
