import { resolve } from 'node:path';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65535);
const count = z.coerce.number().int().min(1);
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const postgresUrl = z
  .string()
  .refine(isPostgresUrl, 'must be a URL with a login, such as postgres://login:password@host:5432/database');

/** Every variable that is read, with its default; README documents the same list. */
const VARIABLES = z.object({
  PORT: port.default(4000),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: postgresUrl.optional(),
  DATABASE_OWNER_URL: postgresUrl.optional(),
  DATA_DIR: z.string().default('./.data'),
  SEED_DEMO: flag.optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  READ_POOL_SIZE: count.default(8),
  WRITE_POOL_SIZE: count.default(4),
  QUERY_TIMEOUT_MS: count.default(10_000),
  ROLLUP_INTERVAL_MS: count.default(1_000),
  RATE_LIMIT_POINTS: count.default(6_000),
  RATE_LIMIT_RESTORE_PER_SECOND: count.default(100),
});

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Null: the embedded server in dataDirectory. */
  readonly databaseUrl: string | null;
  readonly databaseOwnerUrl: string | null;
  readonly dataDirectory: string;
  readonly seedDemo: boolean;
  readonly logLevel: string;
  readonly readPoolSize: number;
  readonly writePoolSize: number;
  readonly queryTimeoutMs: number;
  /** Between rounds of the background refresher. */
  readonly rollupIntervalMs: number;
  readonly rateLimitPoints: number;
  readonly rateLimitRestorePerSecond: number;
}

export class ConfigError extends Error {}

/** The configuration of this process. Throws ConfigError that names every bad variable at once. */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  // An empty variable is what `FOO=` in an env file leaves behind: it means "not set".
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = VARIABLES.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`The configuration is not valid:\n${problems.join('\n')}`);
  }
  const env = parsed.data;
  if (env.DATABASE_OWNER_URL && !env.DATABASE_URL) {
    throw new ConfigError('The configuration is not valid:\n  DATABASE_OWNER_URL: needs DATABASE_URL beside it');
  }
  return {
    port: env.PORT,
    host: env.HOST,
    databaseUrl: env.DATABASE_URL ?? null,
    databaseOwnerUrl: env.DATABASE_OWNER_URL ?? null,
    dataDirectory: resolve(env.DATA_DIR),
    seedDemo: env.SEED_DEMO ?? !env.DATABASE_URL,
    logLevel: env.LOG_LEVEL,
    readPoolSize: env.READ_POOL_SIZE,
    writePoolSize: env.WRITE_POOL_SIZE,
    queryTimeoutMs: env.QUERY_TIMEOUT_MS,
    rollupIntervalMs: env.ROLLUP_INTERVAL_MS,
    rateLimitPoints: env.RATE_LIMIT_POINTS,
    rateLimitRestorePerSecond: env.RATE_LIMIT_RESTORE_PER_SECOND,
  };
}

function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//.test(text) && URL.canParse(text) && new URL(text).username !== '';
}
