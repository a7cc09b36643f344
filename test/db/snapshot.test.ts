import type { Snapshot } from '../../src/db/snapshot';
import { createTestDatabase, type TestDatabase } from '../support/database';

const count = { text: 'select count(*)::int as n from team', values: [] };
const setting = { text: `select current_setting('app.organization_id', true) as value`, values: [] };

describe('a snapshot', () => {
  let db: TestDatabase;
  let organizationId: number;
  beforeAll(async () => {
    db = await createTestDatabase();
    organizationId = await db.createOrganization();
  });
  afterAll(() => db.close());

  const add = (externalId: string, organization = organizationId) =>
    db.tenant(organization).query({
      text: 'insert into team (organization_id, external_id, name) values ($1, $2, $2)',
      values: [organization, externalId],
    });
  const read = async (snapshot: Snapshot): Promise<number> =>
    (await snapshot.query<{ n: number }>({ ...count }))[0]?.n ?? -1;

  it('shows one state of the data, whatever others write meanwhile', async () => {
    await add('t1');
    const snapshot = db.database.snapshot(organizationId);
    expect(await read(snapshot)).toBe(1);
    await add('t2');
    expect(await Promise.all([read(snapshot), read(snapshot)])).toEqual([1, 1]);
    await snapshot.end();
    const next = db.database.snapshot(organizationId);
    expect(await read(next)).toBe(2);
    await next.end();
  });

  it('is read-only and repeatable, and sees its organization alone', async () => {
    const other = await db.createOrganization();
    await add('theirs', other);
    const snapshot = db.database.snapshot(other);
    expect(await read(snapshot)).toBe(1);
    const [modes] = await snapshot.query({
      text: `select current_setting('transaction_read_only') as read_only, current_setting('transaction_isolation') as isolation`,
      values: [],
    });
    expect(modes).toEqual({ read_only: 'on', isolation: 'repeatable read' });
    await expect(snapshot.query({ text: 'delete from team', values: [] })).rejects.toThrow(/read-only/);
    await snapshot.end();
  });

  it('is of no use once it has ended, and takes no connection then', async () => {
    const snapshot = db.database.snapshot(organizationId);
    await snapshot.end();
    await expect(read(snapshot)).rejects.toThrow('over');
    expect(db.database.readers.idleCount).toBe(db.database.readers.totalCount);
  });

  it('fails alone when its connection is lost, between statements too', async () => {
    const snapshot = db.database.snapshot(organizationId);
    const [backend] = await snapshot.query<{ pid: number }>({ text: 'select pg_backend_pid() as pid', values: [] });
    const terminate = { text: 'select pg_terminate_backend($1, 10000) as done', values: [backend?.pid] };
    expect(await db.tenant(organizationId).query(terminate)).toEqual([{ done: true }]);
    await expect(read(snapshot)).rejects.toThrow();
    await snapshot.end();
    const next = db.database.snapshot(organizationId);
    expect(await read(next)).toBeGreaterThanOrEqual(0);
    await next.end();
  });

  it('answers what comes often as it did the first time', async () => {
    const ask = async (day: string): Promise<unknown> => {
      const snapshot = db.database.snapshot(organizationId);
      const rows = await snapshot.query({ text: 'select $1::date + 1 as day', values: [day] });
      await snapshot.end();
      return rows;
    };
    const answers: unknown[] = [];
    for (let day = 1; day <= 9; day += 1) answers.push(await ask(`2026-03-0${day}`));
    expect(answers.slice(0, 8)).toEqual(Array.from({ length: 8 }, (_, n) => [{ day: `2026-03-0${n + 2}` }]));
  });

  it('leaves nothing of its organization on the connection', async () => {
    const snapshot = db.database.snapshot(organizationId);
    expect(await snapshot.query({ ...setting })).toEqual([{ value: String(organizationId) }]);
    await snapshot.end();
    for (let client = 0; client < 3; client += 1) {
      const { rows } = await db.database.readers.query(setting.text);
      expect(rows[0]?.value ?? '').toBe('');
    }
    const { rows } = await db.database.readers.query<{ n: number }>(count.text);
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('tells everybody the first failure', async () => {
    const snapshot = db.database.snapshot(organizationId);
    const results = await Promise.allSettled([
      snapshot.query({ text: 'select 1 / 0', values: [] }),
      snapshot.query({ ...count }),
      snapshot.query({ ...count }),
    ]);
    for (const result of results) expect(result).toMatchObject({ reason: { message: 'division by zero' } });
    await snapshot.end();
  });

  it('gives its connection back, ended, aborted or failed', async () => {
    for (let round = 0; round < 12; round += 1) {
      const snapshot = db.database.snapshot(organizationId);
      const running = snapshot.query({
        text: round % 3 === 1 ? 'select pg_sleep(60)' : 'select 1 / (1 - $1::int)',
        values: [],
      });
      if (round % 3 === 1) await snapshot.abort();
      await expect(running).rejects.toThrow();
      await snapshot.end();
    }
    const snapshot = db.database.snapshot(organizationId);
    expect(await read(snapshot)).toBeGreaterThan(0);
    await snapshot.end();
    await expect(snapshot.query({ ...count })).rejects.toThrow('The request is over.');
  });
});
