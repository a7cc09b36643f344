import fc from 'fast-check';
import {
  type AttributionRule,
  type BuyerSession,
  type Credit,
  creditOrder,
  isValidSale,
  type PlacedOrder,
} from '../../src/domain/attribution';

const HOUR = 3_600_000;
const PLACED_AT = Date.parse('2026-11-11T12:00Z');
const LAST: AttributionRule = { touch: 'LAST', windowHours: 48 };
const FIRST: AttributionRule = { touch: 'FIRST', windowHours: 48 };
const ANN = 1;
const BEN = 2;

const makeOrder = (overrides: Partial<PlacedOrder> = {}): PlacedOrder => ({
  placedAt: PLACED_AT,
  paidAt: PLACED_AT + 60_000,
  cancelledAt: null,
  explicitAgent: null,
  ...overrides,
});
const makeSession = (id: number, overrides: Partial<BuyerSession> = {}): BuyerSession => ({
  id,
  externalId: `s${id}`,
  agentId: ANN,
  startedAt: PLACED_AT - HOUR,
  inquiry: true,
  ...overrides,
});
const UNATTRIBUTED: Credit = { agentId: null, basis: 'UNATTRIBUTED', creditedSessionId: null, assists: [] };

describe('the window', () => {
  const credited = (startedAt: number): boolean =>
    creditOrder(makeOrder(), [makeSession(1, { startedAt })], LAST).agentId !== null;

  it('an order placed at the very instant windowHours after the session started is credited, one millisecond later not', () => {
    expect(credited(PLACED_AT - 48 * HOUR)).toBe(true);
    expect(credited(PLACED_AT - 48 * HOUR - 1)).toBe(false);
  });
  it('an order placed at the very instant the session started is credited, one millisecond earlier not', () => {
    expect(credited(PLACED_AT)).toBe(true);
    expect(credited(PLACED_AT + 1)).toBe(false);
  });
});

describe('candidates', () => {
  it.each([
    ['no session', []],
    ['a session that is no inquiry', [makeSession(1, { inquiry: false })]],
    ['a session without an agent', [makeSession(1, { agentId: null })]],
  ])('with %s the sale is silent', (_case, sessions) =>
    expect(creditOrder(makeOrder(), sessions, LAST)).toEqual(UNATTRIBUTED),
  );
});

describe('touch', () => {
  const early = makeSession(1, { startedAt: PLACED_AT - 3 * HOUR });
  const late = makeSession(2, { agentId: BEN, startedAt: PLACED_AT - HOUR });

  it('LAST credits the agent of the latest candidate, whatever the order given', () => {
    for (const sessions of [
      [early, late],
      [late, early],
    ]) {
      expect(creditOrder(makeOrder(), sessions, LAST)).toEqual({
        agentId: BEN,
        basis: 'LAST_TOUCH',
        creditedSessionId: 2,
        assists: [{ sessionId: 1, agentId: ANN }],
      });
    }
  });
  it('FIRST credits the agent of the earliest candidate', () =>
    expect(creditOrder(makeOrder(), [late, early], FIRST)).toMatchObject({
      agentId: ANN,
      basis: 'FIRST_TOUCH',
      creditedSessionId: 1,
    }));
  it.each([
    ['s10', 's9'],
    ['S2', 's1'],
    ['a', 'aa'],
    ['会', '話'],
    // In UTF-16 the surrogates of the second sort before the first.
    ['\uff5e', '\u{1f600}'],
  ])('of equal times %s goes before %s, for FIRST and LAST alike', (smaller, greater) => {
    const sessions = [makeSession(1, { externalId: greater }), makeSession(2, { externalId: smaller, agentId: BEN })];
    for (const rule of [FIRST, LAST]) {
      expect(creditOrder(makeOrder(), sessions, rule).agentId).toBe(BEN);
      expect(creditOrder(makeOrder(), sessions.toReversed(), rule).agentId).toBe(BEN);
    }
  });
});

describe('the source’s agent', () => {
  const sessions = [
    makeSession(1, { startedAt: PLACED_AT - 3 * HOUR }),
    makeSession(2, { startedAt: PLACED_AT - 2 * HOUR }),
    makeSession(3, { agentId: BEN }),
  ];
  const order = makeOrder({ explicitAgent: ANN });

  it('wins, with the last of that agent’s candidates as the credited session', () =>
    expect(creditOrder(order, sessions, LAST)).toEqual({
      agentId: ANN,
      basis: 'EXPLICIT',
      creditedSessionId: 2,
      assists: [{ sessionId: 3, agentId: BEN }],
    }));
  it('has the first of that agent’s candidates under FIRST', () =>
    expect(creditOrder(order, sessions, FIRST)).toMatchObject({ basis: 'EXPLICIT', creditedSessionId: 1 }));
  it('needs no session; candidates of others assist', () =>
    expect(creditOrder(order, [makeSession(3, { agentId: BEN })], LAST)).toEqual({
      agentId: ANN,
      basis: 'EXPLICIT',
      creditedSessionId: null,
      assists: [{ sessionId: 3, agentId: BEN }],
    }));
});

