import { Command } from 'commander';
import { onPlatform, print } from './on-platform';

export function organizationsCommand(): Command {
  const command = new Command('organizations').description('Administer organizations');
  command
    .command('create <name>')
    .description('Make an organization and print its id')
    .requiredOption('--time-zone <zone>', 'IANA time zone in which its days begin')
    .action((name: string, { timeZone }: { timeZone: string }) =>
      onPlatform(async (platform) => {
        const { id } = await platform.organizations().create({ name, timeZone, createdAt: new Date() });
        print(id);
      }),
    );
  command
    .command('list')
    .description('Print id, name and time zone of all organizations')
    .action(() =>
      onPlatform(async (platform) => {
        for (const { id, name, timeZone } of await platform.organizations().list()) print(id, name, timeZone);
      }),
    );
  return command;
}
