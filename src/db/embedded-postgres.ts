import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { findBinaries } from './embedded-binaries';
import { type Cluster, findPort, openCluster, readPassword, startServer, stopServer } from './embedded-cluster';
import { findHome } from './embedded-home';

/** Login of the running cluster's superuser; the caller makes roles and databases of its own with it. */
export interface EmbeddedPostgres {
  readonly superuserUrl: string;
  /** Where the cluster lives. */
  readonly directory: string;
  /** Gives up this process's lease; the last process out stops the server. Safe to call twice, tolerates a dead server. */
  release(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly dataDirectory: string;
  /** Hears, in one line, of anything the operator should know. */
  readonly notify?: (line: string) => void;
  /** Extra server settings, such as fsync=off for tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Says why, and that DATABASE_URL is the way out. */
export class EmbeddedPostgresError extends Error {
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`No embedded PostgreSQL: ${reason}\nSet DATABASE_URL to use a PostgreSQL server of your own.`, { cause });
    this.name = 'EmbeddedPostgresError';
  }
}

/** Starts the cluster in the data directory or joins it where it runs; throws nothing but EmbeddedPostgresError. */
export async function acquireEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  try {
    const home = await findHome(options.dataDirectory, options.notify ?? (() => undefined));
    const cluster = await openCluster(home, await findBinaries(home), options.settings);
    return await joinOrStart(cluster, await readPassword(cluster));
  } catch (error) {
    throw new EmbeddedPostgresError(error);
  }
}

/** Five seconds in all, each wait twice the one before. */
const ATTEMPTS = 9;

async function joinOrStart(cluster: Cluster, password: string): Promise<EmbeddedPostgres> {
  for (let attempt = 1; ; attempt++) {
    try {
      const port = (await findPort(cluster)) ?? (await startServer(cluster));
      return await takeLease(cluster, `postgres://postgres:${password}@127.0.0.1:${port}/postgres`);
    } catch (error) {
      // The port was taken, the last process out has just stopped the server, or a killed one still has children.
      if (attempt === ATTEMPTS) throw error;
      await delay(10 * 2 ** attempt);
    }
  }
}

/** Any constant; nothing else takes advisory locks in the database postgres. */
const LEASE = 7_265_673;

/** A lease is a shared lock of an open session, so that it ends with the process, however that ends. */
async function takeLease(cluster: Cluster, superuserUrl: string): Promise<EmbeddedPostgres> {
  const socket = new Socket();
  const client = new Client({ connectionString: superuserUrl, ssl: false, stream: () => socket });
  // The server may die before us. That is no reason to crash; whoever uses it will notice.
  client.on('error', () => undefined);
  await client.connect();
  // Waits while the last process out, which holds it alone, stops the server; then fails with the connection.
  await client.query('select pg_advisory_lock_shared($1)', [LEASE]);
  // The lease alone is no reason for the process to stay.
  socket.unref();

  let released: Promise<void> | undefined;
  const release = async () => {
    socket.ref();
    try {
      if (await isLastOut(client)) await stopServer(cluster);
    } finally {
      await client.end();
    }
  };
  return { superuserUrl, directory: cluster.directory, release: () => (released ??= release()) };
}

async function isLastOut(client: Client): Promise<boolean> {
  try {
    await client.query('select pg_advisory_unlock_shared($1)', [LEASE]);
    const { rows } = await client.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [LEASE]);
    return rows[0]?.alone === true;
  } catch {
    // The server is gone, and the lease with it.
    return false;
  }
}
