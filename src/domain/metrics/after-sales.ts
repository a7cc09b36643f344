import { HOUR_MS, type MetricEntry, ratio, SECOND_MS, simple } from '../metric';

/** Refunds, complaints, satisfaction and what comes after. */
export const AFTER_SALES_METRICS: Readonly<Record<string, MetricEntry>> = {
  refundCount: {
    name: { en: 'Refunds', 'zh-CN': '退款笔数' },
    description: {
      en: 'Refunds by the day they were opened, also those of unpaid or cancelled orders.',
      'zh-CN': '退款笔数,按发起日计,未付款或已取消订单的退款也计入。单位:笔。',
    },
    parts: simple('refundCount'),
    unit: 'COUNT',
    direction: 'LOWER_IS_BETTER',
    defaultWindowDays: 28,
    sources: ['HISHOP'],
  },
  refundRate: {
    name: { en: 'Refund rate', 'zh-CN': '退款率' },
    description: {
      en: 'Refunds opened for each sub-order paid on the same days; judges shops rather than agents. Null without paid sub-orders.',
      'zh-CN': '退款笔数与同期付款子订单数之比,宜用于考核店铺;无付款子订单时为空。',
    },
    parts: ratio('refundCount', 'paidSubOrders'),
    unit: 'RATIO',
    direction: 'LOWER_IS_BETTER',
    defaultWindowDays: 28,
    sources: ['HISHOP'],
  },
  refundDisputeRate: {
    name: { en: 'Refund dispute rate', 'zh-CN': '退款纠纷率' },
    description: {
      en: 'Refunds that became a dispute, by the day they did, for each sub-order paid on the same days; judges shops rather than agents. Null without paid sub-orders.',
      'zh-CN': '进入纠纷的退款(按纠纷日计)与同期付款子订单数之比,宜用于考核店铺;无付款子订单时为空。',
    },
    parts: ratio('refundsDisputed', 'paidSubOrders'),
    unit: 'RATIO',
    direction: 'LOWER_IS_BETTER',
    defaultWindowDays: 28,
    sources: ['HISHOP'],
  },
  merchantLiableRefundRate: {
    name: { en: 'Merchant-liable refund rate', 'zh-CN': '纠纷退款率(拼多多)' },
    description: {
      en: 'Completed refunds in which the platform stepped in and found the merchant liable, by the day they closed, for each sub-order paid on the same days. Null without paid sub-orders.',
      'zh-CN': '平台介入且判商家责任的已完成退款(按完结日计)与同期付款子订单数之比;无付款子订单时为空。',
    },
    parts: ratio('refundsMerchantLiable', 'paidSubOrders'),
    unit: 'RATIO',
    direction: 'LOWER_IS_BETTER',
    defaultWindowDays: 28,
    sources: ['MMKER'],
  },
  selfResolvedRefundRate: {
    name: { en: 'Self-resolved refund rate', 'zh-CN': '退款自主完结率' },
    description: {
      en: 'Share of the refunds completed in the period that the merchant completed without the platform. Null without completed refunds.',
      'zh-CN': '周期内完成的退款中由商家自主完结的比例;无已完成退款时为空。',
    },
    parts: ratio('refundsCompletedByMerchant', 'refundsCompleted'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    defaultWindowDays: 28,
    sources: ['HISHOP'],
  },
  refundCompletionHours: {
    name: { en: 'Refund completion time', 'zh-CN': '退款完结时长' },
    description: {
      en: 'Mean hours from opening to closing of the refunds that the merchant completed in the period. Null without any.',
      'zh-CN': '周期内由商家完结的退款从发起到完结的平均小时数;无此类退款时为空。',
    },
    parts: ratio('merchantRefundMs', 'refundsCompletedByMerchant', HOUR_MS),
    unit: 'HOURS',
    direction: 'LOWER_IS_BETTER',
    defaultWindowDays: 28,
    sources: ['HISHOP'],
  },
  averageRefundHours: {
    name: { en: 'Average refund time', 'zh-CN': '平均退款速度' },
    description: {
      en: 'Mean hours from opening to closing of all refunds completed in the period, by whomever. Null without any.',
      'zh-CN': '周期内全部已完成退款(不论由谁完结)从发起到完结的平均小时数;无已完成退款时为空。',
    },
    parts: ratio('refundMs', 'refundsCompleted', HOUR_MS),
    unit: 'HOURS',
    direction: 'LOWER_IS_BETTER',
    defaultWindowDays: 30,
    sources: ['MMKER'],
  },
  complaintCount: {
    name: { en: 'Complaints', 'zh-CN': '投诉笔数' },
    description: {
      en: 'Sub-orders that complaints are about, by the day these were opened: one complaint about three sub-orders counts three.',
      'zh-CN': '投诉涉及的子订单数,按投诉发起日计,一次投诉涉及三个子订单计三笔。单位:笔。',
    },
    parts: simple('complaintCount'),
    unit: 'COUNT',
    direction: 'LOWER_IS_BETTER',
    defaultWindowDays: 28,
    sources: ['HISHOP'],
  },
  complaintRate: {
    name: { en: 'Complaint rate', 'zh-CN': '投诉率' },
    description: {
      en: 'Sub-orders complained about for each sub-order paid on the same days; judges shops rather than agents. Null without paid sub-orders.',
      'zh-CN': '投诉笔数与同期付款子订单数之比,宜用于考核店铺;无付款子订单时为空。',
    },
    parts: ratio('complaintCount', 'paidSubOrders'),
    unit: 'RATIO',
    direction: 'LOWER_IS_BETTER',
    defaultWindowDays: 28,
    sources: ['HISHOP', 'COLLECTION'],
  },
  complaintsPerSession: {
    name: { en: 'Complaints per session', 'zh-CN': '每会话投诉率' },
    description: {
      en: 'Complaints opened, each counted once, for each session handled on the same days. Null without handled sessions.',
      'zh-CN': '投诉次数(不按子订单)与同期接待会话数之比;无接待会话时为空。',
    },
    parts: ratio('complaintsOpened', 'sessionsHandled'),
    unit: 'RATIO',
    direction: 'LOWER_IS_BETTER',
    sources: ['COLLECTION', 'MMKER'],
  },
  upheldComplaints: {
    name: { en: 'Complaints upheld', 'zh-CN': '成立投诉数' },
    description: {
      en: 'Complaints found to be right, each counted once, by the day they were opened; undecided ones are not counted.',
      'zh-CN': '判定成立的投诉数,按发起日计,每次投诉计一次,未判定的不计。单位:次。',
    },
    parts: simple('upheldComplaints'),
    unit: 'COUNT',
    direction: 'LOWER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  complaintResolutionRate: {
    name: { en: 'Complaint resolution rate', 'zh-CN': '投诉解决率' },
    description: {
      en: 'Of the complaints opened in the period, the share resolved, whenever that was. Null without complaints.',
      'zh-CN': '周期内发起的投诉中已解决(不限解决时间)的比例;无投诉时为空。',
    },
    parts: ratio('complaintsResolved', 'complaintsOpened'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  csatAverage: {
    name: { en: 'Average satisfaction', 'zh-CN': '满意度均分' },
    description: {
      en: 'Mean satisfaction score, 1 to 5, of the sessions that got one. Null without scores.',
      'zh-CN': '有满意度评分的会话的平均分(1 至 5 分);无评分时为空。',
    },
    parts: ratio('satisfactionPoints', 'sessionsRated'),
    unit: 'SCORE',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  csatRate: {
    name: { en: 'Satisfaction rate', 'zh-CN': '客户满意度' },
    description: {
      en: 'Share of the scored sessions with a satisfaction of 4 or 5. Null without scores.',
      'zh-CN': '有评分的会话中评分为 4 分或 5 分的比例;无评分时为空。',
    },
    parts: ratio('sessionsSatisfied', 'sessionsRated'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  resolutionRate: {
    name: { en: 'Resolution rate', 'zh-CN': '问题解决率' },
    description: {
      en: 'Share of the handled sessions of known outcome that were resolved. Null where no outcome is known.',
      'zh-CN': '结果已知的已处理会话中问题得到解决的比例;结果均未知时为空。',
    },
    parts: ratio('sessionsResolved', 'sessionsWithOutcome'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  firstContactResolutionRate: {
    name: { en: 'First contact resolution rate', 'zh-CN': '一次性解决率 FCR' },
    description: {
      en: 'Share of the handled sessions resolved on first contact, among those where the source says whether they were. Null where it never does.',
      'zh-CN': '已知是否一次性解决的已处理会话中一次性解决的比例;均未知时为空。',
    },
    parts: ratio('sessionsResolvedOnFirstContact', 'sessionsWithFirstContactOutcome'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  averageResolutionSeconds: {
    name: { en: 'Average resolution time', 'zh-CN': '平均解决时长' },
    description: {
      en: 'Mean seconds from start to end of the handled sessions that were resolved and have an end. Null without any.',
      'zh-CN': '已解决且有结束时间的已处理会话从开始到结束的平均秒数;无此类会话时为空。',
    },
    parts: ratio('resolutionMs', 'sessionsResolvedWithEnd', SECOND_MS),
    unit: 'SECONDS',
    direction: 'LOWER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  afterSalesRepurchaseRate: {
    name: { en: 'After-sales repurchase rate', 'zh-CN': '售后转化率' },
    description: {
      en: 'Share of the buyers with an after-sale session who then placed an order that was paid within 30 × 24 hours of the start of that session, and not cancelled. Null without such buyers.',
      'zh-CN':
        '有售后会话的买家中,在会话开始后又下单、于会话开始起 30 × 24 小时内付款且未取消的比例;无售后买家时为空。',
    },
    parts: ratio('afterSalesReturningBuyers', 'afterSalesBuyers'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  },
};
