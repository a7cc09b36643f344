import { type FactKind, type Grain, type MeasureKey, MEASURES } from './measures';
import {
  type Additivity,
  type CustomMetric,
  formula,
  type KpiDimension,
  type Metric,
  type MetricEntry,
  type MetricParts,
  SOURCES,
} from './metric';
import { type FindOperands, type Operands, operandsOf } from './metric-operands';

const GROUPINGS: Readonly<Record<Grain, readonly KpiDimension[]>> = {
  SHOP: ['ORGANIZATION', 'CLIENT', 'SHOP', 'PLATFORM'],
  AGENT: ['TEAM', 'AGENT', 'LEVEL', 'ROLE'],
};

/** Cuts of the metrics that are made of one kind of record alone. */
const CUTS: Readonly<Record<FactKind, readonly KpiDimension[]>> = {
  SESSION: ['CHANNEL', 'PURPOSE', 'HOUR_OF_DAY'],
  COMPLAINT: ['COMPLAINT_CATEGORY'],
  REFUND: ['REFUND_KIND'],
  ORDER: [],
  PRESENCE: [],
};

export function defineBuiltIn(key: string, entry: MetricEntry, find: FindOperands): Metric {
  const { grains, sources, ...written } = entry;
  const operands = operandsOf(entry.parts, find);
  return {
    ...written,
    key,
    version: 1,
    ...derived(entry.parts, grains ? { ...operands, grains } : operands),
    builtIn: true,
    defaultWindowDays: entry.defaultWindowDays ?? null,
    source: sources.map((source) => SOURCES[source]).join('; '),
  };
}

/** Throws FormulaError for a formula that cannot be used. */
export function defineCustom(custom: CustomMetric, find: FindOperands): Metric {
  const parts = formula(custom.formula);
  const { key, version, unit, direction, name } = custom;
  const description = custom.description ?? '';
  return {
    key,
    version,
    unit,
    direction,
    name: { en: name, 'zh-CN': name },
    description: { en: description, 'zh-CN': description },
    parts,
    ...derived(parts, operandsOf(parts, find)),
    builtIn: false,
    defaultWindowDays: null,
    source: '',
  };
}

/** What follows from what a metric is made of. */
function derived(parts: MetricParts, operands: Operands) {
  const additivity = additivityOf(parts);
  const measures: readonly MeasureKey[] = operands.attainment
    ? [...new Set([...operands.measures, 'salesAmount' as const])]
    : operands.measures;
  return {
    formula: formulaOf(parts),
    measures,
    grains: operands.grains,
    additivity,
    dimensions: [...groupingsOf(operands), ...cutsOf(operands)],
  };
}

function formulaOf(parts: MetricParts): string {
  switch (parts.type) {
    case 'SIMPLE':
      return parts.measure;
    case 'DIFFERENCE':
      return `${parts.minuend} - ${parts.subtrahend}`;
    case 'RATIO':
      return [parts.numerator, ...(parts.scale === 1 ? [] : [parts.scale]), parts.denominator].join(' / ');
    case 'ATTAINMENT':
      return 'salesAmount / target(salesAmount)';
    case 'FORMULA':
      return parts.text;
  }
}

function additivityOf(parts: MetricParts): Additivity {
  if (parts.type === 'DIFFERENCE') return 'ADDITIVE';
  if (parts.type !== 'SIMPLE') return 'RATIO';
  const { kind } = MEASURES[parts.measure];
  return kind === 'DISTINCT' || kind === 'MAXIMUM' ? kind : 'ADDITIVE';
}

function groupingsOf({ measures, grains }: Operands): readonly KpiDimension[] {
  // A maximum is one agent's: it says nothing of a team, a level or a role.
  if (measures.some((measure) => MEASURES[measure].kind === 'MAXIMUM')) return ['AGENT'];
  return grains.flatMap((grain) => GROUPINGS[grain]);
}

function cutsOf({ measures, observations, targets }: Operands): readonly KpiDimension[] {
  if (observations.length > 0 || targets.length > 0) return [];
  const [fact, ...others] = new Set(measures.flatMap((measure) => MEASURES[measure].facts));
  return fact !== undefined && others.length === 0 ? CUTS[fact] : [];
}
