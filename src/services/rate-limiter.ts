import { type Bucket, type BucketRule, refill, waitMs } from '../domain/token-bucket';
import { AppError } from '../errors';

/** What a key may still ask for. */
export interface Balance {
  readonly limit: number;
  readonly remaining: number;
  readonly restoreRate: number;
  readonly resetAt: Date;
}

/** A bucket of points for each key, in this process. */
export class RateLimiter {
  private readonly buckets = new Map<number, Bucket>();

  constructor(
    private readonly rule: BucketRule,
    private readonly now: () => number = Date.now,
  ) {}

  /** Takes the points and tells what is left. Throws RATE_LIMITED, with the seconds to wait, if there are too few. */
  take(keyId: number, points: number): Balance {
    const bucket = this.bucketOf(keyId);
    if (bucket.points < points) {
      const retryAfterSeconds = Math.ceil(waitMs(this.rule, bucket, points) / 1000);
      throw new AppError('RATE_LIMITED', `Too many requests: try again in ${retryAfterSeconds} s.`, {
        retryAfterSeconds,
      });
    }
    const left = { ...bucket, points: bucket.points - points };
    this.buckets.set(keyId, left);
    return this.balanceOf(left);
  }

  private bucketOf(keyId: number): Bucket {
    const now = this.now();
    const known = this.buckets.get(keyId);
    return known ? refill(this.rule, known, now) : { points: this.rule.limit, at: now };
  }

  private balanceOf(bucket: Bucket): Balance {
    return {
      limit: this.rule.limit,
      remaining: Math.floor(bucket.points),
      restoreRate: this.rule.restorePerSecond,
      resetAt: new Date(bucket.at + waitMs(this.rule, bucket, this.rule.limit)),
    };
  }
}
