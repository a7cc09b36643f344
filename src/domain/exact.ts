/** Decimals of a value, and what that makes of 1. */
const PLACES = 12;
const ONE = 10n ** BigInt(PLACES);

/** An exact number, above / below. Not reduced: looking for common factors costs more than it saves in short formulas. */
export interface Fraction {
  readonly above: bigint;
  /** Above 0. */
  readonly below: bigint;
}

/** The decimal as a fraction, without going through a double. */
export function fractionOf(decimal: string): Fraction {
  const point = decimal.indexOf('.');
  if (point < 0) return { above: BigInt(decimal), below: 1n };
  const places = decimal.length - point - 1;
  return { above: BigInt(decimal.slice(0, point) + decimal.slice(point + 1)), below: 10n ** BigInt(places) };
}

export function plus(a: Fraction, b: Fraction): Fraction {
  if (a.below === b.below) return { above: a.above + b.above, below: a.below };
  return { above: a.above * b.below + b.above * a.below, below: a.below * b.below };
}

export function negative({ above, below }: Fraction): Fraction {
  return { above: -above, below };
}

export function times(a: Fraction, b: Fraction): Fraction {
  return { above: a.above * b.above, below: a.below * b.below };
}

/** `b` is not 0. */
export function over(a: Fraction, b: Fraction): Fraction {
  const [above, below] = [a.above * b.below, a.below * b.above];
  return below < 0n ? { above: -above, below: -below } : { above, below };
}

export function isLess(a: Fraction, b: Fraction): boolean {
  return a.above * b.below < b.above * a.below;
}

export function isZero({ above }: Fraction): boolean {
  return above === 0n;
}

/** To 12 decimals, rounded half up: a tie goes away from 0. */
export function decimalOf({ above, below }: Fraction): string {
  if (below === 1n) return above.toString();
  const size = above < 0n ? -above : above;
  const units = (2n * size * ONE + below) / (2n * below);
  const figures = units.toString().padStart(PLACES + 1, '0');
  const decimal = `${figures.slice(0, -PLACES)}.${figures.slice(-PLACES)}`.replace(/\.?0+$/, '');
  return above < 0n && units !== 0n ? `-${decimal}` : decimal;
}

/** The nearest number that can be told: never an infinite one. */
export function numberOf(decimal: string): number {
  return Math.min(Math.max(Number(decimal), -Number.MAX_VALUE), Number.MAX_VALUE);
}
