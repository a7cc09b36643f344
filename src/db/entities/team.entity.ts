import { Entity, Unique } from 'typeorm';
import { DirectoryRow } from './directory-row';

@Entity('team')
@Unique('team_external_id_key', ['organizationId', 'externalId'])
export class TeamEntity extends DirectoryRow {}
