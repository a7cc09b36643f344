import { FormulaError } from './formula';
import { InvalidInput } from './invalid-input';
import type { CustomMetric, Metric } from './metric';
import { defineCustom } from './metric-definition';
import { MAX_FORMULA_DEPTH, type Operands, operandsOfMetric, tooDeep } from './metric-operands';
import { METRICS } from './metrics';

/** All metrics of an organization: the built-in ones, and its own. A formula is looked at when its metric is asked for. */
export class MetricCatalogue {
  static readonly builtIn = new MetricCatalogue([]);

  /** One version of each key. A key that is built in means the built-in metric. */
  static of(custom: readonly CustomMetric[]): MetricCatalogue {
    return new MetricCatalogue(custom);
  }

  private readonly custom: ReadonlyMap<string, CustomMetric>;
  private readonly defined = new Map<string, Metric>();
  private readonly operands = new WeakMap<Metric, Operands>();

  private constructor(custom: readonly CustomMetric[]) {
    this.custom = new Map(
      custom.filter(({ key }) => !METRICS.has(key)).map((definition) => [definition.key, definition]),
    );
  }

  /** The catalogue with this metric, or this version of it. Throws FormulaError where it, or one made of it, cannot be. */
  with(definition: CustomMetric): MetricCatalogue {
    const others = [...this.custom.values()].filter(({ key }) => key !== definition.key);
    const catalogue = MetricCatalogue.of([...others, definition]);
    catalogue.get(definition.key);
    for (const { key } of others) catalogue.checkDependent(key);
    return catalogue;
  }

  has(key: string): boolean {
    return METRICS.has(key) || this.custom.has(key);
  }

  /** Throws InvalidInput, to blame on the field, where there is no metric of that key; FormulaError for a bad formula. */
  get(key: string, field = 'metrics'): Metric {
    const metric = this.find(key);
    if (metric === null) throw new InvalidInput(field, `There is no metric ${key.slice(0, 64)}.`);
    return metric;
  }

  /** Built-in ones first. */
  list(): readonly Metric[] {
    return [...METRICS.keys(), ...this.custom.keys()].map((key) => this.get(key));
  }

  find(key: string): Metric | null {
    return this.findWithin(key, []);
  }

  /** All that the metric is made of. */
  operandsOf(metric: Metric): Operands {
    const known = this.operands.get(metric);
    if (known) return known;
    const operands = operandsOfMetric(metric, (key) => this.operandsWithin(key, []));
    this.operands.set(metric, operands);
    return operands;
  }

  private checkDependent(key: string): void {
    try {
      this.find(key);
    } catch (error) {
      throw error instanceof FormulaError
        ? new FormulaError(1, `${key}, made of it, would fail: ${error.message}`)
        : error;
    }
  }

  /** `path` are the metrics whose formulas led here. */
  private findWithin(key: string, path: readonly string[]): Metric | null {
    const known = METRICS.get(key) ?? this.defined.get(key);
    if (known) return known;
    const definition = this.custom.get(key);
    if (!definition) return null;
    if (path.includes(key)) {
      const chain = [...path.slice(path.indexOf(key)), key].join(' → ');
      throw new FormulaError(1, `A metric cannot be made of itself: ${chain}.`);
    }
    if (path.length > MAX_FORMULA_DEPTH) throw tooDeep(1);
    const metric = defineCustom(definition, (operand) => this.operandsWithin(operand, [...path, key]));
    this.defined.set(key, metric);
    return metric;
  }

  private operandsWithin(key: string, path: readonly string[]): Operands | null {
    const metric = this.findWithin(key, path);
    return metric && this.operandsOf(metric);
  }
}
