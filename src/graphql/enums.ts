import { registerEnumType } from 'type-graphql';
import { SCOPES } from '../domain/access';
import { ADDITIVITIES, GRAINS, KPI_DIMENSIONS, METRIC_DIRECTIONS, METRIC_UNITS } from '../domain/metric';
import {
  AGENT_LEVELS,
  AGENT_ROLES,
  CHANNELS,
  COMPLETERS,
  EXCLUSION_REASONS,
  LIABILITIES,
  PLATFORMS,
  PURPOSES,
  REFUND_KINDS,
  REFUND_STATUSES,
  SENDERS,
  TOUCHES,
} from '../domain/records';

/** Registers a union of strings as an enum: values are their own names, inside and out. */
export function enumOf<const V extends string>(
  name: string,
  description: string,
  values: readonly V[],
  meanings: Readonly<Record<V, string>>,
): Readonly<Record<V, V>> {
  const members = Object.fromEntries(values.map((value) => [value, value])) as Record<V, V>;
  const valuesConfig = Object.fromEntries(values.map((value) => [value, { description: meanings[value] }])) as Record<
    V,
    { description: string }
  >;
  registerEnumType(members, { name, description, valuesConfig });
  return members;
}

export const Scope = enumOf('Scope', 'What a key may do.', SCOPES, {
  KPI_READ: 'Read KPIs, targets and observations.',
  RECORDS_READ: 'Read sessions, orders, refunds, complaints and buyers.',
  EVALUATION_READ: 'Read templates, evaluations and scorecards, without payouts.',
  PAY_READ: 'Read payouts; without it they are null.',
  EVALUATION_WRITE: 'Write templates and evaluations, and define metrics.',
  SCORE_WRITE: 'Record manual scores and appeals.',
  INGEST: 'Send records and exclude them.',
  ADMIN: 'Manage keys and read the audit trail.',
});

export const Platform = enumOf('Platform', 'Where a shop sells.', PLATFORMS, {
  TAOBAO: 'Taobao.',
  TMALL: 'Tmall.',
  JD: 'JD.com.',
  PDD: 'Pinduoduo.',
  DOUYIN: 'Douyin.',
  KUAISHOU: 'Kuaishou.',
  XIAOHONGSHU: 'Xiaohongshu.',
  SHOPIFY: 'Shopify.',
  AMAZON: 'Amazon.',
  OTHER: 'Any other platform, or a shop of its own.',
});

export const Touch = enumOf('Touch', 'Which of the sessions before an order gets its credit.', TOUCHES, {
  FIRST: 'The first inquiry session within the window.',
  LAST: 'The last inquiry session within the window.',
});

export const AgentLevel = enumOf('AgentLevel', 'Level of experience.', AGENT_LEVELS, {
  JUNIOR: 'Beginner.',
  INTERMEDIATE: 'Works without help.',
  SENIOR: 'Experienced.',
  EXPERT: 'Leads others.',
});

export const AgentRole = enumOf('AgentRole', 'What an agent does.', AGENT_ROLES, {
  PRE_SALE: 'Answers inquiries before the sale.',
  AFTER_SALE: 'Handles what comes after the sale.',
  GENERAL: 'Both.',
});

export const Channel = enumOf('Channel', 'How a session was held.', CHANNELS, {
  CHAT: 'Text chat on the platform.',
  VOICE: 'Telephone call.',
  EMAIL: 'E-mail.',
  TICKET: 'Ticket.',
});

export const Purpose = enumOf('Purpose', 'What a session was about.', PURPOSES, {
  PRE_SALE: 'An inquiry before a purchase.',
  AFTER_SALE: 'A matter after a purchase; never an inquiry.',
});

export const Sender = enumOf('Sender', 'Who sent a message.', SENDERS, {
  BUYER: 'The buyer.',
  AGENT: 'The human agent.',
  BOT: 'A machine; its messages never count as replies.',
});

export const ExclusionReason = enumOf(
  'ExclusionReason',
  'Why a record is left out of all numbers.',
  EXCLUSION_REASONS,
  {
    SPAM: 'Spam.',
    ADVERT: 'Advertising.',
    TEST: 'A test.',
    TRANSFER_ERROR: 'Assigned to the wrong agent.',
    DUPLICATE: 'The same as another record.',
    OTHER: 'Another reason, told in the note.',
  },
);

export const RefundKind = enumOf('RefundKind', 'What the buyer asks for.', REFUND_KINDS, {
  NOT_RECEIVED: 'Money back for goods that did not arrive.',
  REFUND_ONLY: 'Money back without sending the goods back.',
  RETURN_AND_REFUND: 'Money back for goods sent back.',
  EXCHANGE: 'Other goods instead.',
});

export const RefundStatus = enumOf('RefundStatus', 'How far a refund is.', REFUND_STATUSES, {
  OPEN: 'Asked for and not decided.',
  COMPLETED: 'Paid back.',
  REJECTED: 'Refused.',
  WITHDRAWN: 'Taken back by the buyer.',
});

