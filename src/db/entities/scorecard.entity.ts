import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { AgentEntity } from './agent.entity';
import { EvaluationEntity } from './evaluation.entity';
import { TenantRow } from './tenant-row';

@Entity('scorecard')
@ForeignKey(() => EvaluationEntity, ['organizationId', 'evaluationId'], ['organizationId', 'id'], {
  onDelete: 'CASCADE',
})
@ForeignKey(() => AgentEntity, ['organizationId', 'agentId'], ['organizationId', 'id'])
@Unique('scorecard_agent_key', ['organizationId', 'evaluationId', 'agentId'])
@Index('scorecard_agent_idx', ['organizationId', 'agentId', 'id'])
export class ScorecardEntity extends TenantRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id!: string;

  @Column('int')
  evaluationId!: number;

  @Column('int')
  agentId!: number;

  @Column('numeric', { nullable: true })
  score!: string | null;

  @Column('text', { nullable: true })
  grade!: string | null;

  @Column('int', { nullable: true })
  rank!: number | null;

  @Column('text', { array: true })
  vetoedBy!: string[];

  @Column('text', { array: true })
  failedGates!: string[];

  @Column('jsonb', { nullable: true })
  payout!: unknown;
}
