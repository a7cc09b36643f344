import { Entity, Unique } from 'typeorm';
import { DirectoryRow } from './directory-row';

@Entity('client')
@Unique('client_external_id_key', ['organizationId', 'externalId'])
export class ClientEntity extends DirectoryRow {}
