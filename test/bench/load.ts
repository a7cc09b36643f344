import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Load, LoadResult } from './load-client';

/** Answers a second, from a process of its own: the caller's work must not count as the server's. */
export async function measureLoad(load: Load): Promise<LoadResult> {
  const child = fork(join(__dirname, 'load-client.ts'), {
    execArgv: ['-r', join(__dirname, '../support/run-typescript.js')],
  });
  child.send(load);
  const [message] = (await once(child, 'message')) as [LoadResult | { error: string }];
  child.disconnect();
  if ('error' in message) throw new Error(message.error);
  return message;
}
