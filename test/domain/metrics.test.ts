import { InvalidInput } from '../../src/domain/invalid-input';
import { MEASURE_KEYS, MEASURES } from '../../src/domain/measures';
import type { Metric } from '../../src/domain/metric';
import { getMetric, METRICS, scalarOf } from '../../src/domain/metrics';

const metrics = [...METRICS.values()];
const keysWhere = (condition: (metric: Metric) => boolean): string[] =>
  metrics.filter(condition).map((metric) => metric.key);

test('the keys and their order are the published ones', () => {
  expect([...METRICS.keys()]).toEqual([
    ...['inquiringBuyers', 'orderingBuyers', 'payingBuyers', 'inquiryConversionRate', 'inquirySessions'],
    ...['conversionPerInquiry', 'inquiryPaidConversionRate', 'orderSuccessRate', 'placedOrders', 'paidOrders'],
    ...['paymentRate', 'salesAmount', 'netSalesAmount', 'salesBuyers', 'averageSpendPerBuyer', 'averageItemPrice'],
    ...['averageOrderValue', 'itemsSold', 'itemsPerBuyer', 'assistedBuyers', 'salesTargetAttainment'],
    ...['shopSalesAmount', 'serviceSalesShare', 'repurchaseRate', 'badReviews'],
    ...['receivedBuyers', 'replyRate', 'effectiveReplyRate', 'averageResponseSeconds', 'fastResponseRate10'],
    ...['fastResponseRate20', 'fastResponseRate30', 'fastResponseRate60', 'fastResponseRate180'],
    ...['responseRateWithin30s', 'averageMessageResponseSeconds', 'firstResponseSeconds', 'onlineHours'],
    ...['sessionsReceived', 'excludedSessions', 'sessionsHandled', 'sessionsPerAgentDay', 'averageHandleSeconds'],
    ...['peakConcurrentSessions', 'callsOffered', 'callsAnswered', 'answerRate', 'serviceLevel20s'],
    ...['serviceLevel30s', 'serviceLevel60s', 'averageWaitSeconds', 'averageTalkSeconds'],
    ...['refundCount', 'refundRate', 'refundDisputeRate', 'merchantLiableRefundRate', 'selfResolvedRefundRate'],
    ...['refundCompletionHours', 'averageRefundHours', 'complaintCount', 'complaintRate', 'complaintsPerSession'],
    ...['upheldComplaints', 'complaintResolutionRate', 'csatAverage', 'csatRate', 'resolutionRate'],
    ...['firstContactResolutionRate', 'averageResolutionSeconds', 'afterSalesRepurchaseRate', 'dsrService'],
    ...['callVolumeIndex', 'serviceQualityIndex', 'trainingIndex', 'attendanceRate', 'knowledgeScore'],
    ...['entryRate', 'tryOnRate'],
  ]);
});

test.each(metrics)('$key is described in both languages, under a name of its own', ({ key, name, description }) => {
  for (const locale of ['en', 'zh-CN'] as const) {
    expect(keysWhere((metric) => metric.name[locale] === name[locale])).toEqual([key]);
    expect(keysWhere((metric) => metric.description[locale] === description[locale])).toEqual([key]);
  }
  expect(name['zh-CN']).toMatch(/\p{Script=Han}/u);
  expect(description['zh-CN']).toMatch(/。$/);
  expect(description.en).toMatch(/^[A-Z].*\.$/);
});

test('every measure is part of a metric', () => {
  const used = new Set(metrics.flatMap((metric) => metric.measures));
  expect(MEASURE_KEYS.filter((key) => !used.has(key))).toEqual([]);
});

test('a metric and a measure of one key are the same number', () => {
  const named = metrics.filter((metric) => Object.hasOwn(MEASURES, metric.key));
  expect(named.map((metric) => metric.formula)).toEqual(named.map((metric) => metric.key));
});

test('a formula shows what the value is made of', () => {
  expect(getMetric('inquiryConversionRate').formula).toBe('orderingBuyers / inquiringBuyers');
  expect(getMetric('averageResponseSeconds').formula).toBe('responseMs / 1000 / answeredRounds');
  expect(getMetric('netSalesAmount').formula).toBe('salesAmount - refundedSalesAmount');
  expect(getMetric('salesAmount').formula).toBe('salesAmount');
  expect(getMetric('fastResponseRate180').formula).toBe('roundsWithin180s / timedRounds');
  expect(getMetric('serviceLevel60s').formula).toBe('callsAnsweredWithin60s / callsOffered');
});

test('grains follow from the measures, unless a metric is for shops by its nature', () => {
  expect(keysWhere(({ grains }) => !grains.includes('SHOP'))).toEqual(['assistedBuyers', 'peakConcurrentSessions']);
  expect(keysWhere(({ grains }) => !grains.includes('AGENT'))).toEqual([
    ...['shopSalesAmount', 'serviceSalesShare', 'dsrService', 'entryRate', 'tryOnRate'],
  ]);
});

test('additivity follows from the measures', () => {
  expect(keysWhere(({ additivity }) => additivity === 'MAXIMUM')).toEqual(['peakConcurrentSessions']);
  expect(keysWhere(({ additivity }) => additivity === 'DISTINCT')).toEqual([
    ...['inquiringBuyers', 'orderingBuyers', 'payingBuyers', 'salesBuyers', 'assistedBuyers', 'receivedBuyers'],
  ]);
  expect(getMetric('netSalesAmount').additivity).toBe('ADDITIVE');
  expect(getMetric('csatAverage').additivity).toBe('RATIO');
});

