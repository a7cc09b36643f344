import type { GroupMember, MeasureQuery } from '../../domain/measure-query';
import { type MeasureKey, MEASURES } from '../../domain/measures';
import type { MeasureScope } from './measure-scope.sql';
import type { SqlBuilder } from './sql-builder';

/** How rows name the groups: the expressions, and which tables of members they and the currencies need. */
export interface Grouping {
  readonly shopGroup: string;
  readonly agentGroup: string;
  readonly needsShops: boolean;
  readonly needsAgents: boolean;
}

/** For these measures, of rows with the alias c. */
export function groupingOf(builder: SqlBuilder, query: MeasureQuery, measures: readonly MeasureKey[]): Grouping {
  if (measures.length === 0) return { shopGroup: '0', agentGroup: '0', needsShops: false, needsAgents: false };
  const shopGroup = query.shops === 'ALL' ? '0' : plainGroup(builder, query.shops, 'c.shop_id');
  const agentGroup = query.agents === null ? '0' : plainGroup(builder, query.agents, 'c.agent_id');
  return {
    shopGroup: shopGroup ?? 'h.shop_group',
    agentGroup: agentGroup ?? 'm.agent_group',
    needsShops: shopGroup === null || measures.some((measure) => MEASURES[measure].money),
    needsAgents: agentGroup === null,
  };
}

/** The first columns of a part. */
export function groups({ shopGroup, agentGroup }: Grouping): string {
  return `${shopGroup} as shop_group, ${agentGroup} as agent_group`;
}

/** Joins the tables of members that are needed. */
export function joins({ needsShops, needsAgents }: Grouping): string {
  return [
    ...(needsShops ? ['join shop_member h on h.id = c.shop_id'] : []),
    ...(needsAgents ? ['join agent_member m on m.id = c.agent_id'] : []),
  ].join('\n  ');
}

/** Rows of the shops and agents asked for. */
export function inScope({ shopIds, agentIds }: MeasureScope): string {
  const conditions = ['c.organization_id = $1'];
  if (agentIds !== null) conditions.push(`c.agent_id = any(${agentIds})`);
  if (shopIds !== null) conditions.push(`c.shop_id = any(${shopIds})`);
  return conditions.join('\n      and ');
}

/** The group of a member without a table to look it up in: its own number, or that of them all; else null. */
function plainGroup(builder: SqlBuilder, members: readonly GroupMember[], member: string): string | null {
  if (members.every((one) => one.group === one.member)) return member;
  const [group, ...others] = new Set(members.map((one) => one.group));
  return group !== undefined && others.length === 0 ? builder.bind(group, 'int') : null;
}
