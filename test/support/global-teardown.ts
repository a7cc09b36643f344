import { rm } from 'node:fs/promises';
import type { EmbeddedPostgres } from '../../src/db/embedded-postgres';

export default async function globalTeardown(): Promise<void> {
  const { testServer, testDirectory } = globalThis as unknown as {
    testServer: EmbeddedPostgres;
    testDirectory: string;
  };
  await testServer.release();
  await rm(testDirectory, { recursive: true, force: true });
}
