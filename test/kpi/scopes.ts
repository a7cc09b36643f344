import type { SubjectKind } from '../../src/domain/kpi';
import { type GroupMember, type MeasureQuery, NO_SHOP } from '../../src/domain/measure-query';
import type { StoredWorld } from '../support/facts';
import type { Subject } from './brute-force';
import { AGENTS, SHOPS } from './random-world';

/** Whose numbers are asked for, as a statement takes it and in words. */
export interface Scope {
  readonly kind: SubjectKind;
  readonly shops: MeasureQuery['shops'];
  readonly agents: MeasureQuery['agents'];
  readonly groups: readonly ScopeGroup[];
}

export interface ScopeGroup {
  readonly shopGroup: number;
  readonly agentGroup: number;
  readonly subject: Subject;
}

export const SHOP_PARTS = ['ORGANIZATION', 'CLIENT', 'PLATFORM', 'SHOP'] as const;
export const AGENT_PARTS = ['EVERYBODY', 'AGENT', 'ONE', 'TEAM', 'SEVERAL'] as const;
export type ShopPart = (typeof SHOP_PARTS)[number];
export type AgentPart = (typeof AGENT_PARTS)[number];

interface Part {
  readonly members: readonly GroupMember[];
  /** By group, the names that it stands for; null: everything. */
  readonly names: ReadonlyMap<number, readonly string[] | null>;
}

const KINDS: Readonly<Record<AgentPart, SubjectKind>> = {
  EVERYBODY: 'SHOP',
  AGENT: 'AGENT',
  ONE: 'AGENT',
  TEAM: 'AGENT_SET',
  SEVERAL: 'AGENT_SET',
};

/** `seen`: the shops that count; null: all, and what has none. */
export function scopeOf(
  stored: StoredWorld,
  shopPart: ShopPart,
  agentPart: AgentPart,
  seen: readonly string[] | null,
): Scope {
  const shops = shopsOf(stored, shopPart, seen);
  const agents = agentsOf(stored, agentPart);
  return {
    kind: KINDS[agentPart],
    shops: shopPart === 'ORGANIZATION' && seen === null ? 'ALL' : shops.members,
    agents: agentPart === 'EVERYBODY' ? null : agents.members,
    groups: [...shops.names].flatMap(([shopGroup, shopNames]) =>
      [...agents.names].map(([agentGroup, agentNames]) => ({
        shopGroup,
        agentGroup,
        subject: { shops: shopNames, agents: agentNames },
      })),
    ),
  };
}

/** The same scope with every shop, and what has none, by name. */
export function spelledOut(stored: StoredWorld, scope: Scope): Scope {
  if (scope.shops !== 'ALL') return scope;
  const members = [...SHOPS.map((shop) => stored.shops.of(shop.id)), NO_SHOP];
  return { ...scope, shops: members.map((member) => ({ group: 0, member })) };
}

function shopsOf({ shops, clients }: StoredWorld, part: ShopPart, seen: readonly string[] | null): Part {
  const groupOf: Readonly<Record<ShopPart, (shop: (typeof SHOPS)[number]) => number>> = {
    ORGANIZATION: () => 0,
    CLIENT: (shop) => clients.of(shop.client),
    PLATFORM: (shop) => shop.platform.length,
    SHOP: (shop) => shops.of(shop.id),
  };
  if (part === 'ORGANIZATION' && seen === null) return { members: [], names: new Map([[0, null]]) };
  const visible = SHOPS.filter((shop) => seen?.includes(shop.id) ?? true);
  return partOf(visible, (shop) => shops.of(shop.id), groupOf[part]);
}

function agentsOf({ agents }: StoredWorld, part: AgentPart): Part {
  const idOf = (agent: (typeof AGENTS)[number]): number => agents.of(agent.id);
  switch (part) {
    case 'EVERYBODY':
      return { members: [], names: new Map([[0, null]]) };
    case 'AGENT':
      return partOf(AGENTS, idOf, idOf);
    case 'ONE':
      return partOf(AGENTS.slice(1, 2), idOf, () => 0);
    case 'TEAM':
      return partOf(AGENTS, idOf, (agent) => (agent.team === null ? 0 : agent.team.charCodeAt(0)));
    case 'SEVERAL':
      return partOf([...AGENTS.slice(0, 1), ...AGENTS.slice(2)], idOf, () => 0);
  }
}

function partOf<T extends { readonly id: string }>(
  things: readonly T[],
  idOf: (thing: T) => number,
  groupOf: (thing: T) => number,
): Part {
  const names = new Map<number, string[]>();
  for (const thing of things) names.set(groupOf(thing), [...(names.get(groupOf(thing)) ?? []), thing.id]);
  return { members: things.map((thing) => ({ group: groupOf(thing), member: idOf(thing) })), names };
}
