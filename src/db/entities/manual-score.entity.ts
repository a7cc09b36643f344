import { Check, Column, CreateDateColumn, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { AgentEntity } from './agent.entity';
import { EvaluationEntity } from './evaluation.entity';
import { TenantRow } from './tenant-row';

@Entity('manual_score')
@ForeignKey(() => EvaluationEntity, ['organizationId', 'evaluationId'], ['organizationId', 'id'], {
  onDelete: 'CASCADE',
})
@ForeignKey(() => AgentEntity, ['organizationId', 'agentId'], ['organizationId', 'id'])
@Check('manual_score_score_check', 'score between 0 and 100')
export class ManualScoreEntity extends TenantRow {
  @PrimaryColumn('int')
  evaluationId!: number;

  @PrimaryColumn('int')
  agentId!: number;

  @PrimaryColumn('text')
  itemKey!: string;

  @Column('numeric')
  score!: string;

  @Column('text', { nullable: true })
  comment!: string | null;

  @Column('text')
  scoredBy!: string;

  @Column('text', { nullable: true })
  actor!: string | null;

  @CreateDateColumn({ type: 'timestamptz', precision: 3 })
  scoredAt!: Date;
}
