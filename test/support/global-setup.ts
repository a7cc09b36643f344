import { mkdtemp, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acquireEmbeddedPostgres } from '../../src/db/embedded-postgres';
import { migrate, provisionCluster } from '../../src/db/provision';
import { TEMPLATE_DATABASE } from './database';

/** One server for the whole run, in a directory of its own, with one migrated database that every suite clones. */
export default async function globalSetup(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'scoreline-test-'));
  await chmod(directory, 0o755);
  const server = await acquireEmbeddedPostgres({
    dataDirectory: join(directory, 'data'),
    // Nothing here must survive the machine.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  const urls = await provisionCluster(server.superuserUrl, TEMPLATE_DATABASE);
  if (!urls.ownerUrl) throw new Error('The cluster has an owner.');
  await migrate(urls.ownerUrl, urls.apiUrl);
  Object.assign(process.env, {
    TEST_SUPERUSER_URL: server.superuserUrl,
    TEST_OWNER_URL: urls.ownerUrl,
    TEST_API_URL: urls.apiUrl,
  });
  Object.assign(globalThis, { testServer: server, testDirectory: directory });
}
