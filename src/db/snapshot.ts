import type { Pool, PoolClient } from 'pg';
import type { SqlQuery, SqlRunner } from './sql-query';
import type { StatementNames } from './statement-names';

/** Text that opens a transaction of one organization. A literal: a bound set_config() would not reach distributed nodes. */
export function tenantSetting(organizationId: number): string {
  if (!Number.isSafeInteger(organizationId)) throw new Error('An organization id must be an integer.');
  return `set local app.organization_id = '${organizationId}'`;
}

/**
 * One read-only repeatable-read transaction for all that a request reads, opened by the first statement.
 * Needs a pool of pipelining clients: the opening travels together with that first statement.
 */
export class Snapshot implements SqlRunner {
  private opening: Promise<PoolClient> | null = null;
  private failure: Error | null = null;
  private over = false;
  /** How many statements were run: tests hold nested queries to a number that does not grow with the page. */
  statements = 0;

  constructor(
    private readonly pool: Pool,
    private readonly organizationId: number,
    private readonly names: StatementNames,
  ) {}

  async query<Row>(statement: SqlQuery): Promise<Row[]> {
    this.assertOpen();
    this.opening ??= this.begin();
    const client = await this.opening;
    this.assertOpen();
    this.statements += 1;
    try {
      const name = statement.name ?? this.names.nameOf(statement.text);
      return (await client.query(name === undefined ? statement : { ...statement, name })).rows as Row[];
    } catch (error) {
      // After one failure the others only say "transaction is aborted": everybody gets the first.
      this.failure ??= error instanceof Error ? error : new Error(String(error));
      throw this.failure;
    }
  }

  private assertOpen(): void {
    if (this.over) throw new Error('The request is over.');
  }

  private async begin(): Promise<PoolClient> {
    const client = await this.pool.connect();
    // Sent, not awaited: same trip as the first statement, which fails if this does.
    client
      .query(`begin isolation level repeatable read read only; ${tenantSetting(this.organizationId)}`)
      .catch((error: unknown) => (this.failure ??= error instanceof Error ? error : new Error(String(error))));
    return client;
  }

  /** Ends the transaction and gives the client back. Not awaited by answers: they are complete already. */
  async end(): Promise<void> {
    const client = await this.finish();
    if (!client) return;
    try {
      await client.query('commit');
      client.release();
    } catch (error) {
      client.release(error instanceof Error ? error : true);
    }
  }

  /** Drops the connection with whatever runs on it: the caller has gone, or its time is up. */
  async abort(): Promise<void> {
    const client = await this.finish();
    if (!client) return;
    // release(true) alone waits for the running statement.
    const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection;
    stream.destroy();
    client.release(true);
  }

  private async finish(): Promise<PoolClient | null> {
    if (this.over) return null;
    this.over = true;
    return this.opening?.catch(() => null) ?? null;
  }
}
