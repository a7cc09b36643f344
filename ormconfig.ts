import { loadConfig } from './src/config';
import { createDataSource } from './src/db/data-source';

/** For TypeORM's own command line: `npx typeorm migration:show -d dist/ormconfig.js`, as the owner. */
const config = loadConfig();
const url = config.databaseOwnerUrl ?? config.databaseUrl;
if (!url) throw new Error('Set DATABASE_URL, and DATABASE_OWNER_URL for the login that owns the tables.');

export default createDataSource(url);
