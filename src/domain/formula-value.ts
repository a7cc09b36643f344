import { type Fraction, fractionOf, isLess, isZero, negative, over, plus, times } from './exact';
import type { Formula, FormulaOperator } from './formula';
import type { NullReason } from './null-reason';

/** An exact number, or why there is none. */
export type Exact = Fraction | NullReason;

/** A value with the parts of the division that gave it, where one did. */
export interface Evaluated {
  readonly value: Exact;
  readonly numerator: Fraction | null;
  readonly denominator: Fraction | null;
}

/** What the formula is worth, given what its operands are; observations, targets and operands are asked for by node. */
export function evaluateFormula(formula: Formula, operandOf: (operand: Formula) => Evaluated): Evaluated {
  switch (formula.type) {
    case 'OPERAND':
    case 'OBSERVED':
    case 'TARGET':
      // Alone it keeps its own reason.
      return operandOf(formula);
    case 'BINARY':
      if (formula.operator === '/') return divide(partOf(formula.left, operandOf), partOf(formula.right, operandOf));
  }
  return whole(partOf(formula, operandOf));
}

export function whole(value: Exact): Evaluated {
  return { value, numerator: typeof value === 'string' ? null : value, denominator: null };
}

/** Both parts stay known where the denominator is 0. */
export function divide(numerator: Exact, denominator: Exact): Evaluated {
  const value = operate('/', numerator, denominator);
  if (typeof numerator === 'string' || typeof denominator === 'string') {
    return { value, numerator: null, denominator: null };
  }
  return { value, numerator, denominator };
}

/** What a part of a formula is worth within it. */
function partOf(formula: Formula, operandOf: (operand: Formula) => Evaluated): Exact {
  switch (formula.type) {
    case 'NUMBER':
      return fractionOf(formula.decimal);
    case 'NEGATIVE': {
      const operand = partOf(formula.operand, operandOf);
      return typeof operand === 'string' ? operand : negative(operand);
    }
    case 'BINARY':
      return operate(formula.operator, partOf(formula.left, operandOf), partOf(formula.right, operandOf));
    case 'EXTREME': {
      const operands = formula.operands.map((operand) => partOf(operand, operandOf));
      return operands.reduce((best, operand) => operate(formula.how, best, operand));
    }
    default: {
      const { value } = operandOf(formula);
      if (typeof value !== 'string') return value;
      // Of any other reason the formula only knows that a part is missing.
      return value === 'NO_TARGET' ? value : 'MISSING_OPERAND';
    }
  }
}

/** Of several reasons the first is told. */
const RANKED_REASONS: readonly NullReason[] = ['ZERO_DENOMINATOR', 'NO_TARGET', 'MISSING_OPERAND'];

const OPERATIONS: Readonly<Record<FormulaOperator | 'min' | 'max', (a: Fraction, b: Fraction) => Fraction>> = {
  '+': plus,
  '-': (a, b) => plus(a, negative(b)),
  '*': times,
  '/': over,
  min: (a, b) => (isLess(b, a) ? b : a),
  max: (a, b) => (isLess(a, b) ? b : a),
};

function operate(how: keyof typeof OPERATIONS, a: Exact, b: Exact): Exact {
  const isDividedByZero = how === '/' && typeof b !== 'string' && isZero(b);
  if (typeof a !== 'string' && typeof b !== 'string' && !isDividedByZero) return OPERATIONS[how](a, b);
  const reasons: readonly unknown[] = [a, b, ...(isDividedByZero ? ['ZERO_DENOMINATOR'] : [])];
  return RANKED_REASONS.find((reason) => reasons.includes(reason)) ?? 'MISSING_OPERAND';
}