export const Liability = enumOf('Liability', 'Who was found to be at fault.', LIABILITIES, {
  MERCHANT: 'The shop.',
  BUYER: 'The buyer.',
  NONE: 'Nobody.',
});

export const CompletedBy = enumOf('CompletedBy', 'Who completed a refund.', COMPLETERS, {
  MERCHANT: 'The shop itself.',
  PLATFORM: 'The platform.',
});

export const AttributionBasis = enumOf(
  'AttributionBasis',
  'Why an order is credited as it is.',
  ['EXPLICIT', 'FIRST_TOUCH', 'LAST_TOUCH', 'UNATTRIBUTED'],
  {
    EXPLICIT: 'The source named the agent.',
    FIRST_TOUCH: 'The first inquiry session within the window.',
    LAST_TOUCH: 'The last inquiry session within the window.',
    UNATTRIBUTED: 'No inquiry session within the window: a silent sale.',
  },
);

export const OrderDirection = enumOf('OrderDirection', 'Which way a list is sorted.', ['ASC', 'DESC'], {
  ASC: 'Smallest or earliest first.',
  DESC: 'Largest or latest first.',
});

const UPDATED_AT = 'When the record was last changed here.';

export const SessionOrderField = enumOf(
  'SessionOrderField',
  'What sessions are sorted by.',
  ['STARTED_AT', 'UPDATED_AT'],
  {
    STARTED_AT: 'When the session began.',
    UPDATED_AT,
  },
);

export const OrderOrderField = enumOf(
  'OrderOrderField',
  'What orders are sorted by.',
  ['PLACED_AT', 'PAID_AT', 'UPDATED_AT', 'AMOUNT'],
  {
    PLACED_AT: 'When the order was placed.',
    PAID_AT: 'When it was paid; unpaid ones last.',
    UPDATED_AT,
    AMOUNT: 'The amount ordered, whatever the currency.',
  },
);

export const RefundOrderField = enumOf(
  'RefundOrderField',
  'What refunds are sorted by.',
  ['OPENED_AT', 'CLOSED_AT', 'UPDATED_AT'],
  { OPENED_AT: 'When the refund was asked for.', CLOSED_AT: 'When it was closed; open ones last.', UPDATED_AT },
);

export const ComplaintOrderField = enumOf(
  'ComplaintOrderField',
  'What complaints are sorted by.',
  ['OPENED_AT', 'UPDATED_AT'],
  { OPENED_AT: 'When the complaint was made.', UPDATED_AT },
);

/** Enums by the names that record shapes use for them. */
export const RECORD_ENUMS: Readonly<Record<string, object>> = {
  Platform,
  Touch,
  AgentLevel,
  AgentRole,
  Channel,
  Purpose,
  Sender,
  ExclusionReason,
  RefundKind,
  RefundStatus,
  Liability,
  CompletedBy,
};

export const MetricUnit = enumOf('MetricUnit', 'What a value of a metric is measured in.', METRIC_UNITS, {
  COUNT: 'Whole number of things or people.',
  RATIO: 'Share or rate; 0.4 is 40 %.',
  SECONDS: 'Seconds.',
  HOURS: 'Hours.',
  MONEY: 'Amount in the currency of the shops.',
  SCORE: 'Points of a scale that the source defines.',
  ITEMS: 'Items sold.',
  INDEX: 'Number without a unit.',
});

export const MetricDirection = enumOf('MetricDirection', 'Which way a metric is better.', METRIC_DIRECTIONS, {
  HIGHER_IS_BETTER: 'More is better.',
  LOWER_IS_BETTER: 'Less is better.',
  NEUTRAL: 'Neither.',
});

export const MetricGrain = enumOf('MetricGrain', 'Whom a metric has a meaning for.', GRAINS, {
  AGENT: 'Agents, and sets of agents such as teams.',
  SHOP: 'Shops, and sets of shops such as clients.',
});

export const Additivity = enumOf(
  'Additivity',
  'What becomes of values of a metric when they are put together.',
  ADDITIVITIES,
  {
    ADDITIVE: 'They add up over days.',
    DISTINCT: 'They count people, and add up over shops only.',
    RATIO: 'Their parts must be put together instead.',
    MAXIMUM: 'They do not add up at all.',
  },
);

export const KpiDimension = enumOf('KpiDimension', 'What KPIs can be grouped by.', KPI_DIMENSIONS, {
  ORGANIZATION: 'All of the organization as one.',
  CLIENT: 'The client that a shop belongs to.',
  SHOP: 'The shop.',
  PLATFORM: 'The platform of the shop.',
  TEAM: 'The present team of the agent.',
  AGENT: 'The agent.',
  LEVEL: 'The present level of the agent.',
  ROLE: 'The present role of the agent.',
  CHANNEL: 'The channel of the session.',
  PURPOSE: 'The purpose of the session.',
  HOUR_OF_DAY: 'The hour in which the session began, 0 to 23 by the clock of the shop.',
  COMPLAINT_CATEGORY: 'The category of the complaint.',
  REFUND_KIND: 'The kind of the refund.',
});
