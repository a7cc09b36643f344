import { loadConfig } from '../config';
import { openPlatform, type Platform } from '../platform';

/** Opens what the configuration names, for one command. */
export function openForCommand(): Promise<Platform> {
  return openPlatform(loadConfig(), { notify: tell, onError: () => undefined, onRefreshError: () => undefined });
}

export async function onPlatform(work: (platform: Platform) => Promise<void>): Promise<void> {
  const platform = await openForCommand();
  try {
    await work(platform);
  } finally {
    await platform.close();
  }
}

/** Results go to standard output, for other programs; what is for people goes to standard error. */
export function print(...cells: readonly (string | number)[]): void {
  process.stdout.write(`${cells.join('\t')}\n`);
}

export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
