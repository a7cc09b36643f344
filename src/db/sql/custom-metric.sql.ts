import type { CustomMetric } from '../../domain/metric';
import type { SqlQuery } from '../sql-query';

/** Rows as CustomMetric: the latest version of each metric that the organization defined, by key. */
export function buildCustomMetricsSql(organizationId: number): SqlQuery {
  return {
    text: `select distinct on (m.key collate "C")
  m.key,
  m.version,
  m.name,
  m.description,
  m.formula,
  m.unit,
  m.direction
from custom_metric m
where m.organization_id = $1
order by m.key collate "C", m.version desc`,
    values: [organizationId],
  };
}

/** Adds a version; one row with its id. */
export function buildAddCustomMetricSql(organizationId: number, metric: CustomMetric): SqlQuery {
  const { key, version, name, description, formula, unit, direction } = metric;
  return {
    text: `insert into custom_metric (organization_id, key, version, name, description, formula, unit, direction)
values ($1, $2, $3, $4, $5, $6, $7, $8)
returning id`,
    values: [organizationId, key, version, name, description, formula, unit, direction],
  };
}
