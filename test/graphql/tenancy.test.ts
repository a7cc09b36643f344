import { type Scope, SCOPES } from '../../src/domain/access';
import { IngestionService } from '../../src/services/ingestion.service';
import { ApiKeyService } from '../../src/services/api-key.service';
import { startTestApi, type TestApi } from '../support/api';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makePrincipal } from '../support/ingest';
import { makeWorld, MARCH } from '../support/world';

const LISTS = [
  'clients',
  'shops',
  'teams',
  'agents',
  'sessions',
  'orders',
  'refunds',
  'complaints',
  'targets',
  'observations',
];
const DIRECTORY_LISTS = new Set(['clients', 'shops', 'teams', 'agents']);
const MEASURED_LISTS = new Set(['targets', 'observations']);

describe('who sees what', () => {
  let db: TestDatabase;
  let api: TestApi;
  let organizationId: number;
  let key: string;
  let limited: string;
  let foreign: string;
  let ids: Record<string, string[]>;

  beforeAll(async () => {
    db = await createTestDatabase();
    api = await startTestApi(db);
    const ingestion = new IngestionService(db.database);
    organizationId = await db.createOrganization('Mine');
    const other = await db.createOrganization('Other');
    for (const one of [organizationId, other]) {
      const world = makeWorld(4);
      // A third client, and an agent who works for it alone.
      const result = await ingestion.ingest(makePrincipal(one), {
        ...world,
        clients: [...(world.clients ?? []), { externalId: 'c3', name: 'Client 3' }],
        shops: [...(world.shops ?? []), { externalId: 's3', client: 'c3', name: 'Shop 3', platform: 'PDD' }],
        teams: [...(world.teams ?? []), { externalId: 't3', name: 'Team 3' }],
        agents: [...(world.agents ?? []), { externalId: 'a9', name: 'Agent 9', team: 't3' }],
        sessions: [
          ...(world.sessions ?? []),
          { externalId: 'x9', shop: 's3', agent: 'a9', buyer: 'b', startedAt: '2026-03-02T02:00:00Z' },
        ],
      });
      expect(result.rejected).toEqual([]);
    }
    key = await api.createKey(organizationId);
    limited = await api.createKey(organizationId, { clients: ['c1'] });
    foreign = await api.createKey(other);
    ids = {};
    for (const list of LISTS) {
      const { data } = await api.query(key, `{ ${list}(first: 100) { nodes { id } } }`);
      ids[list] = data[list].nodes.map(({ id }: { id: string }) => id);
    }
    const { data } = await api.query(key, '{ sessions { nodes { buyer { id } } } viewer { organization { id } } }');
    ids.buyers = [data.sessions.nodes[0].buyer.id];
    ids.organizations = [data.viewer.organization.id];
  });
  afterAll(async () => {
    await api.close();
    await db.close();
  });

  const nodesOf = async (asKey: string, wanted: readonly string[]) =>
    (await api.query(asKey, 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: wanted })).data.nodes;

  it('nothing of another organization is found by its id', async () => {
    const all = Object.entries(ids).filter(([name]) => !MEASURED_LISTS.has(name));
    for (const [, list] of all) {
      expect((await nodesOf(key, list.slice(0, 100))).every((node: unknown) => node !== null)).toBe(true);
      expect(await nodesOf(foreign, list.slice(0, 100))).toEqual(list.slice(0, 100).map(() => null));
    }
  });

  it('nothing of another organization is found by a filter', async () => {
    const [shop, agent, order, buyer] = [ids.shops?.[0], ids.agents?.[0], ids.orders?.[0], ids.buyers?.[0]];
    for (const filter of [
      `sessions(filter: { shopIds: ["${shop}"] })`,
      `sessions(filter: { agentIds: ["${agent}"] })`,
      `sessions(filter: { buyerIds: ["${buyer}"] })`,
      `orders(filter: { shopIds: ["${shop}"] })`,
      `refunds(filter: { orderIds: ["${order}"] })`,
      `complaints(filter: { agentIds: ["${agent}"] })`,
      `agents(shopIds: ["${shop}"])`,
    ]) {
      const { data } = await api.query(foreign, `{ list: ${filter} { totalCount nodes { id } } }`);
      expect(data.list).toEqual({ totalCount: 0, nodes: [] });
    }
    const { errors } = await api.query(
      foreign,
      `{ viewer { organization { kpis(period: ${MARCH}, filter: { shopIds: ["${shop}"] }) { receivedBuyers } } } }`,
    );
    expect(errors?.map(({ extensions }) => [extensions.code, extensions.field])).toEqual([['NOT_FOUND', 'shopIds']]);
  });

  describe('a key limited to clients', () => {
    const read = async (query: string) => {
      const { data, errors } = await api.query(limited, query);
      expect(errors).toBeUndefined();
      return data;
    };

    it('sees their shops and all that belongs to them, in rows and totals', async () => {
      const { viewer, clients, shops, sessions, orders, refunds, complaints, targets, observations } = await read(`{
        viewer { clients { externalId } }
        clients { totalCount nodes { externalId } } shops { totalCount nodes { externalId } }
        sessions(first: 100) { totalCount nodes { shop { externalId } agent { id } orders { id } } }
        orders { totalCount nodes { shop { externalId } assistingAgents { id } } } refunds { totalCount } complaints { totalCount }
        targets { totalCount } observations { totalCount }
      }`);
      expect(viewer.clients).toEqual([{ externalId: 'c1' }]);
      expect(clients).toEqual({ totalCount: 1, nodes: [{ externalId: 'c1' }] });
      expect(shops).toEqual({ totalCount: 1, nodes: [{ externalId: 's1' }] });
      expect([sessions, orders, refunds, complaints, targets].map(({ totalCount }) => totalCount)).toEqual([
        16, 4, 4, 4, 4,
      ]);
      expect(new Set(sessions.nodes.map((node: { shop: { externalId: string } }) => node.shop.externalId))).toEqual(
        new Set(['s1']),
      );
      // What has no shop is nobody's client's.
      expect(observations.totalCount).toBe(0);
    });

    it('sees agents and teams with a fact there, by name alone', async () => {
      const { agents, teams } = await read(`{
        agents { totalCount nodes { externalId name level role hiredOn team { externalId } } } teams { totalCount nodes { externalId } }
      }`);
      expect(agents.totalCount).toBe(4);
      expect(agents.nodes[0]).toEqual({
        externalId: 'a0',
        name: 'Agent 000',
        level: null,
        role: null,
        hiredOn: null,
        team: { externalId: 't1' },
      });
      expect(teams.nodes).toEqual([{ externalId: 't1' }, { externalId: 't2' }]);
      expect((await read('{ agents(roles: [PRE_SALE, AFTER_SALE]) { totalCount } }')).agents.totalCount).toBe(0);
    });

    it("cannot tell another client's ids from missing ones", async () => {
      const visible = new Set<string>();
      for (const list of LISTS) {
        for (const { id } of (await read(`{ ${list}(first: 100) { nodes { id } } }`))[list].nodes) visible.add(id);
      }
      for (const [name, list] of Object.entries(ids)) {
        if (MEASURED_LISTS.has(name) || name === 'organizations' || name === 'buyers') continue;
        const nodes = await nodesOf(limited, list.slice(0, 100));
        expect(nodes).toEqual(list.slice(0, 100).map((id) => (visible.has(id) ? { id } : null)));
        expect(list.some((id) => !visible.has(id))).toBe(true);
      }
    });

    it('gets numbers from these shops only', async () => {
      const numbers = `kpis(period: ${MARCH}) { sessionsReceived salesAmount }`;
      const query = `{ agents(search: "a0") { nodes { ${numbers} } } teams { nodes { ${numbers} } } clients { nodes { ${numbers} } } viewer { organization { ${numbers} } } }`;
      const { agents, teams, clients, viewer } = await read(query);
      expect(agents.nodes[0].kpis).toEqual({ sessionsReceived: 4, salesAmount: '100.5' });
      expect(clients.nodes[0].kpis).toEqual({ sessionsReceived: 16, salesAmount: '304.5' });
      expect(viewer.organization.kpis).toEqual({ sessionsReceived: 16, salesAmount: '304.5' });
      expect(teams.nodes.map(({ kpis }: { kpis: { sessionsReceived: number } }) => kpis.sessionsReceived)).toEqual([
        8, 8,
      ]);
      const other = ids.shops?.[1];
      const { errors } = await api.query(
        limited,
        `{ agents(first: 1) { nodes { kpis(period: ${MARCH}, shopIds: ["${other}"]) { sessionsReceived } } } }`,
      );
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', field: 'shopIds' });
    });
  });

  describe('scopes', () => {
    const withScopes = (...scopes: Scope[]) => api.createKey(organizationId, { scopes });
    const codeOf = async (asKey: string, query: string) => (await api.query(asKey, query)).errors?.[0]?.extensions.code;

    it('records need RECORDS_READ, on their own and under others', async () => {
      const without = await withScopes(...SCOPES.filter((scope) => scope !== 'RECORDS_READ'));
      for (const list of LISTS.filter((name) => !DIRECTORY_LISTS.has(name) && !MEASURED_LISTS.has(name))) {
        expect(await codeOf(without, `{ ${list} { totalCount } }`)).toBe('FORBIDDEN');
        expect(await codeOf(without, `{ node(id: "${ids[list]?.[0]}") { id } }`)).toBe('FORBIDDEN');
        expect(await codeOf(await withScopes('RECORDS_READ'), `{ ${list} { totalCount } }`)).toBeUndefined();
      }
      for (const list of ['sessions', 'orders', 'refunds', 'complaints']) {
        expect(await codeOf(without, `{ agents { nodes { ${list} { totalCount } } } }`)).toBe('FORBIDDEN');
      }
      for (const list of ['sessions', 'orders']) {
        expect(await codeOf(without, `{ shops { nodes { ${list} { totalCount } } } }`)).toBe('FORBIDDEN');
      }
    });

    it('KPIs, targets and observations need KPI_READ', async () => {
      const without = await withScopes(...SCOPES.filter((scope) => scope !== 'KPI_READ'));
      const kpis = `kpis(period: ${MARCH}) { salesAmount }`;
      const queries = [
        ...['agents', 'teams', 'shops', 'clients'].map((list) => `{ ${list} { nodes { ${kpis} } } }`),
        `{ viewer { organization { ${kpis} } } }`,
        '{ targets { totalCount } }',
        '{ observations { totalCount } }',
      ];
      for (const query of queries) {
        expect(await codeOf(without, query)).toBe('FORBIDDEN');
        expect(await codeOf(await withScopes('KPI_READ'), query)).toBeUndefined();
      }
    });

    it('the directory needs a scope to read anything', async () => {
      const ingest = await withScopes('INGEST');
      for (const list of DIRECTORY_LISTS) expect(await codeOf(ingest, `{ ${list} { totalCount } }`)).toBe('FORBIDDEN');
      expect(await codeOf(ingest, '{ viewer { keyName } }')).toBeUndefined();
    });

    it('sending records needs INGEST', async () => {
      const without = await withScopes(...SCOPES.filter((scope) => scope !== 'INGEST'));
      expect(await codeOf(without, 'mutation { ingest(input: {}) { accepted } }')).toBe('FORBIDDEN');
      const response = await api.app.inject({
        method: 'POST',
        url: '/v1/ingest/teams',
        headers: { authorization: `Bearer ${without}`, 'content-type': 'application/x-ndjson' },
        payload: '{"externalId":"t","name":"T"}',
      });
      expect([response.statusCode, response.json().errors[0].extensions.code]).toEqual([403, 'FORBIDDEN']);
    });
  });

  describe('without a valid key', () => {
    it.each([
      ['none', undefined],
      ['a wrong one', 'Bearer sl_000000000000_0000000000000000000000000000000000000000000'],
      ['nonsense', 'Bearer x'],
    ])('%s: 401 with a code, whatever is asked', async (_, authorization) => {
      for (const [method, url] of [
        ['POST', '/graphql'],
        ['POST', '/v1/ingest/teams'],
      ] as const) {
        const response = await api.app.inject({
          method,
          url,
          headers: {
            'content-type': url === '/graphql' ? 'application/json' : 'application/x-ndjson',
            ...(authorization ? { authorization } : {}),
          },
          payload: '{"query":"{ __typename }"}',
        });
        expect([response.statusCode, response.json().errors[0].extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
        expect(response.json().errors[0].extensions.requestId).toEqual(expect.any(String));
      }
    });

    it('a revoked or expired one: 401', async () => {
      const service = new ApiKeyService(db.database);
      const revoked = await service.create(organizationId, { name: 'r', scopes: ['KPI_READ'] });
      await service.revoke(organizationId, revoked.apiKey.keyId);
      const expired = await service.create(organizationId, {
        name: 'e',
        scopes: ['KPI_READ'],
        expiresAt: new Date(Date.now() + 60_000),
      });
      await db.tenant(organizationId).query({
        text: `update api_key set expires_at = now() - interval '1 second' where name = 'e'`,
        values: [],
      });
      for (const { secret } of [revoked, expired]) {
        const answer = await api.query(secret, '{ viewer { keyName } }');
        expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
      }
    });
  });
});
