import 'reflect-metadata';
import { type GraphQLSchema, isInterfaceType, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import {
  AgentResolver,
  ClientResolver,
  DirectoryResolver,
  NodeResolver,
  ShopResolver,
  TeamResolver,
  ViewerResolver,
} from './directory.resolver';
import { Organization } from './directory.types';
import { ExclusionResolver } from './exclusion.resolver';
import { IngestResolver } from './ingest.resolver';
import {
  AgentKpisResolver,
  ClientKpisResolver,
  KpiValueResolver,
  OrganizationKpisResolver,
  ShopKpisResolver,
  TeamKpisResolver,
} from './kpi.resolver';
import { KpiRecordsResolver } from './kpi-records.resolver';
import { KpiReportResolver } from './kpi-report.resolver';
import { MetricResolver } from './metric.resolver';
import {
  AgentRecordsResolver,
  BuyerResolver,
  ComplaintResolver,
  ObservationResolver,
  OrderResolver,
  RecordResolver,
  RefundResolver,
  SessionResolver,
  ShopRecordsResolver,
  TargetResolver,
} from './record.resolver';

const RESOLVERS = [
  NodeResolver,
  ViewerResolver,
  DirectoryResolver,
  ClientResolver,
  ShopResolver,
  TeamResolver,
  AgentResolver,
  RecordResolver,
  AgentRecordsResolver,
  ShopRecordsResolver,
  BuyerResolver,
  SessionResolver,
  OrderResolver,
  RefundResolver,
  ComplaintResolver,
  TargetResolver,
  ObservationResolver,
  OrganizationKpisResolver,
  ClientKpisResolver,
  ShopKpisResolver,
  TeamKpisResolver,
  AgentKpisResolver,
  KpiValueResolver,
  KpiReportResolver,
  KpiRecordsResolver,
  MetricResolver,
  IngestResolver,
  ExclusionResolver,
] as const;

export function buildApiSchema(): GraphQLSchema {
  const schema = buildSchemaSync({ resolvers: RESOLVERS, orphanedTypes: [Organization], validate: false });
  for (const type of Object.values(schema.getTypeMap())) {
    // type-graphql makes it asynchronous, which costs a turn of the event loop for every node.
    if (isInterfaceType(type)) type.resolveType = (value: { readonly __typename: string }) => value.__typename;
  }
  return schema;
}

/** The schema as text, in an order that does not depend on the order of the code. */
export function emitSchema(): string {
  return `${printSchema(lexicographicSortSchema(buildApiSchema()))}\n`;
}
