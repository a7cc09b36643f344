import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../db/database';
import { buildOrganizationSql } from '../db/sql/reading/detail.sql';
import { buildMarkedOrganizationsSql } from '../db/sql/mark.sql';
import { buildMarkedShopsSql, type MarkedShop } from '../db/sql/rollup-mark.sql';
import { type Day, localDay } from '../domain/zone';
import type { RollupService } from './rollup.service';

export interface RefresherOptions {
  readonly intervalMs: number;
  /** Hears of what failed, once until it works again. */
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
  /** Ends early, without an error, when the signal is aborted. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Months are made again at most this often while records for them keep coming. */
const MONTHS_INTERVAL_MS = 60_000;

/** How an organization stands that had something to be worked off since this process began. */
interface Organization {
  readonly timeZone: string;
  /** Its today when all of its months had been made, and the instant. */
  readonly closedOn: Day | null;
  readonly closedAt: number;
  /** Whether anything was worked off since. */
  readonly changed: boolean;
}

/**
 * Works off in the background what writes have marked, of all organizations. Any number of processes may do so at once:
 * whoever works off a shop locks it.
 */
export class RollupRefresher {
  private readonly stopping = new AbortController();
  private running: Promise<void> | null = null;
  private readonly organizations = new Map<number, Organization>();
  /** What failed in the last round, by its message: told when it begins, not each time. */
  private failures: ReadonlySet<string> = new Set();

  constructor(
    private readonly database: Pick<Database, 'readers' | 'snapshot'>,
    private readonly rollups: Pick<RollupService, 'refresh' | 'closeMonths'>,
    private readonly options: RefresherOptions,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Waits for what is under way; what is not begun is left to others, or to the next start. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { intervalMs, wait = waitQuietly } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const isMore = await this.round();
      if (!isMore) await wait(intervalMs, signal);
    }
  }

  /** Everything that is due, once. Tells whether there is more; what fails is tried again in the next round. */
  private async round(): Promise<boolean> {
    const failures = new Set<string>();
    const attempt = async <T>(work: () => Promise<T>, otherwise: T): Promise<T> => {
      if (this.stopping.signal.aborted) return otherwise;
      try {
        return await work();
      } catch (error) {
        this.tell(error, failures);
        return otherwise;
      }
    };
    const marked = await attempt(() => this.findMarked(), []);
    for (const organizationId of marked) {
      for (const shopId of await attempt(() => this.meet(organizationId), [])) {
        await attempt(() => this.rollups.refresh(organizationId, [shopId]), 0);
      }
    }
    let isMore = false;
    for (const [organizationId, organization] of this.organizations) {
      isMore = (await attempt(() => this.closeMonths(organizationId, organization), false)) || isMore;
    }
    this.failures = failures;
    return isMore;
  }

  private tell(error: unknown, failures: Set<string>): void {
    const message = error instanceof Error ? error.message : String(error);
    if (!this.failures.has(message) && !failures.has(message)) this.options.onError(error);
    failures.add(message);
  }

  private async findMarked(): Promise<number[]> {
    const { rows } = await this.database.readers.query<{ organizationId: number }>(buildMarkedOrganizationsSql());
    return rows.map(({ organizationId }) => organizationId);
  }

  /** Gives the shops that have marks. */
  private async meet(organizationId: number): Promise<number[]> {
    const snapshot = this.database.snapshot(organizationId);
    try {
      const shops = await snapshot.query<MarkedShop>(buildMarkedShopsSql(organizationId, null));
      const [row] = await snapshot.query<{ timeZone: string }>(buildOrganizationSql(organizationId));
      if (!row) throw new Error('An organization with marks exists.');
      const known = this.organizations.get(organizationId);
      const { closedOn, closedAt } = known ?? { closedOn: null, closedAt: 0 };
      this.organizations.set(organizationId, { timeZone: row.timeZone, closedOn, closedAt, changed: true });
      return shops.map(({ shopId }) => shopId);
    } finally {
      await snapshot.end();
    }
  }

  /** Makes some of the months that are over, where that is due; tells whether there may be more. */
  private async closeMonths(organizationId: number, organization: Organization): Promise<boolean> {
    const now = this.options.now?.() ?? Date.now();
    const today = localDay(organization.timeZone, now);
    const isDue = organization.changed && now - organization.closedAt >= MONTHS_INTERVAL_MS;
    if (!isDue && organization.closedOn === today) return false;
    if ((await this.rollups.closeMonths(organizationId, today)) > 0) return true;
    this.organizations.set(organizationId, { ...organization, closedOn: today, closedAt: now, changed: false });
    return false;
  }
}

/** Ends early, without an error, when the signal is aborted. */
async function waitQuietly(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
