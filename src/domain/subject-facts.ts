import type { MeasureKey } from './measures';

/** One measure of one subject. */
export interface Measured {
  /** An exact decimal; null only for a maximum without data. */
  readonly amount: string | null;
  /** Of the facts behind an amount of money. */
  readonly currencies: readonly string[];
}

/** What was measured of one subject; a measure left out is that of a subject without facts. */
export type Measurements = ReadonlyMap<MeasureKey, Measured>;

/** What observations of one key add up to, for one subject in one period with at least one of them. */
export interface Observed {
  /** An exact decimal. */
  readonly sum: string;
  readonly count: number;
  /** Mean of those of the last day that has any. */
  readonly last: string;
}

/** All that metrics of one subject in one period are made of; what is left out is that of a subject without facts. */
export interface SubjectFacts {
  readonly measured: Measurements;
  /** By the key of the observation. */
  readonly observed: ReadonlyMap<string, Observed>;
  /** By metric key: the sum of the subject's own targets that lie within the period; a key without any is left out. */
  readonly targets: ReadonlyMap<string, string>;
  /** The salesAmount of the days that the subject's own salesAmount targets cover; null without targets. */
  readonly targetedSales: Measured | null;
}

export const NO_FACTS: SubjectFacts = {
  measured: new Map(),
  observed: new Map(),
  targets: new Map(),
  targetedSales: null,
};
