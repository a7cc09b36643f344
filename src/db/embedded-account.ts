import { execFile } from 'node:child_process';

/** The user the server runs as when it cannot be ours: PostgreSQL refuses to run as root. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Options of a child process of the account, or of our own user without one. */
export function childOptions(account: Account | undefined) {
  return {
    ...account,
    // The account may not be allowed into our working directory.
    cwd: '/',
    // Nothing of our environment: LANG, TZ, PG* and LD_* would all change what the server does.
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
  };
}

/** Standard output of a program; throws its standard error. */
export function run(program: string, args: readonly string[], account?: Account): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, childOptions(account), (error, stdout, stderr) => {
      if (error) reject(new Error(stderr.trim() || error.message, { cause: error }));
      else resolve(stdout);
    });
  });
}

export async function succeeds(program: string, args: readonly string[], account?: Account): Promise<boolean> {
  return run(program, args, account).then(
    () => true,
    () => false,
  );
}

/** The user of that name, or undefined when this machine has none. */
export async function findAccount(name: string): Promise<Account | undefined> {
  if (!(await succeeds('id', [name]))) return undefined;
  const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
  return { uid: Number(uid), gid: Number(gid) };
}
