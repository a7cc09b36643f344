import { InvalidInput } from './invalid-input';
import { type FactKind, type Grain, type MeasureKey, MEASURES } from './measures';
import { type Additivity, type KpiDimension, type Metric, type MetricEntry, type MetricParts, SOURCES } from './metric';
import { AFTER_SALES_METRICS } from './metrics/after-sales';
import { RESPONSE_METRICS } from './metrics/response';
import { SALES_METRICS } from './metrics/sales';

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

/** Every built-in metric by its key, in the order in which they are listed to people. */
export const METRICS: ReadonlyMap<string, Metric> = new Map(
  Object.entries({ ...SALES_METRICS, ...RESPONSE_METRICS, ...AFTER_SALES_METRICS }).map(([key, entry]) => [
    key,
    defineMetric(key, entry),
  ]),
);

/** Throws InvalidInput where there is none of that key. */
export function getMetric(key: string): Metric {
  const metric = METRICS.get(key);
  if (metric === undefined) throw new InvalidInput('metrics', `There is no metric ${key.slice(0, 64)}.`);
  return metric;
}

/** GraphQL's scalar for the value as a typed field. */
export function scalarOf({ unit, parts }: Metric): 'Decimal' | 'Int' | 'Float' {
  if (unit === 'MONEY') return 'Decimal';
  return parts.type !== 'RATIO' && (unit === 'COUNT' || unit === 'ITEMS') ? 'Int' : 'Float';
}

function defineMetric(key: string, entry: MetricEntry): Metric {
  const measures = measuresIn(entry.parts);
  const grains = (['AGENT', 'SHOP'] as const).filter((grain) =>
    measures.every((measure) => MEASURES[measure].grains.includes(grain)),
  );
  const additivity = additivityOf(entry.parts);
  return {
    ...entry,
    key,
    version: 1,
    formula: formulaOf(entry.parts),
    measures,
    grains,
    additivity,
    dimensions: dimensionsOf(measures, grains, additivity),
    source: entry.sources.map((source) => SOURCES[source]).join('; '),
  };
}

function measuresIn(parts: MetricParts): readonly MeasureKey[] {
  switch (parts.type) {
    case 'SIMPLE':
      return [parts.measure];
    case 'DIFFERENCE':
      return [parts.minuend, parts.subtrahend];
    case 'RATIO':
      return [parts.numerator, parts.denominator];
  }
}

function formulaOf(parts: MetricParts): string {
  switch (parts.type) {
    case 'SIMPLE':
      return parts.measure;
    case 'DIFFERENCE':
      return `${parts.minuend} - ${parts.subtrahend}`;
    case 'RATIO':
      return [parts.numerator, ...(parts.scale === 1 ? [] : [parts.scale]), parts.denominator].join(' / ');
  }
}

function additivityOf(parts: MetricParts): Additivity {
  if (parts.type === 'RATIO') return 'RATIO';
  if (parts.type === 'DIFFERENCE') return 'ADDITIVE';
  const { kind } = MEASURES[parts.measure];
  return kind === 'DISTINCT' || kind === 'MAXIMUM' ? kind : 'ADDITIVE';
}

function dimensionsOf(
  measures: readonly MeasureKey[],
  grains: readonly Grain[],
  additivity: Additivity,
): readonly KpiDimension[] {
  const [fact, ...others] = new Set(measures.flatMap((measure) => MEASURES[measure].facts));
  const cuts = fact !== undefined && others.length === 0 ? CUTS[fact] : [];
  // A maximum is one agent's: it says nothing of a team, a level or a role.
  const groupings: readonly KpiDimension[] =
    additivity === 'MAXIMUM' ? ['AGENT'] : grains.flatMap((grain) => GROUPINGS[grain]);
  return [...groupings, ...cuts];
}
