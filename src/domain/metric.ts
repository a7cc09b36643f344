import type { Grain, MeasureKey } from './measures';

export type MetricUnit = 'COUNT' | 'RATIO' | 'SECONDS' | 'HOURS' | 'MONEY' | 'SCORE' | 'ITEMS' | 'INDEX';
export type MetricDirection = 'HIGHER_IS_BETTER' | 'LOWER_IS_BETTER' | 'NEUTRAL';
export type Additivity = 'ADDITIVE' | 'DISTINCT' | 'RATIO' | 'MAXIMUM';

/** What numbers can be grouped by: who, where, or a cut of the facts. */
export type KpiDimension =
  | ('ORGANIZATION' | 'CLIENT' | 'SHOP' | 'PLATFORM')
  | ('TEAM' | 'AGENT' | 'LEVEL' | 'ROLE')
  | ('CHANNEL' | 'PURPOSE' | 'HOUR_OF_DAY' | 'COMPLAINT_CATEGORY' | 'REFUND_KIND');

export type Localized = Readonly<Record<'en' | 'zh-CN', string>>;

/** What a value is made of. A ratio is numerator / scale / denominator: the scale turns milliseconds into the unit. */
export type MetricParts =
  | { readonly type: 'SIMPLE'; readonly measure: MeasureKey }
  | { readonly type: 'DIFFERENCE'; readonly minuend: MeasureKey; readonly subtrahend: MeasureKey }
  | {
      readonly type: 'RATIO';
      readonly numerator: MeasureKey;
      readonly denominator: MeasureKey;
      readonly scale: number;
    };

/** What is written down of a metric; everything else follows from it. */
export interface MetricEntry {
  readonly name: Localized;
  readonly description: Localized;
  readonly parts: MetricParts;
  readonly unit: MetricUnit;
  readonly direction: MetricDirection;
  readonly defaultWindowDays?: number;
  readonly sources: readonly (keyof typeof SOURCES)[];
}

/** One meaning of one number, for ever: another meaning is another version. */
export interface Metric extends MetricEntry {
  readonly key: string;
  readonly version: number;
  readonly formula: string;
  readonly measures: readonly MeasureKey[];
  readonly grains: readonly Grain[];
  readonly additivity: Additivity;
  /** What it can be grouped by; under any other cut it is null. */
  readonly dimensions: readonly KpiDimension[];
  /** Where the definition comes from; empty if it is our own. */
  readonly source: string;
}

/** Where definitions come from. */
export const SOURCES = {
  HUOLAKE: 'Huolake shop-service standards',
  HISHOP: 'HiShop Taobao core indicators',
  COLLECTION: 'Document collection on service KPIs',
  MMKER_PDD: 'Mmker on Pinduoduo management',
  MMKER: 'Mmker topic page on Pinduoduo, Douyin and call centres',
} as const;

export const SECOND_MS = 1000;
export const HOUR_MS = 3_600_000;

export function simple(measure: MeasureKey): MetricParts {
  return { type: 'SIMPLE', measure };
}

export function difference(minuend: MeasureKey, subtrahend: MeasureKey): MetricParts {
  return { type: 'DIFFERENCE', minuend, subtrahend };
}

export function ratio(numerator: MeasureKey, denominator: MeasureKey, scale = 1): MetricParts {
  return { type: 'RATIO', numerator, denominator, scale };
}
