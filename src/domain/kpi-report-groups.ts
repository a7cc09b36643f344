import { isCut } from './kpi-report-filter';
import type { GroupMember } from './measure-query';
import type { KpiDimension } from './metric';

export interface ScopeShop {
  readonly id: number;
  /** Null where it does not matter. */
  readonly clientId: number | null;
  readonly platform: string | null;
}

export interface ScopeAgent {
  readonly id: number;
  readonly teamId: number | null;
  readonly level: string | null;
  readonly role: string | null;
  readonly active: boolean;
}

/** Keys of our own, or names as they stand in the facts; null where there is none. */
export type DimensionValue = string | number | null;
/** Only of the dimensions that are grouped by. */
export type GroupValues = Readonly<Partial<Record<KpiDimension, DimensionValue>>>;

/** Shops or agents whose facts count together. */
export interface Group {
  readonly values: GroupValues;
  /** Whether it is listed though it may have no facts. */
  readonly active: boolean;
}

/** Members name their group by its position. */
export interface Grouping {
  readonly groups: readonly Group[];
  readonly members: readonly GroupMember[];
}

/** All in one. */
export const WHOLE: Group = { values: {}, active: true };

type ValueOf<T> = Readonly<Partial<Record<KpiDimension, (thing: T) => DimensionValue>>>;

const SHOP_VALUES: ValueOf<ScopeShop> = {
  CLIENT: ({ clientId }) => clientId,
  SHOP: ({ id }) => id,
  PLATFORM: ({ platform }) => platform,
};

const AGENT_VALUES: ValueOf<ScopeAgent> = {
  TEAM: ({ teamId }) => teamId,
  AGENT: ({ id }) => id,
  LEVEL: ({ level }) => level,
  ROLE: ({ role }) => role,
};

export function groupShops(shops: readonly ScopeShop[], groupBy: readonly KpiDimension[]): Grouping {
  return group(shops, SHOP_VALUES, groupBy, () => true);
}

/** A group is active if one of its agents is. */
export function groupAgents(agents: readonly ScopeAgent[], groupBy: readonly KpiDimension[]): Grouping {
  return group(agents, AGENT_VALUES, groupBy, ({ active }) => active);
}

function group<T extends { readonly id: number }>(
  things: readonly T[],
  valueOf: ValueOf<T>,
  groupBy: readonly KpiDimension[],
  isActive: (thing: T) => boolean,
): Grouping {
  const dimensions = groupBy.flatMap((dimension) => {
    const read = valueOf[dimension];
    return read ? [{ dimension, read }] : [];
  });
  if (dimensions.length === 0) {
    return { groups: [WHOLE], members: things.map(({ id }) => ({ group: 0, member: id })) };
  }
  const known = new Map<string, number>();
  const groups: Group[] = [];
  const members = things.map((thing) => {
    const values = dimensions.map(({ read }) => read(thing));
    const name = JSON.stringify(values);
    const position = known.get(name) ?? groups.length;
    known.set(name, position);
    groups[position] = {
      values: Object.fromEntries(dimensions.map(({ dimension }, index) => [dimension, values[index]])),
      active: isActive(thing) || groups[position]?.active === true,
    };
    return { group: position, member: thing.id };
  });
  return { groups, members };
}

/** What a row of facts says of its cut. */
export function cutValues(cut: KpiDimension | null, text: string | null): GroupValues {
  if (cut === null) return {};
  return { [cut]: cut === 'HOUR_OF_DAY' && text !== null ? Number(text) : text };
}

/** Orders groups by what they are grouped by, in that order: numbers and names rising, nulls last. */
export function compareGroups(groupBy: readonly KpiDimension[]): (a: GroupValues, b: GroupValues) => number {
  return (a, b) => {
    for (const dimension of groupBy) {
      const difference = compareValues(a[dimension] ?? null, b[dimension] ?? null);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

function compareValues(a: DimensionValue, b: DimensionValue): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}

/** The dimensions that split who or where, without a cut of the facts. */
export function withoutCut(groupBy: readonly KpiDimension[]): readonly KpiDimension[] {
  return groupBy.filter((dimension) => !isCut(dimension));
}
