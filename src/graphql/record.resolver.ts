import type { GraphQLResolveInfo } from 'graphql';
import { Args, Ctx, FieldResolver, Info, Query, Resolver, Root } from 'type-graphql';
import {
  COMPLAINT_SOURCE,
  OBSERVATION_SOURCE,
  ORDER_SOURCE,
  REFUND_SOURCE,
  SESSION_SOURCE,
  TARGET_SOURCE,
} from '../db/sql/reading/record.source';
import { requireScope } from '../services/auth.service';
import type { Context } from './context';
import { Agent, Shop, Team } from './directory.types';
import { ComplaintArgs, ObservationArgs, OrderArgs, RefundArgs, SessionArgs, TargetArgs } from './list.args';
import { listQuery, periodOf } from './lists';
import {
  Buyer,
  Complaint,
  ComplaintConnection,
  Message,
  Observation,
  ObservationConnection,
  Order,
  OrderConnection,
  Refund,
  RefundConnection,
  Session,
  SessionConnection,
  Target,
  TargetConnection,
} from './record.types';

const LATEST_SESSION = { field: 'STARTED_AT', direction: 'DESC' } as const;
const LATEST_ORDER = { field: 'PLACED_AT', direction: 'DESC' } as const;
const LATEST_OPENED = { field: 'OPENED_AT', direction: 'DESC' } as const;

@Resolver()
export class RecordResolver {
  @Query(() => SessionConnection, { description: 'Sessions, the latest first unless ordered otherwise.' })
  sessions(@Args(() => SessionArgs) args: SessionArgs, @Ctx() context: Context, @Info() info: GraphQLResolveInfo) {
    requireScope(context.principal, 'RECORDS_READ');
    return context.reader.list(SESSION_SOURCE, listQuery(args, LATEST_SESSION, info));
  }

  @Query(() => OrderConnection, { description: 'Orders, the latest first unless ordered otherwise.' })
  orders(@Args(() => OrderArgs) args: OrderArgs, @Ctx() context: Context, @Info() info: GraphQLResolveInfo) {
    requireScope(context.principal, 'RECORDS_READ');
    return context.reader.list(ORDER_SOURCE, listQuery(args, LATEST_ORDER, info));
  }

  @Query(() => RefundConnection, {
    description: 'Refunds whose order is known, the latest first unless ordered otherwise.',
  })
  refunds(@Args(() => RefundArgs) args: RefundArgs, @Ctx() context: Context, @Info() info: GraphQLResolveInfo) {
    requireScope(context.principal, 'RECORDS_READ');
    return context.reader.list(REFUND_SOURCE, listQuery(args, LATEST_OPENED, info));
  }

  @Query(() => ComplaintConnection, {
    description: 'Complaints that name nothing unknown, the latest first unless ordered otherwise.',
  })
  complaints(
    @Args(() => ComplaintArgs) args: ComplaintArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    requireScope(context.principal, 'RECORDS_READ');
    return context.reader.list(COMPLAINT_SOURCE, listQuery(args, LATEST_OPENED, info));
  }

  @Query(() => TargetConnection, { description: 'Targets by their first day, the latest first.' })
  async targets(@Args(() => TargetArgs) args: TargetArgs, @Ctx() context: Context, @Info() info: GraphQLResolveInfo) {
    requireScope(context.principal, 'KPI_READ');
    const period = args.period ? await periodOf(args.period, context) : null;
    const filter = { key: args.metric, from: period?.from, to: period?.to };
    return context.reader.list(
      TARGET_SOURCE,
      listQuery({ ...args, filter }, { field: 'FROM', direction: 'DESC' }, info),
    );
  }

  @Query(() => ObservationConnection, { description: 'Observations by day, the latest first.' })
  async observations(
    @Args(() => ObservationArgs) args: ObservationArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    requireScope(context.principal, 'KPI_READ');
    const period = args.period ? await periodOf(args.period, context) : null;
    const filter = { key: args.measure, from: period?.from, to: period?.to };
    return context.reader.list(
      OBSERVATION_SOURCE,
      listQuery({ ...args, filter }, { field: 'ON', direction: 'DESC' }, info),
    );
  }
}

