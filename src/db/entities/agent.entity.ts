import { Column, Entity, ForeignKey, Index, Unique } from 'typeorm';
import type { AGENT_LEVELS, AGENT_ROLES } from '../../domain/records';
import { DirectoryRow } from './directory-row';
import { TeamEntity } from './team.entity';

@Entity('agent')
@ForeignKey(() => TeamEntity, ['organizationId', 'teamId'], ['organizationId', 'id'])
@Unique('agent_external_id_key', ['organizationId', 'externalId'])
@Index('agent_team_idx', ['organizationId', 'teamId'])
export class AgentEntity extends DirectoryRow {
  @Column('int', { nullable: true })
  teamId!: number | null;

  @Column('text', { nullable: true })
  level!: (typeof AGENT_LEVELS)[number] | null;

  @Column('text', { nullable: true })
  role!: (typeof AGENT_ROLES)[number] | null;

  @Column('date', { nullable: true })
  hiredOn!: string | null;

  @Column('boolean', { default: true })
  active!: boolean;
}
