import { FORMULA_FUNCTIONS, isOperandName } from './formula-parser';
import { isMeasureKey } from './metric-operands';
import { METRICS } from './metrics';

const KEY = /^[a-z][A-Za-z0-9]{0,63}$/;

/** Why an organization cannot have a metric of this key, or null. */
export function findKeyProblem(key: string): string | null {
  if (!KEY.test(key)) return 'A key is a small letter, then letters and digits, at most 64 in all.';
  if (METRICS.has(key)) return `${key} is a built-in metric.`;
  if (isMeasureKey(key)) return `${key} is a built-in measure.`;
  if (FORMULA_FUNCTIONS.includes(key)) return `${key} is a function of formulas.`;
  return isOperandName(key) ? null : `${key} is a reserved word: no formula could name it.`;
}
