import type { SqlQuery } from '../sql-query';

/** Collects conditions and the values they bind. The organization is always $1. */
export class SqlBuilder {
  private readonly values: unknown[];
  private readonly conditions: string[] = [];

  constructor(organizationId: number) {
    this.values = [organizationId];
  }

  /** A placeholder for the value, typed: the planner must not guess. */
  bind(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }

  where(condition: string): this {
    this.conditions.push(condition);
    return this;
  }

  /** `expression = any(values)`; null and undefined mean no condition, an empty list matches nothing. */
  whereIn(expression: string, values: readonly unknown[] | null | undefined, type: string): this {
    return values ? this.where(`${expression} = any(${this.bind(values, `${type}[]`)})`) : this;
  }

  /** Bounds as the caller gave them: any of gte, gt, lte, lt, eq. */
  whereRange(expression: string, range: Range | null | undefined, type: string): this {
    for (const [name, operator] of RANGE_OPERATORS) {
      const bound = range?.[name];
      if (bound !== null && bound !== undefined) this.where(`${expression} ${operator} ${this.bind(bound, type)}`);
    }
    return this;
  }

  /** Rows where the expression has the wanted value; unknown is neither. */
  whereFlag(expression: string, wanted: boolean | null | undefined): this {
    if (wanted === null || wanted === undefined) return this;
    return this.where(wanted ? `(${expression})` : `not (${expression})`);
  }

  conditionText(): string {
    return this.conditions.join('\n        and ');
  }

  build(text: string): SqlQuery {
    return { text, values: [...this.values] };
  }
}

export interface Range {
  readonly eq?: unknown;
  readonly gte?: unknown;
  readonly gt?: unknown;
  readonly lte?: unknown;
  readonly lt?: unknown;
}

const RANGE_OPERATORS = [
  ['eq', '='],
  ['gte', '>='],
  ['gt', '>'],
  ['lte', '<='],
  ['lt', '<'],
] as const;
