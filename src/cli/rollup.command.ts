import { Command } from 'commander';
import type { Platform } from '../platform';
import type { Organization } from '../services/organization.service';
import { localDay } from '../domain/zone';
import { onPlatform, print, tell } from './on-platform';

interface Options {
  readonly organization?: string;
}

export function rollupCommand(): Command {
  const command = new Command('rollup').description('About the numbers that KPIs are read from');
  command
    .command('status')
    .description('Print how much is still to be worked out, since when, and how much there is')
    .option('--wait', 'work out what is pending, and return when nothing is')
    .option('--organization <name>', 'name or id')
    .action((options: Options & { wait?: true }) => onRollups(options, showStatus(options.wait === true)));
  command
    .command('verify')
    .description('Compare everything with the facts; exit code 1 and the differences if there are any')
    .option('--organization <name>', 'name or id')
    .action((options: Options) => onRollups(options, verify));
  command
    .command('rebuild')
    .description('Work everything out again from the facts')
    .option('--organization <name>', 'name or id')
    .action((options: Options) => onRollups(options, rebuild));
  return command;
}

type Work = (platform: Platform, organization: Organization) => Promise<void>;

function onRollups({ organization }: Options, work: Work): Promise<void> {
  return onPlatform(async (platform) => work(platform, await platform.organizations().getOnly(organization)));
}

/** Works off what is pending as well: there need not be a server that does. */
function showStatus(wait: boolean): Work {
  return async ({ rollups }, { id }) => {
    while (wait && (await rollups.refresh(id, null)) > 0);
    const { pending, since, cells, months } = await rollups.status(id);
    print('pending', pending);
    print('since', since?.toISOString() ?? '');
    print('lag seconds', since === null ? 0 : Math.max(0, Math.round((Date.now() - since.getTime()) / 1000)));
    print('cells', cells);
    print('months', months);
  };
}

/** One line for each difference: table, shop, key, column, stored, expected. */
async function verify({ rollups }: Platform, { id }: Organization): Promise<void> {
  const { differences, total, pending } = await rollups.verify(id);
  for (const { table, shopId, key, column, stored, expected } of differences) {
    print(table, shopId, JSON.stringify(key), column, JSON.stringify(stored), JSON.stringify(expected));
  }
  if (total > differences.length) tell(`and ${total - differences.length} more`);
  for (const { shopId, marks } of pending) tell(`shop ${shopId}: ${marks} marks are pending`);
  if (total > 0) process.exitCode = 1;
  else tell(`Everything${pending.length > 0 ? ' else' : ''} is what the facts say.`);
}

async function rebuild({ rollups }: Platform, { id, timeZone }: Organization): Promise<void> {
  await rollups.rebuild(id, (done, total) => tell(`${done} of ${total} shops`));
  const today = localDay(timeZone, Date.now());
  while ((await rollups.closeMonths(id, today)) > 0) tell('months made');
}
