import type { SqlQuery } from '../sql-query';

/** What an event is about. */
export interface AuditSubject {
  /** A type of node, or of what is administered. */
  readonly kind: string;
  readonly id: string | number;
  readonly detail: string | null;
}

export interface AuditAuthor {
  readonly keyName: string;
  /** The person behind the key, as the caller names them. */
  readonly actor: string | null;
}

/** Adds one event for each subject. */
export function buildAddAuditEventsSql(
  organizationId: number,
  action: string,
  { keyName, actor }: AuditAuthor,
  subjects: readonly AuditSubject[],
): SqlQuery {
  return {
    text: `
      insert into audit_event (organization_id, action, key_name, actor, subject_kind, subject_id, detail)
      select $1, $2, $3, $4, subject.kind, subject.id, subject.detail
      from unnest($5::text[], $6::bigint[], $7::text[]) with ordinality as subject (kind, id, detail, position)
      order by subject.position`,
    values: [
      organizationId,
      action,
      keyName,
      actor,
      subjects.map(({ kind }) => kind),
      subjects.map(({ id }) => id),
      subjects.map(({ detail }) => detail),
    ],
  };
}
