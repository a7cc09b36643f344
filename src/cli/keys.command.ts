import { Command, InvalidArgumentError } from 'commander';
import type { ApiKeyEntity } from '../db/entities/api-key.entity';
import { SCOPES } from '../domain/access';
import { parseInstant } from '../domain/instant';
import type { Organization, OrganizationService } from '../services/organization.service';
import { onPlatform, print, tell } from './on-platform';

interface CreateOptions {
  readonly name: string;
  readonly scopes: string[];
  readonly clients?: string[];
  readonly expires?: Date;
  readonly organization?: string;
  readonly timeZone: string;
}

export function keysCommand(): Command {
  const command = new Command('keys').description('Administer the API keys of an organization');
  command
    .command('create')
    .description('Make a key and print its secret, which is shown this once')
    .requiredOption('--name <name>', 'what the key is for')
    .requiredOption('--scopes <scopes>', `what it may do: ${SCOPES.join(',')}`, parseList)
    .option('--clients <clients>', 'external ids of the clients it is limited to', parseList)
    .option('--expires <instant>', 'such as 2030-01-31T00:00:00Z', parseExpiry)
    .option('--organization <name>', 'name or id; in an empty database, the name of the one to make')
    .option('--time-zone <zone>', 'of the organization that is made in an empty database', 'Asia/Shanghai')
    .action(createKey);
  command
    .command('list')
    .description('Print id, name, scopes, clients and state of all keys')
    .option('--organization <name>', 'name or id')
    .action(listKeys);
  command
    .command('revoke <keyId>')
    .description('End a key within seconds, for good')
    .option('--organization <name>', 'name or id')
    .action(revokeKey);
  return command;
}

function parseList(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function parseExpiry(text: string): Date {
  const instant = parseInstant(text);
  if (instant === null) throw new InvalidArgumentError('It is an instant such as 2030-01-31T00:00:00Z.');
  return new Date(instant);
}

function createKey(options: CreateOptions): Promise<void> {
  return onPlatform(async (platform) => {
    const organization = await findOrganization(platform.organizations(), options);
    const { secret } = await platform.apiKeys.create(organization.id, { ...options, expiresAt: options.expires });
    print(secret);
  });
}

async function findOrganization(organizations: OrganizationService, options: CreateOptions): Promise<Organization> {
  if ((await organizations.list()).length > 0) return organizations.getOnly(options.organization);
  const { organization: name = 'Default', timeZone } = options;
  const made = await organizations.create({ name, timeZone, createdAt: new Date() });
  tell(`Made the organization "${made.name}" in the time zone ${made.timeZone}.`);
  return made;
}

function listKeys({ organization }: { organization?: string }): Promise<void> {
  return onPlatform(async (platform) => {
    const { id } = await platform.organizations().getOnly(organization);
    for (const key of await platform.apiKeys.list(id)) {
      const clients = key.clientIds === null ? 'all clients' : `${key.clientIds.length} clients`;
      print(key.keyId, key.name, key.scopes.join(','), clients, describeState(key));
    }
  });
}

function describeState({ revokedAt, expiresAt }: ApiKeyEntity): string {
  if (revokedAt) return `revoked ${revokedAt.toISOString()}`;
  return expiresAt ? `expires ${expiresAt.toISOString()}` : 'does not expire';
}

function revokeKey(keyId: string, { organization }: { organization?: string }): Promise<void> {
  return onPlatform(async (platform) => {
    const { id } = await platform.organizations().getOnly(organization);
    const { name } = await platform.apiKeys.revoke(id, keyId);
    tell(`The key "${name}" is revoked.`);
  });
}
