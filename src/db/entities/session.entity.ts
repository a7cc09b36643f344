import { Check, Column, Entity, ForeignKey, Index, Unique } from 'typeorm';
import type { CHANNELS, EXCLUSION_REASONS, PURPOSES } from '../../domain/records';
import { AgentEntity } from './agent.entity';
import { BuyerEntity } from './buyer.entity';
import { RecordRow } from './record-row';

@Entity('session')
@ForeignKey(() => AgentEntity, ['organizationId', 'agentId'], ['organizationId', 'id'])
@ForeignKey(() => BuyerEntity, ['organizationId', 'buyerId'], ['organizationId', 'id'])
@Unique('session_external_id_key', ['organizationId', 'shopId', 'externalId'])
@Index('session_started_idx', ['organizationId', 'startedAt', 'id'])
@Index('session_agent_idx', ['organizationId', 'agentId', 'startedAt', 'id'])
@Index('session_shop_idx', ['organizationId', 'shopId', 'startedAt', 'id'])
@Index('session_updated_idx', ['organizationId', 'updatedAt', 'id'])
@Index('session_buyer_idx', ['organizationId', 'buyerId', 'startedAt'])
@Check('session_channel_check', "channel in ('CHAT', 'VOICE', 'EMAIL', 'TICKET')")
@Check('session_purpose_check', "purpose in ('PRE_SALE', 'AFTER_SALE')")
@Check('session_ended_check', 'ended_at >= started_at')
@Check('session_csat_check', 'csat between 1 and 5')
export class SessionEntity extends RecordRow {
  @Column('int', { nullable: true })
  agentId!: number | null;

  @Column('int')
  buyerId!: number;

  @Column('text')
  channel!: (typeof CHANNELS)[number];

  @Column('text', { nullable: true })
  purpose!: (typeof PURPOSES)[number] | null;

  @Column({ type: 'timestamptz', precision: 3 })
  startedAt!: Date;

  @Column('date')
  startedDay!: string;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  endedAt!: Date | null;

  @Column('boolean', { nullable: true })
  answered!: boolean | null;

  @Column('int', { nullable: true })
  waitSeconds!: number | null;

  @Column('int', { nullable: true })
  talkSeconds!: number | null;

  @Column('int', { nullable: true })
  holdSeconds!: number | null;

  @Column('int', { nullable: true })
  wrapUpSeconds!: number | null;

  @Column('bigint', { nullable: true })
  handleMs!: string | null;

  @Column('boolean', { nullable: true })
  resolved!: boolean | null;

  @Column('boolean', { nullable: true })
  resolvedOnFirstContact!: boolean | null;

  @Column('smallint', { nullable: true })
  csat!: number | null;

  @Column('text', { nullable: true })
  sourceExclusion!: (typeof EXCLUSION_REASONS)[number] | null;

  @Column('int')
  buyerMessages!: number;

  @Column('int')
  agentReplies!: number;

  @Column('int')
  autoReplies!: number;

  @Column('int')
  answeredRounds!: number;

  @Column('int')
  unansweredRounds!: number;

  @Column('bigint')
  responseMs!: string;

  @Column('bigint', { nullable: true })
  firstResponseMs!: string | null;

  @Column('int')
  timedRounds!: number;

  @Column('int')
  roundsWithin10s!: number;

  @Column('int')
  roundsWithin20s!: number;

  @Column('int')
  roundsWithin30s!: number;

  @Column('int')
  roundsWithin60s!: number;

  @Column('int')
  roundsWithin180s!: number;

  @Column('int')
  timedBuyerMessages!: number;

  @Column('int')
  serviceMessages!: number;

  @Column('int')
  serviceMessagesAnswered!: number;

  @Column('int')
  serviceMessagesWithin30s!: number;

  @Column('bigint')
  serviceMessageMs!: string;

  @Column('int')
  overdueServiceMessages!: number;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  lastMessageAt!: Date | null;

  @Column('bigint', { nullable: true })
  messagesDigest!: string | null;
}
