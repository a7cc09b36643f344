import DataLoader from 'dataloader';
import type { MetricValue } from '../../domain/kpi';
import { type KpiReportInput, metricKeysOf } from '../../domain/kpi-report';
import type { KpiFilter } from '../../domain/kpi-report-filter';
import { type PageArgs, resolvePageSize } from '../../domain/page';
import { MetricCatalogue } from '../../domain/metric-catalogue';
import type { Period } from '../../domain/period';
import type { Day } from '../../domain/zone';
import { AppError } from '../../errors';
import { type KpiService, type KpiSubjects, ORGANIZATION } from '../kpi.service';
import type { KpiRecordsQuery } from '../kpi/kpi-records';
import type { KpiReport } from '../kpi/kpi-report';
import type { MetricService } from '../metric.service';
import { type Connection, connectionOf } from './connection';
import { listMark, parseCursor, toCursor } from './cursor';
import type { Reader } from './reader';

/** Whose numbers: one thing of the directory, or what a filter leaves of the organization. */
export type KpiSubject =
  | { readonly type: 'AGENT'; readonly id: number; readonly shopIds: readonly number[] | null }
  | { readonly type: 'TEAM' | 'SHOP' | 'CLIENT'; readonly id: number }
  | { readonly type: 'ORGANIZATION'; readonly filter: KpiFilter | null };

export type KpiValues = ReadonlyMap<string, MetricValue>;

type RecordsQuery = Omit<KpiRecordsQuery, 'catalogue'>;

/** What a filter names. */
const FILTERED = [
  { field: 'clientIds', type: 'Client' },
  { field: 'shopIds', type: 'Shop' },
  { field: 'teamIds', type: 'Team' },
  { field: 'agentIds', type: 'Agent' },
] as const;

interface Wanted {
  readonly subject: KpiSubject;
  readonly metrics: readonly string[];
}

/** KPIs for one request: all subjects of one kind that ask in one turn for one period are measured in one statement. */
export class KpiReader {
  private readonly loaders = new Map<string, DataLoader<Wanted, KpiValues>>();
  private ownCatalogue: Promise<MetricCatalogue> | null = null;

  constructor(
    private readonly reader: Reader,
    private readonly kpi: KpiService,
    private readonly metrics: Pick<MetricService, 'loadCatalogue'>,
  ) {}

  /** In which the keys are looked up: what the organization defined is read only where one is not built in. */
  async catalogueOf(keys: readonly string[]): Promise<MetricCatalogue> {
    if (keys.every((key) => MetricCatalogue.builtIn.has(key))) return MetricCatalogue.builtIn;
    const { organizationId } = await this.reader.access();
    this.ownCatalogue ??= this.metrics.loadCatalogue(this.reader.runner, organizationId);
    return this.ownCatalogue;
  }

  async report(input: KpiReportInput, today: Day, withTotal: boolean): Promise<KpiReport> {
    const catalogue = await this.catalogueOf(metricKeysOf(input));
    const query = { input, today, catalogue, withTotal };
    const [report] = await Promise.all([
      this.kpi.report(this.reader.runner, await this.reader.access(), query),
      this.assertVisible(input.filter ?? {}),
    ]);
    return report;
  }

  /** Throws NOT_FOUND for what there is not, or what the caller may not see: which of both is not to be told. */
  private async assertVisible(filter: KpiFilter): Promise<void> {
    await Promise.all(
      FILTERED.flatMap(({ field, type }) =>
        (filter[field] ?? []).map(async (key) => {
          if (await this.reader.find(type, key)) return;
          throw new AppError('NOT_FOUND', `There is no such ${type.toLowerCase()}.`, { field });
        }),
      ),
    );
  }

  /** A page of the records behind a number. */
  async records(query: RecordsQuery, args: PageArgs, withTotal: boolean): Promise<Connection> {
    const access = await this.reader.access();
    const catalogue = await this.catalogueOf([query.metric]);
    const { size, backward } = resolvePageSize(args);
    const mark = listMark('KpiRecord', query, null);
    const positionOf = (field: 'after' | 'before'): string | null => {
      const cursor = args[field];
      return cursor == null ? null : parseCursor(mark, field, cursor).key;
    };
    const page = { after: positionOf('after'), before: positionOf('before'), limit: size + 1, backward };
    const [found] = await Promise.all([
      this.kpi.records(this.reader.runner, access, { ...query, catalogue }, page, withTotal),
      this.assertVisible(query.filter),
    ]);
    const nodes = await Promise.all(found.keys.map((key) => this.reader.get(found.type, key)));
    return connectionOf(nodes, page, found.totalCount, ({ key }) => toCursor(mark, { key, value: '' }));
  }

  /** Every change whose ingestion was answered before this instant is in the numbers. */
  async dataAsOf(): Promise<Date> {
    return this.kpi.dataAsOf(this.reader.runner, await this.reader.access());
  }

  /** Those of the metrics that there are. */
  async load(subject: KpiSubject, period: Period, metrics: readonly string[]): Promise<KpiValues> {
    const [values] = await Promise.all([
      this.loaderOf(subject, period).load({ subject, metrics }),
      this.assertVisible(filterOf(subject)),
    ]);
    return values;
  }

  private loaderOf(subject: KpiSubject, period: Period): DataLoader<Wanted, KpiValues> {
    const { id, ...shared } = { id: null, ...subject };
    const name = JSON.stringify([shared, period]);
    const known = this.loaders.get(name);
    if (known) return known;
    // Not cached: the same subject may be asked for other metrics later in the request.
    const loader = new DataLoader<Wanted, KpiValues>((wanted) => this.measure(subject, period, wanted), {
      cache: false,
    });
    this.loaders.set(name, loader);
    return loader;
  }

  private async measure(like: KpiSubject, period: Period, wanted: readonly Wanted[]): Promise<KpiValues[]> {
    const keys = [...new Set(wanted.flatMap((one) => one.metrics))];
    const catalogue = await this.catalogueOf(keys);
    // An unknown one is for its own field to complain of.
    const metrics = keys.filter((key) => catalogue.has(key));
    const ids = [...new Set(wanted.map(({ subject }) => idOf(subject)))];
    const table = await this.kpi.query(this.reader.runner, await this.reader.access(), {
      subjects: subjectsLike(like, ids),
      period,
      metrics,
      catalogue,
    });
    return wanted.map(({ subject }) => table.get(idOf(subject)) ?? new Map());
  }
}

function filterOf(subject: KpiSubject): KpiFilter {
  switch (subject.type) {
    case 'ORGANIZATION':
      return subject.filter ?? {};
    case 'AGENT':
      return { shopIds: subject.shopIds };
    default:
      return {};
  }
}

function idOf(subject: KpiSubject): number {
  return subject.type === 'ORGANIZATION' ? ORGANIZATION : subject.id;
}

function subjectsLike(like: KpiSubject, ids: readonly number[]): KpiSubjects {
  switch (like.type) {
    case 'ORGANIZATION':
      return like;
    case 'AGENT':
      return { type: like.type, ids, shopIds: like.shopIds };
    default:
      return { type: like.type, ids };
  }
}
