import { toGlobalId } from '../../src/domain/global-id';
import { IngestionService } from '../../src/services/ingestion.service';
import { startTestApi, type TestApi } from '../support/api';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { DIRECTORY, makePrincipal } from '../support/ingest';

const at = (time: string): string => `2026-03-02T${time}:00Z`;
const SESSION = { externalId: 'x1', shop: 's1', agent: 'a1', buyer: 'b1', startedAt: at('02:00') };
const ORDER = {
  externalId: 'o1',
  shop: 's1',
  buyer: 'b1',
  placedAt: at('03:00'),
  paidAt: at('03:00'),
  amount: '10',
};
const REFUND = { externalId: 'r1', shop: 's1', order: 'o1', status: 'OPEN', openedAt: at('04:00'), amount: '5' };
const COMPLAINT = { externalId: 'k1', shop: 's1', order: 'o1', category: 'delay', openedAt: at('05:00') };
const PRESENCE = { externalId: 'p1', agent: 'a1', startedAt: at('01:00'), endedAt: at('03:00') };
const WORLD = {
  ...DIRECTORY,
  clients: [...DIRECTORY.clients, { externalId: 'c2', name: 'Client 2' }],
  shops: [...DIRECTORY.shops, { externalId: 's2', client: 'c2', name: 'Shop 2', platform: 'JD' }],
  sessions: [
    { ...SESSION, externalId: 'x0', buyer: 'b0', exclusion: 'SPAM' },
    SESSION,
    { ...SESSION, externalId: 'x2', agent: 'a2', startedAt: at('01:00') },
    { ...SESSION, shop: 's2' },
  ],
  orders: [ORDER],
  refunds: [REFUND],
  complaints: [COMPLAINT],
  presences: [PRESENCE, { ...PRESENCE, externalId: 'p2', shop: 's2', startedAt: at('02:00') }],
};

const EXCLUDE = `mutation($input: ExcludeRecordsInput!) {
  excludeRecords(input: $input) {
    records { id ... on Session { exclusion { reason note by actor } } ... on Order { agent { externalId } } }
    userErrors { code field }
  }
}`;
const DELETE = `mutation($input: DeleteRecordsInput!) {
  deleteRecords(input: $input) { deleted userErrors { code field } }
}`;
const KPIS = `{ viewer { organization { kpis(period: { from: "2026-03-02", to: "2026-03-02" }) {
  sessionsReceived excludedSessions receivedBuyers salesAmount refundCount complaintCount onlineHours
} } } }`;

let db: TestDatabase;
let api: TestApi;
beforeAll(async () => {
  db = await createTestDatabase();
  api = await startTestApi(db);
});
afterAll(async () => {
  await api.close();
  await db.close();
});

async function newWorld() {
  const organizationId = await db.createOrganization();
  const tenant = db.tenant(organizationId);
  const { rejected } = await new IngestionService(db.database).ingest(makePrincipal(organizationId), WORLD);
  expect(rejected).toEqual([]);
  const key = await api.createKey(organizationId);
  const ids = await tenant.query<{ name: string; type: string; id: string }>({
    text: `
      select 'Session' as type, shop.external_id || ' ' || r.external_id as name, r.id from session r
      join shop on shop.id = r.shop_id
      union all select 'Order', external_id, id from orders
      union all select 'Refund', external_id, id from refund
      union all select 'Complaint', external_id, id from complaint`,
    values: [],
  });
  const idOf = new Map(ids.map(({ name, type, id }) => [name, toGlobalId(type, id)]));
  const run = async (query: string, input: object, asKey = key) => {
    const { data, errors } = await api.query(asKey, query, { input });
    expect(errors).toBeUndefined();
    return data.excludeRecords ?? data.deleteRecords;
  };
  return {
    organizationId,
    tenant,
    key,
    id: (name: string): string => idOf.get(name) ?? name,
    exclude: (names: readonly string[], more: object = {}, asKey = key) =>
      run(EXCLUDE, { recordIds: names.map((name) => idOf.get(name) ?? name), reason: 'TEST', ...more }, asKey),
    remove: (input: object, asKey = key) => run(DELETE, input, asKey),
    kpis: async () => (await api.query(key, KPIS)).data.viewer.organization.kpis,
    audit: () =>
      tenant.query<Record<string, unknown>>({
        text: `select action, key_name, actor, subject_kind, detail from audit_event
               where action <> 'API_KEY_CREATED' order by id`,
        values: [],
      }),
  };
}

