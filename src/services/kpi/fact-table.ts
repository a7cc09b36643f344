import type { Measured, Measurements, Observed, SubjectFacts } from '../../domain/subject-facts';
import { NO_FACTS } from '../../domain/subject-facts';

/** One of the groups that facts count for. */
export interface FactGroup {
  readonly shopGroup: number;
  readonly agentGroup: number;
  /** Null where the facts do not say, and without a cut. */
  readonly cut: string | null;
}

interface GroupFacts {
  readonly group: FactGroup;
  /** By the position of the period. */
  readonly periods: Map<number, SubjectFacts>;
}

/** What was found of each group in each period. */
export class FactTable {
  private readonly groupsByName = new Map<string, GroupFacts>();

  /** The groups with facts in any of the periods. A target is one: one that was missed altogether is to be seen. */
  groups(): readonly FactGroup[] {
    return [...this.groupsByName.values()].map(({ group }) => group);
  }

  hasFacts(group: FactGroup, period: number): boolean {
    return this.groupsByName.get(nameOf(group))?.periods.has(period) === true;
  }

  factsOf(group: FactGroup, period: number): SubjectFacts {
    return this.groupsByName.get(nameOf(group))?.periods.get(period) ?? NO_FACTS;
  }

  addMeasured(group: FactGroup, period: number, measured: Measurements): void {
    this.add(group, period, { measured });
  }

  addObserved(group: FactGroup, period: number, key: string, observed: Observed): void {
    const before = this.factsOf(group, period).observed;
    this.add(group, period, { observed: new Map([...before, [key, observed]]) });
  }

  addTargets(group: FactGroup, period: number, targets: ReadonlyMap<string, string>): void {
    this.add(group, period, { targets });
  }

  addTargetedSales(group: FactGroup, period: number, targetedSales: Measured): void {
    this.add(group, period, { targetedSales });
  }

  private add(group: FactGroup, period: number, facts: Partial<SubjectFacts>): void {
    const name = nameOf(group);
    const known: GroupFacts = this.groupsByName.get(name) ?? { group, periods: new Map() };
    this.groupsByName.set(name, known);
    known.periods.set(period, { ...(known.periods.get(period) ?? NO_FACTS), ...facts });
  }
}

/** A cut may have any text, and none at all is another one than the text of null. */
function nameOf({ shopGroup, agentGroup, cut }: FactGroup): string {
  return cut === null ? `${shopGroup}/${agentGroup}` : `${shopGroup}/${agentGroup}/${cut}`;
}
