import type { SqlValue } from '../../db/sql-query';
import { Rejection } from '../../domain/field';
import { buildKnownZonesSql } from '../../db/sql/reference.sql';
import type { UpsertTable } from '../../db/sql/upsert.sql';
import { deriveAgain } from './derive-again';
import type { Incoming, Intake } from './intake';
import { directoryReferences, type LockedShop, lockShops } from './references';

const NAMED = { external_id: 'text', name: 'text', source_updated_at: 'instant' } as const;

const CLIENT_TABLE: UpsertTable<keyof typeof NAMED> = {
  name: 'client',
  key: ['external_id'],
  columns: NAMED,
  versioned: true,
};
const TEAM_TABLE: UpsertTable<keyof typeof NAMED> = { ...CLIENT_TABLE, name: 'team' };

const AGENT_COLUMNS = {
  ...NAMED,
  team_id: 'int',
  level: 'text',
  role: 'text',
  hired_on: 'date',
  active: 'boolean',
} as const;
const AGENT_TABLE: UpsertTable<keyof typeof AGENT_COLUMNS> = {
  name: 'agent',
  key: ['external_id'],
  columns: AGENT_COLUMNS,
  versioned: true,
};

const SHOP_COLUMNS = {
  ...NAMED,
  client_id: 'int',
  platform: 'text',
  time_zone: 'text',
  currency: 'text',
  service_from: 'text',
  service_to: 'text',
  attribution_touch: 'text',
  attribution_window_hours: 'int',
} as const;
const SHOP_TABLE: UpsertTable<keyof typeof SHOP_COLUMNS> = {
  name: 'shop',
  key: ['external_id'],
  columns: SHOP_COLUMNS,
  versioned: true,
};

/** The directory belongs to the whole organization: a key that is limited to clients may not write it. */
function assertUnlimited(intake: Intake): void {
  if (intake.principal.clientIds === null) return;
  throw new Rejection('FORBIDDEN', 'A key limited to clients may not write clients, shops, teams or agents.');
}

export async function takeClients(intake: Intake, incoming: readonly Incoming<'clients'>[]): Promise<void> {
  const prepared = intake.prepare('clients', incoming, (record) => {
    assertUnlimited(intake);
    return named(record);
  });
  await intake.replace(CLIENT_TABLE, prepared);
}

export async function takeTeams(intake: Intake, incoming: readonly Incoming<'teams'>[]): Promise<void> {
  const prepared = intake.prepare('teams', incoming, (record) => {
    assertUnlimited(intake);
    return named(record);
  });
  await intake.replace(TEAM_TABLE, prepared);
}

export async function takeAgents(intake: Intake, incoming: readonly Incoming<'agents'>[]): Promise<void> {
  const teams = await directoryReferences(
    intake,
    'team',
    incoming.map(({ record }) => record.team),
  );
  const prepared = intake.prepare('agents', incoming, (record) => {
    assertUnlimited(intake);
    return {
      ...named(record),
      team_id: teams.find(record.team),
      level: record.level,
      role: record.role,
      hired_on: record.hiredOn,
      active: record.active,
    };
  });
  await intake.replace(AGENT_TABLE, prepared);
}

export async function takeShops(intake: Intake, incoming: readonly Incoming<'shops'>[]): Promise<void> {
  const clients = await directoryReferences(
    intake,
    'client',
    incoming.map(({ record }) => record.client),
  );
  const before = await lockShops(
    intake,
    incoming.map(({ record }) => record.externalId),
  );
  const defaultZone = await organizationZone(intake);
  const zones = await knownZones(intake, [defaultZone, ...incoming.map(({ record }) => record.timeZone ?? '')]);
  const prepared = intake.prepare('shops', incoming, (record) => {
    assertUnlimited(intake);
    const zone = zones.get((record.timeZone ?? defaultZone).toLowerCase());
    if (zone === undefined) throw new Rejection('INVALID_VALUE', 'The database has no such time zone.', 'timeZone');
    return {
      ...named(record),
      client_id: clients.get(record.client),
      platform: record.platform,
      time_zone: zone,
      currency: record.currency,
      service_from: record.serviceHours.from,
      service_to: record.serviceHours.to,
      attribution_touch: record.attribution.touch,
      attribution_window_hours: record.attribution.windowHours,
    };
  });
  const written = await intake.replace(SHOP_TABLE, prepared);
  const after = await lockShops(
    intake,
    written.map(({ row }) => String(row.external_id)),
  );
  for (const [externalId, shop] of after) {
    const old = before.get(externalId);
    if (old) await deriveAgain(intake, shop, whatChanged(old, shop));
  }
}

function whatChanged(old: LockedShop, now: LockedShop): { zone: boolean; hours: boolean; rule: boolean } {
  return {
    zone: old.timeZone !== now.timeZone,
    hours: old.hours.from !== now.hours.from || old.hours.to !== now.hours.to,
    rule: old.rule.touch !== now.rule.touch || old.rule.windowHours !== now.rule.windowHours,
  };
}

async function organizationZone(intake: Intake): Promise<string> {
  const rows = await intake.tx.query<{ timeZone: string }>({
    text: `select o.time_zone as "timeZone" from organization o where o.id = $1`,
    values: [intake.organizationId],
  });
  return rows[0]?.timeZone ?? 'UTC';
}

async function knownZones(intake: Intake, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await intake.tx.query<{ name: string }>(buildKnownZonesSql(names));
  return new Map(rows.map(({ name }) => [name.toLowerCase(), name]));
}

interface NamedRecord {
  readonly externalId: string;
  readonly name: string;
  readonly updatedAt: number | null;
}

function named(record: NamedRecord): Record<keyof typeof NAMED, SqlValue> {
  return { external_id: record.externalId, name: record.name, source_updated_at: record.updatedAt };
}
