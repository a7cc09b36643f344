import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { buildApp } from './app';
import { banner } from './banner';
import { type Config, ConfigError } from './config';
import { type Demo, ensureDemo } from './demo/ensure-demo';
import { percentages } from './demo/percentages';
import { createLogger } from './logger';
import { openPlatform, type Platform } from './platform';
import { RollupRefresher } from './services/rollup-refresher';

/** How long load balancers have to see that we are no longer ready. */
const DRAIN_MS = 1_000;
/** After which callers are cut off, and after which we go, whatever is still under way. */
const CUT_OFF_MS = 7_000;
const EXIT_MS = 9_500;
/** npm passes on a Ctrl-C that the terminal has sent to us too: that is no second one. */
const SAME_SIGNAL_MS = 500;

/** Serves until it is told to stop, then finishes what is under way. */
export async function serve(config: Config): Promise<void> {
  const logger = createLogger(config.logLevel);
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught exception');
    process.exit(1);
  });
  const stopping = stopOnSignals(logger);
  const platform = await openPlatform(config, {
    notify: (line) => process.stderr.write(`${line}\n`),
    onError: (error) => logger.warn({ err: error }, 'database connection lost'),
    onRefreshError: (error) => logger.warn({ err: error }, 'rollups not refreshed with a write'),
  });
  try {
    const app = await buildApp({ services: platform, logger, stopping });
    const refresher = new RollupRefresher(platform.database, platform.rollups, {
      intervalMs: config.rollupIntervalMs,
      onError: (error) => logger.warn({ err: error }, 'rollups not refreshed'),
    });
    await serveUntil(stopping, app, refresher, platform, config);
  } finally {
    await platform.close();
  }
}

async function serveUntil(
  stopping: AbortSignal,
  app: FastifyInstance,
  refresher: RollupRefresher,
  platform: Platform,
  config: Config,
): Promise<void> {
  try {
    const url = await listen(app, config);
    const demo = config.seedDemo ? await seedUnlessStopped(stopping, platform, config) : null;
    // Not before: the demo is worked out in one go at its end.
    refresher.start();
    if (!stopping.aborted) {
      process.stdout.write(`${banner(url, demo)}\n`);
      await once(stopping, 'abort');
    }
    await delay(DRAIN_MS);
  } finally {
    const cutOff = setTimeout(() => app.server.closeAllConnections(), CUT_OFF_MS);
    await Promise.all([app.close(), refresher.stop()]);
    clearTimeout(cutOff);
  }
}

/** Aborted by the first signal. The second one ends the process at once. */
function stopOnSignals(logger: Logger): AbortSignal {
  const controller = new AbortController();
  let stoppedAt = Infinity;
  const stop = (signal: string): void => {
    if (Date.now() - stoppedAt > SAME_SIGNAL_MS) process.exit(1);
    if (controller.signal.aborted) return;
    stoppedAt = Date.now();
    logger.info(`stopping on ${signal}`);
    setTimeout(() => process.exit(1), EXIT_MS).unref();
    controller.abort();
  };
  // SIGHUP: the terminal was closed.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, stop);
  return controller.signal;
}

async function seedUnlessStopped(stopping: AbortSignal, platform: Platform, config: Config): Promise<Demo | null> {
  const tell = percentages('Making demo data', process.stderr);
  try {
    return await ensureDemo({
      organizations: platform.organizations(),
      apiKeys: platform.apiKeys,
      ingestion: platform.ingestion,
      rollups: platform.rollups,
      dataDirectory: config.dataDirectory,
      now: new Date(),
      onProgress(done, total) {
        tell(done, total);
        stopping.throwIfAborted();
      },
    });
  } catch (error) {
    if (stopping.aborted) return null;
    throw error;
  }
}

const LISTEN_PROBLEMS = new Map([
  ['EADDRINUSE', 'is in use'],
  ['EACCES', 'may not be opened by this user'],
  ['EADDRNOTAVAIL', 'is not on this machine'],
  ['ENOTFOUND', 'is not known'],
]);

async function listen(app: FastifyInstance, { host, port }: Config): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const problem = error instanceof Error && 'code' in error ? LISTEN_PROBLEMS.get(String(error.code)) : undefined;
    if (problem === undefined) throw error;
    throw new ConfigError(`Port ${port} of ${host} ${problem}: choose others with PORT and HOST.`, { cause: error });
  }
  const [address] = app.addresses();
  return urlOf(host, typeof address === 'object' ? address.port : port);
}

/** An address that a browser on this machine can open. */
function urlOf(host: string, port: number): string {
  const isEverywhere = host === '0.0.0.0' || host === '::';
  const name = isEverywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
