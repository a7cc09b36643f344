export const SCOPES = [
  'KPI_READ',
  'RECORDS_READ',
  'EVALUATION_READ',
  'PAY_READ',
  'EVALUATION_WRITE',
  'SCORE_WRITE',
  'INGEST',
  'ADMIN',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Who is asking: an API key that has proved its secret. */
export interface Principal {
  readonly organizationId: number;
  readonly keyId: number;
  readonly keyName: string;
  readonly scopes: ReadonlySet<Scope>;
  /** Null: every client of the organization. */
  readonly clientIds: readonly number[] | null;
}

/** What may be seen. Null in both: everything; else these clients, their shops, and what belongs to these shops. */
export interface Access {
  readonly organizationId: number;
  readonly clientIds: readonly number[] | null;
  readonly shopIds: readonly number[] | null;
}
