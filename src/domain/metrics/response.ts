import { HOUR_MS, type MetricEntry, ratio, SECOND_MS, simple } from '../metric';

function fastResponseRate(seconds: 10 | 20 | 30 | 60 | 180): [string, MetricEntry] {
  const entry: MetricEntry = {
    name: { en: `Responses within ${seconds} s`, 'zh-CN': `${seconds}秒快速响应率` },
    description: {
      en: `Share of the rounds that got a human reply within ${seconds} seconds, that limit included; unanswered rounds are in the denominator. Null without rounds of known times.`,
      'zh-CN': `在 ${seconds} 秒内(含)得到人工回复的轮次占全部轮次(含未回复)的比例;没有消息时间时为空。`,
    },
    parts: ratio(`roundsWithin${seconds}s`, 'timedRounds'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  };
  return [`fastResponseRate${seconds}`, entry];
}

function serviceLevel(seconds: 20 | 30 | 60): [string, MetricEntry] {
  const entry: MetricEntry = {
    name: { en: `Service level ${seconds} s`, 'zh-CN': `${seconds}秒服务水平` },
    description: {
      en: `Share of the calls offered that were answered after waiting at most ${seconds} seconds. Null without calls.`,
      'zh-CN': `呼入来电中等待不超过 ${seconds} 秒即被接听的比例;无来电时为空。`,
    },
    parts: ratio(`callsAnsweredWithin${seconds}s`, 'callsOffered'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  };
  return [`serviceLevel${seconds}s`, entry];
}

/** How fast, how long and how much agents serve. */
export const RESPONSE_METRICS: Readonly<Record<string, MetricEntry>> = {
  receivedBuyers: {
    name: { en: 'Buyers received', 'zh-CN': '接待人数' },
    description: {
      en: 'Buyers with a session, each counted once over the period.',
      'zh-CN': '有会话的买家数,整个周期内每位买家只计一次。单位:人。',
    },
    parts: simple('receivedBuyers'),
    unit: 'COUNT',
    direction: 'NEUTRAL',
    sources: ['HUOLAKE'],
  },
  replyRate: {
    name: { en: 'Reply rate', 'zh-CN': '回复率' },
    description: {
      en: 'Share of the buyers received who got a human reply or an answered call at least once in the period. Null when nobody was received.',
      'zh-CN': '接待人数中至少得到一次人工回复或来电被接听的比例;无人接待时为空。',
    },
    parts: ratio('repliedBuyers', 'receivedBuyers'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: ['HUOLAKE', 'MMKER_PDD'],
  },
  effectiveReplyRate: {
    name: { en: 'Effective reply rate', 'zh-CN': '有效回复率' },
    description: {
      en: 'Each buyer once a day: the share for whom no message inside service hours waited over an hour for a human reply and no call went unanswered. Null where no message times are known and no call went unanswered.',
      'zh-CN':
        '每位买家每天计一次:服务时间内的消息均在 1 小时内得到人工回复且无未接来电的比例;既无消息时间也无未接来电时为空。',
    },
    parts: ratio('effectiveBuyerDays', 'judgedBuyerDays'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: ['MMKER'],
  },
  averageResponseSeconds: {
    name: { en: 'Average response time', 'zh-CN': '平均响应时间' },
    description: {
      en: 'Mean seconds that the first message of a round waited for the human reply, over the rounds that got one. Null without such rounds.',
      'zh-CN': '已回复的各轮次从首条待回复消息到人工回复的平均秒数,未回复的轮次不计;无已回复轮次时为空。',
    },
    parts: ratio('responseMs', 'answeredRounds', SECOND_MS),
    unit: 'SECONDS',
    direction: 'LOWER_IS_BETTER',
    sources: ['HUOLAKE', 'HISHOP', 'COLLECTION', 'MMKER_PDD', 'MMKER'],
  },
  ...Object.fromEntries(([10, 20, 30, 60, 180] as const).map(fastResponseRate)),
  responseRateWithin30s: {
    name: { en: 'Messages answered within 30 s', 'zh-CN': '30秒应答率' },
    description: {
      en: 'Share of the buyer messages inside service hours that were followed by a human reply within 30 seconds, that limit included. Counts messages, not rounds. Null without such messages.',
      'zh-CN': '服务时间内的买家消息中,30 秒内(含)得到人工回复的比例,按消息而非轮次计;无此类消息时为空。',
    },
    parts: ratio('serviceMessagesWithin30s', 'serviceMessages'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: ['MMKER'],
  },
  averageMessageResponseSeconds: {
    name: { en: 'Average message response time', 'zh-CN': '平均人工响应时间(拼多多)' },
    description: {
      en: 'Mean seconds from each buyer message inside service hours to the next human reply, over the messages that got one. Null without such messages.',
      'zh-CN': '服务时间内每条买家消息到其后首次人工回复的平均秒数,未得到回复的消息不计;无此类消息时为空。',
    },
    parts: ratio('serviceMessageMs', 'serviceMessagesAnswered', SECOND_MS),
    unit: 'SECONDS',
    direction: 'LOWER_IS_BETTER',
    sources: ['MMKER'],
  },
  firstResponseSeconds: {
    name: { en: 'First response time', 'zh-CN': '首次响应时间' },
    description: {
      en: 'Mean seconds from the first buyer message of a session to the first human reply after it. Null where no session has both.',
      'zh-CN': '会话中首条买家消息到其后首次人工回复的平均秒数;没有同时具备两者的会话时为空。',
    },
    parts: ratio('firstResponseMs', 'firstResponses', SECOND_MS),
    unit: 'SECONDS',
    direction: 'LOWER_IS_BETTER',
    sources: ['COLLECTION', 'MMKER'],
  },
  onlineHours: {
    name: { en: 'Hours online', 'zh-CN': '在线时长' },
    description: {
      en: 'Mean hours that an account was online in a shop on a day on which it was. Overlapping spans of one account count once and are cut at local midnight. Null without any.',
      'zh-CN':
        '每个账号在每个店铺每个在线日的平均在线小时数;同一账号重叠的时段合并,并在当地零点切分;无在线记录时为空。',
    },
    parts: ratio('onlineMs', 'accountDays', HOUR_MS),
    unit: 'HOURS',
    direction: 'HIGHER_IS_BETTER',
    sources: ['HISHOP'],
  },
  sessionsReceived: {
    name: { en: 'Sessions received', 'zh-CN': '接待量' },
    description: {
      en: 'Sessions that are not excluded, answered or not, by the day they started.',
      'zh-CN': '未被过滤的会话数,无论是否回复,按开始日计。单位:次。',
    },
    parts: simple('sessionsReceived'),
    unit: 'COUNT',
    direction: 'NEUTRAL',
    sources: ['COLLECTION'],
  },
  excludedSessions: {
    name: { en: 'Excluded sessions', 'zh-CN': '过滤会话数' },
    description: {
      en: 'Sessions left out of all other numbers by the source or by a user, by the day they started.',
      'zh-CN': '被来源系统或用户过滤、不计入其他任何指标的会话数,按开始日计。单位:次。',
    },
    parts: simple('excludedSessions'),
    unit: 'COUNT',
    direction: 'NEUTRAL',
    sources: ['MMKER_PDD'],
  },
  sessionsHandled: {
    name: { en: 'Sessions handled', 'zh-CN': '接待会话数' },
    description: {
      en: 'Sessions with at least one human reply, and answered calls.',
      'zh-CN': '至少有一次人工回复的会话以及已接听的来电数。单位:次。',
    },
    parts: simple('sessionsHandled'),
    unit: 'COUNT',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  sessionsPerAgentDay: {
    name: { en: 'Sessions per agent and day', 'zh-CN': '人均处理量' },
    description: {
      en: 'Sessions handled for each agent and day in a shop on which the agent handled at least one. Null without any.',
      'zh-CN': '平均每位客服在每个店铺每个有处理记录的日子所处理的会话数;无处理记录时为空。',
    },
    parts: ratio('sessionsHandledByAgents', 'agentDays'),
    unit: 'COUNT',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  averageHandleSeconds: {
    name: { en: 'Average handle time', 'zh-CN': '平均处理时间 AHT' },
    description: {
      en: 'Mean seconds of talk, hold and wrap-up of the handled sessions, or from start to end where none of these is known. Null where no time is known.',
      'zh-CN': '已处理会话的通话、保持与话后处理的平均总秒数;三者均未知时取开始到结束的时间;均无时间时为空。',
    },
    parts: ratio('handleMs', 'sessionsWithHandleTime', SECOND_MS),
    unit: 'SECONDS',
    direction: 'LOWER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  peakConcurrentSessions: {
    name: { en: 'Peak of concurrent sessions', 'zh-CN': '问题峰值' },
    description: {
      en: 'Most sessions that an agent had open at the same instant, among those of one shop and day. Without an end a session lasts to its last message. Null without sessions of known length; a maximum, it is not available for several agents together.',
      'zh-CN':
        '客服在同一店铺同一天的会话中同时进行的最大数量;无结束时间的会话持续到最后一条消息;没有已知时长的会话时为空,不适用于多名客服合计。单位:次。',
    },
    parts: simple('peakConcurrentSessions'),
    unit: 'COUNT',
    direction: 'NEUTRAL',
    sources: ['COLLECTION'],
  },
  callsOffered: {
    name: { en: 'Calls offered', 'zh-CN': '呼入量' },
    description: {
      en: 'Calls that came in, answered or not.',
      'zh-CN': '呼入的来电数,无论是否接听。单位:通。',
    },
    parts: simple('callsOffered'),
    unit: 'COUNT',
    direction: 'NEUTRAL',
    sources: ['COLLECTION'],
  },
  callsAnswered: {
    name: { en: 'Calls answered', 'zh-CN': '接听量' },
    description: {
      en: 'Calls that were answered; where the source does not say, a call was not.',
      'zh-CN': '已接听的来电数;来源未说明的视为未接听。单位:通。',
    },
    parts: simple('callsAnswered'),
    unit: 'COUNT',
    direction: 'NEUTRAL',
    sources: ['COLLECTION'],
  },
  answerRate: {
    name: { en: 'Answer rate', 'zh-CN': '接通率' },
    description: {
      en: 'Share of the calls offered that were answered. Null without calls.',
      'zh-CN': '呼入来电中已接听的比例;无来电时为空。',
    },
    parts: ratio('callsAnswered', 'callsOffered'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  ...Object.fromEntries(([20, 30, 60] as const).map(serviceLevel)),
  averageWaitSeconds: {
    name: { en: 'Average wait', 'zh-CN': '平均等待时间' },
    description: {
      en: 'Mean seconds that answered calls had waited, over those whose waiting time is known. Null without such calls.',
      'zh-CN': '已接听且等待时间已知的来电的平均等待秒数;无此类来电时为空。',
    },
    parts: ratio('waitSeconds', 'callsWithWaitTime'),
    unit: 'SECONDS',
    direction: 'LOWER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  averageTalkSeconds: {
    name: { en: 'Average talk time', 'zh-CN': '呼入通话时长' },
    description: {
      en: 'Mean seconds of talk of answered calls, over those whose talk time is known. Null without such calls.',
      'zh-CN': '已接听且通话时间已知的来电的平均通话秒数;无此类来电时为空。',
    },
    parts: ratio('talkSeconds', 'callsWithTalkTime'),
    unit: 'SECONDS',
    direction: 'LOWER_IS_BETTER',
    sources: ['COLLECTION'],
  },
};
