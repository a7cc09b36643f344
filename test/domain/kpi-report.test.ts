import fc from 'fast-check';
import { chooseGroups, listedGroups } from '../../src/domain/kpi-report-rows';
import { kindOf } from '../../src/domain/kpi-report-filter';
import { groupAgents, groupShops, WHOLE } from '../../src/domain/kpi-report-groups';
import { type KpiReportInput, planKpiReport, windowsOf } from '../../src/domain/kpi-report';
import { measureOfPart } from '../../src/domain/kpi-report-records';
import { elementaryPeriods, type OwnTarget, ownerOf } from '../../src/domain/kpi-report-targets';
import { layersOf } from '../../src/domain/kpi-report-windows';
import type { CustomMetric, KpiDimension } from '../../src/domain/metric';
import { MetricCatalogue } from '../../src/domain/metric-catalogue';
import { addDays, type Period, periodOf } from '../../src/domain/period';

const TODAY = '2026-03-15';
const plan = (input: Partial<KpiReportInput>) =>
  planKpiReport(
    { metrics: ['salesAmount'], period: { preset: 'LAST_7_DAYS' }, ...input },
    TODAY,
    MetricCatalogue.builtIn,
  );

describe('whose numbers a query is about', () => {
  it.each<[string, readonly KpiDimension[], Parameters<typeof kindOf>[1], string]>([
    ['nothing named', [], {}, 'SHOP'],
    ['shops', ['SHOP', 'PLATFORM'], { clientIds: [1] }, 'SHOP'],
    ['a cut', ['CHANNEL'], {}, 'SHOP'],
    ['agents', ['AGENT', 'TEAM'], {}, 'AGENT'],
    ['teams', ['TEAM'], {}, 'AGENT_SET'],
    ['levels', ['LEVEL'], {}, 'AGENT_SET'],
    ['one agent, named twice', ['SHOP'], { agentIds: [7, 7] }, 'AGENT'],
    ['several agents', [], { agentIds: [7, 8] }, 'AGENT_SET'],
    ['no agent', [], { agentIds: [] }, 'AGENT_SET'],
    ['a team', [], { teamIds: [1] }, 'AGENT_SET'],
  ])('%s', (_, groupBy, filter, expected) => {
    expect(kindOf(groupBy, filter)).toBe(expected);
  });

  it('the total of agents who are grouped is over a set of them', () => {
    expect([plan({ groupBy: ['AGENT'] }).kind, plan({ groupBy: ['AGENT'] }).totalKind]).toEqual(['AGENT', 'AGENT_SET']);
    expect(plan({ groupBy: ['TEAM'], filter: { agentIds: [1] } }).totalKind).toBe('AGENT');
    expect(plan({ groupBy: ['CLIENT'] }).totalKind).toBe('SHOP');
  });
});

describe('groups', () => {
  const agents = [
    { id: 1, teamId: 5, level: null, role: 'GENERAL', active: false },
    { id: 2, teamId: 5, level: 'SENIOR', role: 'GENERAL', active: true },
    { id: 3, teamId: null, level: 'SENIOR', role: 'GENERAL', active: false },
  ];

  it('have each member in one, and are active if a member is', () => {
    expect(groupAgents(agents, ['TEAM', 'SHOP'])).toEqual({
      groups: [
        { values: { TEAM: 5 }, active: true },
        { values: { TEAM: null }, active: false },
      ],
      members: [
        { group: 0, member: 1 },
        { group: 0, member: 2 },
        { group: 1, member: 3 },
      ],
    });
    expect(groupShops([], ['TEAM'])).toEqual({ groups: [WHOLE], members: [] });
    expect(groupShops([], ['SHOP'])).toEqual({ groups: [], members: [] });
  });

  it('are listed where they are active; pairs of shops and agents only where gaps are filled', () => {
    const shops = groupShops([{ id: 9, clientId: 1, platform: 'JD' }], ['SHOP']).groups;
    const people = groupAgents(agents, ['AGENT']).groups;
    const listed = (groupBy: readonly KpiDimension[], fillGaps: boolean) =>
      listedGroups({ groupBy, fillGaps, cut: null }, groupBy.includes('SHOP') ? shops : [WHOLE], people).map(
        ({ values }) => values,
      );
    expect(listed(['AGENT'], false)).toEqual([{ AGENT: 2 }]);
    expect(listed(['AGENT', 'SHOP'], false)).toEqual([]);
    expect(listed(['AGENT', 'SHOP'], true)).toEqual([{ AGENT: 2, SHOP: 9 }]);
    expect(listedGroups({ groupBy: ['AGENT', 'CHANNEL'], fillGaps: true, cut: 'CHANNEL' }, [WHOLE], people)).toEqual(
      [],
    );
  });

  it('are ordered by what they are grouped by, nulls last, numbers as numbers', () => {
    const group = (TEAM: number | null, HOUR_OF_DAY: number | null) => ({
      ...{ shopGroup: 0, agentGroup: 0, cut: null },
      values: { TEAM, HOUR_OF_DAY },
    });
    const sorted = chooseGroups(
      { groupBy: ['TEAM', 'HOUR_OF_DAY'], orderBy: null, limit: null },
      [group(null, 1), group(10, null), group(10, 3), group(9, 21), group(9, 3)],
      () => ({ exact: null }),
    );
    expect(sorted.map(({ values }) => [values.TEAM, values.HOUR_OF_DAY])).toEqual([
      ...[
        [9, 3],
        [9, 21],
        [10, 3],
      ],
      ...[
        [10, null],
        [null, 1],
      ],
    ]);
  });

  it('by a value: exactly, nulls last in either direction', () => {
    const groups = [1, 2, 3, 4].map((SHOP) => ({ shopGroup: SHOP, agentGroup: 0, cut: null, values: { SHOP } }));
    const exact = ['9007199254740993', null, '9007199254740992', '9007199254740993'];
    const order = (direction: 'ASC' | 'DESC', limit: number | null) =>
      chooseGroups({ groupBy: ['SHOP'], orderBy: { ...ANY_METRIC, direction }, limit }, groups, ({ shopGroup }) => ({
        exact: exact[shopGroup - 1] ?? null,
      })).map(({ shopGroup }) => shopGroup);
    expect(order('DESC', null)).toEqual([1, 4, 3, 2]);
    expect(order('ASC', 2)).toEqual([3, 1]);
  });
});

