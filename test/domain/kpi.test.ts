import { changeOf, metricValue, type MetricValue, needsOf, type SubjectKind } from '../../src/domain/kpi';
import { MEASURE_KEYS, type MeasureKey, MEASURES } from '../../src/domain/measures';
import { MetricCatalogue } from '../../src/domain/metric-catalogue';
import { METRICS } from '../../src/domain/metrics';
import { type Measured, type Measurements, NO_FACTS, type SubjectFacts } from '../../src/domain/subject-facts';

type Amounts = { readonly [Key in MeasureKey]?: number | string | null };

function measure(amounts: Amounts, currencies: { readonly [Key in MeasureKey]?: string[] } = {}): Measurements {
  return new Map(
    MEASURE_KEYS.flatMap((key): [MeasureKey, Measured][] => {
      const amount = amounts[key];
      if (amount === undefined) return [];
      return [[key, { amount: amount === null ? null : String(amount), currencies: currencies[key] ?? [] }]];
    }),
  );
}

const CATALOGUE = MetricCatalogue.builtIn;

function valueOf(metric: string, kind: SubjectKind, facts: Partial<SubjectFacts>): MetricValue {
  return metricValue(CATALOGUE.get(metric), kind, { ...NO_FACTS, ...facts }, CATALOGUE);
}

const valueOfMeasured = (metric: string, kind: SubjectKind, measured: Measurements): MetricValue =>
  valueOf(metric, kind, { measured });
const exact = (metric: string, amounts: Amounts, kind: SubjectKind = 'AGENT'): string | null =>
  valueOfMeasured(metric, kind, measure(amounts)).exact;
const nullReason = (metric: string, amounts: Amounts, kind: SubjectKind = 'AGENT'): string | null =>
  valueOfMeasured(metric, kind, measure(amounts)).nullReason;

describe('vectors', () => {
  test('T1: 120 of 780 order', () =>
    expect(
      valueOfMeasured('inquiryConversionRate', 'AGENT', measure({ orderingBuyers: 120, inquiringBuyers: 780 })),
    ).toEqual({
      metric: 'inquiryConversionRate',
      value: 0.153846153846,
      exact: '0.153846153846',
      numerator: '120',
      denominator: '780',
      nullReason: null,
      currency: null,
    }));

  test('T2: 210 of 420 order', () =>
    expect(exact('inquiryConversionRate', { orderingBuyers: 210, inquiringBuyers: 420 })).toBe('0.5'));

  test('T3: sales of 22,000 by 210 and by 180 buyers', () => {
    const spend = (salesBuyers: number): string | null =>
      exact('averageSpendPerBuyer', { salesAmount: '22000.00', salesBuyers });
    expect(spend(210)).toBe('104.761904761905');
    expect(spend(180)).toBe('122.222222222222');
  });

  test('T4: orderers without payers succeed at 0, without orderers there is no rate', () => {
    expect(exact('orderSuccessRate', { payingBuyers: 0, orderingBuyers: 489 })).toBe('0');
    expect(valueOfMeasured('orderSuccessRate', 'AGENT', measure({ payingBuyers: 0, orderingBuyers: 0 }))).toMatchObject(
      {
        value: null,
        exact: null,
        numerator: '0',
        denominator: '0',
        nullReason: 'ZERO_DENOMINATOR',
      },
    );
  });

  test('T5: 40,000 by 80 buyers', () =>
    expect(exact('averageSpendPerBuyer', { salesAmount: 40_000, salesBuyers: 80 })).toBe('500'));

  test('T6: everybody answered, and nobody there', () => {
    expect(exact('replyRate', { repliedBuyers: 31, receivedBuyers: 31 })).toBe('1');
    expect(nullReason('replyRate', { repliedBuyers: 0, receivedBuyers: 0 })).toBe('ZERO_DENOMINATOR');
  });

  test('T9: of 100 calls 80 answered within 20 s, 90 in all', () => {
    const calls = { callsOffered: 100, callsAnswered: 90, callsAnsweredWithin20s: 80 };
    expect(exact('serviceLevel20s', calls)).toBe('0.8');
    expect(exact('answerRate', calls)).toBe('0.9');
  });

  test('T10: (5000 − 500) / 5000', () => {
    const facts = {
      measured: measure({ callsOffered: 5000 }),
      observed: new Map([['complaintCalls', { sum: '500', count: 20, last: '1' }]]),
      targets: new Map([['callVolume', '5000']]),
    };
    expect(valueOf('callVolumeIndex', 'AGENT', facts)).toMatchObject({
      exact: '0.9',
      numerator: '4500',
      denominator: '5000',
    });
  });

  test('T21: paid conversion is conversion times success', () => {
    const people = { payingBuyers: 60, orderingBuyers: 120, inquiringBuyers: 480 };
    const [paid, conversion, success] = [
      exact('inquiryPaidConversionRate', people),
      exact('inquiryConversionRate', people),
      exact('orderSuccessRate', people),
    ];
    expect([conversion, success, paid]).toEqual(['0.25', '0.5', '0.125']);
  });

  test('T22: spend per buyer is item price times items per buyer', () => {
    const sales = { salesAmount: 1200, itemsSold: 60, salesBuyers: 16 };
    expect([
      exact('averageItemPrice', sales),
      exact('itemsPerBuyer', sales),
      exact('averageSpendPerBuyer', sales),
    ]).toEqual(['20', '3.75', '75']);
  });
});

