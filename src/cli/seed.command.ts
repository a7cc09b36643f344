import { Command } from 'commander';
import { loadConfig } from '../config';
import { ensureDemo } from '../demo/ensure-demo';
import { percentages } from '../demo/percentages';
import { onPlatform, print, tell } from './on-platform';

export function seedCommand(): Command {
  return new Command('seed')
    .description('Make an organization with demo data, unless it is there, and print its key')
    .action(() =>
      onPlatform(async (platform) => {
        const demo = await ensureDemo({
          organizations: platform.organizations(),
          apiKeys: platform.apiKeys,
          ingestion: platform.ingestion,
          rollups: platform.rollups,
          dataDirectory: loadConfig().dataDirectory,
          now: new Date(),
          besideOthers: true,
          onProgress: percentages('Making demo data', process.stderr),
        });
        if (demo) print(demo.key);
        else tell('The demo is there, but its key was revoked.');
      }),
    );
}
