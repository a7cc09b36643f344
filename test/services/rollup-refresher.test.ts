import { once, EventEmitter } from 'node:events';
import type { SqlRunner } from '../../src/db/sql-query';
import { IngestionService } from '../../src/services/ingestion.service';
import { RollupRefresher } from '../../src/services/rollup-refresher';
import { RollupService } from '../../src/services/rollup.service';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { DIRECTORY, makePrincipal } from '../support/ingest';

const SESSION = { externalId: 'x1', shop: 's1', agent: 'a1', buyer: 'b1', startedAt: '2026-01-31T10:00:00Z' };
const MARCH = Date.parse('2026-03-10T00:00:00Z');

/** Rounds that go on when they are told to. */
class Rounds {
  private readonly events = new EventEmitter();
  count = 0;

  readonly wait = async (_ms: number, signal: AbortSignal): Promise<void> => {
    this.count += 1;
    this.events.emit('over');
    if (!signal.aborted) await once(this.events, 'next', { signal }).catch(() => undefined);
  };

  async over(): Promise<void> {
    await once(this.events, 'over');
  }

  async next(): Promise<void> {
    const over = this.over();
    this.events.emit('next');
    await over;
  }
}

let db: TestDatabase;
let rounds: Rounds;
let errors: unknown[];
let refresher: RollupRefresher;
beforeEach(async () => {
  db = await createTestDatabase();
  rounds = new Rounds();
  errors = [];
});
afterEach(async () => {
  await refresher.stop();
  await db.close();
});

const makeRefresher = (
  rollups: Pick<RollupService, 'refresh' | 'closeMonths'> = new RollupService(db.database),
  now = (): number => MARCH,
): RollupRefresher =>
  new RollupRefresher(db.database, rollups, {
    intervalMs: 1,
    onError: (error) => errors.push(error),
    now,
    wait: rounds.wait,
  });

async function start(...given: Parameters<typeof makeRefresher>): Promise<void> {
  refresher = makeRefresher(...given);
  const over = rounds.over();
  refresher.start();
  await over;
}

async function newOrganization(name: string) {
  const organizationId = await db.createOrganization(name);
  const ingestion = new IngestionService(db.database, null);
  const ingest = (batch: object) => ingestion.ingest(makePrincipal(organizationId), batch);
  await ingest({ ...DIRECTORY, sessions: [SESSION] });
  return { tenant: db.tenant(organizationId), ingest };
}

const count = async (tenant: SqlRunner, table: string): Promise<number> =>
  (await tenant.query({ text: `select 1 from ${table}`, values: [] })).length;

it('marks of every organization are worked off, and months that are over are made', async () => {
  const worlds = [await newOrganization('One'), await newOrganization('Two')];
  await start();
  for (const { tenant } of worlds) {
    expect(await count(tenant, 'rollup_mark')).toBe(0);
    expect(await count(tenant, 'agent_day')).toBe(1);
    expect(await count(tenant, 'agent_month')).toBe(1);
  }
  expect(errors).toEqual([]);
});

it('what is written later is worked off in a later round, its month once a while', async () => {
  let now = MARCH;
  const { tenant, ingest } = await newOrganization('One');
  await start(undefined, () => now);
  await ingest({ sessions: [{ ...SESSION, externalId: 'x2', agent: 'a2' }] });
  await rounds.next();
  expect([await count(tenant, 'agent_day'), await count(tenant, 'agent_month')]).toEqual([2, 0]);
  now += 3_600_000;
  await rounds.next();
  expect(await count(tenant, 'agent_month')).toBe(2);
});

it('a month is made when it is over, without anything being written', async () => {
  let now = Date.parse('2026-01-31T20:00:00Z');
  const { tenant } = await newOrganization('One');
  await start(undefined, () => now);
  expect(await count(tenant, 'agent_month')).toBe(0);
  now = MARCH;
  await rounds.next();
  expect(await count(tenant, 'agent_month')).toBe(1);
});

it('months of what others have worked off are made, too', async () => {
  const { tenant } = await newOrganization('One');
  const [row] = await tenant.query<{ organization_id: number }>({
    text: 'select organization_id from team',
    values: [],
  });
  await new RollupService(db.database).refresh(row?.organization_id ?? 0, null);
  await start();
  expect(await count(tenant, 'agent_month')).toBe(1);
});

it('an outage is told once, and survived', async () => {
  const { tenant } = await newOrganization('One');
  const rollups = new RollupService(db.database);
  let isDown = true;
  const failing = {
    refresh: (organizationId: number, shopIds: readonly number[] | null) =>
      isDown ? Promise.reject(new Error('down')) : rollups.refresh(organizationId, shopIds),
    closeMonths: () => Promise.resolve(0),
  };
  await start(failing);
  await rounds.next();
  expect(errors).toEqual([new Error('down')]);
  isDown = false;
  await rounds.next();
  expect(await count(tenant, 'rollup_mark')).toBe(0);
  isDown = true;
  await (await newOrganization('Two')).ingest({});
  await rounds.next();
  expect(errors).toHaveLength(2);
});

it('a shop that fails does not keep others from being worked off', async () => {
  const [broken, sound] = [await newOrganization('One'), await newOrganization('Two')];
  await sound.ingest({ sessions: [{ ...SESSION, externalId: 'x2' }] });
  const rollups = new RollupService(db.database);
  let calls = 0;
  await start({
    refresh: (organizationId, shopIds) =>
      (calls += 1) === 1 ? Promise.reject(new Error('broken')) : rollups.refresh(organizationId, shopIds),
    closeMonths: () => Promise.resolve(0),
  });
  expect([await count(broken.tenant, 'rollup_mark'), await count(sound.tenant, 'rollup_mark')]).toEqual([
    expect.any(Number),
    0,
  ]);
  expect(await count(broken.tenant, 'rollup_mark')).toBeGreaterThan(0);
});

it('two at once work off everything, and nothing twice', async () => {
  const worlds = [await newOrganization('One'), await newOrganization('Two')];
  const other = makeRefresher();
  other.start();
  await start();
  await other.stop();
  await refresher.stop();
  for (const { tenant } of worlds) {
    expect(await count(tenant, 'rollup_mark')).toBe(0);
    expect(await count(tenant, 'agent_day')).toBe(1);
  }
  expect(errors).toEqual([]);
});

it('once stopped it waits for what is under way, and begins nothing more', async () => {
  await newOrganization('One');
  await newOrganization('Two');
  const begun: number[] = [];
  let finish = (): void => undefined;
  const underWay = new Promise<void>((resolve) => (finish = resolve));
  let hasBegun = (): void => undefined;
  const beginning = new Promise<void>((resolve) => (hasBegun = resolve));
  refresher = makeRefresher({
    async refresh(organizationId) {
      begun.push(organizationId);
      hasBegun();
      await underWay;
      return 0;
    },
    closeMonths: () => Promise.resolve(0),
  });
  refresher.start();
  refresher.start();
  await beginning;
  let isStopped = false;
  const stopped = refresher.stop().then(() => (isStopped = true));
  await db.database.readers.query('select 1');
  expect(isStopped).toBe(false);
  finish();
  await stopped;
  expect(begun).toHaveLength(1);
});
