import type { Instant } from '../domain/zone';
import { formatInstant } from './history';

/** Something that goes on after it was told of first. */
export interface Unfolding {
  readonly beganAt: Instant;
  /** When it changed or will change. */
  readonly changes: readonly (Instant | null)[];
  /** The fields of its record as they stood at the instant. */
  readonly stateAt: (asOf: Instant) => object;
}

/** The instant as a source writes it; undefined if there is none, or if it had not come yet. */
export function told(instant: Instant | null, asOf: Instant): string | undefined {
  return instant !== null && instant <= asOf ? formatInstant(instant) : undefined;
}

/** The last change that had come; the beginning if none had. */
export function lastChange({ beganAt, changes }: Unfolding, asOf: Instant): Instant {
  return changes.reduce<Instant>((last, at) => (at !== null && at > last && at <= asOf ? at : last), beganAt);
}
