import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../db/database';
import { buildMarkedOrganizationsSql, buildOrganizationClocksSql } from '../db/sql/mark.sql';
import { buildMarkedShopsSql, type MarkedShop } from '../db/sql/rollup-mark.sql';
import { localDay } from '../domain/zone';
import type { RollupService } from './rollup.service';

export interface RefresherOptions {
  readonly intervalMs: number;
  /** Hears of what failed, once until it works again. */
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
  /** Ends early, without an error, when the signal is aborted. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** How often months that are over are looked for: those that records keep coming for are made again no more often. */
const MONTHS_INTERVAL_MS = 60_000;
/** Calls that make some months each, for one organization at a time. */
const MONTHS_CALLS = 20;

/**
 * Works off in the background what writes have marked, of all organizations. Any number of processes may do so at once:
 * whoever works off a shop locks it.
 */
export class RollupRefresher {
  private readonly stopping = new AbortController();
  private running: Promise<void> | null = null;
  private monthsAt = -Infinity;
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
      await this.round();
      await wait(intervalMs, signal);
    }
  }

  /** Everything that is due, once; what fails is tried again in the next round. */
  private async round(): Promise<void> {
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
    for (const { organizationId } of await attempt(() => this.listMarked(), [])) {
      for (const shopId of await attempt(() => this.findMarkedShops(organizationId), [])) {
        await attempt(() => this.rollups.refresh(organizationId, [shopId]), 0);
      }
    }
    const now = this.options.now?.() ?? Date.now();
    if (now - this.monthsAt >= MONTHS_INTERVAL_MS) {
      this.monthsAt = now;
      for (const { organizationId, timeZone } of await attempt(() => this.listClocks(), [])) {
        const today = localDay(timeZone, now);
        const close = (): Promise<number> => attempt(() => this.rollups.closeMonths(organizationId, today), 0);
        for (let calls = 0; calls < MONTHS_CALLS && (await close()) > 0; calls += 1);
      }
    }
    this.failures = failures;
  }

  private tell(error: unknown, failures: Set<string>): void {
    const message = error instanceof Error ? error.message : String(error);
    if (!this.failures.has(message) && !failures.has(message)) this.options.onError(error);
    failures.add(message);
  }

  private async listMarked(): Promise<{ readonly organizationId: number }[]> {
    return (await this.database.readers.query<{ organizationId: number }>(buildMarkedOrganizationsSql())).rows;
  }

  private async listClocks(): Promise<{ readonly organizationId: number; readonly timeZone: string }[]> {
    const statement = buildOrganizationClocksSql();
    return (await this.database.readers.query<{ organizationId: number; timeZone: string }>(statement)).rows;
  }

  private async findMarkedShops(organizationId: number): Promise<number[]> {
    const snapshot = this.database.snapshot(organizationId);
    try {
      const shops = await snapshot.query<MarkedShop>(buildMarkedShopsSql(organizationId, null));
      return shops.map(({ shopId }) => shopId);
    } finally {
      await snapshot.end();
    }
  }
}

/** Ends early, without an error, when the signal is aborted. */
async function waitQuietly(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