describe('excludeRecords', () => {
  it('takes records out of the KPIs at once, says so in the records, and can be undone', async () => {
    const { exclude, kpis, id } = await newWorld();
    const before = await kpis();
    expect(before).toMatchObject({ sessionsReceived: 3, excludedSessions: 1, refundCount: 1, complaintCount: 1 });
    const made = await exclude(['s1 x1', 's1 x1'], { note: 'by me', actor: 'Ann' });
    expect(made).toEqual({
      records: [{ id: id('s1 x1'), exclusion: { reason: 'TEST', note: 'by me', by: 'test', actor: 'Ann' } }],
      userErrors: [],
    });
    expect(await kpis()).toMatchObject({ sessionsReceived: 2, excludedSessions: 2 });
    const undone = await exclude(['s1 x1'], { restore: true });
    expect(undone.records).toEqual([{ id: id('s1 x1'), exclusion: null }]);
    expect(await kpis()).toEqual(before);
  });

  it('of a session gives its order to whom it would have gone without', async () => {
    const { exclude } = await newWorld();
    const agentOf = async (more: object): Promise<string> =>
      (await exclude(['s1 x1', 'o1'], { ...more })).records.at(-1).agent.externalId;
    expect(await agentOf({ restore: true })).toBe('a1');
    expect(await agentOf({})).toBe('a2');
  });

  it('of an order is as if it were not there: what names it is neither counted nor found', async () => {
    const { exclude, kpis, id } = await newWorld();
    const { records } = await exclude(['o1', 'r1', 'k1']);
    expect(records.map((record: { id: string }) => record.id)).toEqual([id('o1')]);
    expect(await kpis()).toMatchObject({ salesAmount: '0', refundCount: 0, complaintCount: 0 });
    await exclude(['o1'], { restore: true });
    expect(await kpis()).toMatchObject({ salesAmount: '10', refundCount: 0, complaintCount: 0 });
    await exclude(['r1', 'k1'], { restore: true });
    expect(await kpis()).toMatchObject({ salesAmount: '10', refundCount: 1, complaintCount: 1 });
  });

  it('replaces an earlier reason, leaves what the source excludes, and does nothing where nothing is to be undone', async () => {
    const { exclude, audit } = await newWorld();
    await exclude(['s1 x0'], { reason: 'OTHER', note: 'first' });
    const [replaced] = (await exclude(['s1 x0'], { reason: 'DUPLICATE' })).records;
    expect(replaced.exclusion).toMatchObject({ reason: 'DUPLICATE', note: null });
    const [restored] = (await exclude(['s1 x0'], { restore: true })).records;
    expect(restored.exclusion).toMatchObject({ reason: 'SPAM', by: 'source' });
    const told = await audit();
    await exclude(['s1 x0', 'o1'], { restore: true });
    expect(await audit()).toEqual(told);
  });

  it('is told in the audit trail, by record', async () => {
    const { exclude, audit } = await newWorld();
    await exclude(['s1 x1', 'o1'], { note: 'why', actor: 'Ann' });
    await exclude(['o1'], { restore: true });
    const event = { action: 'RECORDS_EXCLUDED', key_name: 'test', actor: 'Ann', detail: 'TEST: why' };
    expect(await audit()).toEqual([
      { ...event, subject_kind: 'Session' },
      { ...event, subject_kind: 'Order' },
      { ...event, action: 'RECORDS_RESTORED', actor: null, subject_kind: 'Order', detail: 'TEST' },
    ]);
  });

  it('twice in one request shows each time what was written last', async () => {
    const { key, id } = await newWorld();
    const call = (name: string, restore: boolean): string =>
      `${name}: excludeRecords(input: { recordIds: ["${id('s1 x1')}"], reason: TEST, restore: ${restore} }) {
        records { ... on Session { exclusion { reason } } }
      }`;
    const { data } = await api.query(key, `mutation { ${call('first', false)} ${call('second', true)} }`);
    expect(data).toEqual({
      first: { records: [{ exclusion: { reason: 'TEST' } }] },
      second: { records: [{ exclusion: null }] },
    });
  });

  it.each<[string, (id: (name: string) => string) => object, object[]]>([
    [
      'that is not there',
      (id) => ({ recordIds: [id('o1'), toGlobalId('Session', 999_999), toGlobalId('Refund', 999_999)] }),
      [
        { code: 'NOT_FOUND', field: ['input', 'recordIds', '1'] },
        { code: 'NOT_FOUND', field: ['input', 'recordIds', '2'] },
      ],
    ],
    [
      'of another kind, or no id at all',
      (id) => ({ recordIds: [toGlobalId('Shop', 1), id('o1'), 'x', toGlobalId('Session', '9999999999999999999')] }),
      ['0', '2', '3'].map((index) => ({ code: 'BAD_USER_INPUT', field: ['input', 'recordIds', index] })),
    ],
    [
      'beyond the thousandth',
      (id) => ({ recordIds: Array.from({ length: 1_001 }, () => id('o1')) }),
      [{ code: 'BAD_USER_INPUT', field: ['input', 'recordIds'] }],
    ],
    [
      'with a note that cannot be stored',
      (id) => ({ recordIds: [id('o1')], note: 'a\0', actor: '' }),
      [
        { code: 'BAD_USER_INPUT', field: ['input', 'note'] },
        { code: 'BAD_USER_INPUT', field: ['input', 'actor'] },
      ],
    ],
  ])('of a record %s is refused, and nothing is written', async (_, inputOf, userErrors) => {
    const { key, id, kpis, audit } = await newWorld();
    const before = await kpis();
    const { data } = await api.query(key, EXCLUDE, { input: { reason: 'TEST', ...inputOf(id) } });
    expect(data.excludeRecords).toEqual({ records: [], userErrors });
    expect([await kpis(), await audit()]).toEqual([before, []]);
  });

  it('knows only records of the organization, and of the clients that the key is limited to', async () => {
    const mine = await newWorld();
    const other = await newWorld();
    const limited = await api.createKey(mine.organizationId, { clients: ['c2'] });
    const names = ['s2 x1', 's1 x1', 'o1'];
    expect((await mine.exclude(names, {}, limited)).userErrors).toEqual(
      ['1', '2'].map((index) => ({ code: 'NOT_FOUND', field: ['input', 'recordIds', index] })),
    );
    expect((await mine.exclude(['s2 x1'], {}, limited)).records).toHaveLength(1);
    expect((await other.exclude([mine.id('o1')])).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    expect(await mine.kpis()).toMatchObject({ sessionsReceived: 2, salesAmount: '10' });
  });

  it('needs a key that may ingest, and shows records only to one that may read them', async () => {
    const { organizationId, exclude, key, id } = await newWorld();
    const reader = await api.createKey(organizationId, { scopes: ['RECORDS_READ', 'ADMIN'] });
    const writer = await api.createKey(organizationId, { scopes: ['INGEST'] });
    const input = { recordIds: [id('o1')], reason: 'TEST' };
    const { errors } = await api.query(reader, EXCLUDE, { input });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(await exclude(['o1'], {}, writer)).toEqual({ records: [], userErrors: [] });
    const { data } = await api.query(key, '{ orders { nodes { exclusion { reason } } } }');
    expect(data.orders.nodes).toEqual([{ exclusion: { reason: 'TEST' } }]);
  });
});

describe('deleteRecords', () => {
  it('takes records of each kind out of rows and KPIs at once, and the source may send them again', async () => {
    const { organizationId, remove, kpis, audit } = await newWorld();
    const before = await kpis();
    const removed = async (kind: string, externalIds: string[], shop: string | null = 's1') =>
      remove({ kind, shop, externalIds, actor: 'Ann' });
    expect(await removed('COMPLAINT', ['k1', 'k1', 'unknown'])).toEqual({ deleted: 1, userErrors: [] });
    expect(await kpis()).toEqual({ ...before, complaintCount: 0 });
    expect(await removed('PRESENCE', ['p1'], null)).toMatchObject({ deleted: 1 });
    expect((await kpis()).onlineHours).toBe(1);
    expect(await removed('ORDER', ['o1'])).toMatchObject({ deleted: 1 });
    expect(await kpis()).toMatchObject({ salesAmount: '0', refundCount: 0 });
    expect(await removed('REFUND', ['r1'])).toMatchObject({ deleted: 1 });
    expect(await removed('SESSION', ['x0', 'x1', 'x2'])).toMatchObject({ deleted: 3 });
    expect(await kpis()).toMatchObject({ sessionsReceived: 1, excludedSessions: 0, receivedBuyers: 1 });
    expect(await audit()).toHaveLength(7);
    expect((await audit()).at(0)).toEqual({
      action: 'RECORDS_DELETED',
      key_name: 'test',
      actor: 'Ann',
      subject_kind: 'Complaint',
      detail: 'k1',
    });
    const again = await new IngestionService(db.database).ingest(makePrincipal(organizationId), WORLD);
    expect(again.accepted).toBe(7);
    expect(await kpis()).toEqual(before);
  });

  it('of a session gives its order to whom it would have gone without', async () => {
    const { remove, key } = await newWorld();
    await remove({ kind: 'SESSION', shop: 's1', externalIds: ['x1'] });
    const agents = '{ orders { nodes { agent { externalId } assistingAgents { externalId } } } }';
    const { data } = await api.query(key, agents);
    expect(data.orders.nodes).toEqual([{ agent: { externalId: 'a2' }, assistingAgents: [] }]);
    await remove({ kind: 'SESSION', shop: 's1', externalIds: ['x2'] });
    expect((await api.query(key, agents)).data.orders.nodes).toEqual([{ agent: null, assistingAgents: [] }]);
  });

  it.each<[string, object, object]>([
    ['without a shop', { kind: 'ORDER', externalIds: ['o1'] }, { code: 'BAD_USER_INPUT', field: ['input', 'shop'] }],
    [
      'of a shop that is not there',
      { kind: 'PRESENCE', shop: 'no', externalIds: ['p1'] },
      { code: 'NOT_FOUND', field: ['input', 'shop'] },
    ],
    [
      'beyond the thousandth',
      { kind: 'ORDER', shop: 's1', externalIds: Array.from({ length: 1_001 }, () => 'o1') },
      { code: 'BAD_USER_INPUT', field: ['input', 'externalIds'] },
    ],
    [
      'by what can be no id',
      { kind: 'ORDER', shop: 's1', externalIds: ['o1', 'a\0'] },
      { code: 'BAD_USER_INPUT', field: ['input', 'externalIds', '1'] },
    ],
  ])('of records %s is refused, and nothing is deleted', async (_, input, error) => {
    const { remove, kpis } = await newWorld();
    const before = await kpis();
    expect(await remove(input)).toEqual({ deleted: 0, userErrors: [error] });
    expect(await kpis()).toEqual(before);
  });

  it('with a limited key knows only what belongs to its clients', async () => {
    const { organizationId, remove } = await newWorld();
    const limited = await api.createKey(organizationId, { clients: ['c2'] });
    const notFound = { deleted: 0, userErrors: [{ code: 'NOT_FOUND', field: ['input', 'shop'] }] };
    expect(await remove({ kind: 'ORDER', shop: 's1', externalIds: ['o1'] }, limited)).toEqual(notFound);
    expect(await remove({ kind: 'PRESENCE', externalIds: ['p1', 'p2'] }, limited)).toMatchObject({ deleted: 1 });
    expect(await remove({ kind: 'SESSION', shop: 's2', externalIds: ['x1'] }, limited)).toMatchObject({ deleted: 1 });
  });
});
