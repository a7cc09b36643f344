import Big from 'big.js';
import type { SubjectKind } from './kpi';
import { filtersShops, type KpiFilter, onlyOne } from './kpi-report-filter';
import type { GroupValues } from './kpi-report-groups';
import type { KpiDimension } from './metric';
import { addDays, type Period, periodOf } from './period';
import type { Measured } from './subject-facts';
import type { Day } from './zone';

/** Whom a target is set for: exactly these, nulls included. */
export interface TargetOwner {
  readonly agentId: number | null;
  readonly teamId: number | null;
  readonly shopId: number | null;
}

/** A target set for days, both ends included. */
export interface OwnTarget extends TargetOwner {
  readonly metric: string;
  readonly from: Day;
  readonly to: Day;
  readonly value: string;
}

/** What of a query decides whose targets its groups have. */
export interface OwnerContext {
  readonly kind: SubjectKind;
  readonly groupBy: readonly KpiDimension[];
  readonly filter: KpiFilter;
  /** Whether the caller sees some shops only. */
  readonly limited: boolean;
}

/** Whose targets are a group's own; null: nobody sets targets for such a group. */
export function ownerOf(values: GroupValues, context: OwnerContext): TargetOwner | null {
  const shopId = ownShop(values, context);
  const people = ownPeople(values, context);
  return shopId === undefined || people === undefined ? null : { ...people, shopId };
}

/** Null: all shops; undefined: some shops that have no name in common. */
function ownShop(values: GroupValues, { groupBy, filter, limited }: OwnerContext): number | null | undefined {
  const shop = values.SHOP ?? onlyOne(filter.shopIds);
  if (typeof shop === 'number') return shop;
  const isPart = limited || filtersShops(filter) || groupBy.includes('CLIENT') || groupBy.includes('PLATFORM');
  return isPart ? undefined : null;
}

type OwnPeople = Pick<TargetOwner, 'agentId' | 'teamId'>;

function ownPeople(values: GroupValues, { kind, groupBy, filter }: OwnerContext): OwnPeople | undefined {
  if (kind === 'SHOP') return { agentId: null, teamId: null };
  const agentId = values.AGENT ?? onlyOne(filter.agentIds);
  if (typeof agentId === 'number') return { agentId, teamId: null };
  // A part of a team, however it came about, is not the team.
  if (filter.agentIds != null || groupBy.includes('LEVEL') || groupBy.includes('ROLE')) return undefined;
  const teamId = groupBy.includes('TEAM') ? values.TEAM : onlyOne(filter.teamIds);
  if (typeof teamId === 'number') return { agentId: null, teamId };
  return undefined;
}

/** Equal for equal owners. */
export function ownerName({ agentId, teamId, shopId }: TargetOwner): string {
  return `${agentId}/${teamId}/${shopId}`;
}

export function isWithin({ from, to }: Pick<Period, 'from' | 'to'>, period: Pick<Period, 'from' | 'to'>): boolean {
  return period.from <= from && to <= period.to;
}

/** By metric. */
export function sumTargets(targets: readonly OwnTarget[]): ReadonlyMap<string, string> {
  const sums = new Map<string, string>();
  for (const { metric, value } of targets) sums.set(metric, new Big(sums.get(metric) ?? 0).plus(value).toFixed());
  return sums;
}

/** The days that targets cover, cut wherever one begins or ends: each of the periods is in a target or is in none. */
export function elementaryPeriods(targets: readonly OwnTarget[]): readonly Period[] {
  const [first, ...others] = [...new Set(targets.flatMap(({ from, to }) => [from, addDays(to, 1)]))].sort();
  if (first === undefined) return [];
  const periods: Period[] = [];
  let from = first;
  for (const next of others) {
    periods.push(periodOf(from, addDays(next, -1)));
    from = next;
  }
  return periods.filter((period) => targets.some((target) => isWithin(period, target)));
}

/** Adds up amounts of different days. */
export function addMeasured(amounts: readonly Measured[]): Measured {
  const total = amounts.reduce((sum, { amount }) => sum.plus(amount ?? 0), new Big(0));
  return { amount: total.toFixed(), currencies: [...new Set(amounts.flatMap(({ currencies }) => currencies))] };
}
