import { difference, type MetricEntry, ratio, simple } from '../metric';

/** What inquiries and orders bring in. */
export const SALES_METRICS: Readonly<Record<string, MetricEntry>> = {
  inquiringBuyers: {
    name: { en: 'Inquiring buyers', 'zh-CN': '询单人数' },
    description: {
      en: 'Buyers with an inquiry session, each counted once over the period. For an agent, a buyer of a day whom the agent only helped towards a sale of a colleague is left out.',
      'zh-CN': '有询单会话的买家数,整个周期内每位买家只计一次。按客服统计时,当天仅协助同事成交的买家不计入。单位:人。',
    },
    parts: simple('inquiringBuyers'),
    unit: 'COUNT',
    direction: 'NEUTRAL',
    sources: ['HUOLAKE'],
  },
  orderingBuyers: {
    name: { en: 'Ordering buyers', 'zh-CN': '下单人数' },
    description: {
      en: 'Buyers whose inquiry got the credit for an order, counted on the day of the inquiry. Orders cancelled later count.',
      'zh-CN': '询单后下单且订单归属该询单会话的买家数,计在询单当天;之后取消的订单也计入。单位:人。',
    },
    parts: simple('orderingBuyers'),
    unit: 'COUNT',
    direction: 'HIGHER_IS_BETTER',
    sources: ['HUOLAKE'],
  },
  payingBuyers: {
    name: { en: 'Paying buyers', 'zh-CN': '询单付款人数' },
    description: {
      en: 'Buyers whose inquiry got the credit for an order that was paid and not cancelled, counted on the day of the inquiry.',
      'zh-CN': '询单后下单并付款(未取消)的买家数,计在询单当天。单位:人。',
    },
    parts: simple('payingBuyers'),
    unit: 'COUNT',
    direction: 'HIGHER_IS_BETTER',
    sources: ['HUOLAKE', 'MMKER_PDD'],
  },
  inquiryConversionRate: {
    name: { en: 'Inquiry conversion rate', 'zh-CN': '咨询转化率' },
    description: {
      en: 'Share of the inquiring buyers who ordered. Null when nobody inquired.',
      'zh-CN': '下单人数占询单人数的比例;无人询单时为空。',
    },
    parts: ratio('orderingBuyers', 'inquiringBuyers'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: ['HUOLAKE'],
  },
  inquirySessions: {
    name: { en: 'Inquiry sessions', 'zh-CN': '询单会话数' },
    description: {
      en: 'Sessions that are neither after-sale nor an unanswered call; several sessions of one buyer count each.',
      'zh-CN': '非售后且非未接来电的会话数,同一买家的多次会话分别计数。单位:次。',
    },
    parts: simple('inquirySessions'),
    unit: 'COUNT',
    direction: 'NEUTRAL',
    sources: ['COLLECTION'],
  },
  conversionPerInquiry: {
    name: { en: 'Conversion per inquiry session', 'zh-CN': '咨询转化率(按咨询量)' },
    description: {
      en: 'Ordering buyers for each inquiry session: like the inquiry conversion rate, but over sessions instead of buyers. Null without sessions.',
      'zh-CN': '下单人数与询单会话数之比,即以咨询量而非人数为分母的转化率;无询单会话时为空。',
    },
    parts: ratio('orderingBuyers', 'inquirySessions'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  inquiryPaidConversionRate: {
    name: { en: 'Paid inquiry conversion rate', 'zh-CN': '成功率' },
    description: {
      en: 'Share of the inquiring buyers who paid. It equals inquiry conversion rate × order success rate. Null when nobody inquired.',
      'zh-CN': '询单付款人数占询单人数的比例,即淘宝的询单转化率,等于咨询转化率 × 下单成功率;无人询单时为空。',
    },
    parts: ratio('payingBuyers', 'inquiringBuyers'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: ['HISHOP', 'MMKER_PDD'],
  },
  orderSuccessRate: {
    name: { en: 'Order success rate', 'zh-CN': '下单成功率' },
    description: {
      en: 'Share of the ordering buyers who paid. Null when nobody ordered.',
      'zh-CN': '询单付款人数占下单人数的比例,又称最终下单率;无人下单时为空。',
    },
    parts: ratio('payingBuyers', 'orderingBuyers'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: ['HUOLAKE', 'MMKER'],
  },
  placedOrders: {
    name: { en: 'Orders placed', 'zh-CN': '拍下笔数' },
    description: {
      en: 'Orders credited to an agent, by the day they were placed. Cancelled orders count.',
      'zh-CN': '归属客服的订单数,按拍下日计,已取消的也计入。单位:笔。',
    },
    parts: simple('placedOrders'),
    unit: 'COUNT',
    direction: 'HIGHER_IS_BETTER',
    sources: ['HISHOP'],
  },
  paidOrders: {
    name: { en: 'Orders paid', 'zh-CN': '成交笔数' },
    description: {
      en: 'Orders credited to an agent that were paid and not cancelled, by the day they were paid.',
      'zh-CN': '归属客服、已付款且未取消的订单数,按付款日计。单位:笔。',
    },
    parts: simple('paidOrders'),
    unit: 'COUNT',
    direction: 'HIGHER_IS_BETTER',
    sources: ['HISHOP'],
  },
  paymentRate: {
    name: { en: 'Payment rate', 'zh-CN': '支付率' },
    description: {
      en: 'Of the credited orders placed in the period, the share that was paid, whenever that was, and not cancelled. Counts orders, not people. Null without orders.',
      'zh-CN': '周期内拍下且归属客服的订单中,已付款(不限付款时间)且未取消的比例;按订单而非人数计,无订单时为空。',
    },
    parts: ratio('placedOrdersPaid', 'placedOrders'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: ['HISHOP'],
  },
  salesAmount: {
    name: { en: 'Sales amount', 'zh-CN': '销售额' },
    description: {
      en: 'Amount paid for the credited orders, by the day they were paid, in the currency of the shops. Refunds are not taken off. Null over several currencies.',
      'zh-CN': '归属客服的已付款未取消订单的实付金额,按付款日计,以店铺币种计价,不扣除退款;涉及多种货币时为空。',
    },
    parts: simple('salesAmount'),
    unit: 'MONEY',
    direction: 'HIGHER_IS_BETTER',
    sources: ['HUOLAKE'],
  },
  netSalesAmount: {
    name: { en: 'Net sales amount', 'zh-CN': '净销售额' },
    description: {
      en: 'Sales amount less the completed refunds of credited sales that were closed in the period. Negative where more was given back than sold.',
      'zh-CN': '销售额减去周期内完结的、归属客服成交订单的退款金额;退款多于成交时为负。',
    },
    parts: difference('salesAmount', 'refundedSalesAmount'),
    unit: 'MONEY',
    direction: 'HIGHER_IS_BETTER',
    sources: [],
  },
  salesBuyers: {
    name: { en: 'Buyers who bought', 'zh-CN': '成交买家数' },
    description: {
      en: 'Buyers with a credited sale paid in the period, each counted once.',
      'zh-CN': '周期内有归属客服的成交订单(按付款日计)的买家数,每位买家只计一次。单位:人。',
    },
    parts: simple('salesBuyers'),
    unit: 'COUNT',
    direction: 'HIGHER_IS_BETTER',
    sources: ['MMKER_PDD'],
  },
  averageSpendPerBuyer: {
    name: { en: 'Average spend per buyer', 'zh-CN': '客单价' },
    description: {
      en: 'Sales amount for each buyer who bought. Null without buyers or over several currencies.',
      'zh-CN': '销售额除以成交买家数;无成交买家或涉及多种货币时为空。',
    },
    parts: ratio('salesAmount', 'salesBuyers'),
    unit: 'MONEY',
    direction: 'HIGHER_IS_BETTER',
    sources: ['MMKER_PDD'],
  },
  averageItemPrice: {
    name: { en: 'Average item price', 'zh-CN': '询单成交件单价' },
    description: {
      en: 'Sales amount for each item sold. Null without items or over several currencies.',
      'zh-CN': '销售额除以成交件数;无成交或涉及多种货币时为空。',
    },
    parts: ratio('salesAmount', 'itemsSold'),
    unit: 'MONEY',
    direction: 'HIGHER_IS_BETTER',
    sources: ['HISHOP'],
  },
  averageOrderValue: {
    name: { en: 'Average order value', 'zh-CN': '笔单价' },
    description: {
      en: 'Sales amount for each order paid. Null without orders or over several currencies.',
      'zh-CN': '销售额除以成交笔数;无成交或涉及多种货币时为空。',
    },
    parts: ratio('salesAmount', 'paidOrders'),
    unit: 'MONEY',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  itemsSold: {
    name: { en: 'Items sold', 'zh-CN': '成交件数' },
    description: {
      en: 'Items of the credited sales, by the day they were paid.',
      'zh-CN': '归属客服的成交订单的商品件数,按付款日计。单位:件。',
    },
    parts: simple('itemsSold'),
    unit: 'ITEMS',
    direction: 'HIGHER_IS_BETTER',
    sources: ['HISHOP'],
  },
  itemsPerBuyer: {
    name: { en: 'Items per buyer', 'zh-CN': '人均成交件数' },
    description: {
      en: 'Items sold for each buyer who bought. Times the average item price it gives the average spend per buyer. Null without buyers.',
      'zh-CN': '成交件数除以成交买家数,又称客件数;与询单成交件单价相乘即客单价;无成交买家时为空。',
    },
    parts: ratio('itemsSold', 'salesBuyers'),
    unit: 'ITEMS',
    direction: 'HIGHER_IS_BETTER',
    sources: ['HISHOP', 'MMKER'],
  },
  assistedBuyers: {
    name: { en: 'Assisted buyers', 'zh-CN': '协助跟进人数' },
    description: {
      en: 'Buyers whom the agent helped towards a sale that is credited to another agent, counted on the day of the inquiry.',
      'zh-CN': '由本客服协助、成交归属其他客服的买家数,计在询单当天。单位:人。',
    },
    parts: simple('assistedBuyers'),
    unit: 'COUNT',
    direction: 'HIGHER_IS_BETTER',
    sources: ['MMKER_PDD'],
  },
  shopSalesAmount: {
    name: { en: 'Shop sales amount', 'zh-CN': '店铺销售额' },
    description: {
      en: 'Amount paid for all orders of the shop that were not cancelled, whether an agent has the credit or not, by the day they were paid.',
      'zh-CN': '店铺全部已付款未取消订单的实付金额,无论是否归属客服,按付款日计;涉及多种货币时为空。',
    },
    parts: simple('shopSalesAmount'),
    unit: 'MONEY',
    direction: 'HIGHER_IS_BETTER',
    sources: [],
  },
  serviceSalesShare: {
    name: { en: 'Service share of sales', 'zh-CN': '客服销售占比' },
    description: {
      en: 'Share of the shop sales amount that is credited to agents. Null without sales or over several currencies.',
      'zh-CN': '归属客服的销售额占店铺销售额的比例;无成交或涉及多种货币时为空。',
    },
    parts: ratio('salesAmount', 'shopSalesAmount'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: [],
  },
  repurchaseRate: {
    name: { en: 'Repurchase rate', 'zh-CN': '复购率' },
    description: {
      en: 'Share of the buyers who bought in the period and had already paid another order in that shop in the 365 × 24 hours before. Null without buyers.',
      'zh-CN': '成交买家中,此前 365 × 24 小时内在同一店铺已有其他成交的比例;无成交买家时为空。',
    },
    parts: ratio('returningBuyers', 'salesBuyers'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  badReviews: {
    name: { en: 'Bad reviews', 'zh-CN': '中差评数' },
    description: {
      en: 'Credited sales that the buyer reviewed with 3 stars or fewer, by the day they were paid.',
      'zh-CN': '归属客服的成交订单中评分不高于 3 星的订单数,按付款日计。单位:笔。',
    },
    parts: simple('badReviews'),
    unit: 'COUNT',
    direction: 'LOWER_IS_BETTER',
    sources: ['HUOLAKE'],
  },
};
