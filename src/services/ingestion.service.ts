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

/** Takes records in: the one way into the tables, whichever door they come through. */
export class IngestionService {
  constructor(private readonly database: Database) {}

  /**
   * Takes one batch in, in one transaction. Bad records are told and left out, the others replace what is stored by
   * the source's ids; sent again, they change nothing. Throws FORBIDDEN for a key that may not ingest.
   */
  async ingest(principal: Principal, batch: IngestBatch): Promise<IngestResult> {
    requireScope(principal, 'INGEST');
    return this.database.transaction(principal.organizationId, async (tx) => {
      const intake = new Intake(tx, principal);
      for (const kind of RECORD_KINDS) await take(intake, kind, batch);
      await creditAgain(tx, principal.organizationId, {
        sessionIds: intake.changedSessions,
        orderIds: intake.changedOrders,
      });
      return intake.result();
    });
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