describe('exactness', () => {
  test('the thirteenth decimal is rounded half up, once', () => {
    expect(exact('csatAverage', { satisfactionPoints: '2', sessionsRated: '3' })).toBe('0.666666666667');
    expect(exact('csatAverage', { satisfactionPoints: '1', sessionsRated: '1600000000000' })).toBe('0.000000000001');
    expect(exact('csatAverage', { satisfactionPoints: '1', sessionsRated: '2000000000000' })).toBe('0.000000000001');
    expect(exact('csatAverage', { satisfactionPoints: '1', sessionsRated: '2000000000001' })).toBe('0');
  });

  test('a scale does not round twice', () => {
    // Hours rounded first, then divided, would end in 5.
    expect(exact('averageRefundHours', { refundMs: 1, refundsCompleted: 4 })).toBe('0.000000069444');
    expect(exact('averageRefundHours', { refundMs: 5, refundsCompleted: 2 })).toBe('0.000000694444');
  });

  test('parts are in the unit of the value', () => {
    const value = valueOfMeasured(
      'averageResponseSeconds',
      'AGENT',
      measure({ responseMs: 36_250, answeredRounds: 2 }),
    );
    expect(value).toMatchObject({ exact: '18.125', numerator: '36.25', denominator: '2' });
    expect(
      valueOfMeasured('onlineHours', 'AGENT', measure({ onlineMs: '32400000.000000', accountDays: 1 })),
    ).toMatchObject({
      exact: '9',
      numerator: '9',
    });
  });

  test('a plain number is its own numerator', () =>
    expect(valueOfMeasured('itemsSold', 'AGENT', measure({ itemsSold: 12 }))).toMatchObject({
      value: 12,
      exact: '12',
      numerator: '12',
      denominator: null,
    }));

  test('sums too large for doubles and amounts that doubles cannot hold stay exact', () => {
    expect(exact('salesAmount', { salesAmount: '9007199254740993.10' })).toBe('9007199254740993.1');
    expect(exact('netSalesAmount', { salesAmount: '0.1', refundedSalesAmount: '0.3' })).toBe('-0.2');
  });
});

