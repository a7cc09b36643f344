/** How fast a caller may spend: a full bucket of points, and how many come back each second. */
export interface BucketRule {
  readonly limit: number;
  readonly restorePerSecond: number;
}

/** Points left at an instant, in epoch milliseconds. */
export interface Bucket {
  readonly points: number;
  readonly at: number;
}

/** The bucket at a later instant. */
export function refill(rule: BucketRule, bucket: Bucket, now: number): Bucket {
  const restored = (Math.max(0, now - bucket.at) / 1000) * rule.restorePerSecond;
  return { points: Math.min(rule.limit, bucket.points + restored), at: now };
}

/** Milliseconds until so many points are there; 0 if they are. */
export function waitMs(rule: BucketRule, bucket: Bucket, points: number): number {
  return Math.max(0, Math.ceil(((points - bucket.points) / rule.restorePerSecond) * 1000));
}
