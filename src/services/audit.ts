import { type AuditAuthor, type AuditSubject, buildAddAuditEventsSql } from '../db/sql/audit.sql';
import type { SqlRunner } from '../db/sql-query';

export type AuditAction =
  | 'API_KEY_CREATED'
  | 'API_KEY_REVOKED'
  | 'METRIC_DEFINED'
  | 'RECORDS_EXCLUDED'
  | 'RECORDS_RESTORED'
  | 'RECORDS_DELETED';

/** Tells the audit trail what was done, in the transaction that did it: one event for each subject. */
export async function recordEvents(
  tx: SqlRunner,
  organizationId: number,
  action: AuditAction,
  author: AuditAuthor,
  subjects: readonly AuditSubject[],
): Promise<void> {
  if (subjects.length > 0) await tx.query(buildAddAuditEventsSql(organizationId, action, author, subjects));
}