describe('null or 0', () => {
  const REASONS = { RATIO: 'ZERO_DENOMINATOR', MAXIMUM: 'NO_DATA', ADDITIVE: null, DISTINCT: null } as const;
  /** Formulas keep the reason of a part that stands alone. */
  const OWN_REASONS: Readonly<Record<string, string>> = {
    salesTargetAttainment: 'NO_TARGET',
    dsrService: 'NO_DATA',
    knowledgeScore: 'NO_DATA',
    callVolumeIndex: 'NO_TARGET',
    serviceQualityIndex: 'NO_TARGET',
    trainingIndex: 'NO_TARGET',
    attendanceRate: 'MISSING_OPERAND',
    entryRate: 'MISSING_OPERAND',
    tryOnRate: 'MISSING_OPERAND',
  };

  test.each([...METRICS.values()])('$key of no facts', (metric) => {
    const kind = metric.grains.includes('AGENT') ? 'AGENT' : 'SHOP';
    const empty = valueOf(metric.key, kind, NO_FACTS);
    const reason = OWN_REASONS[metric.key] ?? REASONS[metric.additivity];
    expect(empty).toMatchObject(
      reason === null ? { value: 0, exact: '0', nullReason: null } : { value: null, exact: null, nullReason: reason },
    );
    const zeros = Object.fromEntries(
      metric.measures.map((key) => [key, MEASURES[key].kind === 'MAXIMUM' ? null : '0']),
    );
    expect(valueOfMeasured(metric.key, kind, measure(zeros))).toEqual(empty);
  });

  test('a metric that the subject cannot have is null', () => {
    const reason = 'NOT_AVAILABLE_AT_THIS_GRAIN';
    expect(nullReason('assistedBuyers', { assistedBuyers: 3 }, 'SHOP')).toBe(reason);
    expect(nullReason('assistedBuyers', { assistedBuyers: 3 }, 'AGENT_SET')).toBeNull();
    expect(nullReason('peakConcurrentSessions', { peakConcurrentSessions: 3 }, 'SHOP')).toBe(reason);
    expect(nullReason('peakConcurrentSessions', { peakConcurrentSessions: 3 }, 'AGENT_SET')).toBe(reason);
    expect(exact('peakConcurrentSessions', { peakConcurrentSessions: 3 })).toBe('3');
    expect(nullReason('serviceSalesShare', { salesAmount: 1, shopSalesAmount: 2 }, 'AGENT')).toBe(reason);
    expect(exact('serviceSalesShare', { salesAmount: 1, shopSalesAmount: 2 }, 'SHOP')).toBe('0.5');
  });
});

describe('currencies', () => {
  const sales = { salesAmount: 100, refundedSalesAmount: 10, shopSalesAmount: 200, salesBuyers: 2, paidOrders: 2 };

  test('money of one currency names it, what is no money does not', () => {
    const measured = measure(sales, { salesAmount: ['CNY'], shopSalesAmount: ['CNY'] });
    expect(valueOfMeasured('salesAmount', 'AGENT', measured)).toMatchObject({ exact: '100', currency: 'CNY' });
    expect(valueOfMeasured('averageOrderValue', 'AGENT', measured)).toMatchObject({ exact: '50', currency: 'CNY' });
    expect(valueOfMeasured('serviceSalesShare', 'SHOP', measured)).toMatchObject({ exact: '0.5', currency: null });
    expect(valueOfMeasured('salesBuyers', 'AGENT', measured)).toMatchObject({ exact: '2', currency: null });
  });

  test('money of several currencies is null wherever it has a part', () => {
    const measured = measure(sales, { salesAmount: ['CNY', 'USD'] });
    const isMixed = { value: null, exact: null, numerator: null, currency: null, nullReason: 'MIXED_CURRENCIES' };
    for (const metric of ['salesAmount', 'netSalesAmount', 'averageSpendPerBuyer', 'averageOrderValue']) {
      expect(valueOfMeasured(metric, 'AGENT', measured)).toMatchObject(isMixed);
    }
    expect(valueOfMeasured('serviceSalesShare', 'SHOP', measured)).toMatchObject(isMixed);
    expect(valueOfMeasured('salesBuyers', 'AGENT', measured)).toMatchObject({ exact: '2', nullReason: null });
  });

  test('sales in one currency less refunds in another are null', () => {
    const measured = measure(sales, { salesAmount: ['CNY'], refundedSalesAmount: ['USD'] });
    expect(valueOfMeasured('netSalesAmount', 'AGENT', measured).nullReason).toBe('MIXED_CURRENCIES');
    expect(valueOfMeasured('salesAmount', 'AGENT', measured).exact).toBe('100');
  });
});

