import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { SessionEntity } from './session.entity';
import { TenantRow } from './tenant-row';

@Entity('session_messages')
@ForeignKey(() => SessionEntity, ['organizationId', 'sessionId'], ['organizationId', 'id'], { onDelete: 'CASCADE' })
@Check('session_messages_length_check', 'cardinality(sent_at_ms) = length(senders)')
export class SessionMessagesEntity extends TenantRow {
  @PrimaryColumn('bigint')
  sessionId!: string;

  @Column('bigint', { array: true, comment: 'Instants as epoch milliseconds, as sent' })
  sentAtMs!: string[];

  @Column('text', { comment: 'One letter a message: B buyer, A agent, O bot' })
  senders!: string;
}
