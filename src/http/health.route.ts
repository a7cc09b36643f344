import type { FastifyInstance } from 'fastify';
import type { Pool } from 'pg';
import { AppError } from '../errors';

export interface HealthOptions {
  readonly readers: Pool;
  /** Aborted once this process has begun to shut down. */
  readonly stopping: AbortSignal;
}

/** `/healthz`: the process is up, do not restart it. `/readyz`: it can serve, send requests. */
export function healthRoute(app: FastifyInstance, { readers, stopping }: HealthOptions, done: () => void): void {
  // Asked every few seconds: only failures are worth a line.
  const quiet = { logLevel: 'warn' } as const;
  app.get('/healthz', quiet, () => ({ status: 'ok' }));
  app.get('/readyz', quiet, async (request) => {
    if (stopping.aborted) throw new AppError('UNAVAILABLE', 'The service is shutting down.');
    try {
      await readers.query('select 1');
    } catch (error) {
      request.log.error({ err: error }, 'not ready');
      throw new AppError('UNAVAILABLE', 'The database does not answer.');
    }
    return { status: 'ok' };
  });
  done();
}
