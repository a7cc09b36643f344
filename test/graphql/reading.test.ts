import { IngestionService } from '../../src/services/ingestion.service';
import { type GraphqlAnswer, startTestApi, type TestApi } from '../support/api';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makePrincipal } from '../support/ingest';
import { at, makeWorld, MARCH } from '../support/world';

const AGENTS = 6;

describe('reading', () => {
  let db: TestDatabase;
  let api: TestApi;
  let key: string;
  beforeAll(async () => {
    db = await createTestDatabase();
    api = await startTestApi(db);
    const organizationId = await db.createOrganization('Acme');
    const result = await new IngestionService(db.database).ingest(makePrincipal(organizationId), makeWorld(AGENTS));
    expect(result.rejected).toEqual([]);
    key = await api.createKey(organizationId);
  });
  afterAll(async () => {
    await api.close();
    await db.close();
  });

  async function read(query: string, variables?: object) {
    const answer = await api.query(key, query, variables);
    expect(answer.errors).toBeUndefined();
    return answer.data;
  }
  const fails = (query: string, variables?: object): Promise<GraphqlAnswer> => api.query(key, query, variables);
  const idOf = async (field: string, externalId: string): Promise<string> =>
    (await read(`{ ${field}(first: 100) { nodes { id externalId } } }`))[field].nodes.find(
      (node: { externalId: string }) => node.externalId === externalId,
    ).id;

  it('tells who is asking', async () => {
    const { viewer } = await read(
      '{ viewer { keyName scopes organization { name timeZone } clients { name } rateLimit { limit remaining restoreRate resetAt } } }',
    );
    expect(viewer).toMatchObject({
      keyName: 'test',
      organization: { name: 'Acme', timeZone: 'Asia/Shanghai' },
      clients: null,
      rateLimit: { limit: 1_000_000, restoreRate: 1_000_000 },
    });
    expect(viewer.scopes).toContain('INGEST');
    expect(viewer.rateLimit.remaining).toBeLessThan(1_000_000);
  });

  it('gives every field of every record', async () => {
    const { sessions } = await read(`{
      sessions(filter: { externalIds: ["s2-x0-0"] }) { totalCount nodes {
        externalId channel purpose startedAt endedAt buyerMessages agentReplies autoReplies firstResponseSeconds
        averageResponseSeconds talkSeconds holdSeconds wrapUpSeconds answered waitSeconds handleSeconds resolved
        resolvedOnFirstContact csat messages { at from } exclusion { reason }
        shop { externalId platform timeZone currency serviceHours { from to } attribution { touch windowHours }
               client { externalId shops { totalCount nodes { externalId } } } }
        agent { externalId level role hiredOn active team { externalId agents { totalCount } } }
        buyer { externalId shop { externalId } }
        orders { externalId attribution placedAt paidAt completedAt cancelledAt amount paidAmount currency itemCount
                 subOrderCount reviewScore exclusion { reason } creditedSession { externalId }
                 agent { externalId } assistingAgents { externalId }
                 refunds { externalId kind status openedAt closedAt amount disputedAt platformIntervened liability
                           completedBy order { externalId } agent { externalId } shop { externalId } }
                 complaints { externalId category openedAt resolvedAt upheld subOrderCount agent { externalId }
                              order { externalId } session { externalId } shop { externalId } } }
      } }
    }`);
    expect(sessions).toMatchInlineSnapshot(`
     {
       "nodes": [
         {
           "agent": {
             "active": true,
             "externalId": "a0",
             "hiredOn": "2025-01-01",
             "level": "SENIOR",
             "role": "AFTER_SALE",
             "team": {
               "agents": {
                 "totalCount": 3,
               },
               "externalId": "t1",
             },
           },
           "agentReplies": 1,
           "answered": null,
           "autoReplies": 0,
           "averageResponseSeconds": 12,
           "buyer": {
             "externalId": "b0",
             "shop": {
               "externalId": "s2",
             },
           },
           "buyerMessages": 1,
           "channel": "CHAT",
           "csat": 3,
           "endedAt": "2026-03-02T02:05:00.000Z",
           "exclusion": null,
           "externalId": "s2-x0-0",
           "firstResponseSeconds": 12,
           "handleSeconds": 300,
           "holdSeconds": null,
           "messages": [
             {
               "at": "2026-03-02T02:00:00.000Z",
               "from": "BUYER",
             },
             {
               "at": "2026-03-02T02:00:12.000Z",
               "from": "AGENT",
             },
           ],
           "orders": [
             {
               "agent": {
                 "externalId": "a0",
               },
               "amount": "100.50",
               "assistingAgents": [
                 {
                   "externalId": "a1",
                 },
               ],
               "attribution": "LAST_TOUCH",
               "cancelledAt": null,
               "complaints": [
                 {
                   "agent": {
                     "externalId": "a0",
                   },
                   "category": "quality",
                   "externalId": "s2-k0",
                   "openedAt": "2026-03-02T03:30:00.000Z",
                   "order": {
                     "externalId": "s2-o0",
                   },
                   "resolvedAt": null,
                   "session": {
                     "externalId": "s2-x0-0",
                   },
                   "shop": {
                     "externalId": "s2",
                   },
                   "subOrderCount": 1,
                   "upheld": null,
                 },
               ],
               "completedAt": null,
               "creditedSession": {
                 "externalId": "s2-x0-0",
               },
               "currency": "EUR",
               "exclusion": null,
               "externalId": "s2-o0",
               "itemCount": 1,
               "paidAmount": "100.50",
               "paidAt": "2026-03-02T02:21:00.000Z",
               "placedAt": "2026-03-02T02:20:00.000Z",
               "refunds": [
                 {
                   "agent": {
                     "externalId": "a0",
                   },
                   "amount": "10",
                   "closedAt": "2026-03-02T04:00:00.000Z",
                   "completedBy": "MERCHANT",
                   "disputedAt": null,
                   "externalId": "s2-r0",
                   "kind": null,
                   "liability": null,
                   "openedAt": "2026-03-02T03:00:00.000Z",
                   "order": {
                     "externalId": "s2-o0",
                   },
                   "platformIntervened": false,
                   "shop": {
                     "externalId": "s2",
                   },
                   "status": "COMPLETED",
                 },
               ],
               "reviewScore": null,
               "subOrderCount": 1,
             },
           ],
           "purpose": null,
           "resolved": null,
           "resolvedOnFirstContact": null,
           "shop": {
             "attribution": {
               "touch": "LAST",
               "windowHours": 48,
             },
             "client": {
               "externalId": "c2",
               "shops": {
                 "nodes": [
                   {
                     "externalId": "s2",
                   },
                 ],
                 "totalCount": 1,
               },
             },
             "currency": "EUR",
             "externalId": "s2",
             "platform": "JD",
             "serviceHours": {
               "from": "08:00",
               "to": "23:00",
             },
             "timeZone": "Europe/Berlin",
           },
           "startedAt": "2026-03-02T02:00:00.000Z",
           "talkSeconds": null,
           "waitSeconds": null,
           "wrapUpSeconds": null,
         },
       ],
       "totalCount": 1,
     }
    `);
  });

  describe('pages', () => {
    const page = async (args: string) =>
      (
        await read(
          `{ sessions(${args}) { nodes { externalId } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
        )
      ).sessions;
    const names = (connection: { nodes: { externalId: string }[] }): string[] =>
      connection.nodes.map(({ externalId }) => externalId);

    it.each([
      ['by default', ''],
      ['oldest first', 'orderBy: { field: STARTED_AT, direction: ASC }'],
      ['by last change', 'orderBy: { field: UPDATED_AT, direction: DESC }'],
    ])('walked forward and backward give the whole list once, %s', async (_, order) => {
      const whole = names(await page(`first: 100 ${order}`));
      expect(new Set(whole).size).toBe(AGENTS * 2 * 4);
      const forward: string[] = [];
      for (let after = '', more = true; more;) {
        const part = await page(`first: 7 ${after} ${order}`);
        forward.push(...names(part));
        expect(part.pageInfo.hasPreviousPage).toBe(after !== '');
        after = `after: "${part.pageInfo.endCursor}"`;
        more = part.pageInfo.hasNextPage;
      }
      expect(forward).toEqual(whole);
      const backward: string[] = [];
      for (let before = '', more = true; more;) {
        const part = await page(`last: 7 ${before} ${order}`);
        backward.unshift(...names(part));
        before = `before: "${part.pageInfo.startCursor}"`;
        more = part.pageInfo.hasPreviousPage;
      }
      expect(backward).toEqual(whole);
    });

    it('of orders by payment put unpaid ones last, in either direction', async () => {
      for (const direction of ['ASC', 'DESC']) {
        const paid: (string | null)[] = [];
        for (let after = '', more = true; more;) {
          const { orders } = await read(
            `{ orders(first: 5 ${after} orderBy: { field: PAID_AT, direction: ${direction} }) { nodes { paidAt } pageInfo { hasNextPage endCursor } } }`,
          );
          paid.push(...orders.nodes.map((node: { paidAt: string | null }) => node.paidAt));
          after = `after: "${orders.pageInfo.endCursor}"`;
          more = orders.pageInfo.hasNextPage;
        }
        expect(paid).toHaveLength(AGENTS * 2);
        expect(paid.slice(-2)).toEqual([null, null]);
        const instants = paid.filter((instant) => instant !== null);
        expect(instants).toEqual(direction === 'ASC' ? instants.toSorted() : instants.toSorted().toReversed());
      }
    });

    it('refuse sizes out of bounds and both directions at once', async () => {
      for (const args of ['first: 0', 'first: 101', 'last: 0', 'first: 1, last: 1']) {
        const { errors } = await fails(`{ agents(${args}) { totalCount } }`);
        expect(errors).toMatchObject([
          { extensions: { code: 'BAD_USER_INPUT', field: expect.stringMatching(/first|last/) } },
        ]);
      }
    });

    it('refuse cursors that are not ours, or of another filter or order', async () => {
      const { endCursor } = (await page('first: 1')).pageInfo;
      for (const args of [
        'after: "nonsense"',
        `after: "${Buffer.from('["x","1","\'"]').toString('base64url')}"`,
        `after: "${endCursor}" orderBy: { field: STARTED_AT, direction: ASC }`,
        `after: "${endCursor}" filter: { answered: true }`,
      ]) {
        const { errors } = await fails(`{ sessions(${args}) { nodes { id } } }`);
        expect(errors).toMatchObject([{ extensions: { code: 'INVALID_CURSOR', field: 'after' } }]);
      }
      const orders = await fails(`{ orders(after: "${endCursor}") { nodes { id } } }`);
      expect(orders.errors).toMatchObject([{ extensions: { code: 'INVALID_CURSOR' } }]);
    });

    it('take a filter that says the same in other words', async () => {
      const { endCursor } = (await page('first: 1 filter: { excluded: false, answered: null }')).pageInfo;
      await page(`first: 1 after: "${endCursor}" filter: { excluded: false }`);
    });
  });

  describe('filters', () => {
    const count = async (field: string, filter: string): Promise<number> =>
      (await read(`{ ${field}(filter: { ${filter} }) { totalCount } }`))[field].totalCount;

    it.each([
      ['sessions', 'channel: [CHAT]', 48],
      ['sessions', 'channel: []', 0],
      ['sessions', 'channel: [VOICE, EMAIL]', 0],
      ['sessions', 'purpose: [PRE_SALE]', 0],
      ['sessions', 'excluded: false', 48],
      ['sessions', 'excluded: true', 0],
      ['sessions', 'answered: false', 0],
      ['sessions', 'resolved: false', 0],
      ['sessions', 'externalIds: ["s1-x0-0", "s2-x0-0", "no"]', 2],
      ['sessions', `startedAt: { gte: "${at(0)}", lt: "${at(1)}" }`, 2],
      ['sessions', `startedAt: { gt: "${at(0)}", lte: "${at(1)}" }`, 2],
      ['orders', 'paid: false', 2],
      ['orders', 'attributed: true', 12],
      ['orders', 'amount: { gt: "104.5", lte: "105.50" }', 2],
      ['orders', 'amount: { eq: 100.50 }', 2],
      ['orders', `paidAt: { lt: "${at(100)}" }`, 2],
      ['refunds', 'status: [COMPLETED]', 12],
      ['refunds', 'disputed: true', 0],
      ['refunds', `closedAt: { gte: "${at(120)}", lte: "${at(120)}" }`, 2],
      ['complaints', 'category: ["delay"]', 6],
      ['complaints', 'upheld: false', 0],
    ])('%s(%s) are %i', async (field, filter, expected) => {
      expect(await count(field, filter)).toBe(expected);
    });

    it('by ids of shops, agents, buyers and orders', async () => {
      const [shop, agent] = [await idOf('shops', 's1'), await idOf('agents', 'a0')];
      const [order] = (await read(`{ orders(filter: { externalIds: ["s1-o0"] }) { nodes { id buyer { id } } } }`))
        .orders.nodes;
      expect(await count('sessions', `shopIds: ["${shop}"]`)).toBe(24);
      expect(await count('sessions', `agentIds: ["${agent}"], shopIds: ["${shop}"]`)).toBe(4);
      expect(await count('sessions', `buyerIds: ["${order.buyer.id}"]`)).toBe(2);
      expect(await count('orders', `agentIds: ["${agent}"]`)).toBe(2);
      expect(await count('refunds', `agentIds: ["${agent}"], orderIds: ["${order.id}"]`)).toBe(1);
      expect(await count('complaints', `agentIds: ["${agent}"], orderIds: ["${order.id}"]`)).toBe(1);
    });

    it('by an id of another type are refused', async () => {
      const { errors } = await fails(
        `{ sessions(filter: { shopIds: ["${await idOf('agents', 'a0')}"] }) { totalCount } }`,
      );
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'shopIds' } }]);
    });

    it.each([
      ['roles: [AFTER_SALE]', 2],
      ['active: false', 1],
      ['search: "AGENT 00"', 6],
      ['search: "a3"', 1],
      ['search: "%"', 0],
      ['search: "_"', 0],
    ])('agents(%s) are %i', async (args, expected) => {
      expect((await read(`{ agents(${args}) { totalCount } }`)).agents.totalCount).toBe(expected);
    });

    it('of agents by team and by shop with a fact', async () => {
      const [team, shop] = [await idOf('teams', 't2'), await idOf('shops', 's1')];
      const { agents } = await read(`{ agents(teamIds: ["${team}"], shopIds: ["${shop}"]) { nodes { externalId } } }`);
      expect(agents.nodes).toEqual([{ externalId: 'a1' }, { externalId: 'a3' }, { externalId: 'a5' }]);
    });
  });

  it('lists targets and observations', async () => {
    const { targets, observations } = await read(`{
      targets(metric: "salesAmount", period: ${MARCH}, first: 1) { totalCount nodes { metric value period { from to days } agent { externalId } team { id } shop { externalId } } }
      observations(measure: "exam", period: { from: "2026-03-05", to: "2026-03-05" }, last: 1) { totalCount nodes { measure on value agent { externalId } shop { id } } }
    }`);
    expect(targets).toMatchObject({
      totalCount: AGENTS,
      nodes: [
        {
          metric: 'salesAmount',
          value: '1000',
          period: { from: '2026-03-01', to: '2026-03-31', days: 31 },
          team: null,
        },
      ],
    });
    expect(observations).toMatchObject({
      totalCount: AGENTS,
      nodes: [{ on: '2026-03-05', value: '80.5', shop: null }],
    });
  });

  it('does not list refunds and complaints that wait for what they name, and lists them once it is there', async () => {
    const organizationId = await db.createOrganization();
    const principal = makePrincipal(organizationId);
    const ingestion = new IngestionService(db.database);
    const own = await api.createKey(organizationId);
    const count = async () => {
      const { data } = await api.query(
        own,
        '{ refunds { totalCount nodes { id } } complaints { totalCount nodes { id } } }',
      );
      return [data.refunds.totalCount, data.refunds.nodes.length, data.complaints.totalCount];
    };
    const { orders, sessions, ...rest } = makeWorld(1);
    await ingestion.ingest(principal, rest);
    expect(await count()).toEqual([0, 0, 0]);
    await ingestion.ingest(principal, { orders });
    expect(await count()).toEqual([2, 2, 0]);
    await ingestion.ingest(principal, { sessions });
    expect(await count()).toEqual([2, 2, 2]);
  });

  describe('node', () => {
    it('finds everything again by its id, in the order asked', async () => {
      const { agents, shops, clients, teams, sessions, orders, refunds, complaints, viewer } = await read(`{
        agents(first: 1) { nodes { id } } shops(first: 1) { nodes { id } } clients(first: 1) { nodes { id } }
        teams(first: 1) { nodes { id } } sessions(first: 1) { nodes { id buyer { id } } } orders(first: 1) { nodes { id } }
        refunds(first: 1) { nodes { id } } complaints(first: 1) { nodes { id } } viewer { organization { id } }
      }`);
      const found = [agents, shops, clients, teams, sessions, orders, refunds, complaints].map(
        ({ nodes }) => nodes[0].id,
      );
      const ids = [viewer.organization.id, sessions.nodes[0].buyer.id, ...found];
      const { nodes } = await read('query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', { ids });
      expect(nodes.map(({ id }: { id: string }) => id)).toEqual(ids);
      expect(nodes.map(({ __typename }: { __typename: string }) => __typename)).toEqual([
        'Organization',
        'Buyer',
        'Agent',
        'Shop',
        'Client',
        'Team',
        'Session',
        'Order',
        'Refund',
        'Complaint',
      ]);
    });

    it('is null for what is not there or is no id', async () => {
      const missing = Buffer.from('Agent:999999').toString('base64url');
      const ids = [
        missing,
        'x',
        '',
        Buffer.from('Agent:1;').toString('base64url'),
        Buffer.from('Metric:1').toString('base64url'),
        `${missing}=`,
      ];
      const { nodes } = await read('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
      expect(nodes).toEqual(ids.map(() => null));
    });

    it('takes at most 100 ids', async () => {
      const { errors } = await fails('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: Array(101).fill('x') });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'ids' } }]);
    });
  });
});
