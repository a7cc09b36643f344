import { buildOwnTargetsSql } from '../../db/sql/operand.sql';
import {
  addMeasured,
  elementaryPeriods,
  isWithin,
  type OwnTarget,
  ownerName,
  sumTargets,
} from '../../domain/kpi-report-targets';
import type { Period } from '../../domain/period';
import type { Measured } from '../../domain/subject-facts';
import { type FactGroup, FactTable } from './fact-table';
import { type KpiScope, narrowScope } from './kpi-scope';
import type { MeasureReader } from './measure-reader';

const SALES = 'salesAmount';

export interface TargetRequest {
  readonly scope: KpiScope;
  readonly periods: readonly (Period | null)[];
  readonly keys: readonly string[];
  /** Whether the sales of the days that sales targets cover are wanted, too. */
  readonly attainment: boolean;
}

/** A group with the targets that are its own. */
interface Targeted {
  readonly group: FactGroup;
  readonly targets: readonly OwnTarget[];
}

/** Adds each group's own targets that lie within a period: one statement, and one for the sales of their days. */
export async function addTargets(reader: MeasureReader, table: FactTable, request: TargetRequest): Promise<void> {
  const { scope, attainment } = request;
  const periods = [...request.periods.entries()].flatMap(([position, period]) =>
    period ? [{ position, period }] : [],
  );
  const [first] = periods;
  if (first === undefined) return;
  const from = periods.reduce((day, { period }) => (period.from < day ? period.from : day), first.period.from);
  const to = periods.reduce((day, { period }) => (period.to > day ? period.to : day), first.period.to);
  const keys = attainment ? [...new Set([...request.keys, SALES])] : request.keys;
  if (keys.length === 0) return;
  const found = await reader.runner.query<OwnTarget>(buildOwnTargetsSql(scope.organizationId, keys, from, to));
  const targeted = ownTargets(scope, found);
  const salesOf = attainment ? await loadCoveredSales(reader, scope, targeted) : null;
  for (const { group, targets } of targeted) {
    for (const { position, period } of periods) {
      const within = targets.filter((target) => isWithin(target, period));
      if (within.length === 0) continue;
      table.addTargets(group, position, sumTargets(within));
      const forSales = within.filter(isForSales);
      if (salesOf && forSales.length > 0) table.addTargetedSales(group, position, salesOf(group, forSales));
    }
  }
}

function ownTargets(scope: KpiScope, found: readonly OwnTarget[]): readonly Targeted[] {
  if (found.length === 0) return [];
  const targetsOf = new Map<string, OwnTarget[]>();
  for (const target of found) {
    const name = ownerName(target);
    targetsOf.set(name, [...(targetsOf.get(name) ?? []), target]);
  }
  return scope.shopGroups.flatMap((_shops, shopGroup) =>
    scope.agentGroups.flatMap((_agents, agentGroup) => {
      const owner = scope.ownerOf(shopGroup, agentGroup);
      const targets = owner && targetsOf.get(ownerName(owner));
      return targets ? [{ group: { shopGroup, agentGroup, cut: null }, targets }] : [];
    }),
  );
}

/** Sales of the days that targets cover, measured between all days on which one begins or ends. */
async function loadCoveredSales(
  reader: MeasureReader,
  scope: KpiScope,
  targeted: readonly Targeted[],
): Promise<(group: FactGroup, targets: readonly OwnTarget[]) => Measured> {
  const selling = targeted.filter(({ targets }) => targets.some(isForSales));
  const periods = elementaryPeriods(selling.flatMap(({ targets }) => targets.filter(isForSales)));
  const table = new FactTable();
  const groups = selling.map(({ group }) => group);
  const measures = [SALES] as const;
  await reader.addTo(table, { scope: narrowScope(scope, groups), periods, measures, cut: null, maxRows: null });
  return (group, targets) =>
    addMeasured(
      periods.flatMap((period, position) =>
        targets.some((target) => isWithin(period, target))
          ? (table.factsOf(group, position).measured.get(SALES) ?? [])
          : [],
      ),
    );
}

function isForSales({ metric }: OwnTarget): boolean {
  return metric === SALES;
}
