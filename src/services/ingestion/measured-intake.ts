import { Rejection } from '../../domain/field';
import { buildTouchedByPresencesSql } from '../../db/sql/mark.sql';
import { OBSERVATION_TABLE, PRESENCE_TABLE, TARGET_TABLE } from '../../db/sql/record-tables';
import {
  buildForeignPresencesSql,
  buildLockOrganizationSql,
  buildOverlappingTargetsSql,
} from '../../db/sql/reference.sql';
import type { Incoming, Intake } from './intake';
import { directoryReferences, factReferences, type LockedShop, type References } from './references';

/** The shop of a record that may do without one; a key limited to clients must name one of theirs. */
function shopIdOf(intake: Intake, shops: References<LockedShop>, externalId: string | null): number | null {
  if (externalId === null && intake.principal.clientIds !== null) {
    throw new Rejection('FORBIDDEN', 'A key limited to clients must name one of their shops.', 'shop');
  }
  return shops.find(externalId)?.id ?? null;
}

export async function takePresences(intake: Intake, incoming: readonly Incoming<'presences'>[]): Promise<void> {
  const { shops, agents } = await factReferences(intake, incoming);
  // One batch of presences at a time: what another one changed meanwhile would not be marked.
  await lockOrganization(intake);
  const foreign = await foreignPresences(
    intake,
    incoming.map(({ record }) => record.externalId),
  );
  const prepared = intake.prepare('presences', incoming, (record) => {
    const shopId = shopIdOf(intake, shops, record.shop);
    if (foreign.has(record.externalId)) throw new Rejection('CONFLICT', 'This externalId is taken.', 'externalId');
    return {
      external_id: record.externalId,
      agent_id: agents.get(record.agent),
      shop_id: shopId,
      account: record.account,
      started_at: record.startedAt,
      ended_at: record.endedAt,
    };
  });
  await intake.replace(PRESENCE_TABLE, prepared, buildTouchedByPresencesSql);
}

/** For kinds of records that belong to no shop that could be locked. */
async function lockOrganization(intake: Intake): Promise<void> {
  await intake.tx.query(buildLockOrganizationSql(intake.organizationId));
}

/** Presences are told apart in the whole organization: a limited key must not overwrite those of other clients. */
async function foreignPresences(intake: Intake, externalIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { clientIds } = intake.principal;
  if (clientIds === null) return new Set();
  const rows = await intake.tx.query<{ externalId: string }>(
    buildForeignPresencesSql(intake.organizationId, externalIds, clientIds),
  );
  return new Set(rows.map((row) => row.externalId));
}

export async function takeObservations(intake: Intake, incoming: readonly Incoming<'observations'>[]): Promise<void> {
  const { shops, agents } = await factReferences(intake, incoming);
  const prepared = intake.prepare('observations', incoming, (record) => ({
    measure: record.measure,
    agent_id: agents.find(record.agent),
    shop_id: shopIdOf(intake, shops, record.shop),
    observed_on: record.on,
    value: record.value,
  }));
  await intake.replace(OBSERVATION_TABLE, prepared);
}

export async function takeTargets(intake: Intake, incoming: readonly Incoming<'targets'>[]): Promise<void> {
  const { shops, agents } = await factReferences(intake, incoming);
  const teams = await directoryReferences(
    intake,
    'team',
    incoming.map(({ record }) => record.team),
  );
  const prepared = intake.prepare('targets', incoming, (record) => ({
    metric: record.metric,
    agent_id: agents.find(record.agent),
    team_id: teams.find(record.team),
    shop_id: shopIdOf(intake, shops, record.shop),
    from_day: record.from,
    to_day: record.to,
    value: record.value,
  }));
  if (prepared.length === 0) return;
  // One batch of targets at a time, so that none can slip an overlap past another.
  await lockOrganization(intake);
  const overlapping = new Set(
    (
      await intake.tx.query<{ position: number }>(
        buildOverlappingTargetsSql(
          intake.organizationId,
          prepared.map(({ row }) => row),
        ),
      )
    ).map(({ position }) => position),
  );
  for (const position of overlapping) {
    const index = prepared[position]?.index ?? position;
    intake.reject('targets', index, null, new Rejection('CONFLICT', 'It overlaps another target.', 'from'));
  }
  await intake.replace(
    TARGET_TABLE,
    prepared.filter((_, position) => !overlapping.has(position)),
  );
}
