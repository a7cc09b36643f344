import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import { AGENT_SOURCE, CLIENT_SOURCE, SHOP_SOURCE, TEAM_SOURCE } from '../db/sql/reading/directory.source';
import { parseGlobalId } from '../domain/global-id';
import { InvalidInput } from '../domain/invalid-input';
import { requireScope } from '../services/auth.service';
import type { Context } from './context';
import {
  Agent,
  AgentConnection,
  Client,
  ClientConnection,
  Organization,
  RateLimit,
  Shop,
  ShopConnection,
  Team,
  TeamConnection,
  Viewer,
} from './directory.types';
import { AgentArgs, ConnectionArgs } from './list.args';
import { listQuery } from './lists';
import { Node } from './node.types';

const BY_NAME = { field: 'NAME', direction: 'ASC' } as const;
const MAX_NODES = 100;

/** Names of clients, shops, teams and agents are for whoever may read anything at all. */
function requireReader(context: Context): void {
  requireScope(context.principal, 'KPI_READ', 'RECORDS_READ', 'EVALUATION_READ');
}

async function findNode(id: string, context: Context) {
  const found = parseGlobalId(id);
  if (!found) return null;
  switch (found.type) {
    case 'Organization':
      return found.key === String(context.principal.organizationId) ? context.reader.organization() : null;
    case 'Buyer':
    case 'Session':
    case 'Order':
    case 'Refund':
    case 'Complaint':
      requireScope(context.principal, 'RECORDS_READ');
      return context.reader.find(found.type, found.key);
    default:
      requireReader(context);
      return context.reader.find(found.type, found.key);
  }
}

@Resolver()
export class NodeResolver {
  @Query(() => Node, {
    nullable: true,
    description: 'The thing with this id; null if there is none that the key may see.',
  })
  node(@Arg('id', () => ID, { description: 'Its id.' }) id: string, @Ctx() context: Context) {
    return findNode(id, context);
  }

  @Query(() => [Node], { nullable: 'items', description: 'The things with these ids, in their order; at most 100.' })
  nodes(@Arg('ids', () => [ID], { description: 'Their ids.' }) ids: string[], @Ctx() context: Context) {
    if (ids.length > MAX_NODES) throw new InvalidInput('ids', `At most ${MAX_NODES} ids are taken at once.`);
    return Promise.all(ids.map((id) => findNode(id, context)));
  }
}

@Resolver(() => Viewer)
export class ViewerResolver {
  @Query(() => Viewer, { description: 'Who is asking.' })
  viewer(@Ctx() { principal }: Context) {
    return { keyName: principal.keyName, scopes: [...principal.scopes] };
  }

  @FieldResolver(() => Organization, { description: 'Whose data it is.' })
  organization(@Ctx() { reader }: Context) {
    return reader.organization();
  }

  @FieldResolver(() => [Client], {
    nullable: true,
    description: 'The clients the key is limited to; null: all of the organization.',
  })
  clients(@Ctx() { principal, reader }: Context) {
    return principal.clientIds && Promise.all(principal.clientIds.map((id) => reader.get('Client', id)));
  }

  @FieldResolver(() => RateLimit, { description: 'How much the key may still ask for.' })
  rateLimit(@Ctx() { rateLimit }: Context) {
    return rateLimit;
  }
}

@Resolver()
export class DirectoryResolver {
  @Query(() => ClientConnection, { description: 'Clients by name.' })
  clients(@Args(() => ConnectionArgs) args: ConnectionArgs, @Ctx() context: Context, @Info() info: GraphQLResolveInfo) {
    requireReader(context);
    return context.reader.list(CLIENT_SOURCE, listQuery(args, BY_NAME, info));
  }

  @Query(() => ShopConnection, { description: 'Shops by name.' })
  shops(@Args(() => ConnectionArgs) args: ConnectionArgs, @Ctx() context: Context, @Info() info: GraphQLResolveInfo) {
    requireReader(context);
    return context.reader.list(SHOP_SOURCE, listQuery(args, BY_NAME, info));
  }

  @Query(() => TeamConnection, { description: 'Teams by name.' })
  teams(@Args(() => ConnectionArgs) args: ConnectionArgs, @Ctx() context: Context, @Info() info: GraphQLResolveInfo) {
    requireReader(context);
    return context.reader.list(TEAM_SOURCE, listQuery(args, BY_NAME, info));
  }

  @Query(() => AgentConnection, { description: 'Agents by name.' })
  agents(@Args(() => AgentArgs) args: AgentArgs, @Ctx() context: Context, @Info() info: GraphQLResolveInfo) {
    requireReader(context);
    const { teamIds, shopIds, roles, active, search } = args;
    const filter = { teamIds, shopIds, roles, active, search };
    return context.reader.list(AGENT_SOURCE, listQuery({ ...args, filter }, BY_NAME, info));
  }
}

@Resolver(() => Client)
export class ClientResolver {
  @FieldResolver(() => ShopConnection, { description: 'Its shops by name.' })
  shops(
    @Root() client: Client,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() { reader }: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reader.listUnder('Client', client.key, SHOP_SOURCE, listQuery(args, BY_NAME, info));
  }
}

@Resolver(() => Shop)
export class ShopResolver {
  @FieldResolver(() => Client, { description: 'Whose shop it is.' })
  client(@Root() shop: Shop, @Ctx() { reader }: Context) {
    return reader.get('Client', shop.clientId);
  }
}

@Resolver(() => Team)
export class TeamResolver {
  @FieldResolver(() => AgentConnection, { description: 'Its present members by name.' })
  agents(
    @Root() team: Team,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() { reader }: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reader.listUnder('Team', team.key, AGENT_SOURCE, listQuery(args, BY_NAME, info));
  }
}

@Resolver(() => Agent)
export class AgentResolver {
  @FieldResolver(() => Team, { nullable: true, description: 'The team the agent is in.' })
  team(@Root() agent: Agent, @Ctx() { reader }: Context) {
    return reader.findOptional('Team', agent.teamId);
  }
}
