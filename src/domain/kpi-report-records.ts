import type { Formula } from './formula';
import type { MeasureKey } from './measures';
import type { Metric } from './metric';
import type { MetricCatalogue } from './metric-catalogue';
import { isMeasureKey } from './metric-operands';

/** One side of a metric. */
export type KpiPart = 'NUMERATOR' | 'DENOMINATOR';

/** The one measure that a side of a metric is; null where there is no such side, or it is made of anything else. */
export function measureOfPart({ parts }: Metric, part: KpiPart, catalogue: MetricCatalogue): MeasureKey | null {
  switch (parts.type) {
    case 'SIMPLE':
      return part === 'NUMERATOR' ? parts.measure : null;
    case 'RATIO':
      return part === 'NUMERATOR' ? parts.numerator : parts.denominator;
    case 'DIFFERENCE':
    case 'ATTAINMENT':
      return null;
    case 'FORMULA':
      return measureInFormula(parts.formula, part, catalogue);
  }
}

function measureInFormula(formula: Formula, part: KpiPart, catalogue: MetricCatalogue): MeasureKey | null {
  if (formula.type === 'BINARY' && formula.operator === '/') {
    return measureOfOperand(part === 'NUMERATOR' ? formula.left : formula.right, catalogue);
  }
  if (formula.type !== 'OPERAND') return null;
  const metric = catalogue.find(formula.key);
  // The same metric under another name has its sides.
  if (metric) return measureOfPart(metric, part, catalogue);
  return part === 'NUMERATOR' && isMeasureKey(formula.key) ? formula.key : null;
}

/** Of something that is a measure itself, however it is called. */
function measureOfOperand(formula: Formula, catalogue: MetricCatalogue): MeasureKey | null {
  if (formula.type !== 'OPERAND') return null;
  const metric = catalogue.find(formula.key);
  if (!metric) return isMeasureKey(formula.key) ? formula.key : null;
  if (metric.parts.type === 'SIMPLE') return metric.parts.measure;
  return metric.parts.type === 'FORMULA' ? measureOfOperand(metric.parts.formula, catalogue) : null;
}
