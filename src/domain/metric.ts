import type { Formula } from './formula';
import { parseFormula } from './formula-parser';
import type { Grain, MeasureKey } from './measures';

export const METRIC_UNITS = ['COUNT', 'RATIO', 'SECONDS', 'HOURS', 'MONEY', 'SCORE', 'ITEMS', 'INDEX'] as const;
export type MetricUnit = (typeof METRIC_UNITS)[number];

export const METRIC_DIRECTIONS = ['HIGHER_IS_BETTER', 'LOWER_IS_BETTER', 'NEUTRAL'] as const;
export type MetricDirection = (typeof METRIC_DIRECTIONS)[number];

export const ADDITIVITIES = ['ADDITIVE', 'DISTINCT', 'RATIO', 'MAXIMUM'] as const;
export type Additivity = (typeof ADDITIVITIES)[number];

export const GRAINS: readonly Grain[] = ['AGENT', 'SHOP'];

/** What numbers can be grouped by: who, where, or a cut of the facts. */
export const KPI_DIMENSIONS = [
  ...(['ORGANIZATION', 'CLIENT', 'SHOP', 'PLATFORM'] as const),
  ...(['TEAM', 'AGENT', 'LEVEL', 'ROLE'] as const),
  ...(['CHANNEL', 'PURPOSE', 'HOUR_OF_DAY', 'COMPLAINT_CATEGORY', 'REFUND_KIND'] as const),
] as const;
export type KpiDimension = (typeof KPI_DIMENSIONS)[number];

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
    }
  /** What was sold on the days that the targets of salesAmount cover, for each unit of these targets. */
  | { readonly type: 'ATTAINMENT' }
  | { readonly type: 'FORMULA'; readonly text: string; readonly formula: Formula };

/** What is written down of a built-in metric; everything else follows from it. */
export interface MetricEntry {
  readonly name: Localized;
  readonly description: Localized;
  readonly parts: MetricParts;
  readonly unit: MetricUnit;
  readonly direction: MetricDirection;
  readonly defaultWindowDays?: number;
  /** Where it has a meaning, of the grains that its parts have; absent: all of them. */
  readonly grains?: readonly Grain[];
  readonly sources: readonly (keyof typeof SOURCES)[];
}

/** What an organization wrote down of a metric of its own: one version of it. */
export interface CustomMetric {
  readonly key: string;
  readonly version: number;
  readonly name: string;
  readonly description: string | null;
  readonly formula: string;
  readonly unit: MetricUnit;
  readonly direction: MetricDirection;
}

/** One meaning of one number, for ever: another meaning is another version. */
export interface Metric {
  readonly key: string;
  readonly version: number;
  readonly name: Localized;
  readonly description: Localized;
  /** As it is written in the language of formulas; `parts` say the same. */
  readonly formula: string;
  readonly parts: MetricParts;
  /** All that it is made of, through other metrics too. */
  readonly measures: readonly MeasureKey[];
  readonly unit: MetricUnit;
  readonly direction: MetricDirection;
  readonly grains: readonly Grain[];
  readonly additivity: Additivity;
  /** What it can be grouped by; under any other cut it is null. */
  readonly dimensions: readonly KpiDimension[];
  readonly builtIn: boolean;
  /** The days, up to the last one of a period, that it is judged by unless told otherwise. */
  readonly defaultWindowDays: number | null;
  /** Where the definition comes from; empty if it is our own or the organization's. */
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

/** Throws FormulaError for a text that is no formula. */
export function formula(text: string): MetricParts {
  return { type: 'FORMULA', text, formula: parseFormula(text) };
}
