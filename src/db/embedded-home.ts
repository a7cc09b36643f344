import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Account, findAccount, succeeds } from './embedded-account';

/** Where root keeps what the account has to reach but cannot reach in root's own directories. */
const SYSTEM_DIRECTORY = '/var/lib/scoreline';

/** Where the cluster and a copy of the binaries belong, and the account that runs them (undefined: our own user). */
export interface Home {
  readonly cluster: string;
  readonly copies: string;
  readonly account?: Account;
}

export async function findHome(dataDirectory: string, notify: (line: string) => void): Promise<Home> {
  await mkdir(dataDirectory, { recursive: true });
  const own = await realpath(dataDirectory);
  if (process.getuid?.() !== 0) return { cluster: join(own, 'postgres'), copies: own };

  const elsewhere = join(SYSTEM_DIRECTORY, createHash('sha256').update(own).digest('hex').slice(0, 16));
  const { directory, account } = await findRootHome(own, elsewhere);
  if (directory === own) return { cluster: join(own, 'postgres'), copies: SYSTEM_DIRECTORY, account };

  await makePublic(SYSTEM_DIRECTORY);
  await makePublic(elsewhere);
  notify(`PostgreSQL cannot run as root and no other user may enter ${own}; its data is in ${elsewhere}.`);
  return { cluster: join(elsewhere, 'postgres'), copies: SYSTEM_DIRECTORY, account };
}

async function findRootHome(own: string, elsewhere: string): Promise<{ directory: string; account: Account }> {
  // A cluster that exists stays where it is, even if users or permissions have changed since.
  for (const directory of [own, elsewhere]) {
    const account = await findOwner(join(directory, 'postgres'));
    if (account) return { directory, account };
  }
  const account = (await findOwner(own)) ?? (await findAccount('postgres')) ?? (await findAccount('nobody'));
  if (!account) throw new Error('PostgreSQL cannot run as root, and there is no user "postgres" or "nobody".');
  const canEnter = await succeeds('sh', ['-c', 'cd "$1"', 'sh', own], account);
  return { directory: canEnter ? own : elsewhere, account };
}

/** Owner of the directory, or undefined when it is root or there is no such directory. */
async function findOwner(directory: string): Promise<Account | undefined> {
  if (!existsSync(directory)) return undefined;
  const { uid, gid } = await stat(directory);
  return uid === 0 ? undefined : { uid, gid };
}

/** Makes a directory that everybody may enter. */
export async function makePublic(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  // Not by mkdir's mode, which is subject to root's umask.
  await chmod(directory, 0o755);
}

/** Makes the directory unless it exists. It appears whole or not at all, however many processes try at once. */
export async function makeOnce(directory: string, fill: (draft: string) => Promise<void>): Promise<void> {
  if (existsSync(directory)) return;
  const draft = await mkdtemp(`${directory}.`);
  try {
    await fill(draft);
    await rename(draft, directory);
  } catch (error) {
    // Unless another process was faster.
    if (!existsSync(directory)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
