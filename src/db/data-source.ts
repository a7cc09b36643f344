import './pg-types';
import { DataSource } from 'typeorm';
import { ENTITIES } from './entities';
import { MIGRATIONS } from './migrations';
import { SnakeNamingStrategy } from './naming-strategy';

/** How long a caller waits for a free connection; the driver's own default is forever. */
export const CONNECTION_TIMEOUT_MS = 5_000;

/** TypeORM's view of the database at `url`: entities, migrations and the pool of the writers. */
export function createDataSource(url: string, poolSize = 2): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: ENTITIES,
    namingStrategy: new SnakeNamingStrategy(),
    migrations: MIGRATIONS,
    migrationsTransactionMode: 'each',
    poolSize,
    connectTimeoutMS: CONNECTION_TIMEOUT_MS,
    applicationName: 'scoreline',
    extra: { keepAlive: true },
  });
}