const ANY_METRIC = { metric: MetricCatalogue.builtIn.get('salesAmount') };

describe('layers', () => {
  const period = fc
    .tuple(fc.nat(60), fc.nat(20))
    .map(([start, length]) => periodOf(addDays('2026-01-01', start), addDays('2026-01-01', start + length)));

  it('hold every period once, as a bucket of exactly its days', () =>
    fc.assert(
      fc.property(fc.array(fc.option(period, { freq: 5 })), (periods) => {
        const found: (Period | null)[] = periods.map(() => null);
        for (const { buckets, to, periods: positions } of layersOf(periods)) {
          expect([...buckets].sort()).toEqual(buckets);
          expect(positions).toHaveLength(buckets.length);
          for (const [index, from] of buckets.entries()) {
            const next = buckets[index + 1];
            const bucket = periodOf(from, next === undefined ? to : addDays(next, -1));
            expect(bucket.days).toBeGreaterThan(0);
            for (const position of positions[index] ?? []) {
              expect(found[position]).toBeNull();
              found[position] = bucket;
            }
          }
        }
        expect(found).toEqual(periods);
      }),
    ));

  it('are one for periods that do not overlap, and for the same days', () => {
    const [a, b, c] = [periodOf('2026-01-01', '2026-01-03'), periodOf('2026-01-05', '2026-01-05'), null];
    expect(layersOf([b, a, c, b])).toEqual([
      { buckets: ['2026-01-01', '2026-01-04', '2026-01-05'], to: '2026-01-05', periods: [[1], [], [0, 3]] },
    ]);
    expect(layersOf([a, periodOf('2026-01-03', '2026-01-09')])).toHaveLength(2);
    expect(layersOf([null])).toEqual([]);
  });
});

it('metrics with days of their own are measured over those that end with each period', () => {
  const [sales, refunds, dsr] = ['salesAmount', 'refundRate', 'dsrService'].map((key) =>
    MetricCatalogue.builtIn.get(key),
  );
  if (!sales || !refunds || !dsr) throw new Error('There are three.');
  const march = periodOf('2026-03-01', '2026-03-31');
  expect(windowsOf([sales, refunds, sales], [march], false)).toEqual([{ metrics: [sales, refunds], periods: [march] }]);
  expect(windowsOf([sales, refunds, dsr], [march, null], true)).toEqual([
    { metrics: [sales], periods: [march, null] },
    { metrics: [refunds], periods: [periodOf('2026-03-04', '2026-03-31'), null] },
    { metrics: [dsr], periods: [periodOf('2025-10-03', '2026-03-31'), null] },
  ]);
});

