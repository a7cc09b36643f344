import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { lchown, readFile, realpath, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Account, childOptions, run, succeeds } from './embedded-account';
import { type Home, makeOnce } from './embedded-home';

type Settings = Readonly<Record<string, string>>;

/** A data directory, with the password of its superuser and the log of its server beside it. */
export interface Cluster {
  readonly directory: string;
  readonly binaries: string;
  readonly account?: Account;
  /** On top of our own. */
  readonly settings?: Settings;
}

const SETTINGS: Settings = {
  // Reachable from this machine only, and by no socket file: those allow about 100 bytes of path.
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // Days and hours follow the time zone of the organization, never that of the machine.
  timezone: 'UTC',
  log_timezone: 'UTC',
  // A few processes with a pool each share the server.
  max_connections: '100',
  // Most questions read rollups, which should stay in memory; the default is half of this.
  shared_buffers: '256MB',
  // Ends the statements of clients that have gone.
  client_connection_check_interval: '500ms',
  // Plans follow statistics, and a first import fills empty tables within seconds; the default is a minute.
  autovacuum_naptime: '5s',
  // Compiling costs more than our short statements gain by it.
  jit: 'off',
  // Nobody rotates the log, and failed statements are for the client to report.
  log_min_messages: 'log',
  log_checkpoints: 'off',
};

const dataOf = (cluster: Cluster) => join(cluster.directory, 'data');
const logOf = (cluster: Cluster) => join(cluster.directory, 'server.log');
const passwordOf = (cluster: Cluster) => join(cluster.directory, 'password');

/** Password of the superuser. */
export const readPassword = (cluster: Cluster) => readFile(passwordOf(cluster), 'utf8');

/** The cluster of the home, made if there is none yet. */
export async function openCluster(home: Home, binaries: string, settings?: Settings): Promise<Cluster> {
  const cluster = { directory: home.cluster, binaries, account: home.account, settings };
  await makeOnce(home.cluster, (draft) => initialise({ ...cluster, directory: draft }));
  return { ...cluster, directory: await realpath(home.cluster) };
}

async function initialise(cluster: Cluster): Promise<void> {
  const { directory, binaries, account, settings } = cluster;
  await writeFile(passwordOf(cluster), randomBytes(24).toString('hex'), { mode: 0o600, flush: true });
  if (account) {
    await lchown(passwordOf(cluster), account.uid, account.gid);
    await lchown(directory, account.uid, account.gid);
  }
  const login = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordOf(cluster)}`];
  // The same texts in the same order on every machine, whatever its locale.
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const sync = settings?.fsync === 'off' ? ['--no-sync'] : [];
  await run(join(binaries, 'initdb'), ['-D', dataOf(cluster), ...login, ...locale, ...sync], account);
}

/** Port of the running server once it accepts connections; undefined when none runs. */
export async function findPort(cluster: Cluster): Promise<number | undefined> {
  for (;;) {
    const postmaster = await findPostmaster(cluster);
    if (!postmaster?.isRunning) return undefined;
    if (postmaster.isReady) return postmaster.port;
    // It starts, recovers from a crash, which may take long, or stops.
    await delay(25);
  }
}

/** Starts the server and returns its port, or that of another process that was faster. */
export async function startServer(cluster: Cluster): Promise<number> {
  const earlier = await readIfExists(logOf(cluster));
  await launch(cluster, { ...SETTINGS, port: await findFreePort(), ...cluster.settings });
  const port = await findPort(cluster);
  if (port !== undefined) return port;
  const reason = (await readIfExists(logOf(cluster))).slice(earlier.length).trim();
  throw new Error(`PostgreSQL did not start, ${logOf(cluster)} says:\n${reason}`);
}

/** Spawns the server and waits until it owns the cluster or has given up. */
async function launch(cluster: Cluster, settings: Settings): Promise<void> {
  const stale = await findPostmaster(cluster);
  const options = childOptions(cluster.account);
  // The pid in a stale file may be another program's by now. PostgreSQL takes that for a running server unless
  // told that it is its grandparent. Removing the file instead could hit that of a server started just now.
  const env = { ...options.env, PG_GRANDPARENT_PID: stale && !stale.isRunning ? `${stale.pid}` : undefined };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [join(cluster.binaries, 'postgres'), '-D', dataOf(cluster), ...flags];
  // Not by pg_ctl, which hands paths to a shell without escapes. Detached, since Ctrl-C is for us to handle first.
  const script = 'umask 077; exec "$@" >>"$0" 2>&1';
  const server = spawn('/bin/sh', ['-c', script, logOf(cluster), ...command], {
    ...options,
    env,
    detached: true,
    stdio: 'ignore',
  });
  await once(server, 'spawn');
  server.unref();
  while (server.exitCode === null && server.signalCode === null) {
    if ((await findPostmaster(cluster))?.pid === server.pid) return;
    await delay(25);
  }
}

/** Stops the server, which may be dead already, and waits for its end. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const postmaster = await findPostmaster(cluster);
  if (!postmaster?.isRunning) return;
  // INT asks for a fast shutdown. "pg_ctl stop" would wait on for the server that another process starts next.
  await succeeds(join(cluster.binaries, 'pg_ctl'), ['kill', 'INT', `${postmaster.pid}`], cluster.account);
  while (await isServer(postmaster.pid, cluster)) await delay(25);
}

interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
  readonly isRunning: boolean;
}

/** What postmaster.pid says; undefined when it says nothing. */
async function findPostmaster(cluster: Cluster): Promise<Postmaster | undefined> {
  const lines = (await readIfExists(join(dataOf(cluster), 'postmaster.pid'))).split('\n');
  const pid = Number(lines[0]);
  if (!(pid > 0)) return undefined;
  const isReady = lines[7]?.startsWith('ready') === true;
  return { pid, port: Number(lines[3]), isReady, isRunning: await isServer(pid, cluster) };
}

/** Whether the process lives and works in our data directory. Without /proc, any that lives has to do. */
function isServer(pid: number, cluster: Cluster): Promise<boolean> {
  const script = 'kill -0 "$1" && { [ ! -L "/proc/$1/cwd" ] || [ "$(readlink "/proc/$1/cwd")" = "$2" ]; }';
  // As the account: root in a container may not look into the processes of others.
  return succeeds('sh', ['-c', script, 'sh', `${pid}`, dataOf(cluster)], cluster.account);
}

async function findFreePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP server has no port.');
  return `${address.port}`;
}

async function readIfExists(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    // Asked afterwards: a server that stops removes its file at any time.
    if (existsSync(file)) throw error;
    return '';
  }
}
