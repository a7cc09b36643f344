import { formatInstant } from './history';
import { FIRM } from './outbox';
import type { Shift } from './roster';
import { SHOPS } from './shops';
import type { World } from './world';

/** Everybody's time online that day: at the main shop's account, or at no shop for those who serve all. */
export function tellPresences(world: World, dayIndex: number): void {
  for (const shift of world.roster.shifts(dayIndex)) tellShift(world, dayIndex, shift);
}

function tellShift({ history, outbox }: World, dayIndex: number, { agent, spans }: Shift): void {
  const number = agent.id.slice(-2);
  const shop = agent.role === 'AFTER_SALE' ? undefined : SHOPS.find(({ id }) => id === agent.shops[0]);
  spans.forEach(({ from, to }, index) => {
    outbox.put(shop?.client ?? FIRM, 'presences', to, {
      externalId: `presence-${number}-${history.day(dayIndex)}-${index + 1}`,
      agent: agent.id,
      shop: shop?.id,
      account: shop && `${shop.id}:${number}`,
      startedAt: formatInstant(from),
      endedAt: formatInstant(to),
    });
  });
}
