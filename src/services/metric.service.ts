import type { Database, Transaction } from '../db/database';
import { buildAddCustomMetricSql, buildCustomMetricsSql } from '../db/sql/custom-metric.sql';
import type { SqlRunner } from '../db/sql-query';
import type { Principal } from '../domain/access';
import { findKeyProblem } from '../domain/custom-metric-key';
import { text } from '../domain/field';
import { FormulaError } from '../domain/formula';
import { parseFormula } from '../domain/formula-parser';
import type { CustomMetric, Metric } from '../domain/metric';
import { MetricCatalogue } from '../domain/metric-catalogue';
import { AppError } from '../errors';
import { recordEvents } from './audit';
import { requireScope } from './auth.service';
import { findProblem, type UserError } from './user-error';

/** What is written down of a metric; its version follows. */
export type MetricDefinition = Omit<CustomMetric, 'version' | 'description'> & { readonly description?: string | null };

/** The metric as it now is, or, with errors, none. */
export interface DefinedMetric {
  readonly metric: Metric | null;
  readonly userErrors: readonly UserError[];
}

const NAME = text('Name', 200);
const DESCRIPTION = text('Description', 2_000);
/** The catalogue is read whole. */
const MAX_METRICS = 500;
/** What makes a version. */
const WRITTEN = ['name', 'description', 'formula', 'unit', 'direction'] as const;

const TOO_MANY: UserError = {
  code: 'BAD_USER_INPUT',
  message: `An organization has at most ${MAX_METRICS} metrics of its own.`,
  field: ['input', 'key'],
};

/** The metrics of an organization: those that are built in, and those that it defines. */
export class MetricService {
  constructor(private readonly database: Database) {}

  /** One statement. */
  async loadCatalogue(runner: SqlRunner, organizationId: number): Promise<MetricCatalogue> {
    return MetricCatalogue.of(await runner.query<CustomMetric>(buildCustomMetricsSql(organizationId)));
  }

  /** Those of the keys, in their order; without keys all. One statement at most. Throws InvalidInput for an unknown one. */
  async list(runner: SqlRunner, organizationId: number, keys: readonly string[] | null): Promise<readonly Metric[]> {
    const isBuiltIn = keys?.every((key) => MetricCatalogue.builtIn.has(key)) ?? false;
    const catalogue = isBuiltIn ? MetricCatalogue.builtIn : await this.loadCatalogue(runner, organizationId);
    return keys ? keys.map((key) => catalogue.get(key, 'keys')) : catalogue.list();
  }

  /**
   * Defines a metric, or its next version; the same definition again changes nothing. For those who write templates, which
   * metrics are made for. Throws FORBIDDEN for others, and for keys limited to clients: a metric is everybody's.
   */
  async define(principal: Principal, definition: MetricDefinition): Promise<DefinedMetric> {
    requireScope(principal, 'EVALUATION_WRITE');
    if (principal.clientIds !== null) {
      throw new AppError('FORBIDDEN', 'A key limited to clients may not define metrics.');
    }
    const written = { ...definition, description: definition.description?.trim() ? definition.description : null };
    const userErrors = findProblems(written);
    if (userErrors.length > 0) return { metric: null, userErrors };
    return this.database.transaction(principal.organizationId, (tx) => this.add(tx, principal, written));
  }

  private async add(
    tx: Transaction,
    principal: Principal,
    written: Omit<CustomMetric, 'version'>,
  ): Promise<DefinedMetric> {
    const { organizationId, keyName } = principal;
    // One definition at a time: two that name each other must not both go in, nor two be the same version.
    await tx.query({
      text: `select o.id from organization o where o.id = $1 for no key update`,
      values: [organizationId],
    });
    const stored = await tx.query<CustomMetric>(buildCustomMetricsSql(organizationId));
    const catalogue = MetricCatalogue.of(stored);
    const latest = stored.find(({ key }) => key === written.key);
    if (latest && isSame(latest, written)) return { metric: catalogue.get(latest.key), userErrors: [] };
    if (!latest && stored.length >= MAX_METRICS) return { metric: null, userErrors: [TOO_MANY] };
    const next = { ...written, version: (latest?.version ?? 0) + 1 };
    const metric = attempt(() => catalogue.with(next).get(next.key));
    if (metric instanceof FormulaError) return { metric: null, userErrors: [formulaError(metric)] };
    const [row] = await tx.query<{ id: number }>(buildAddCustomMetricSql(organizationId, next));
    if (!row) throw new Error('An insert returns its row.');
    const detail = `${next.key} version ${next.version}`;
    await recordEvents(tx, organizationId, 'METRIC_DEFINED', { keyName, actor: null }, [
      { kind: 'Metric', id: row.id, detail },
    ]);
    return { metric, userErrors: [] };
  }
}

/** What can be told without knowing the other metrics, all at once. */
function findProblems({ key, name, description, formula }: Omit<CustomMetric, 'version'>): UserError[] {
  const keyProblem = findKeyProblem(key);
  const syntax = attempt(() => parseFormula(formula));
  return [
    ...(keyProblem === null ? [] : [{ code: 'BAD_USER_INPUT', message: keyProblem, field: ['input', 'key'] }]),
    ...findProblem(NAME, name, 'input', 'name'),
    ...findProblem(DESCRIPTION, description, 'input', 'description'),
    ...(syntax instanceof FormulaError ? [formulaError(syntax)] : []),
  ];
}

function attempt<T>(work: () => T): T | FormulaError {
  try {
    return work();
  } catch (error) {
    if (error instanceof FormulaError) return error;
    throw error;
  }
}

function formulaError({ message }: FormulaError): UserError {
  return { code: 'BAD_USER_INPUT', message, field: ['input', 'formula'] };
}

function isSame(stored: CustomMetric, written: Omit<CustomMetric, 'version'>): boolean {
  return WRITTEN.every((field) => stored[field] === written[field]);
}
