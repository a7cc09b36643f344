import { InvalidInput } from './invalid-input';

export const DEFAULT_PAGE_SIZE = 25;
export const MAX_PAGE_SIZE = 100;

/** Which part of a list: the first ones after a cursor, or the last ones before one. */
export interface PageArgs {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

export interface PageSize {
  readonly size: number;
  readonly backward: boolean;
}

/** Throws InvalidInput unless one of first and last is given, or none, from 1 to 100. */
export function resolvePageSize({ first, last }: PageArgs): PageSize {
  if (first != null && last != null) throw new InvalidInput('last', 'Give either first or last.');
  const size = first ?? last ?? DEFAULT_PAGE_SIZE;
  if (size < 1 || size > MAX_PAGE_SIZE) {
    throw new InvalidInput(last == null ? 'first' : 'last', `A page has 1 to ${MAX_PAGE_SIZE} entries.`);
  }
  return { size, backward: last != null };
}
