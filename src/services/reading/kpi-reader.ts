import DataLoader from 'dataloader';
import type { MetricValue } from '../../domain/kpi';
import type { Period } from '../../domain/period';
import type { KpiFilter, KpiService, KpiSubjects } from '../kpi.service';
import { ORGANIZATION } from '../kpi.service';
import type { Reader } from './reader';

/** Whose numbers: one thing of the directory, or what a filter leaves of the organization. */
export type KpiSubject =
  | { readonly type: 'AGENT'; readonly id: number; readonly shopIds: readonly number[] | null }
  | { readonly type: 'TEAM' | 'SHOP' | 'CLIENT'; readonly id: number }
  | { readonly type: 'ORGANIZATION'; readonly filter: KpiFilter | null };

export type KpiValues = ReadonlyMap<string, MetricValue>;

interface Wanted {
  readonly subject: KpiSubject;
  readonly metrics: readonly string[];
}

/** KPIs for one request: all subjects of one kind that ask in one turn for one period are measured in one statement. */
export class KpiReader {
  private readonly loaders = new Map<string, DataLoader<Wanted, KpiValues>>();

  constructor(
    private readonly reader: Reader,
    private readonly kpi: KpiService,
  ) {}

  load(subject: KpiSubject, period: Period, metrics: readonly string[]): Promise<KpiValues> {
    return this.loaderOf(subject, period).load({ subject, metrics });
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
    const metrics = [...new Set(wanted.flatMap((one) => one.metrics))];
    const ids = [...new Set(wanted.map(({ subject }) => idOf(subject)))];
    const table = await this.kpi.query(this.reader.runner, await this.reader.access(), {
      subjects: subjectsLike(like, ids),
      period,
      metrics,
    });
    return wanted.map(({ subject }) => table.get(idOf(subject)) ?? new Map());
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