@Resolver(() => Agent)
export class AgentRecordsResolver {
  @FieldResolver(() => SessionConnection, { description: 'Sessions with this agent.' })
  sessions(
    @Root() agent: Agent,
    @Args(() => SessionArgs) args: SessionArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    requireScope(context.principal, 'RECORDS_READ');
    return context.reader.listUnder('Agent', agent.key, SESSION_SOURCE, listQuery(args, LATEST_SESSION, info));
  }

  @FieldResolver(() => OrderConnection, { description: 'Orders credited to this agent.' })
  orders(
    @Root() agent: Agent,
    @Args(() => OrderArgs) args: OrderArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    requireScope(context.principal, 'RECORDS_READ');
    return context.reader.listUnder('Agent', agent.key, ORDER_SOURCE, listQuery(args, LATEST_ORDER, info));
  }

  @FieldResolver(() => RefundConnection, { description: 'Refunds that count for this agent.' })
  refunds(
    @Root() agent: Agent,
    @Args(() => RefundArgs) args: RefundArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    requireScope(context.principal, 'RECORDS_READ');
    return context.reader.listUnder('Agent', agent.key, REFUND_SOURCE, listQuery(args, LATEST_OPENED, info));
  }

  @FieldResolver(() => ComplaintConnection, { description: 'Complaints that count for this agent.' })
  complaints(
    @Root() agent: Agent,
    @Args(() => ComplaintArgs) args: ComplaintArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    requireScope(context.principal, 'RECORDS_READ');
    return context.reader.listUnder('Agent', agent.key, COMPLAINT_SOURCE, listQuery(args, LATEST_OPENED, info));
  }
}

@Resolver(() => Shop)
export class ShopRecordsResolver {
  @FieldResolver(() => SessionConnection, { description: 'Sessions of this shop.' })
  sessions(
    @Root() shop: Shop,
    @Args(() => SessionArgs) args: SessionArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    requireScope(context.principal, 'RECORDS_READ');
    return context.reader.listUnder('Shop', shop.key, SESSION_SOURCE, listQuery(args, LATEST_SESSION, info));
  }

  @FieldResolver(() => OrderConnection, { description: 'Orders of this shop.' })
  orders(
    @Root() shop: Shop,
    @Args(() => OrderArgs) args: OrderArgs,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ) {
    requireScope(context.principal, 'RECORDS_READ');
    return context.reader.listUnder('Shop', shop.key, ORDER_SOURCE, listQuery(args, LATEST_ORDER, info));
  }
}

@Resolver(() => Buyer)
export class BuyerResolver {
  @FieldResolver(() => Shop, { description: 'Whose customer it is.' })
  shop(@Root() buyer: Buyer, @Ctx() { reader }: Context) {
    return reader.get('Shop', buyer.shopId);
  }
}

@Resolver(() => Session)
export class SessionResolver {
  @FieldResolver(() => Shop, { description: 'The shop it was held for.' })
  shop(@Root() session: Session, @Ctx() { reader }: Context) {
    return reader.get('Shop', session.shopId);
  }

  @FieldResolver(() => Agent, { nullable: true, description: 'The agent who held it; null if nobody took it.' })
  agent(@Root() session: Session, @Ctx() { reader }: Context) {
    return reader.findOptional('Agent', session.agentId);
  }

  @FieldResolver(() => Buyer, { description: 'The buyer.' })
  buyer(@Root() session: Session, @Ctx() { reader }: Context) {
    return reader.get('Buyer', session.buyerId);
  }

  @FieldResolver(() => [Message], {
    nullable: true,
    description: 'Times and senders as they were sent; null if the source sent none.',
  })
  messages(@Root() session: Session, @Ctx() { reader }: Context) {
    return session.hasMessages ? reader.messages(session.key) : null;
  }

  @FieldResolver(() => [Order], { description: 'The orders credited to this session.' })
  orders(@Root() session: Session, @Ctx() { reader }: Context) {
    return reader.children('Session', session.key, ORDER_SOURCE);
  }
}

@Resolver(() => Order)
export class OrderResolver {
  @FieldResolver(() => Shop, { description: 'Where it was placed.' })
  shop(@Root() order: Order, @Ctx() { reader }: Context) {
    return reader.get('Shop', order.shopId);
  }

  @FieldResolver(() => Buyer, { description: 'Who placed it.' })
  buyer(@Root() order: Order, @Ctx() { reader }: Context) {
    return reader.get('Buyer', order.buyerId);
  }