describe('whose targets are a group’s own', () => {
  const owner = (
    values: Parameters<typeof ownerOf>[0],
    groupBy: readonly KpiDimension[],
    filter: Parameters<typeof kindOf>[1] = {},
    limited = false,
  ) => {
    const found = ownerOf(values, { kind: kindOf(groupBy, filter), groupBy, filter, limited });
    return found && [found.agentId, found.teamId, found.shopId];
  };

  it.each<[string, Parameters<typeof owner>, unknown]>([
    ['the organization', [{}, []], [null, null, null]],
    ['the organization by name', [{}, ['ORGANIZATION']], [null, null, null]],
    ['an agent', [{ AGENT: 1 }, ['AGENT']], [1, null, null]],
    ['an agent of a team', [{ AGENT: 1, TEAM: 2 }, ['TEAM', 'AGENT']], [1, null, null]],
    ['an agent of a level', [{ AGENT: 1, LEVEL: 'SENIOR' }, ['LEVEL', 'AGENT']], [1, null, null]],
    ['the one agent that is left', [{}, [], { agentIds: [1, 1] }], [1, null, null]],
    ['several agents', [{}, [], { agentIds: [1, 2] }], null],
    ['a team', [{ TEAM: 2 }, ['TEAM']], [null, 2, null]],
    ['no team', [{ TEAM: null }, ['TEAM']], null],
    ['the one team that is left', [{}, [], { teamIds: [2] }], [null, 2, null]],
    ['several teams', [{}, [], { teamIds: [2, 3] }], null],
    ['one of several teams', [{ TEAM: 3 }, ['TEAM'], { teamIds: [2, 3] }], [null, 3, null]],
    ['some agents of a team', [{ TEAM: 2 }, ['TEAM'], { agentIds: [1, 2] }], null],
    ['a level of a team', [{ TEAM: 2, LEVEL: null }, ['TEAM', 'LEVEL']], null],
    ['a role', [{ ROLE: 'GENERAL' }, ['ROLE']], null],
    ['a shop', [{ SHOP: 4 }, ['SHOP']], [null, null, 4]],
    ['a shop of a client', [{ SHOP: 4, CLIENT: 5 }, ['CLIENT', 'SHOP']], [null, null, 4]],
    ['the one shop that is left', [{}, [], { shopIds: [4] }], [null, null, 4]],
    ['several shops', [{}, [], { shopIds: [4, 6] }], null],
    ['a client', [{ CLIENT: 5 }, ['CLIENT']], null],
    ['the one client that is left', [{}, [], { clientIds: [5] }], null],
    ['a platform', [{ PLATFORM: 'JD' }, ['PLATFORM']], null],
    ['an agent in a shop', [{ AGENT: 1, SHOP: 4 }, ['AGENT', 'SHOP']], [1, null, 4]],
    ['a team in a shop', [{ TEAM: 2, SHOP: 4 }, ['TEAM', 'SHOP']], [null, 2, 4]],
    ['what a limited key sees of all', [{}, [], {}, true], null],
    ['what a limited key sees of an agent', [{ AGENT: 1 }, ['AGENT'], {}, true], null],
    ['a shop of a limited key', [{ SHOP: 4 }, ['SHOP'], {}, true], [null, null, 4]],
  ])('%s', (_, args, expected) => {
    expect(owner(...args)).toEqual(expected);
  });
});

it('the days that targets cover are cut wherever one begins or ends', () => {
  const target = (from: string, to: string): OwnTarget => ({
    ...{ metric: 'salesAmount', agentId: 1, teamId: null, shopId: null, value: '1' },
    ...{ from, to },
  });
  expect(elementaryPeriods([])).toEqual([]);
  expect(
    elementaryPeriods([
      target('2026-03-01', '2026-03-10'),
      target('2026-03-05', '2026-03-10'),
      target('2026-03-20', '2026-03-20'),
    ]),
  ).toEqual([
    periodOf('2026-03-01', '2026-03-04'),
    periodOf('2026-03-05', '2026-03-10'),
    periodOf('2026-03-20', '2026-03-20'),
  ]);
});

it('a side of a metric is a measure where it is made of nothing else', () => {
  const custom = (key: string, formula: string): CustomMetric => ({
    ...{ key, formula, version: 1, name: key, description: null },
    ...{ unit: 'INDEX', direction: 'NEUTRAL' },
  });
  const catalogue = MetricCatalogue.of([
    custom('perSession', 'salesAmount / sessionsReceived'),
    custom('alias', 'replyRate'),
    custom('plain', 'handleMs'),
    custom('ofAliases', 'plain / alias'),
    custom('scaled', 'handleMs / 60'),
    custom('added', 'handleMs + responseMs'),
  ]);
  const sides = (key: string) =>
    (['NUMERATOR', 'DENOMINATOR'] as const).map((part) => measureOfPart(catalogue.get(key), part, catalogue));
  expect(sides('salesAmount')).toEqual(['salesAmount', null]);
  expect(sides('csatRate')).toEqual(['sessionsSatisfied', 'sessionsRated']);
  expect(sides('netSalesAmount')).toEqual([null, null]);
  expect(sides('salesTargetAttainment')).toEqual([null, null]);
  expect(sides('perSession')).toEqual(['salesAmount', 'sessionsReceived']);
  expect(sides('alias')).toEqual(['repliedBuyers', 'receivedBuyers']);
  expect(sides('plain')).toEqual(['handleMs', null]);
  expect(sides('ofAliases')).toEqual(['handleMs', null]);
  expect(sides('scaled')).toEqual(['handleMs', null]);
  expect(sides('added')).toEqual([null, null]);
});
