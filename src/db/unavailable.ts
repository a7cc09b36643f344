import { sqlState } from './database';

/** Connection lost or refused, no resources, shutting down, and what was refused for the sake of others. */
const CODES = /^(?:08|40|53|57P|55P03$|ECONN|EHOST|ENET|EPIPE$|ETIMEDOUT$|ENOTFOUND$|EAI_AGAIN$)/;
/** The driver's own errors have no code. */
const MESSAGES = /^(?:timeout |Connection terminated|Client (?:has|was) |Cannot use a pool|Query read timeout)/;

/** Whether the database cannot be reached, or cannot serve us now: the same request may succeed later. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = sqlState(error);
  if (code !== null) return CODES.test(code);
  return error.name === 'QueryRunnerProviderAlreadyReleasedError' || MESSAGES.test(error.message);
}
