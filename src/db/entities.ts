import { AgentEntity } from './entities/agent.entity';
import { ApiKeyEntity } from './entities/api-key.entity';
import { AppealEntity } from './entities/appeal.entity';
import { AuditEventEntity } from './entities/audit-event.entity';
import { BuyerEntity } from './entities/buyer.entity';
import { ClientEntity } from './entities/client.entity';
import { ComplaintEntity } from './entities/complaint.entity';
import { EvaluationEntity } from './entities/evaluation.entity';
import { CustomMetricEntity } from './entities/custom-metric.entity';
import { EvaluationTemplateEntity } from './entities/evaluation-template.entity';
import { ManualScoreEntity } from './entities/manual-score.entity';
import { ObservationEntity } from './entities/observation.entity';
import { OrderEntity } from './entities/order.entity';
import { OrderAssistEntity } from './entities/order-assist.entity';
import { OrganizationEntity } from './entities/organization.entity';
import { PresenceEntity } from './entities/presence.entity';
import { RefundEntity } from './entities/refund.entity';
import { ScorecardEntity } from './entities/scorecard.entity';
import { ScorecardItemEntity } from './entities/scorecard-item.entity';
import { SessionEntity } from './entities/session.entity';
import { SessionMessagesEntity } from './entities/session-messages.entity';
import { ShopEntity } from './entities/shop.entity';
import { TargetEntity } from './entities/target.entity';
import { TeamEntity } from './entities/team.entity';
import { TemplateVersionEntity } from './entities/template-version.entity';

/** One for every table, in the order of the migrations. */
export const ENTITIES = [
  OrganizationEntity,
  ApiKeyEntity,
  ClientEntity,
  ShopEntity,
  TeamEntity,
  AgentEntity,
  AuditEventEntity,
  BuyerEntity,
  SessionEntity,
  SessionMessagesEntity,
  OrderEntity,
  OrderAssistEntity,
  RefundEntity,
  ComplaintEntity,
  PresenceEntity,
  ObservationEntity,
  TargetEntity,
  EvaluationTemplateEntity,
  TemplateVersionEntity,
  EvaluationEntity,
  ManualScoreEntity,
  ScorecardEntity,
  ScorecardItemEntity,
  AppealEntity,
  CustomMetricEntity,
];
