import { ConfigError } from './config';
import { EmbeddedPostgresError } from './db/embedded-postgres';
import { ProvisionError } from './db/provision';
import { AppError } from './errors';

/** Their message is written for whoever runs the program. */
const EXPLAINED = [AppError, ConfigError, ProvisionError, EmbeddedPostgresError];

/** Runs the program. Exit code 2: the caller can do something about it and is told what; 1: it is our fault. */
export async function runToEnd(program: () => Promise<unknown>): Promise<void> {
  try {
    await program();
  } catch (error) {
    const isExplained = EXPLAINED.some((known) => error instanceof known);
    process.stderr.write(`${describe(error, isExplained)}\n`);
    // At once: a login that failed can leave its connection open, which would keep the process.
    process.exit(isExplained ? 2 : 1);
  }
}

function describe(error: unknown, isExplained: boolean): string {
  if (!(error instanceof Error)) return String(error);
  return isExplained ? error.message : (error.stack ?? error.message);
}
