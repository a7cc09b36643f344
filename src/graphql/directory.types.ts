import { Field, Int, ObjectType } from 'type-graphql';
import type { Scope as ScopeName } from '../domain/access';
import { AgentLevel, AgentRole, Platform, Scope, Touch } from './enums';
import { connection, Node } from './node.types';
import { DateScalar, DateTimeScalar, TimeZoneScalar } from './scalars';

const CREATED = { description: 'When it was first received.' };
const UPDATED = { description: 'When it was last changed here.' };
const EXTERNAL_ID = { description: "The source's own id." };
const NAME = { description: 'Display name.' };

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'The firm whose data this is; everything belongs to one.',
})
export class Organization extends Node {
  @Field(() => String, NAME)
  name!: string;

  @Field(() => TimeZoneScalar, { description: 'Where presets such as TODAY begin, and the default of shops.' })
  timeZone!: string;
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A client of the organization: it owns shops.' })
export class Client extends Node {
  readonly key!: string;

  @Field(() => String, EXTERNAL_ID)
  externalId!: string;

  @Field(() => String, NAME)
  name!: string;

  @Field(() => DateTimeScalar, CREATED)
  createdAt!: Date;

  @Field(() => DateTimeScalar, UPDATED)
  updatedAt!: Date;
}

@ObjectType({ simpleResolvers: true, description: 'Which session gets the credit for an order.' })
export class AttributionRule {
  @Field(() => Touch, { description: 'The first or the last inquiry session before the order.' })
  touch!: keyof typeof Touch;

  @Field(() => Int, {
    description: 'How long before the order, in hours, a session may have started; both ends included.',
  })
  windowHours!: number;
}

@ObjectType({ simpleResolvers: true, description: 'A daily span by the clock of the shop.' })
export class ServiceHours {
  @Field(() => String, { description: 'First minute of service, HH:MM.' })
  from!: string;

  @Field(() => String, {
    description: 'First minute after service, HH:MM; equal to from: the whole day; earlier than from: past midnight.',
  })
  to!: string;
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A shop of a client on a platform.' })
export class Shop extends Node {
  readonly key!: string;
  readonly clientId!: number;

  @Field(() => String, EXTERNAL_ID)
  externalId!: string;

  @Field(() => String, NAME)
  name!: string;

  @Field(() => Platform, { description: 'Where it sells.' })
  platform!: keyof typeof Platform;

  @Field(() => TimeZoneScalar, { description: 'Its days and service hours are counted here.' })
  timeZone!: string;

  @Field(() => String, { description: 'ISO 4217 code of all its amounts.' })
  currency!: string;

  @Field(() => ServiceHours, { description: 'When it serves buyers.' })
  serviceHours!: ServiceHours;

  @Field(() => AttributionRule, { description: 'How its orders are credited.' })
  attribution!: AttributionRule;

  @Field(() => DateTimeScalar, CREATED)
  createdAt!: Date;

  @Field(() => DateTimeScalar, UPDATED)
  updatedAt!: Date;
}

@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A team of agents; its numbers are those of its present members.',
})
export class Team extends Node {
  readonly key!: string;

  @Field(() => String, EXTERNAL_ID)
  externalId!: string;

  @Field(() => String, NAME)
  name!: string;
}

@ObjectType({ implements: Node, simpleResolvers: true, description: 'A person who serves buyers.' })
export class Agent extends Node {
  readonly key!: string;
  readonly teamId!: number | null;

  @Field(() => String, EXTERNAL_ID)
  externalId!: string;

  @Field(() => String, NAME)
  name!: string;

  @Field(() => AgentLevel, { nullable: true, description: 'Level of experience; null for a key limited to clients.' })
  level!: keyof typeof AgentLevel | null;

  @Field(() => AgentRole, { nullable: true, description: 'What the agent does; null for a key limited to clients.' })
  role!: keyof typeof AgentRole | null;

  @Field(() => DateScalar, {
    nullable: true,
    description: 'First day of employment; null for a key limited to clients.',
  })
  hiredOn!: string | null;

  @Field(() => Boolean, { description: 'Whether the agent still works here.' })
  active!: boolean;

  @Field(() => DateTimeScalar, CREATED)
  createdAt!: Date;

  @Field(() => DateTimeScalar, UPDATED)
  updatedAt!: Date;
}

export const ClientConnection = connection('Client', () => Client);
export const ShopConnection = connection('Shop', () => Shop);
export const TeamConnection = connection('Team', () => Team);
export const AgentConnection = connection('Agent', () => Agent);

@ObjectType({ simpleResolvers: true, description: 'How much the key may still ask for.' })
export class RateLimit {
  @Field(() => Int, { description: 'Points of a full bucket.' })
  limit!: number;

  @Field(() => Int, { description: 'Points left now.' })
  remaining!: number;

  @Field(() => Int, { description: 'Points that come back each second.' })
  restoreRate!: number;

  @Field(() => DateTimeScalar, { description: 'When the bucket will be full again.' })
  resetAt!: Date;
}

@ObjectType({ simpleResolvers: true, description: 'Who is asking: the key of this request.' })
export class Viewer {
  @Field(() => String, { description: 'Name of the key.' })
  keyName!: string;

  @Field(() => [Scope], { description: 'What the key may do.' })
  scopes!: ScopeName[];
}
