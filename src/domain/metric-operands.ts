import { type Formula, FormulaError, leavesOf } from './formula';
import { type Grain, type MeasureKey, MEASURES } from './measures';
import { GRAINS, type Metric, type MetricParts } from './metric';

/** How many operands a formula may have, those of the metrics that it names included: what it costs is bounded by it. */
const MAX_SIZE = 200;
/** How many formulas may stand on each other. */
export const MAX_FORMULA_DEPTH = 20;

/** All that a metric is made of, through the metrics that its formula names. */
export interface Operands {
  readonly measures: readonly MeasureKey[];
  /** Of the measures those that are amounts of money. */
  readonly amounts: readonly MeasureKey[];
  /** Keys of observations. */
  readonly observations: readonly string[];
  /** Keys of targets. */
  readonly targets: readonly string[];
  /** Whether the sales that targets cover are needed. */
  readonly attainment: boolean;
  /** Where all of it has a meaning. */
  readonly grains: readonly Grain[];
  readonly size: number;
  /** Formulas that stand on each other. */
  readonly depth: number;
}

/** What the metric of a key is made of, or null where there is none. */
export type FindOperands = (key: string) => Operands | null;

const NONE: Operands = {
  measures: [],
  amounts: [],
  observations: [],
  targets: [],
  attainment: false,
  grains: GRAINS,
  size: 1,
  depth: 1,
};

/** Throws FormulaError for a formula that names what there is not, or that no subject has all parts of. */
export function operandsOf(parts: MetricParts, find: FindOperands): Operands {
  switch (parts.type) {
    case 'SIMPLE':
      return ofMeasures(parts.measure);
    case 'DIFFERENCE':
      return ofMeasures(parts.minuend, parts.subtrahend);
    case 'RATIO':
      return ofMeasures(parts.numerator, parts.denominator);
    case 'ATTAINMENT':
      return { ...NONE, targets: ['salesAmount'], attainment: true, depth: 0 };
    case 'FORMULA':
      return leavesOf(parts.formula).reduce((known, leaf) => joined(known, leaf, find), NONE);
  }
}

export function operandsOfMetric(metric: Metric, find: FindOperands): Operands {
  return { ...operandsOf(metric.parts, find), grains: metric.grains };
}

export function isMeasureKey(key: string): key is MeasureKey {
  return Object.hasOwn(MEASURES, key);
}

function ofMeasures(...measures: readonly MeasureKey[]): Operands {
  const grains = GRAINS.filter((grain) => measures.every((measure) => MEASURES[measure].grains.includes(grain)));
  const amounts = measures.filter((measure) => MEASURES[measure].money);
  return { ...NONE, measures, amounts, grains, depth: 0 };
}

function joined(known: Operands, leaf: Formula, find: FindOperands): Operands {
  const added = operandsOfLeaf(leaf, find);
  const grains = known.grains.filter((grain) => added.grains.includes(grain));
  const size = known.size + added.size;
  const depth = Math.max(known.depth, added.depth);
  const position = leaf.type === 'OPERAND' ? leaf.position : 1;
  if (grains.length === 0) {
    throw new FormulaError(position, 'This is counted for agents only or for shops only, and something before it not.');
  }
  if (size > MAX_SIZE) {
    throw new FormulaError(position, `With those of the metrics it names, it has more than ${MAX_SIZE} operands.`);
  }
  if (depth > MAX_FORMULA_DEPTH) throw tooDeep(position);
  return {
    measures: union(known.measures, added.measures),
    amounts: union(known.amounts, added.amounts),
    observations: union(known.observations, added.observations),
    targets: union(known.targets, added.targets),
    attainment: known.attainment || added.attainment,
    grains,
    size,
    depth,
  };
}

function operandsOfLeaf(leaf: Formula, find: FindOperands): Operands {
  switch (leaf.type) {
    case 'OBSERVED':
      return { ...NONE, observations: [leaf.key] };
    case 'TARGET':
      return { ...NONE, targets: [leaf.key] };
    case 'OPERAND':
      return operandsOfKey(leaf.key, leaf.position, find);
    default:
      return NONE;
  }
}

function operandsOfKey(key: string, position: number, find: FindOperands): Operands {
  try {
    const operands = find(key);
    if (operands) return { ...operands, depth: operands.depth + 1 };
  } catch (error) {
    // Where it lies in this formula, not in that of the metric it names.
    throw error instanceof FormulaError ? new FormulaError(position, error.problem) : error;
  }
  if (isMeasureKey(key)) return ofMeasures(key);
  const hint = `Observations are read by sum, avg, count or last, such as avg(${key}).`;
  throw new FormulaError(position, `There is no metric or measure ${key}. ${hint}`);
}

/** Also for a chain that was followed so far before all of it was known. */
export function tooDeep(position: number): FormulaError {
  return new FormulaError(position, `More than ${MAX_FORMULA_DEPTH} formulas stand on each other.`);
}

function union<T>(known: readonly T[], added: readonly T[]): readonly T[] {
  return [...new Set([...known, ...added])];
}
