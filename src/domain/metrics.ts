import { InvalidInput } from './invalid-input';
import type { Metric } from './metric';
import { defineBuiltIn } from './metric-definition';
import { type Operands, operandsOfMetric } from './metric-operands';
import { AFTER_SALES_METRICS } from './metrics/after-sales';
import { FORMULA_METRICS } from './metrics/formulas';
import { RESPONSE_METRICS } from './metrics/response';
import { SALES_METRICS } from './metrics/sales';

/** Every built-in metric by its key, in the order in which they are listed to people. */
export const METRICS: ReadonlyMap<string, Metric> = defineAll();

/** Throws InvalidInput where there is none of that key. */
export function getMetric(key: string): Metric {
  const metric = METRICS.get(key);
  if (metric === undefined) throw new InvalidInput('metrics', `There is no metric ${key.slice(0, 64)}.`);
  return metric;
}

/** GraphQL's scalar for the value as a typed field. */
export function scalarOf({ unit, additivity }: Metric): 'Decimal' | 'Int' | 'Float' {
  if (unit === 'MONEY') return 'Decimal';
  return additivity !== 'RATIO' && (unit === 'COUNT' || unit === 'ITEMS') ? 'Int' : 'Float';
}

function defineAll(): Map<string, Metric> {
  const metrics = new Map<string, Metric>();
  const find = (key: string): Operands | null => {
    const metric = metrics.get(key);
    return metric ? operandsOfMetric(metric, find) : null;
  };
  // Formulas come last: they name metrics of the others.
  const entries = { ...SALES_METRICS, ...RESPONSE_METRICS, ...AFTER_SALES_METRICS, ...FORMULA_METRICS };
  for (const [key, entry] of Object.entries(entries)) {
    metrics.set(key, defineBuiltIn(key, entry, find));
  }
  return metrics;
}