describe('assists', () => {
  const sessions = [makeSession(1), makeSession(2, { agentId: BEN, startedAt: PLACED_AT })];

  it.each([
    ['paid', makeOrder(), true],
    ['unpaid', makeOrder({ paidAt: null }), false],
    ['paid and cancelled', makeOrder({ cancelledAt: PLACED_AT }), false],
    ['cancelled', makeOrder({ paidAt: null, cancelledAt: PLACED_AT }), false],
  ])('of a %s order: a valid sale is %p', (_case, order, valid) => {
    expect(isValidSale(order)).toBe(valid);
    expect(creditOrder(order, sessions, LAST)).toMatchObject({
      agentId: BEN,
      assists: valid ? [{ sessionId: 1, agentId: ANN }] : [],
    });
  });
  it('other sessions of the credited agent do not assist', () => {
    const own = makeSession(3, { agentId: BEN });
    expect(creditOrder(makeOrder(), [...sessions, own], LAST).assists).toEqual([{ sessionId: 1, agentId: ANN }]);
  });
  it('sessions that are no candidates do not assist', () => {
    const afterSale = makeSession(3, { agentId: 3, inquiry: false });
    const tooLate = makeSession(4, { agentId: 3, startedAt: PLACED_AT + 1 });
    expect(creditOrder(makeOrder(), [...sessions, afterSale, tooLate], LAST).assists).toHaveLength(1);
  });
});

it('the credit is that of the definitions read word by word', () => {
  const agents = fc.constantFrom(null, 1, 2, 3);
  const placed = fc.record({
    placedAt: fc.constant(PLACED_AT),
    paidAt: fc.constantFrom(null, PLACED_AT + 1),
    cancelledAt: fc.constantFrom(null, PLACED_AT + 2),
    explicitAgent: agents,
  });
  const hoursBefore = fc.constantFrom(-1, 0, 1, 2, 24, 48, 49);
  const sessions = fc.uniqueArray(
    fc.record({
      externalId: fc.string({
        unit: fc.constantFrom('a', 'b', 'é', '\uff5e', '\u{1f600}'),
        minLength: 1,
        maxLength: 3,
      }),
      agentId: agents,
      startedAt: hoursBefore.map((hours) => PLACED_AT - hours * HOUR),
      inquiry: fc.boolean(),
    }),
    { selector: ({ externalId }) => externalId, maxLength: 12 },
  );
  const rules = fc.record({
    touch: fc.constantFrom<AttributionRule['touch']>('FIRST', 'LAST'),
    windowHours: fc.constantFrom(0, 24, 48),
  });
  fc.assert(
    fc.property(placed, sessions, rules, (order, drawn, rule) => {
      const numbered = drawn.map((session, id) => ({ ...session, id }));
      expect(creditOrder(order, numbered, rule)).toEqual(naiveCredit(order, numbered, rule));
    }),
    { numRuns: 500 },
  );
});

/** The definitions as they are written: sort everything, take the end the rule names. */
function naiveCredit(order: PlacedOrder, sessions: readonly BuyerSession[], rule: AttributionRule): Credit {
  const opens = order.placedAt - rule.windowHours * HOUR;
  const candidates = sessions.filter(
    (s) => s.inquiry && s.agentId !== null && s.startedAt >= opens && s.startedAt <= order.placedAt,
  );
  const codePoints = (text: string) => Array.from(text, (c) => String(c.codePointAt(0)).padStart(7, '0')).join();
  const ranked = candidates.toSorted(
    (a, b) =>
      (rule.touch === 'FIRST' ? a.startedAt - b.startedAt : b.startedAt - a.startedAt) ||
      (codePoints(a.externalId) < codePoints(b.externalId) ? -1 : 1),
  );
  const valid = order.paidAt !== null && order.cancelledAt === null;
  const credit = (agentId: number | null, basis: Credit['basis'], session: BuyerSession | undefined): Credit => ({
    agentId,
    basis,
    creditedSessionId: session?.id ?? null,
    assists: candidates.flatMap((s) =>
      valid && s.agentId !== null && s.agentId !== agentId ? [{ sessionId: s.id, agentId: s.agentId }] : [],
    ),
  });
  if (order.explicitAgent !== null) {
    const own = ranked.find((s) => s.agentId === order.explicitAgent);
    return credit(order.explicitAgent, 'EXPLICIT', own);
  }
  const [winner] = ranked;
  if (winner === undefined) return credit(null, 'UNATTRIBUTED', undefined);
  return credit(winner.agentId, rule.touch === 'FIRST' ? 'FIRST_TOUCH' : 'LAST_TOUCH', winner);
}
