#!/usr/bin/env node
import { Command } from 'commander';
import { type ImportContext, importCommand } from './cli/import.command';
import { keysCommand } from './cli/keys.command';
import { onPlatform, openForCommand, print, tell } from './cli/on-platform';
import { organizationsCommand } from './cli/organizations.command';
import { rollupCommand } from './cli/rollup.command';
import { seedCommand } from './cli/seed.command';
import { loadConfig } from './config';
import { ProvisionError } from './db/provision';
import { emitSchema } from './graphql/schema';
import { runToEnd } from './run-to-end';
import { serve } from './serve';

const serveCommand = new Command('serve')
  .description('Serve the API until told to stop; on an empty embedded database, with demo data')
  .action(() => serve(loadConfig()));

const migrateCommand = new Command('migrate')
  .description('Bring the database to this version, and print the migrations that it lacked')
  .action(() =>
    onPlatform(({ migrated }) => {
      if (!migrated) throw new ProvisionError('Set DATABASE_OWNER_URL: only the owner of the tables can migrate.');
      for (const name of migrated) print(name);
      if (migrated.length === 0) tell('The database is on this version already.');
      return Promise.resolve();
    }),
  );

const schemaCommand = new Command('schema').description('About the GraphQL schema');
schemaCommand
  .command('print')
  .description('Print the schema in the schema definition language')
  .action(() => void process.stdout.write(emitSchema()));

async function openImport(command: Command): Promise<ImportContext> {
  const platform = await openForCommand();
  try {
    const { organization } = command.opts<{ organization?: string }>();
    const { id } = await platform.organizations().getOnly(organization);
    const principal = {
      organizationId: id,
      keyId: 0,
      keyName: 'command line',
      scopes: new Set(['INGEST'] as const),
      clientIds: null,
    };
    const { ingestion, rollups } = platform;
    return { ingestion, principal, refresh: () => rollups.refresh(id, null), close: () => platform.close() };
  } catch (error) {
    await platform.close();
    throw error;
  }
}

const program = new Command('scoreline')
  .description('KPIs and evaluation of customer-service agents; configured by environment variables')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

for (const command of [
  serveCommand,
  migrateCommand,
  importCommand(openImport).option('--organization <name>', 'name or id'),
  seedCommand(),
  organizationsCommand(),
  keysCommand(),
  rollupCommand(),
  schemaCommand,
]) {
  program.addCommand(command);
  for (const each of [command, ...command.commands]) each.copyInheritedSettings(program);
}

void runToEnd(() => program.parseAsync());
