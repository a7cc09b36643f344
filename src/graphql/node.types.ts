import { type ClassType, Field, ID, InterfaceType, Int, ObjectType } from 'type-graphql';

@InterfaceType({
  description: 'Anything that has an id of its own and can be found again by it.',
  resolveType: (value: { readonly __typename: string }) => value.__typename,
})
export abstract class Node {
  @Field(() => ID, { description: 'Opaque and stable; the same thing has the same id for ever.' })
  id!: string;
}

@ObjectType({ description: 'Where a page of a list stands in it.', simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there are entries after this page.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether there are entries before this page.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first entry; null on an empty page.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last entry; null on an empty page.' })
  endCursor!: string | null;
}

export interface ConnectionOf<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfo;
  readonly totalCount: number | null;
}

/** The connection type of a node type. */
export function connection<T extends object>(name: string, node: () => ClassType<T>): ClassType<ConnectionOf<T>> {
  @ObjectType(`${name}Edge`, { description: `A ${name} and its place in a list.`, simpleResolvers: true })
  class Edge {
    @Field(() => String, { description: 'For after and before; good for the same list only.' })
    cursor!: string;

    @Field(node, { description: `The ${name}.` })
    node!: T;
  }

  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}s.`, simpleResolvers: true })
  class Page implements ConnectionOf<T> {
    @Field(() => [Edge], { description: 'The entries with their cursors.' })
    edges!: Edge[];

    @Field(() => [node()], { description: 'The entries alone.' })
    nodes!: T[];

    @Field(() => PageInfo, { description: 'Whether there is more.' })
    pageInfo!: PageInfo;

    @Field(() => Int, { description: 'Entries in the whole list; counted only when selected.' })
    totalCount!: number | null;
  }
  return Page;
}
