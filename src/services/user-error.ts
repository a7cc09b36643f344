import { type Field, Rejection, text } from '../domain/field';

/** A problem with what was sent; a refused write changes nothing. */
export interface UserError {
  readonly code: string;
  readonly message: string;
  /** Path into the arguments to what is to blame. */
  readonly field: readonly string[];
}

/** The person behind a key, as writers may name them. */
export const ACTOR = text('The person behind the key.', 200);

/** What is wrong with a value by the rule of its field; nothing is wrong with one that may be left out. */
export function findProblem(rule: Field<unknown>, raw: unknown, ...field: readonly string[]): UserError[] {
  if (raw === null || raw === undefined) return [];
  try {
    rule.parse(raw);
    return [];
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    return [{ code: 'BAD_USER_INPUT', message: error.message, field }];
  }
}
