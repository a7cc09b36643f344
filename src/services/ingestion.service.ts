import type { Principal } from '../domain/access';
import { RECORD_KINDS, type RecordKind } from '../domain/records';
import type { Database } from '../db/database';
import { requireScope } from './auth.service';
import { creditAgain } from './credit.service';
import type { IngestBatch, IngestResult } from './ingest-result';
import { takeComplaints, takeRefunds } from './ingestion/after-sales-intake';
import { takeAgents, takeClients, takeShops, takeTeams } from './ingestion/directory-intake';
import { type Incoming, Intake } from './ingestion/intake';
import { takeObservations, takePresences, takeTargets } from './ingestion/measured-intake';
import { takeOrders } from './ingestion/order-intake';
import { takeSessions } from './ingestion/session-intake';
import { PromptRefresher } from './prompt-refresher';

type Takers = { readonly [Kind in RecordKind]: (intake: Intake, incoming: Incoming<Kind>[]) => Promise<void> };

const TAKERS: Takers = {
  clients: takeClients,
  teams: takeTeams,
  shops: takeShops,
  agents: takeAgents,
  sessions: takeSessions,
  orders: takeOrders,
  refunds: takeRefunds,
  complaints: takeComplaints,
  presences: takePresences,
  observations: takeObservations,
  targets: takeTargets,
};

export interface IngestOptions {
  /** Whether the rollups are brought up to date before the answer, if the batch is small; else in the background. */
  readonly refresh: boolean;
}

/** With more changes than this the rollups are left to the background, whatever was asked. */
const MAX_REFRESHED = 1_000;

/** Takes records in: the one way into the tables, whichever door they come through. */
export class IngestionService {
  constructor(
    private readonly database: Database,
    private readonly refresher: Pick<PromptRefresher, 'refresh'> | null = PromptRefresher.strict(database),
  ) {}

  /**
   * Takes one batch in, in one transaction. Bad records are told and left out, the others replace what is stored by
   * the source's ids; sent again, they change nothing. Throws FORBIDDEN for a key that may not ingest.
   */
  async ingest(
    principal: Principal,
    batch: IngestBatch,
    { refresh }: IngestOptions = { refresh: true },
  ): Promise<IngestResult> {
    requireScope(principal, 'INGEST');
    const { organizationId } = principal;
    const intake = await this.database.transaction(organizationId, async (tx) => {
      const taking = new Intake(tx, principal);
      for (const kind of RECORD_KINDS) await take(taking, kind, batch);
      await creditAgain(
        tx,
        organizationId,
        { sessionIds: taking.changedSessions, orderIds: taking.changedOrders },
        taking.marks,
      );
      await taking.marks.store(tx, organizationId);
      return taking;
    });
    const result = intake.result();
    if (refresh && result.accepted <= MAX_REFRESHED) await this.refresher?.refresh(organizationId, intake.marks);
    return result;
  }
}

async function take<Kind extends RecordKind>(
  intake: Intake,
  kind: Kind,
  batch: { readonly [Given in Kind]?: readonly unknown[] | null },
): Promise<void> {
  const incoming = intake.parse(kind, batch[kind] ?? []);
  if (incoming.length > 0) await TAKERS[kind](intake, incoming);
}
