import type { SqlRunner } from '../../src/db/sql-query';
import { InvalidInput } from '../../src/domain/invalid-input';
import { METRICS } from '../../src/domain/metrics';
import { type DefinedMetric, type MetricDefinition, MetricService } from '../../src/services/metric.service';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { makePrincipal } from '../support/ingest';

const DEFINITION: MetricDefinition = {
  key: 'loadFactor',
  name: 'Load factor',
  description: 'Calls for each call planned.',
  formula: 'callsOffered / target(callVolume)',
  unit: 'RATIO',
  direction: 'HIGHER_IS_BETTER',
};

describe('metrics of an organization', () => {
  let db: TestDatabase;
  let service: MetricService;
  let organizationId: number;
  let runner: SqlRunner;
  beforeAll(async () => {
    db = await createTestDatabase();
    service = new MetricService(db.database);
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    organizationId = await db.createOrganization();
    runner = db.tenant(organizationId);
  });

  const define = (overrides: Partial<MetricDefinition> = {}, organization = organizationId): Promise<DefinedMetric> =>
    service.define(makePrincipal(organization), { ...DEFINITION, ...overrides });
  const defineAll = async (formulas: Readonly<Record<string, string>>): Promise<void> => {
    for (const [key, formula] of Object.entries(formulas)) {
      expect((await define({ key, formula })).userErrors).toEqual([]);
    }
  };
  const stored = (): Promise<{ key: string; version: number; formula: string }[]> =>
    runner.query({
      text: 'select m.key, m.version, m.formula from custom_metric m where m.organization_id = $1 order by m.id',
      values: [organizationId],
    });
  const events = (): Promise<object[]> =>
    runner.query({
      text: `select e.action, e.key_name as "keyName", e.actor, e.subject_kind as kind, e.detail
        from audit_event e
        where e.organization_id = $1
        order by e.id`,
      values: [organizationId],
    });

  test('a metric is defined, and found in the catalogue', async () => {
    const { metric, userErrors } = await define();
    expect(userErrors).toEqual([]);
    expect(metric).toMatchObject({
      key: 'loadFactor',
      version: 1,
      name: { en: 'Load factor', 'zh-CN': 'Load factor' },
      description: { en: 'Calls for each call planned.' },
      formula: 'callsOffered / target(callVolume)',
      measures: ['callsOffered'],
      unit: 'RATIO',
      direction: 'HIGHER_IS_BETTER',
      builtIn: false,
    });
    const catalogue = await service.loadCatalogue(runner, organizationId);
    expect(catalogue.get('loadFactor')).toEqual(metric);
    expect(await events()).toEqual([
      { action: 'METRIC_DEFINED', keyName: 'test', actor: null, kind: 'Metric', detail: 'loadFactor version 1' },
    ]);
  });

  test('the same definition again changes nothing, another one is the next version', async () => {
    await define();
    expect((await define()).metric?.version).toBe(1);
    expect(await events()).toHaveLength(1);
    for (const [index, change] of [
      { name: 'Load' },
      { description: null },
      { formula: 'callsOffered' },
      { unit: 'COUNT' },
      { direction: 'NEUTRAL' },
    ].entries()) {
      expect((await define(change as Partial<MetricDefinition>)).metric).toMatchObject({ version: index + 2 });
    }
    expect(await stored()).toHaveLength(6);
    expect((await service.loadCatalogue(runner, organizationId)).get('loadFactor')).toMatchObject({
      version: 6,
      direction: 'NEUTRAL',
      name: { en: 'Load factor' },
    });
  });

  test('no description is an empty one', async () => {
    expect((await define({ description: '  ' })).metric?.description.en).toBe('');
    expect((await define({ description: null })).metric?.version).toBe(1);
    expect((await define({ description: undefined })).metric?.version).toBe(1);
  });

  test('a formula uses other metrics of the organization in their latest version', async () => {
    await defineAll({ base: 'callsOffered', double: 'base * 2' });
    await define({ key: 'base', formula: 'sessionsHandled' });
    expect((await service.loadCatalogue(runner, organizationId)).get('double').measures).toEqual(['sessionsHandled']);
  });

  test.each([
    ['Upper', 'A key is a small letter, then letters and digits, at most 64 in all.'],
    ['snake_case', 'A key is a small letter, then letters and digits, at most 64 in all.'],
    ['', 'A key is a small letter, then letters and digits, at most 64 in all.'],
    [`a${'b'.repeat(64)}`, 'A key is a small letter, then letters and digits, at most 64 in all.'],
    ['salesAmount', 'salesAmount is a built-in metric.'],
    ['responseMs', 'responseMs is a built-in measure.'],
    ['avg', 'avg is a function of formulas.'],
    ['target', 'target is a function of formulas.'],
    ['new', 'new is a reserved word: no formula could name it.'],
  ])('no metric has the key %p', async (key, message) => {
    const { metric, userErrors } = await define({ key });
    expect(metric).toBeNull();
    expect(userErrors).toEqual([{ code: 'BAD_USER_INPUT', message, field: ['input', 'key'] }]);
    expect(await stored()).toEqual([]);
    expect(await events()).toEqual([]);
  });

  test('keys as long and as odd as may be', async () => {
    for (const key of ['a', `a${'b'.repeat(63)}`, 'constructor', 'undefined', 'aB9']) {
      expect((await define({ key })).metric?.key).toBe(key);
    }
  });

  test('all that is wrong is told at once', async () => {
    const { userErrors } = await define({
      key: 'max',
      name: 'n'.repeat(201),
      description: 'd'.repeat(2_001),
      formula: '1 +',
    });
    expect(userErrors.map(({ field }) => field.join('.'))).toEqual([
      ...['input.key', 'input.name', 'input.description', 'input.formula'],
    ]);
    expect((await define({ name: ' ' })).userErrors).toMatchObject([{ field: ['input', 'name'] }]);
    expect((await define({ name: 'n'.repeat(200) })).userErrors).toEqual([]);
  });

  test.each([
    ['', 'Position 1: The formula is empty.'],
    ['callsOffered ÷', 'Position 15: The formula ends where a value is expected.'],
    [
      'callsOffered + nope',
      'Position 16: There is no metric or measure nope. Observations are read by sum, avg, count or last, such as avg(nope).',
    ],
    ['1 + loadFactor', 'Position 5: A metric cannot be made of itself: loadFactor → loadFactor.'],
  ])('the formula %p is refused with its position', async (formula, message) => {
    const { metric, userErrors } = await define({ formula });
    expect(metric).toBeNull();
    expect(userErrors).toEqual([{ code: 'BAD_USER_INPUT', message, field: ['input', 'formula'] }]);
    expect(await stored()).toEqual([]);
  });

  test('circles are refused, however long, and nothing changes', async () => {
    await defineAll({ a: '1', b: 'a + 1', c: 'b + 1' });
    const { userErrors } = await define({ key: 'a', formula: '2 * c' });
    expect(userErrors).toEqual([
      {
        code: 'BAD_USER_INPUT',
        message: 'Position 5: A metric cannot be made of itself: a → c → b → a.',
        field: ['input', 'formula'],
      },
    ]);
    expect(await stored()).toHaveLength(3);
    expect(await events()).toHaveLength(3);
  });

  test('a new version must not break what is made of the metric', async () => {
    await defineAll({ part: 'salesAmount', share: 'part / shopSalesAmount' });
    const { userErrors } = await define({ key: 'part', formula: 'assistedBuyers' });
    expect(userErrors[0]?.message).toMatch(/^Position 1: share, made of it, would fail: /);
  });

  test('two that are defined at once and name each other: one goes in', async () => {
    await defineAll({ a: '1', b: '1' });
    const both = await Promise.all([define({ key: 'a', formula: 'b + 1' }), define({ key: 'b', formula: 'a + 1' })]);
    expect(both.filter(({ metric }) => metric !== null)).toHaveLength(1);
    const catalogue = await service.loadCatalogue(runner, organizationId);
    expect(() => catalogue.list()).not.toThrow();
  });

  test('versions that are defined at once each have a number of their own', async () => {
    const formulas = ['1', '2', '3', '4'];
    const defined = await Promise.all(formulas.map((formula) => define({ formula })));
    expect(defined.map(({ metric }) => metric?.version ?? 0).sort()).toEqual([1, 2, 3, 4]);
    expect((await stored()).map(({ version }) => version)).toEqual([1, 2, 3, 4]);
  });

  test('an organization has at most 500', async () => {
    await runner.query({
      text: `insert into custom_metric (organization_id, key, version, name, formula, unit, direction)
        select $1, 'm' || n, 1, 'M', '1', 'COUNT', 'NEUTRAL'
        from generate_series(1, 500) n`,
      values: [organizationId],
    });
    expect((await define()).userErrors).toMatchObject([{ field: ['input', 'key'] }]);
    expect((await define({ key: 'm1' })).metric).toMatchObject({ version: 2 });
  });

  test('who writes templates defines metrics, for all clients', async () => {
    const definedBy = (overrides: Parameters<typeof makePrincipal>[1]): Promise<DefinedMetric> =>
      service.define(makePrincipal(organizationId, overrides), DEFINITION);
    await expect(definedBy({ scopes: new Set(['KPI_READ', 'ADMIN'] as const) })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(definedBy({ clientIds: [1] })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await stored()).toEqual([]);
    expect((await definedBy({ scopes: new Set(['EVALUATION_WRITE'] as const) })).metric).not.toBeNull();
  });

  test('metrics of another organization do not exist', async () => {
    await define();
    const other = await db.createOrganization('Other');
    expect((await service.loadCatalogue(db.tenant(other), other)).has('loadFactor')).toBe(false);
    expect((await define({ key: 'double', formula: 'loadFactor * 2' }, other)).userErrors[0]?.message).toMatch(
      /^Position 1: There is no metric or measure loadFactor\./,
    );
    expect((await define({}, other)).metric?.version).toBe(1);
  });

  test('built-in metrics are listed without asking the database, those of the organization after them by key', async () => {
    await defineAll({ zeta: '1', alpha: '2' });
    const run = jest.fn(runner.query.bind(runner));
    const counted = { query: run } as unknown as SqlRunner;
    const keysOf = async (keys: readonly string[] | null): Promise<string[]> =>
      (await service.list(counted, organizationId, keys)).map(({ key }) => key);
    expect(await keysOf(['salesAmount', 'csatRate', 'salesAmount'])).toEqual([
      'salesAmount',
      'csatRate',
      'salesAmount',
    ]);
    expect(await keysOf([])).toEqual([]);
    expect(run).not.toHaveBeenCalled();
    expect(await keysOf(['zeta', 'salesAmount', 'alpha'])).toEqual(['zeta', 'salesAmount', 'alpha']);
    expect(run).toHaveBeenCalledTimes(1);
    expect(await keysOf(null)).toEqual([...METRICS.keys(), 'alpha', 'zeta']);
    expect(run).toHaveBeenCalledTimes(2);
    await expect(keysOf(['salesAmount', 'nope'])).rejects.toThrow(new InvalidInput('keys', 'There is no metric nope.'));
  });
});
