/** Why a metric has no value. */
export const NULL_REASONS = [
  'NO_DATA',
  'ZERO_DENOMINATOR',
  'MIXED_CURRENCIES',
  'NO_TARGET',
  'MISSING_OPERAND',
  'NOT_AVAILABLE_AT_THIS_GRAIN',
] as const;
export type NullReason = (typeof NULL_REASONS)[number];
