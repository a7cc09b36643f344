import { formula, type MetricEntry } from '../metric';

/** What is made of observations, targets and other metrics; null where one of these is missing. */
export const FORMULA_METRICS: Readonly<Record<string, MetricEntry>> = {
  callVolumeIndex: {
    name: { en: 'Call volume index', 'zh-CN': '话务量指标' },
    description: {
      en: 'Calls offered less the calls complained about (observation complaintCalls), for each call of the target callVolume. Null without the observation or the target.',
      'zh-CN': '呼入量减去被投诉电话数(观测值 complaintCalls),再除以目标 callVolume;缺少观测值或目标时为空。',
    },
    parts: formula('(callsOffered - sum(complaintCalls)) / target(callVolume)'),
    unit: 'INDEX',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  serviceQualityIndex: {
    name: { en: 'Service quality index', 'zh-CN': '服务质量指标' },
    description: {
      en: 'Mean of the average exam and assessment scores (observations exam and assessment), less the complaints upheld times the target complaintCoefficient; at least 0. Null where a part is missing.',
      'zh-CN':
        '考试平均分与考核平均分(观测值 exam、assessment)的均值,减去成立投诉数乘以目标 complaintCoefficient,最低为 0;缺少任一项时为空。',
    },
    parts: formula('max(0, (avg(exam) + avg(assessment)) / 2 - upheldComplaints * target(complaintCoefficient))'),
    unit: 'INDEX',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  trainingIndex: {
    name: { en: 'Training index', 'zh-CN': '培训考核指标' },
    description: {
      en: 'Average training score (observation training) less the absences (observation trainingAbsences) times the target absenceCoefficient. Null where a part is missing.',
      'zh-CN':
        '培训平均分(观测值 training)减去缺勤次数(观测值 trainingAbsences)乘以目标 absenceCoefficient;缺少任一项时为空。',
    },
    parts: formula('avg(training) - sum(trainingAbsences) * target(absenceCoefficient)'),
    unit: 'INDEX',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  attendanceRate: {
    name: { en: 'Attendance rate', 'zh-CN': '出勤率' },
    description: {
      en: 'Days present for each day scheduled (observations daysPresent and daysScheduled). Null without them.',
      'zh-CN': '实际出勤天数与应出勤天数之比(观测值 daysPresent、daysScheduled);缺少观测值时为空。',
    },
    parts: formula('sum(daysPresent) / sum(daysScheduled)'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  knowledgeScore: {
    name: { en: 'Knowledge score', 'zh-CN': '知识技能' },
    description: {
      en: 'Average exam score (observation exam). Null without one.',
      'zh-CN': '考试平均分(观测值 exam);没有考试成绩时为空。',
    },
    parts: formula('avg(exam)'),
    unit: 'SCORE',
    direction: 'HIGHER_IS_BETTER',
    sources: ['COLLECTION'],
  },
  entryRate: {
    name: { en: 'Entry rate', 'zh-CN': '进店率' },
    description: {
      en: 'People who came in for each who passed by (observations entrants and footTraffic). Null without them.',
      'zh-CN': '进店人数与客流量之比(观测值 entrants、footTraffic);缺少观测值时为空。',
    },
    parts: formula('sum(entrants) / sum(footTraffic)'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    grains: ['SHOP'],
    sources: ['COLLECTION'],
  },
  tryOnRate: {
    name: { en: 'Try-on rate', 'zh-CN': '体验率' },
    description: {
      en: 'People who tried something on for each who came in (observations triers and entrants). Null without them.',
      'zh-CN': '体验人数与进店人数之比(观测值 triers、entrants);缺少观测值时为空。',
    },
    parts: formula('sum(triers) / sum(entrants)'),
    unit: 'RATIO',
    direction: 'HIGHER_IS_BETTER',
    grains: ['SHOP'],
    sources: ['COLLECTION'],
  },
};
