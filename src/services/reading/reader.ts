import DataLoader from 'dataloader';
import type { Access, Principal } from '../../domain/access';
import type { Message } from '../../domain/conversation';
import { toGlobalId } from '../../domain/global-id';
import type { SqlRunner } from '../../db/sql-query';
import { readMessages } from '../../db/stored-messages';
import {
  buildAssistingAgentsSql,
  buildMessagesSql,
  buildOrganizationSql,
  buildShopsOfClientsSql,
} from '../../db/sql/reading/detail.sql';
import { AGENT_SOURCE, CLIENT_SOURCE, SHOP_SOURCE, TEAM_SOURCE } from '../../db/sql/reading/directory.source';
import {
  BUYER_SOURCE,
  COMPLAINT_SOURCE,
  ORDER_SOURCE,
  REFUND_SOURCE,
  SESSION_SOURCE,
} from '../../db/sql/reading/record.source';
import type { Source } from '../../db/sql/reading/source';
import {
  type Connection,
  type ListQuery,
  type NodeRow,
  readByKeys,
  readChildren,
  readConnection,
  readConnections,
} from './connection';

/** What can be found by its key. */
export const NODE_SOURCES = {
  Client: CLIENT_SOURCE,
  Shop: SHOP_SOURCE,
  Team: TEAM_SOURCE,
  Agent: AGENT_SOURCE,
  Buyer: BUYER_SOURCE,
  Session: SESSION_SOURCE,
  Order: ORDER_SOURCE,
  Refund: REFUND_SOURCE,
  Complaint: COMPLAINT_SOURCE,
} as const;
export type ReadableType = keyof typeof NODE_SOURCES;

type Key = string | number;

/**
 * Reads on behalf of one request: what the caller may see, in one snapshot, each thing once. What is asked for in one
 * turn of the event loop is read in one statement, however many rows ask.
 */
export class Reader {
  private seen: Promise<Access> | null = null;
  private readonly loaders = new Map<string, DataLoader<string, unknown>>();

  constructor(
    readonly runner: SqlRunner,
    private readonly principal: Principal,
  ) {}

  /** Resolved once, by the first read: a key limited to clients sees the shops that these have in the snapshot. */
  access(): Promise<Access> {
    this.seen ??= this.loadAccess();
    return this.seen;
  }

  async organization(): Promise<NodeRow & { readonly timeZone: string }> {
    const load = this.loader('organization', async (keys) => {
      const { organizationId } = this.principal;
      const rows = await this.runner.query<{ key: number; timeZone: string }>(buildOrganizationSql(organizationId));
      return keys.map((key) => rows.find((row) => String(row.key) === key) ?? null);
    });
    const row = await load.load(String(this.principal.organizationId));
    if (!row) throw new Error('The organization of a key exists.');
    const key = String(row.key);
    return { ...row, __typename: 'Organization', id: toGlobalId('Organization', key), key };
  }

  /** The thing with this key, or null if there is none that the caller may see. */
  find(type: ReadableType, key: Key): Promise<NodeRow | null> {
    const source: Source = NODE_SOURCES[type];
    return this.loader(type, async (keys) => readByKeys(this.runner, await this.access(), source, keys)).load(
      String(key),
    );
  }

  /** As find, for what a visible row refers to: that it is there is certain. */
  async get(type: ReadableType, key: Key): Promise<NodeRow> {
    const row = await this.find(type, key);
    if (!row) throw new Error(`A visible row refers to a ${type} that is not there.`);
    return row;
  }

  async findOptional(type: ReadableType, key: Key | null): Promise<NodeRow | null> {
    return key === null ? null : this.find(type, key);
  }

  async list<Filter extends object>(source: Source<Filter>, query: ListQuery<Filter>): Promise<Connection> {
    return readConnection(this.runner, await this.access(), source, query);
  }

  /** The list under one parent; read together with those of other parents that ask for the same. */
  listUnder<Filter extends object>(
    parentType: string,
    parentKey: Key,
    source: Source<Filter>,
    query: ListQuery<Filter>,
  ): Promise<Connection> {
    const name = JSON.stringify(['list', source.type, parentType, query]);
    return this.loader(name, async (keys) =>
      readConnections(this.runner, await this.access(), source, query, parentType, keys),
    ).load(String(parentKey));
  }

  /** All of a short list under one parent. */
  children<Filter extends object>(parentType: string, parentKey: Key, source: Source<Filter>): Promise<NodeRow[]> {
    return this.loader(JSON.stringify(['children', source.type, parentType]), async (keys) =>
      readChildren(this.runner, await this.access(), source, parentType, keys),
    ).load(String(parentKey));
  }

  messages(sessionKey: Key): Promise<{ readonly at: Date; readonly from: Message['from'] }[] | null> {
    return this.loader('messages', async (keys) => {
      const rows = await this.runner.query<{ key: string; sentAtMs: string[]; senders: string }>(
        buildMessagesSql(await this.access(), keys),
      );
      const messagesOf = new Map(rows.map((row) => [row.key, readMessages(row.sentAtMs, row.senders)]));
      return keys.map((key) => messagesOf.get(key)?.map(({ at, from }) => ({ at: new Date(at), from })) ?? null);
    }).load(String(sessionKey));
  }

  async assistingAgents(orderKey: Key): Promise<NodeRow[]> {
    const ids = await this.loader('assisting agents', async (keys) => {
      const rows = await this.runner.query<{ parent: string; agentId: number }>(
        buildAssistingAgentsSql(await this.access(), keys),
      );
      const agentsOf = new Map(keys.map((key): [string, number[]] => [key, []]));
      for (const { parent, agentId } of rows) agentsOf.get(parent)?.push(agentId);
      return keys.map((key) => agentsOf.get(key) ?? []);
    }).load(String(orderKey));
    return Promise.all(ids.map((id) => this.get('Agent', id)));
  }

  /** The loader of this name, made by its first use. */
  private loader<T>(name: string, load: (keys: readonly string[]) => Promise<readonly T[]>): DataLoader<string, T> {
    const known = this.loaders.get(name);
    // One name, one kind of value: the name says what is loaded.
    if (known) return known as DataLoader<string, T>;
    const loader = new DataLoader<string, T>(load, { maxBatchSize: 1_000 });
    this.loaders.set(name, loader);
    return loader;
  }

  private async loadAccess(): Promise<Access> {
    const { organizationId, clientIds } = this.principal;
    if (clientIds === null) return { organizationId, clientIds, shopIds: null };
    const shops = await this.runner.query<{ id: number }>(buildShopsOfClientsSql(organizationId, clientIds));
    return { organizationId, clientIds, shopIds: shops.map(({ id }) => id) };
  }
}
