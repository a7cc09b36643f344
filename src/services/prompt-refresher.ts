import type { Database } from '../db/database';
import type { MarkSet } from './mark-set';
import { RollupService } from './rollup.service';

/** After which a write is answered although its marks are not worked off: a backlog of others may be before them. */
const PATIENCE_MS = 5_000;

/** Brings the rollups up to date with a write before it is answered. */
export class PromptRefresher {
  constructor(
    private readonly rollups: Pick<RollupService, 'refresh'>,
    /** Hears of a refresh that failed: the write stands, and its marks are left to the refresher in the background. */
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Of a process that does nothing but write: its writes fail where their refresh does. */
  static strict(database: Database): PromptRefresher {
    return new PromptRefresher(new RollupService(database), (error) => {
      throw error;
    });
  }

  /** After the commit. Throws only what `onError` throws. */
  async refresh(organizationId: number, { shopIds }: MarkSet): Promise<void> {
    if (shopIds.length === 0) return;
    const refreshed = this.rollups.refresh(organizationId, shopIds).then(() => undefined, this.onError);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS);
    });
    await Promise.race([refreshed, patience]);
    clearTimeout(timer);
  }
}
