import type { Pool, PoolClient } from 'pg';
import { tenantSetting } from '../db/snapshot';
import { isTimeZone } from '../domain/zone';
import { AppError } from '../errors';

export interface Organization {
  readonly id: number;
  readonly name: string;
  readonly timeZone: string;
  readonly createdAt: Date;
}

export interface NewOrganization {
  readonly name: string;
  readonly timeZone: string;
  readonly createdAt: Date;
}

const MAX_NAME_LENGTH = 200;

/** Administers the organizations of a database: as the owner of its tables, who alone may list them. */
export class OrganizationService {
  constructor(private readonly owner: Pool) {}

  /** Oldest first. */
  async list(): Promise<Organization[]> {
    const { rows } = await this.owner.query<Organization>(
      `select o.id, o.name, o.time_zone as "timeZone", o.created_at as "createdAt" from organization o order by o.id`,
    );
    return rows;
  }

  /** Throws BAD_USER_INPUT for a bad name or zone, CONFLICT for a name that is taken. */
  async create(input: NewOrganization): Promise<Organization> {
    const name = input.name.trim();
    if (name.length < 1 || name.length > MAX_NAME_LENGTH) {
      throw invalid('name', `The name of an organization has 1 to ${MAX_NAME_LENGTH} characters.`);
    }
    if (!isTimeZone(input.timeZone)) {
      throw invalid('timeZone', `"${input.timeZone}" is not an IANA time zone such as Asia/Shanghai.`);
    }
    const client = await this.owner.connect();
    try {
      return await insert(client, { ...input, name });
    } finally {
      // With whatever transaction a failure left open.
      client.release(true);
    }
  }

  /** The only organization, or the one of this name or id. Otherwise throws an error that tells the choices. */
  async getOnly(nameOrId?: string): Promise<Organization> {
    const organizations = await this.list();
    const named = organizations.filter(({ id, name }) => nameOrId === String(id) || nameOrId === name);
    const [organization, another] = nameOrId === undefined ? organizations : named;
    if (organization && !another) return organization;
    throw new AppError('NOT_FOUND', explainChoice(organizations, nameOrId));
  }
}

function invalid(field: string, message: string): AppError {
  return new AppError('BAD_USER_INPUT', message, { field });
}

function explainChoice(organizations: readonly Organization[], nameOrId?: string): string {
  if (organizations.length === 0) {
    return 'There is no organization yet: make one with "scoreline organizations create <name> --time-zone <zone>".';
  }
  const choices = organizations.map(({ id, name }) => `${id} "${name}"`).join(', ');
  if (nameOrId === undefined) return `Name one with --organization: there are ${choices}.`;
  return `No single organization has the name or id "${nameOrId}": there are ${choices}.`;
}

async function insert(client: PoolClient, { name, timeZone, createdAt }: NewOrganization): Promise<Organization> {
  await client.query('begin');
  // Names are unique by this lock alone: no key may span organizations.
  await client.query('select pg_advisory_xact_lock(7063)');
  const taken = await client.query('select 1 from organization o where o.name = $1', [name]);
  if (taken.rowCount) throw new AppError('CONFLICT', `There is an organization "${name}" already.`, { field: 'name' });
  const { rows } = await client.query<{ id: number }>(
    `select nextval(pg_get_serial_sequence('organization', 'id'))::int as id`,
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('A sequence has a next value.');
  // Row-level security binds the owner too: it may write the organization it says it is in.
  await client.query(tenantSetting(id));
  await client.query(
    `insert into organization (id, name, time_zone, created_at, updated_at) values ($1, $2, $3, $4, $4)`,
    [id, name, timeZone, createdAt],
  );
  await client.query('commit');
  return { id, name, timeZone, createdAt };
}
