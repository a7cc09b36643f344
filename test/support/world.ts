import type { IngestBatch } from '../../src/services/ingest-result';

const START = Date.UTC(2026, 2, 2, 2);
/** 2 March 2026, 10:00 in Shanghai, and so many minutes later. */
export const at = (minutes: number): string => new Date(START + minutes * 60_000).toISOString();

export const MARCH = '{ from: "2026-03-01", to: "2026-03-31" }';

/**
 * Two clients with a shop each, two teams, `agents` agents. Each agent holds three sessions in either shop; the first
 * of them leads to an order with a refund and a complaint, and the next agent helped.
 */
export function makeWorld(agents: number): IngestBatch {
  const numbers = Array.from({ length: agents }, (_, index) => index);
  const shops = ['s1', 's2'];
  const each = <T>(make: (agent: number, shop: string) => T[]): T[] =>
    numbers.flatMap((agent) => shops.flatMap((shop) => make(agent, shop)));
  const buyer = (agent: number): string => `b${agent}`;
  const start = (agent: number): number => agent * 100;
  return {
    clients: [
      { externalId: 'c1', name: 'Client 1' },
      { externalId: 'c2', name: 'Client 2' },
    ],
    teams: [
      { externalId: 't1', name: 'Team 1' },
      { externalId: 't2', name: 'Team 2' },
    ],
    shops: [
      { externalId: 's1', client: 'c1', name: 'Shop 1', platform: 'TAOBAO' },
      { externalId: 's2', client: 'c2', name: 'Shop 2', platform: 'JD', currency: 'EUR', timeZone: 'Europe/Berlin' },
    ],
    agents: numbers.map((agent) => ({
      externalId: `a${agent}`,
      name: `Agent ${String(agent).padStart(3, '0')}`,
      team: agent % 2 ? 't2' : 't1',
      role: agent % 3 ? 'PRE_SALE' : 'AFTER_SALE',
      level: 'SENIOR',
      hiredOn: '2025-01-01',
      active: agent !== 1,
    })),
    sessions: each((agent, shop) => [
      ...[0, 1, 2].map((n) => ({
        externalId: `${shop}-x${agent}-${n}`,
        shop,
        agent: `a${agent}`,
        buyer: n === 0 ? buyer(agent) : `${buyer(agent)}-${n}`,
        startedAt: at(start(agent) + n),
        endedAt: at(start(agent) + n + 5),
        csat: n + 3,
        messages: [
          { at: at(start(agent) + n), from: 'BUYER' },
          { at: at(start(agent) + n + 0.2), from: 'AGENT' },
        ],
      })),
      {
        externalId: `${shop}-help${agent}`,
        shop,
        agent: `a${(agent + 1) % agents}`,
        buyer: buyer(agent),
        startedAt: at(start(agent) - 10),
      },
    ]),
    orders: each((agent, shop) => [
      {
        externalId: `${shop}-o${agent}`,
        shop,
        buyer: buyer(agent),
        placedAt: at(start(agent) + 20),
        paidAt: agent % 4 === 3 ? null : at(start(agent) + 21),
        amount: `${100 + agent}.50`,
      },
    ]),
    refunds: each((agent, shop) => [
      {
        externalId: `${shop}-r${agent}`,
        shop,
        order: `${shop}-o${agent}`,
        status: 'COMPLETED',
        completedBy: 'MERCHANT',
        openedAt: at(start(agent) + 60),
        closedAt: at(start(agent) + 120),
        amount: '10',
      },
      { externalId: `${shop}-waits${agent}`, shop, order: 'later', status: 'OPEN', openedAt: at(60), amount: '1' },
    ]),
    complaints: each((agent, shop) => [
      {
        externalId: `${shop}-k${agent}`,
        shop,
        order: `${shop}-o${agent}`,
        session: `${shop}-x${agent}-0`,
        category: agent % 2 ? 'delay' : 'quality',
        openedAt: at(start(agent) + 90),
      },
      { externalId: `${shop}-waits${agent}`, shop, session: 'later', category: 'delay', openedAt: at(60) },
    ]),
    observations: numbers.map((agent) => ({ measure: 'exam', agent: `a${agent}`, on: '2026-03-05', value: '80.5' })),
    targets: numbers.map((agent) => ({
      metric: 'salesAmount',
      agent: `a${agent}`,
      shop: 's1',
      from: '2026-03-01',
      to: '2026-03-31',
      value: '1000',
    })),
  };
}
