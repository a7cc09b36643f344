import { type Fraction, fractionOf, negative, over, plus } from './exact';
import type { Formula, ObservedFunction } from './formula';
import { divide, type Evaluated, evaluateFormula, whole } from './formula-value';
import { type MeasureKey, MEASURES } from './measures';
import type { MetricParts } from './metric';
import type { MetricCatalogue } from './metric-catalogue';
import { isMeasureKey } from './metric-operands';
import type { Observed, SubjectFacts } from './subject-facts';

/** The exact value of any metric, with the parts of the division that gives it. */
export function evaluate(parts: MetricParts, facts: SubjectFacts, catalogue: MetricCatalogue): Evaluated {
  switch (parts.type) {
    case 'SIMPLE':
      return measureValue(facts, parts.measure);
    case 'DIFFERENCE':
      return whole(plus(sumOf(facts, parts.minuend), negative(sumOf(facts, parts.subtrahend))));
    case 'RATIO': {
      const numerator = sumOf(facts, parts.numerator);
      const scaled = parts.scale === 1 ? numerator : over(numerator, { above: BigInt(parts.scale), below: 1n });
      return divide(scaled, sumOf(facts, parts.denominator));
    }
    case 'ATTAINMENT':
      return attainmentValue(facts);
    case 'FORMULA':
      return evaluateFormula(parts.formula, (operand) => operandValue(operand, facts, catalogue));
  }
}

function operandValue(operand: Formula, facts: SubjectFacts, catalogue: MetricCatalogue): Evaluated {
  switch (operand.type) {
    case 'OBSERVED':
      return observedValue(operand.how, facts.observed.get(operand.key));
    case 'TARGET':
      return targetValue(facts.targets.get(operand.key));
    case 'OPERAND': {
      const metric = catalogue.find(operand.key);
      if (metric) return evaluate(metric.parts, facts, catalogue);
      if (isMeasureKey(operand.key)) return measureValue(facts, operand.key);
    }
  }
  throw new Error('A formula is checked before it is evaluated.');
}

function measureValue(facts: SubjectFacts, measure: MeasureKey): Evaluated {
  const isMissing = MEASURES[measure].kind === 'MAXIMUM' && facts.measured.get(measure)?.amount == null;
  return whole(isMissing ? 'NO_DATA' : sumOf(facts, measure));
}

/** Of nothing it is 0. */
function sumOf({ measured }: SubjectFacts, measure: MeasureKey): Fraction {
  return fractionOf(measured.get(measure)?.amount ?? '0');
}

/** The mean of what the source measures keeps its parts, as any mean does. */
function observedValue(how: ObservedFunction, observed: Observed | undefined): Evaluated {
  if (how === 'count') return whole(fractionOf(String(observed?.count ?? 0)));
  if (!observed) return whole('NO_DATA');
  if (how === 'avg') return divide(fractionOf(observed.sum), fractionOf(String(observed.count)));
  return whole(fractionOf(observed[how]));
}

function targetValue(target: string | undefined): Evaluated {
  return whole(target === undefined ? 'NO_TARGET' : fractionOf(target));
}

function attainmentValue({ targets, targetedSales }: SubjectFacts): Evaluated {
  const target = targets.get('salesAmount');
  if (target === undefined) return whole('NO_TARGET');
  return divide(fractionOf(targetedSales?.amount ?? '0'), fractionOf(target));
}
