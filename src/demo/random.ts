/** What may be drawn, each with its weight. */
export type Odds<T> = readonly (readonly [T, number])[];

/**
 * A seeded stream of chance: sfc32, Chris Doty-Humphrey's small fast counter, started from the stream's name.
 * One more draw in one stream leaves all others as they were.
 */
export class Random {
  private a = 0x9e3779b9;
  private b = 0x243f6a88;
  private c = 0xb7e15162;
  private counter: number;

  constructor(...name: readonly (string | number)[]) {
    this.counter = hash(name.join('/'));
    // Until the name has spread over the whole state.
    for (let i = 0; i < 15; i += 1) this.next();
  }

  /** From 0 to less than 1. */
  next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  uniform(min: number, max: number): number {
    return min + this.next() * (max - min);
  }

  /** A whole number, both ends included. */
  integer(min: number, max: number): number {
    return Math.floor(this.uniform(min, max + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the list; null if it is empty. */
  pick<T>(list: readonly T[]): T | null {
    return list[this.integer(0, list.length - 1)] ?? null;
  }

  /** Throws RangeError for an empty table. */
  weighted<T>(odds: Odds<T>): T {
    let left = this.next() * odds.reduce((sum, [, weight]) => sum + weight, 0);
    const drawn = odds.find(([, weight]) => (left -= weight) < 0) ?? odds.at(-1);
    if (drawn === undefined) throw new RangeError('There is nothing to draw from.');
    return drawn[0];
  }

  /** Bell-shaped, at most three deviations off: three even draws, the same on every machine, as sines are not. */
  normal(mean: number, deviation: number): number {
    return mean + (this.next() + this.next() + this.next() - 1.5) * 2 * deviation;
  }

  /** Positive; half of the draws lie under the median, few far above it. */
  logNormal(median: number, spread: number): number {
    return median * Math.exp(this.normal(0, spread));
  }

  /** How many of many unlikely things happen; for means up to 700. */
  poisson(mean: number): number {
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.next(); product > limit; product *= this.next()) count += 1;
    return count;
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value;
}