test('cuts are those of the one kind of record that a metric is made of', () => {
  const cutBy = (dimension: Metric['dimensions'][number]): string[] =>
    keysWhere(({ dimensions }) => dimensions.includes(dimension));
  expect(cutBy('REFUND_KIND')).toEqual([
    ...['refundCount', 'selfResolvedRefundRate', 'refundCompletionHours', 'averageRefundHours'],
  ]);
  expect(cutBy('COMPLAINT_CATEGORY')).toEqual(['complaintCount', 'upheldComplaints', 'complaintResolutionRate']);
  expect(cutBy('CHANNEL')).toEqual(cutBy('HOUR_OF_DAY'));
  expect(cutBy('CHANNEL')).toEqual(expect.arrayContaining(['receivedBuyers', 'csatRate', 'peakConcurrentSessions']));
  for (const key of ['inquiringBuyers', 'onlineHours', 'complaintsPerSession', 'afterSalesRepurchaseRate']) {
    expect(cutBy('CHANNEL')).not.toContain(key);
  }
  expect(getMetric('peakConcurrentSessions').dimensions).toEqual(['AGENT', 'CHANNEL', 'PURPOSE', 'HOUR_OF_DAY']);
  expect(getMetric('shopSalesAmount').dimensions).toEqual(['ORGANIZATION', 'CLIENT', 'SHOP', 'PLATFORM']);
});

test('after-sales numbers have windows of their own', () => {
  expect(keysWhere(({ defaultWindowDays }) => defaultWindowDays === 180)).toEqual(['dsrService']);
  expect(keysWhere(({ defaultWindowDays }) => defaultWindowDays === 30)).toEqual(['averageRefundHours']);
  expect(keysWhere(({ defaultWindowDays }) => defaultWindowDays === 28)).toEqual([
    ...['refundCount', 'refundRate', 'refundDisputeRate', 'merchantLiableRefundRate', 'selfResolvedRefundRate'],
    ...['refundCompletionHours', 'complaintCount', 'complaintRate'],
  ]);
});

test('observations and targets have no cuts', () => {
  const keys = ['salesTargetAttainment', 'dsrService', 'callVolumeIndex', 'knowledgeScore'];
  const isCut = (dimension: Metric['dimensions'][number]): boolean =>
    ['CHANNEL', 'PURPOSE', 'HOUR_OF_DAY', 'COMPLAINT_CATEGORY', 'REFUND_KIND'].includes(dimension);
  expect(keys.flatMap((key) => getMetric(key).dimensions.filter(isCut))).toEqual([]);
});

test('every metric is in its first version, built in, and says where it comes from unless it is our own', () => {
  expect(keysWhere(({ version, builtIn }) => version !== 1 || !builtIn)).toEqual([]);
  expect(keysWhere(({ source }) => source === '')).toEqual(['netSalesAmount', 'shopSalesAmount', 'serviceSalesShare']);
  expect(getMetric('orderSuccessRate').source).toBe(
    'Huolake shop-service standards; Mmker topic page on Pinduoduo, Douyin and call centres',
  );
});

test.each([
  ['callVolumeIndex', '话务量指标', '(callsOffered - sum(complaintCalls)) / target(callVolume)'],
  [
    'serviceQualityIndex',
    '服务质量指标',
    'max(0, (avg(exam) + avg(assessment)) / 2 - upheldComplaints * target(complaintCoefficient))',
  ],
  ['trainingIndex', '培训考核指标', 'avg(training) - sum(trainingAbsences) * target(absenceCoefficient)'],
  ['attendanceRate', '出勤率', 'sum(daysPresent) / sum(daysScheduled)'],
  ['knowledgeScore', '知识技能', 'avg(exam)'],
  ['entryRate', '进店率', 'sum(entrants) / sum(footTraffic)'],
  ['tryOnRate', '体验率', 'sum(triers) / sum(entrants)'],
  ['dsrService', '服务态度DSR', 'avg(dsrService)'],
  ['salesTargetAttainment', '指标完成率', 'salesAmount / target(salesAmount)'],
])('%s (%s) is %s', (key, name, formula) => {
  expect(getMetric(key)).toMatchObject({ name: { 'zh-CN': name }, formula });
});

test('money is a Decimal, whole numbers are Int, the rest Float', () => {
  const scalars = (...keys: string[]): string[] => keys.map((key) => scalarOf(getMetric(key)));
  expect(scalars('salesAmount', 'averageSpendPerBuyer', 'netSalesAmount')).toEqual(['Decimal', 'Decimal', 'Decimal']);
  expect(scalars('inquiringBuyers', 'itemsSold', 'peakConcurrentSessions')).toEqual(['Int', 'Int', 'Int']);
  const ratios = ['itemsPerBuyer', 'sessionsPerAgentDay', 'replyRate', 'csatAverage', 'onlineHours', 'knowledgeScore'];
  expect(new Set(scalars(...ratios))).toEqual(new Set(['Float']));
});

test.each(['nope', 'constructor', '__proto__', ''])('there is no metric %p', (key) =>
  expect(() => getMetric(key)).toThrow(InvalidInput),
);
