import type { MeasureKey } from './measures';
import type { SubjectKind } from './kpi';
import type { Day } from './zone';

/** Stands for what belongs to no shop, presence alone, among shops. */
export const NO_SHOP = 0;

/** A shop or an agent, and the group that its facts count for: each is in one group at most. */
export interface GroupMember {
  readonly group: number;
  readonly member: number;
}

/** What splits the facts themselves: answered from the facts alone, for measures of one kind of record. */
export type Cut = 'CHANNEL' | 'PURPOSE' | 'HOUR_OF_DAY' | 'COMPLAINT_CATEGORY' | 'REFUND_KIND';

/** What is to be measured, whose and when. The rollups and the facts answer it alike. */
export interface MeasureQuery {
  readonly organizationId: number;
  /** AGENT: every group has one agent at most. AGENT_SET: the agents of a group are one. SHOP: agents do not matter. */
  readonly kind: SubjectKind;
  /** 'ALL': every shop of the organization and what has none, as group 0. */
  readonly shops: readonly GroupMember[] | 'ALL';
  /** Null at the grain of shops, and only there. */
  readonly agents: readonly GroupMember[] | null;
  /** First days of the buckets, rising; the first is that of the period. People count once in each bucket. */
  readonly buckets: readonly Day[];
  /** Last day of the period. */
  readonly to: Day;
  /** At least one, and all of the grain. */
  readonly measures: readonly MeasureKey[];
  /** Facts only; with it `measures` are all made of the kind of record that it splits. */
  readonly cut?: Cut;
}

/**
 * One group in one bucket: its measures as decimals, null for a maximum without data, and the currencies of money.
 * A group has no row for a bucket in which none of the measures asked for is anything but nothing.
 */
export type MeasuredRow = {
  readonly shopGroup: number;
  /** 0 at the grain of shops. */
  readonly agentGroup: number;
  /** Position in `buckets`, from 0. */
  readonly bucket: number;
  /** Null where the facts do not say, and without a cut. */
  readonly cut: string | null;
} & { readonly [Key in MeasureKey]?: string | null } & {
  /** Lowest and highest; the same one, or nulls without facts. */
  readonly [Key in `${MeasureKey}Currencies`]?: readonly (string | null)[] | null;
};