  @FieldResolver(() => Agent, {
    nullable: true,
    description: 'The one agent who gets the credit; null for a silent sale.',
  })
  agent(@Root() order: Order, @Ctx() { reader }: Context) {
    return reader.findOptional('Agent', order.agentId);
  }

  @FieldResolver(() => Session, { nullable: true, description: 'The session that got the credit.' })
  creditedSession(@Root() order: Order, @Ctx() { reader }: Context) {
    return reader.findOptional('Session', order.creditedSessionId);
  }

  @FieldResolver(() => [Agent], { description: 'Agents who helped with a sale that is credited to another.' })
  assistingAgents(@Root() order: Order, @Ctx() { reader }: Context) {
    return reader.assistingAgents(order.key);
  }

  @FieldResolver(() => [Refund], { description: 'Its refunds.' })
  refunds(@Root() order: Order, @Ctx() { reader }: Context) {
    return reader.children('Order', order.key, REFUND_SOURCE);
  }

  @FieldResolver(() => [Complaint], { description: 'Complaints that name it.' })
  complaints(@Root() order: Order, @Ctx() { reader }: Context) {
    return reader.children('Order', order.key, COMPLAINT_SOURCE);
  }
}

@Resolver(() => Refund)
export class RefundResolver {
  @FieldResolver(() => Shop, { description: 'The shop of the order.' })
  shop(@Root() refund: Refund, @Ctx() { reader }: Context) {
    return reader.get('Shop', refund.shopId);
  }

  @FieldResolver(() => Order, { description: 'The order it is for.' })
  order(@Root() refund: Refund, @Ctx() { reader }: Context) {
    return reader.get('Order', refund.orderId);
  }

  @FieldResolver(() => Agent, {
    nullable: true,
    description: 'The agent it counts for: the given one, else the one credited with the order.',
  })
  agent(@Root() refund: Refund, @Ctx() { reader }: Context) {
    return reader.findOptional('Agent', refund.agentId);
  }
}

@Resolver(() => Complaint)
export class ComplaintResolver {
  @FieldResolver(() => Shop, { description: 'The shop it is about.' })
  shop(@Root() complaint: Complaint, @Ctx() { reader }: Context) {
    return reader.get('Shop', complaint.shopId);
  }

  @FieldResolver(() => Agent, {
    nullable: true,
    description: "The agent it counts for: the given one, else its session's, else the one credited with its order.",
  })
  agent(@Root() complaint: Complaint, @Ctx() { reader }: Context) {
    return reader.findOptional('Agent', complaint.agentId);
  }

  @FieldResolver(() => Order, { nullable: true, description: 'The order it names.' })
  order(@Root() complaint: Complaint, @Ctx() { reader }: Context) {
    return reader.findOptional('Order', complaint.orderId);
  }

  @FieldResolver(() => Session, { nullable: true, description: 'The session it names.' })
  session(@Root() complaint: Complaint, @Ctx() { reader }: Context) {
    return reader.findOptional('Session', complaint.sessionId);
  }
}

@Resolver(() => Target)
export class TargetResolver {
  @FieldResolver(() => Agent, { nullable: true, description: 'The agent whose goal it is.' })
  agent(@Root() target: Target, @Ctx() { reader }: Context) {
    return reader.findOptional('Agent', target.agentId);
  }

  @FieldResolver(() => Team, { nullable: true, description: 'The team whose goal it is.' })
  team(@Root() target: Target, @Ctx() { reader }: Context) {
    return reader.findOptional('Team', target.teamId);
  }

  @FieldResolver(() => Shop, { nullable: true, description: 'The shop it is for.' })
  shop(@Root() target: Target, @Ctx() { reader }: Context) {
    return reader.findOptional('Shop', target.shopId);
  }
}

@Resolver(() => Observation)
export class ObservationResolver {
  @FieldResolver(() => Agent, { nullable: true, description: 'The agent it is of.' })
  agent(@Root() observation: Observation, @Ctx() { reader }: Context) {
    return reader.findOptional('Agent', observation.agentId);
  }

  @FieldResolver(() => Shop, { nullable: true, description: 'The shop it is of.' })
  shop(@Root() observation: Observation, @Ctx() { reader }: Context) {
    return reader.findOptional('Shop', observation.shopId);
  }
}
