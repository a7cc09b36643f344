import { InvalidInput } from './invalid-input';

/** Everything that `node` can find. */
export const NODE_TYPES = [
  'Organization',
  'Client',
  'Shop',
  'Team',
  'Agent',
  'Buyer',
  'Session',
  'Order',
  'Refund',
  'Complaint',
] as const;
export type NodeType = (typeof NODE_TYPES)[number];

/** The opaque id under which the world knows a row. */
export function toGlobalId(type: string, key: string | number): string {
  return Buffer.from(`${type}:${key}`).toString('base64url');
}

/** What an id stands for, or null if it is none of ours. */
export function parseGlobalId(id: string): { readonly type: NodeType; readonly key: string } | null {
  const text = Buffer.from(id, 'base64url').toString();
  const match = /^([A-Z][A-Za-z]*):([1-9]\d{0,17})$/.exec(text);
  const type = NODE_TYPES.find((known) => known === match?.[1]);
  const key = match?.[2];
  // One id per thing: other spellings of the same bytes are refused.
  return type && key && toGlobalId(type, key) === id ? { type, key } : null;
}

/** Keys of ids that must all be of one type. Throws InvalidInput for an id that is not; one that does not exist is fine. */
export function keysOf(type: NodeType, field: string, ids: readonly string[]): string[] {
  return ids.map((id) => {
    const parsed = parseGlobalId(id);
    if (parsed?.type !== type) throw new InvalidInput(field, `An id of type ${type} is needed.`);
    return parsed.key;
  });
}