describe('needsOf', () => {
  const needs = (kind: SubjectKind, ...metrics: string[]): ReturnType<typeof needsOf> =>
    needsOf(
      metrics.map((key) => CATALOGUE.get(key)),
      kind,
      CATALOGUE,
    );

  test('needs each measure once', () =>
    expect(needs('AGENT', 'inquiryConversionRate', 'orderSuccessRate', 'orderingBuyers')).toEqual({
      measures: ['inquiringBuyers', 'orderingBuyers', 'payingBuyers'],
      observations: [],
      targets: [],
      attainment: false,
    }));

  test('needs nothing for what the subject cannot have', () => {
    expect(needs('AGENT_SET', 'peakConcurrentSessions').measures).toEqual([]);
    expect(needs('AGENT', 'shopSalesAmount', 'salesAmount', 'entryRate')).toMatchObject({
      measures: ['salesAmount'],
      observations: [],
    });
  });

  test('needs the observations, targets and measures of formulas', () =>
    expect(needs('AGENT', 'serviceQualityIndex', 'knowledgeScore')).toEqual({
      measures: ['upheldComplaints'],
      observations: ['exam', 'assessment'],
      targets: ['complaintCoefficient'],
      attainment: false,
    }));

  test('attainment needs targets, and not the sales of the whole period', () =>
    expect(needs('SHOP', 'salesTargetAttainment')).toEqual({
      measures: [],
      observations: [],
      targets: ['salesAmount'],
      attainment: true,
    }));
});

describe('attainment of sales targets', () => {
  const attained = (target: string | null, amount: string, currencies = ['CNY']): MetricValue =>
    valueOf('salesTargetAttainment', 'AGENT', {
      targets: new Map(target === null ? [] : [['salesAmount', target]]),
      targetedSales: target === null ? null : { amount, currencies },
      // Of the whole period: none of its business.
      measured: measure({ salesAmount: 999 }, { salesAmount: ['CNY', 'USD'] }),
    });

  test('is sales for each unit of the target', () =>
    expect(attained('3000', '1000.00')).toEqual({
      metric: 'salesTargetAttainment',
      value: 0.333333333333,
      exact: '0.333333333333',
      numerator: '1000',
      denominator: '3000',
      nullReason: null,
      currency: null,
    }));

  test.each<[string, MetricValue, object]>([
    ['is null without targets', attained(null, '0'), { nullReason: 'NO_TARGET', numerator: null, denominator: null }],
    [
      'is null where the targets are 0',
      attained('0', '5'),
      { nullReason: 'ZERO_DENOMINATOR', numerator: '5', denominator: '0' },
    ],
    ['is null over several currencies', attained('9', '5', ['CNY', 'USD']), { nullReason: 'MIXED_CURRENCIES' }],
    ['is 0 where nothing was sold', attained('9', '0', []), { exact: '0', nullReason: null }],
  ])('%s', (_, value, expected) => {
    expect(value).toMatchObject(expected);
  });
});

describe('a change', () => {
  const value = (exact: string | null, currency: string | null = null): MetricValue => ({
    metric: 'any',
    value: exact === null ? null : Number(exact),
    exact,
    numerator: null,
    denominator: null,
    nullReason: null,
    currency,
  });

  it.each([
    [
      'T8: 95 % after 92 %',
      value('0.95'),
      value('0.92'),
      { previous: 0.92, change: 0.03, changeRatio: 0.032608695652 },
    ],
    ['from 0 has no ratio', value('5'), value('0'), { previous: 0, change: 5, changeRatio: null }],
    ['from below 0 has no ratio', value('5'), value('-5'), { previous: -5, change: 10, changeRatio: null }],
    ['from nothing is none', value('5'), value(null), { previous: null, change: null, changeRatio: null }],
    ['to nothing is none', value(null), value('5'), { previous: 5, change: null, changeRatio: null }],
    [
      'between currencies is none',
      value('5', 'EUR'),
      value('4', 'CNY'),
      { previous: null, change: null, changeRatio: null },
    ],
    ['within one currency', value('5', 'EUR'), value('4', 'EUR'), { previous: 4, change: 1, changeRatio: 0.25 }],
  ])('%s', (_, now, before, expected) => {
    expect(changeOf(now, before)).toEqual(expected);
  });
});
