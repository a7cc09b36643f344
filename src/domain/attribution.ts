import { type Instant } from './zone';

export type Touch = 'FIRST' | 'LAST';
export type AttributionBasis = 'EXPLICIT' | 'FIRST_TOUCH' | 'LAST_TOUCH' | 'UNATTRIBUTED';

export interface AttributionRule {
  readonly touch: Touch;
  readonly windowHours: number;
}

export interface PlacedOrder {
  readonly placedAt: Instant;
  readonly paidAt: Instant | null;
  readonly cancelledAt: Instant | null;
  /** The agent that the source names. */
  readonly explicitAgent: number | null;
}

/** A session of the order's buyer in the order's shop. */
export interface BuyerSession {
  readonly id: number;
  readonly externalId: string;
  readonly agentId: number | null;
  readonly startedAt: Instant;
  /** Not excluded, not after-sale, not an unanswered call. */
  readonly inquiry: boolean;
}

export interface Assist {
  readonly sessionId: number;
  readonly agentId: number;
}

export interface Credit {
  readonly agentId: number | null;
  readonly basis: AttributionBasis;
  readonly creditedSessionId: number | null;
  /** In the order of the sessions given. */
  readonly assists: readonly Assist[];
}

type Candidate = BuyerSession & { readonly agentId: number };

/** Whether the order counts as a sale. */
export function isValidSale(order: Pick<PlacedOrder, 'paidAt' | 'cancelledAt'>): boolean {
  return order.paidAt !== null && order.cancelledAt === null;
}

/** The one agent who gets the order, if any, and the sessions of others that helped a valid sale. */
export function creditOrder(order: PlacedOrder, sessions: readonly BuyerSession[], rule: AttributionRule): Credit {
  const candidates = sessions.filter((session) => isCandidate(session, order, rule));
  const { explicitAgent } = order;
  const eligible = explicitAgent === null ? candidates : candidates.filter((c) => c.agentId === explicitAgent);
  const credited = findTouch(eligible, rule.touch);
  const agentId = explicitAgent ?? credited?.agentId ?? null;
  return {
    agentId,
    basis: basisOf(explicitAgent, agentId, rule.touch),
    creditedSessionId: credited?.id ?? null,
    assists: isValidSale(order) ? assistsOf(candidates, agentId) : [],
  };
}

function isCandidate(session: BuyerSession, order: PlacedOrder, rule: AttributionRule): session is Candidate {
  if (!session.inquiry || session.agentId === null) return false;
  const age = order.placedAt - session.startedAt;
  return age >= 0 && age <= rule.windowHours * 3_600_000;
}

function findTouch(candidates: readonly Candidate[], touch: Touch): Candidate | null {
  const [first, ...others] = candidates;
  if (first === undefined) return null;
  return others.reduce((best, candidate) => (isBetterTouch(candidate, best, touch) ? candidate : best), first);
}

function isBetterTouch(a: Candidate, b: Candidate, touch: Touch): boolean {
  if (a.startedAt !== b.startedAt) return a.startedAt < b.startedAt === (touch === 'FIRST');
  // As UTF-8, like a database in collation C; comparing strings here would go by UTF-16.
  return Buffer.compare(Buffer.from(a.externalId), Buffer.from(b.externalId)) < 0;
}

function basisOf(explicitAgent: number | null, agentId: number | null, touch: Touch): AttributionBasis {
  if (explicitAgent !== null) return 'EXPLICIT';
  return agentId === null ? 'UNATTRIBUTED' : `${touch}_TOUCH`;
}

function assistsOf(candidates: readonly Candidate[], agentId: number | null): readonly Assist[] {
  return candidates.filter((c) => c.agentId !== agentId).map((c) => ({ sessionId: c.id, agentId: c.agentId }));
}
