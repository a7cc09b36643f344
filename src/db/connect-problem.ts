import { sqlState } from './database';
import { ProvisionError } from './provision';
import { isUnavailable } from './unavailable';

/** Runs `work` on the database of a variable. What hinders it, where known, is told as a ProvisionError of one sentence. */
export async function explainProblems<T>(variable: string, url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const sentence = error instanceof Error ? explain(error, variable, new URL(url)) : null;
    if (sentence === null) throw error;
    throw new ProvisionError(sentence, { cause: error });
  }
}

function explain(error: Error, variable: string, { hostname, port, pathname, username }: URL): string | null {
  const code = sqlState(error) ?? '';
  const host = `${decodeURIComponent(hostname) || 'localhost'}:${port || 5432}`;
  const login = `the login "${decodeURIComponent(username)}" of ${variable}`;
  // Several addresses that all failed make an error with a code and no message.
  const reason = error.message || code;
  if (isUnavailable(error)) return `No PostgreSQL answers at ${host}, named by ${variable}: ${reason}.`;
  // The server does not tell which of the two it is.
  if (code === '28P01')
    return `PostgreSQL at ${host} refuses ${login}: the password is wrong, or there is no such role.`;
  if (code.startsWith('28') || /^SASL|SSL/.test(reason)) return `PostgreSQL at ${host} refuses ${login}: ${reason}.`;
  if (code === '3D000')
    return `There is no database "${decodeURIComponent(pathname.slice(1))}" at ${host}, named by ${variable}.`;
  if (code === '42501') return `At ${host}, ${login} lacks a right: ${reason}.`;
  return null;
}
