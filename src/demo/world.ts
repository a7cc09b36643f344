import type { Day } from '../domain/zone';
import { type DemoAgent, hireAgents } from './agents';
import { History } from './history';
import { Outbox } from './outbox';
import { Roster } from './roster';

/** What all stories have in common. */
export interface World {
  readonly seed: number;
  readonly history: History;
  readonly agents: readonly DemoAgent[];
  readonly roster: Roster;
  readonly outbox: Outbox;
}

export function createWorld(seed: number, lastDay: Day, days: number): World {
  const history = new History(lastDay, days);
  const agents = hireAgents(seed, lastDay);
  return { seed, history, agents, roster: new Roster(seed, history, agents), outbox: new Outbox(history) };
}
