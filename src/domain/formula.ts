/** What a formula reads of observations. */
export const OBSERVED_FUNCTIONS = ['sum', 'avg', 'count', 'last'] as const;
export type ObservedFunction = (typeof OBSERVED_FUNCTIONS)[number];

export const EXTREMES = ['min', 'max'] as const;
export type Extreme = (typeof EXTREMES)[number];

export type FormulaOperator = '+' | '-' | '*' | '/';

/** A metric or a measure, by its key. */
export interface FormulaOperand {
  readonly type: 'OPERAND';
  readonly key: string;
  /** Where the key stands in the text, counted in characters from 1. */
  readonly position: number;
}

/** A formula as it was parsed. What its keys mean is left to whoever evaluates it. */
export type Formula =
  /** A plain decimal, not negative. */
  | { readonly type: 'NUMBER'; readonly decimal: string }
  | FormulaOperand
  | { readonly type: 'OBSERVED'; readonly how: ObservedFunction; readonly key: string }
  | { readonly type: 'TARGET'; readonly key: string }
  | { readonly type: 'NEGATIVE'; readonly operand: Formula }
  | {
      readonly type: 'BINARY';
      readonly operator: FormulaOperator;
      readonly left: Formula;
      readonly right: Formula;
    }
  /** Of one operand at least. */
  | { readonly type: 'EXTREME'; readonly how: Extreme; readonly operands: readonly Formula[] };

/** A formula that cannot be used, said in a sentence with the place in its text. */
export class FormulaError extends Error {
  constructor(
    /** Counted in characters from 1. */
    readonly position: number,
    /** The sentence alone. */
    readonly problem: string,
  ) {
    super(`Position ${position}: ${problem}`);
    this.name = 'FormulaError';
  }
}

/** The parts of a formula that stand for a value of their own, from left to right. */
export function leavesOf(formula: Formula): readonly Formula[] {
  switch (formula.type) {
    case 'NEGATIVE':
      return leavesOf(formula.operand);
    case 'BINARY':
      return [...leavesOf(formula.left), ...leavesOf(formula.right)];
    case 'EXTREME':
      return formula.operands.flatMap(leavesOf);
    default:
      return [formula];
  }
}
