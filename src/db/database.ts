import './pg-types';
import { Pool, type PoolClient } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { CONNECTION_TIMEOUT_MS, createDataSource } from './data-source';
import { Snapshot, tenantSetting } from './snapshot';
import type { SqlQuery, SqlRunner } from './sql-query';
import { StatementNames } from './statement-names';

export interface DatabaseOptions {
  readonly readPoolSize: number;
  readonly writePoolSize: number;
  readonly queryTimeoutMs: number;
  readonly onError?: (error: Error) => void;
}

/** A write in one transaction of one organization. */
export class Transaction implements SqlRunner {
  constructor(readonly manager: EntityManager) {}

  async query<Row>(statement: SqlQuery): Promise<Row[]> {
    const runner = this.manager.queryRunner;
    if (!runner) throw new Error('A transaction has a connection.');
    if (statement.name !== undefined) {
      // TypeORM prepares nothing; its connection does.
      const client = (await runner.connect()) as PoolClient;
      return (await client.query(statement)).rows as Row[];
    }
    const result = await runner.query(statement.text, statement.values, true);
    return result.records as Row[];
  }
}

export interface TransactionOptions {
  /** What one statement sees, all see. */
  readonly repeatableRead?: boolean;
  /** How often to begin, at most, where others get in the way. */
  readonly attempts?: number;
}

/** Deadlock, serialization failure: the transaction may be tried again as it is. */
const RETRYABLE = new Set(['40001', '40P01']);
const ATTEMPTS = 4;

/** The API's database, as the login that owns nothing: writers through TypeORM, readers on a pool of their own. */
export class Database {
  private readonly names = new StatementNames();

  private constructor(
    readonly dataSource: DataSource,
    readonly readers: Pool,
  ) {}

  static async open(url: string, options: DatabaseOptions): Promise<Database> {
    const dataSource = createDataSource(url, options.writePoolSize);
    const readers = new Pool({
      connectionString: url,
      max: options.readPoolSize,
      pipeline: true,
      connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
      statement_timeout: options.queryTimeoutMs,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      application_name: 'scoreline',
      // A reader that went away must not keep the server computing.
      options: '-c client_connection_check_interval=500',
    });
    // A dying backend must not take the process along: the pool replaces it.
    readers.on('error', (error) => options.onError?.(error));
    // Nor while it is lent: whoever waits for it hears of it by the statement.
    readers.on('connect', (client) => client.on('error', () => undefined));
    await dataSource.initialize();
    return new Database(dataSource, readers);
  }

  snapshot(organizationId: number): Snapshot {
    return new Snapshot(this.readers, organizationId, this.names);
  }

  /** Runs `work` in one transaction of the organization, again from the start after a deadlock. */
  async transaction<T>(
    organizationId: number,
    work: (tx: Transaction) => Promise<T>,
    { repeatableRead = false, attempts = ATTEMPTS }: TransactionOptions = {},
  ): Promise<T> {
    const run = async (manager: EntityManager): Promise<T> => {
      await manager.query(tenantSetting(organizationId));
      return work(new Transaction(manager));
    };
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await (repeatableRead
          ? this.dataSource.transaction('REPEATABLE READ', run)
          : this.dataSource.transaction(run));
      } catch (error) {
        if (attempt >= attempts || !RETRYABLE.has(sqlState(error) ?? '')) throw error;
      }
    }
  }

  async close(): Promise<void> {
    await this.readers.end();
    await this.dataSource.destroy();
  }
}

/** The SQLSTATE of a failed statement, by pg or by TypeORM. */
export function sqlState(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'driverError' in error ? sqlState(error.driverError) : null;
}
