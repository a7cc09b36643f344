import fc from 'fast-check';
import { FormulaError } from '../../src/domain/formula';
import { parseFormula } from '../../src/domain/formula-parser';
import { InvalidInput } from '../../src/domain/invalid-input';
import { metricValue, type MetricValue, needsOf, type SubjectKind } from '../../src/domain/kpi';
import { MEASURE_KEYS, type MeasureKey, MEASURES } from '../../src/domain/measures';
import type { CustomMetric } from '../../src/domain/metric';
import { MetricCatalogue } from '../../src/domain/metric-catalogue';
import { METRICS } from '../../src/domain/metrics';
import { type Measured, NO_FACTS, type SubjectFacts } from '../../src/domain/subject-facts';

function makeMetric(key: string, formula: string): CustomMetric {
  return { key, formula, version: 1, name: key, description: null, unit: 'INDEX', direction: 'NEUTRAL' };
}

function catalogueOf(formulas: Readonly<Record<string, string>>): MetricCatalogue {
  return MetricCatalogue.of(Object.entries(formulas).map(([key, formula]) => makeMetric(key, formula)));
}

/** The sentence that refuses it, or null. */
function problemOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof FormulaError) return error.message;
    throw error;
  }
}

const syntaxProblem = (text: string): string | null => problemOf(() => parseFormula(text));
const definitionProblem = (text: string): string | null => problemOf(() => catalogueOf({ tested: text }).get('tested'));

function measured(amounts: { readonly [Key in MeasureKey]?: string }, currency = 'CNY'): Map<MeasureKey, Measured> {
  return new Map(
    MEASURE_KEYS.flatMap((key): [MeasureKey, Measured][] => {
      const amount = amounts[key];
      return amount === undefined ? [] : [[key, { amount, currencies: MEASURES[key].money ? [currency] : [] }]];
    }),
  );
}

const FACTS: SubjectFacts = {
  measured: measured({
    orderingBuyers: '120',
    inquiringBuyers: '480',
    salesAmount: '1200.50',
    callsOffered: '10',
    responseMs: '36000',
    answeredRounds: '2',
    peakConcurrentSessions: '4',
  }),
  observed: new Map([
    ['exam', { sum: '250', count: 3, last: '90.5' }],
    ['new', { sum: '7', count: 1, last: '7' }],
  ]),
  targets: new Map([
    ['callVolume', '40'],
    ['zero', '0'],
  ]),
  targetedSales: null,
};

function evaluate(formula: string, facts: SubjectFacts = FACTS, kind: SubjectKind = 'AGENT'): MetricValue {
  const catalogue = catalogueOf({ tested: formula, doubled: 'orderingBuyers * 2', nothing: 'avg(nothing)' });
  return metricValue(catalogue.get('tested'), kind, facts, catalogue);
}

describe('what a formula is worth', () => {
  test.each([
    ['1 + 2 * 3', '7'],
    ['(1 + 2) × 3', '9'],
    ['7 ÷ 2 − 1', '2.5'],
    ['10 - 4 - 3', '3'],
    ['16 / 4 / 2', '2'],
    ['-2 * -3', '6'],
    ['-(1 - 3)', '2'],
    ['.5 + 0.25', '0.75'],
    ['0.1 + 0.2 - 0.3', '0'],
    ['1 / 3 * 3', '1'],
    ['1 / 3', '0.333333333333'],
    ['2 / 3', '0.666666666667'],
    ['-2 / 3', '-0.666666666667'],
    ['1 / 2000000000000', '0.000000000001'],
    ['-1 / 2000000000000', '-0.000000000001'],
    ['-1 / 2000000000001', '0'],
    ['min(3, 1, 2)', '1'],
    ['max(3, 1 + 4, 2)', '5'],
    ['max(2)', '2'],
    ['max(0, -1)', '0'],
    ['orderingBuyers', '120'],
    ['salesAmount * 2', '2401'],
    ['inquiryConversionRate * 100', '25'],
    ['averageResponseSeconds', '18'],
    ['responseMs', '36000'],
    ['doubled + 1', '241'],
    ['badReviews', '0'],
    ['peakConcurrentSessions / 8', '0.5'],
    ['sum(exam)', '250'],
    ['avg(exam)', '83.333333333333'],
    ['avg(exam) * 3', '250'],
    ['count(exam)', '3'],
    ['last(exam)', '90.5'],
    ['sum(\'new\') + sum("new")', '14'],
    ['count(nothing)', '0'],
    ['target(callVolume)', '40'],
    ['callsOffered / target(callVolume)', '0.25'],
    [' callsOffered\n\t/ 4 ', '2.5'],
  ])('%s', (formula, exact) =>
    expect(evaluate(formula)).toMatchObject({ exact, value: Number(exact), nullReason: null }),
  );

  test('a division at the top gives its parts, a mean too, anything else is its own numerator', () => {
    const partsOf = (formula: string): unknown => {
      const { numerator, denominator } = evaluate(formula);
      return [numerator, denominator];
    };
    expect(partsOf('orderingBuyers / (callsOffered * 2)')).toEqual(['120', '20']);
    expect(partsOf('(1 / 3) / 2')).toEqual(['0.333333333333', '2']);
    expect(partsOf('avg(exam)')).toEqual(['250', '3']);
    expect(partsOf('inquiryConversionRate')).toEqual(['120', '480']);
    expect(partsOf('inquiryConversionRate * 1')).toEqual(['0.25', null]);
    expect(partsOf('1 / 2 + 1')).toEqual(['1.5', null]);
    expect(partsOf('last(exam)')).toEqual(['90.5', null]);
  });
});

test('a value beyond what a number can be is the greatest one, and stays exact', () => {
  const huge = '99999999999999999999 * '.repeat(16).concat('1');
  const catalogue = catalogueOf({ huge, tested: 'huge / -0.0000000000000000001' });
  const { value, exact } = metricValue(catalogue.get('tested'), 'AGENT', NO_FACTS, catalogue);
  expect(value).toBe(-Number.MAX_VALUE);
  expect(exact).toMatch(/^-99999999999999999984\d{319}$/);
});

describe('why a formula is worth nothing', () => {
  test.each([
    ['sum(nothing)', 'NO_DATA'],
    ['avg(nothing)', 'NO_DATA'],
    ['last(nothing)', 'NO_DATA'],
    ['(nothing)', 'NO_DATA'],
    ['target(nothing)', 'NO_TARGET'],
    ['salesTargetAttainment', 'NO_TARGET'],
    ['csatAverage', 'ZERO_DENOMINATOR'],
    ['sum(nothing) + 1', 'MISSING_OPERAND'],
    ['-sum(nothing)', 'MISSING_OPERAND'],
    ['max(0, avg(nothing))', 'MISSING_OPERAND'],
    ['csatAverage * 2', 'MISSING_OPERAND'],
    ['nothing * 2', 'MISSING_OPERAND'],
    ['sum(nothing) / sum(nothing)', 'MISSING_OPERAND'],
    ['target(nothing) * sum(nothing)', 'NO_TARGET'],
    ['sum(nothing) + target(nothing)', 'NO_TARGET'],
    ['salesTargetAttainment + 1', 'NO_TARGET'],
    ['1 / 0', 'ZERO_DENOMINATOR'],
    ['1 / target(zero)', 'ZERO_DENOMINATOR'],
    ['1 + 1 / badReviews', 'ZERO_DENOMINATOR'],
    ['sum(nothing) / count(nothing)', 'ZERO_DENOMINATOR'],
    ['target(nothing) + 1 / 0', 'ZERO_DENOMINATOR'],
    ['min(1, 1 / (1 - 1))', 'ZERO_DENOMINATOR'],
  ])('%s', (formula, nullReason) =>
    expect(evaluate(formula)).toMatchObject({ value: null, exact: null, nullReason, currency: null }),
  );

  test('a denominator of 0 is told with its numerator', () =>
    expect(evaluate('orderingBuyers / badReviews')).toMatchObject({ numerator: '120', denominator: '0' }));

  test('a maximum without data is missing', () => {
    expect(evaluate('peakConcurrentSessions', NO_FACTS).nullReason).toBe('NO_DATA');
    expect(evaluate('peakConcurrentSessions + 1', NO_FACTS).nullReason).toBe('MISSING_OPERAND');
  });

  test('what one of its parts does not exist for, it does not', () => {
    const reason = (formula: string, kind: SubjectKind): unknown => evaluate(formula, FACTS, kind).nullReason;
    expect(reason('assistedBuyers + 1', 'SHOP')).toBe('NOT_AVAILABLE_AT_THIS_GRAIN');
    expect(reason('assistedBuyers + 1', 'AGENT_SET')).toBeNull();
    expect(reason('salesAmount / shopSalesAmount', 'AGENT')).toBe('NOT_AVAILABLE_AT_THIS_GRAIN');
    expect(reason('dsrService * 2', 'AGENT')).toBe('NOT_AVAILABLE_AT_THIS_GRAIN');
    expect(reason('peakConcurrentSessions + 1', 'AGENT_SET')).toBe('NOT_AVAILABLE_AT_THIS_GRAIN');
    expect(reason('peakConcurrentSessions + 1', 'AGENT')).toBeNull();
  });

  test('amounts in several currencies are never put together', () => {
    const sales = measured({ salesAmount: '5', paidOrders: '1' });
    const refunds = measured({ refundedSalesAmount: '2' }, 'USD');
    const facts = { ...FACTS, measured: new Map([...sales, ...refunds]) };
    expect(evaluate('salesAmount - refundedSalesAmount', facts).nullReason).toBe('MIXED_CURRENCIES');
    expect(evaluate('netSalesAmount / 0', facts).nullReason).toBe('MIXED_CURRENCIES');
    expect(evaluate('averageOrderValue * 2', facts)).toMatchObject({ exact: '10', currency: null });
  });

  test('an amount of money names its currency', () => {
    const catalogue = MetricCatalogue.of([{ ...makeMetric('commission', 'salesAmount * 0.02'), unit: 'MONEY' }]);
    expect(metricValue(catalogue.get('commission'), 'AGENT', FACTS, catalogue)).toMatchObject({
      exact: '24.01',
      currency: 'CNY',
    });
  });
});

describe('a text that is no formula', () => {
  test.each([
    ['', 'Position 1: The formula is empty.'],
    ['  \n', 'Position 1: The formula is empty.'],
    ['1 +', 'Position 4: The formula ends where a value is expected.'],
    ['(1', 'Position 3: The formula ends where a value is expected.'],
    ['max(1,', 'Position 7: The formula ends where a value is expected.'],
    ['1 + * 2', 'Position 5: * is not expected here.'],
    ['1 + ÷ 2', 'Position 5: ÷ is not expected here.'],
    ['/ 2', 'Position 1: / is not expected here.'],
    ['/2/', 'Position 1: A formula has no /2/.'],
    ['1 "exam"', 'Position 3: " is not expected here.'],
    ['1)', 'Position 2: ) is not expected here.'],
    ['orders paid', 'Position 8: paid is not expected here.'],
    ['1\n2', 'Position 3: An operator is missing before this.'],
    ['2salesAmount', 'Position 2: salesAmount is not expected here.'],
    ['sum("exam)', 'Position 5: The quotation mark is not closed.'],
    ['1, 2', 'Position 4: A comma stands only between parts of a function.'],
    ['+1', 'Position 1: Nothing stands before +.'],
    ['1 − −−2', 'Position 5: A formula has no --.'],
    ['2 ** 3', 'Position 4: * is not expected here.'],
    ['salesAmount % 2', 'Position 13: A formula has no %.'],
    ['salesAmount > 2', 'Position 13: A formula has no >.'],
    ['a = 1', 'Position 3: A formula has no =.'],
    ['a[0]', 'Position 2: A formula has no [.'],
    ['a.b', 'Position 2: A formula has no ..'],
    ['a ? b : c', 'Position 3: A formula has no ?.'],
    ['{}', 'Position 1: A formula has no {.'],
    ['1;', 'Position 2: A formula has no ;.'],
    ['new Date()', 'Position 1: A formula has no new.'],
    ['this', 'Position 1: A formula has no this.'],
    ['`x`', 'Position 1: ` is not expected here.'],
    ['1 // one', 'Position 3: A formula has no comments.'],
    ['1 /* one */', 'Position 3: A formula has no comments.'],
    ['s\\u0061les', 'Position 1: A formula has no \\.'],
    ['0x10', 'Position 1: A number is a plain decimal, such as 0.5.'],
    ['1 + 1e3', 'Position 5: A number is a plain decimal, such as 0.5.'],
    ['1.', 'Position 1: A number is a plain decimal, such as 0.5.'],
    ['1 + 123456789.012345678901', 'Position 5: A number has at most 20 digits.'],
    ['010', 'Position 1: A number is a plain decimal, such as 0.5.'],
    ['"text"', 'Position 1: A text stands only for the key of an observation or a target.'],
    ['max', 'Position 1: max is a function: write max( … ).'],
    ['max()', 'Position 1: max needs at least one value.'],
    ['1 + avg()', 'Position 5: avg needs the key of an observation.'],
    ['avg(exam, training)', 'Position 11: avg takes one key.'],
    ['avg(exam + 1)', 'Position 5: avg takes the key of an observation.'],
    ['target(1)', 'Position 8: target takes the key of a target.'],
    ["sum('a b')", 'Position 5: A key is a letter, then letters, digits and underscores, at most 64.'],
    ['2 * eval(1)', 'Position 5: There are only these functions: sum, avg, count, last, min, max, target.'],
    ['max(1)(2)', 'Position 1: There are only these functions: sum, avg, count, last, min, max, target.'],
    ['constructor(1)', 'Position 1: There are only these functions: sum, avg, count, last, min, max, target.'],
    // Characters are counted as people see them.
    ['😀', 'Position 1: 😀 is not expected here.'],
    ['"😀" %', 'Position 5: A formula has no %.'],
  ])('%p', (text, problem) => expect(syntaxProblem(text)).toBe(problem));

  test('at most 500 characters, and 20 parentheses deep', () => {
    const ofLength = (length: number): string => `1${' '.repeat(length - 2)}`.concat('');
    expect(syntaxProblem(`${ofLength(500)} `)).toBeNull();
    expect(syntaxProblem(`${ofLength(501)} `)).toBe('Position 501: A formula has at most 500 characters.');
    const ofDepth = (depth: number): string => `${'('.repeat(depth)}1${')'.repeat(depth)}`;
    expect(syntaxProblem(ofDepth(20))).toBeNull();
    expect(syntaxProblem(ofDepth(21))).toBe('Position 21: Parentheses are nested more than 20 deep.');
    expect(syntaxProblem(ofDepth(249))).toBe('Position 21: Parentheses are nested more than 20 deep.');
    expect(syntaxProblem(`${'- '.repeat(249)}1`)).toBeNull();
    expect(syntaxProblem(`1${'+1'.repeat(249)}`)).toBeNull();
  });

  test('any text is either a formula or refused with a place in it', () =>
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 30 }),
          fc
            .array(fc.constantFrom(...Array.from('()+-*/×÷−., \n1a"\'\\[]{};:=<>!&|^~?`#@%$_')), { maxLength: 25 })
            .map((cs) => cs.join('')),
        ),
        (text) => {
          try {
            parseFormula(text);
          } catch (error) {
            if (!(error instanceof FormulaError)) throw error;
            expect(error.position).toBeGreaterThanOrEqual(1);
            expect(error.position).toBeLessThanOrEqual(Array.from(text).length + 1);
          }
        },
      ),
      { numRuns: 3_000 },
    ));
});

describe('a formula that means nothing', () => {
  test.each([
    [
      '1 + nope',
      'Position 5: There is no metric or measure nope. Observations are read by sum, avg, count or last, such as avg(nope).',
    ],
    ['constructor', expect.stringContaining('Position 1: There is no metric or measure constructor.')],
    [
      'assistedBuyers / shopSalesAmount',
      'Position 18: This is counted for agents only or for shops only, and something before it not.',
    ],
    ['tested + 1', 'Position 1: A metric cannot be made of itself: tested → tested.'],
  ])('%s', (formula, problem) => expect(definitionProblem(formula)).toEqual(problem));

  test('positions count the signs that people write', () =>
    expect(definitionProblem('1 × 2 ÷ 3 − nope')).toMatch(/^Position 13: /));

  test('circles are refused, with their way', () => {
    const catalogue = catalogueOf({ a: '1', b: 'a + 1', c: '2 * b' });
    const redefined = problemOf(() => catalogue.with(makeMetric('a', '1 + c')));
    expect(redefined).toBe('Position 5: A metric cannot be made of itself: a → c → b → a.');
  });

  test('what is made of a metric must stay possible', () => {
    const catalogue = catalogueOf({ part: 'salesAmount', share: 'part / shopSalesAmount' });
    expect(problemOf(() => catalogue.with(makeMetric('part', 'assistedBuyers')))).toBe(
      'Position 1: share, made of it, would fail: Position 8: This is counted for agents only or for shops only, and something before it not.',
    );
  });

  test('what a formula costs is bounded, written out through all metrics', () => {
    const doubling = Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [`m${n + 1}`, n === 0 ? 'salesAmount' : `m${n} * m${n}`]),
    );
    const problem = problemOf(() => catalogueOf(doubling).get('m12'));
    expect(problem).toMatch(/With those of the metrics it names, it has more than 200 operands\.$/);
    expect(problemOf(() => catalogueOf(doubling).get('m6'))).toBeNull();
  });

  test('at most 20 formulas stand on each other, whichever is asked for first', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 3000 }, (_, n) => [`m${n + 1}`, n === 0 ? 'salesAmount' : `m${n}`]),
    );
    const problem = /More than 20 formulas stand on each other\.$/;
    expect(problemOf(() => catalogueOf(chain).get('m20'))).toBeNull();
    expect(problemOf(() => catalogueOf(chain).get('m21'))).toMatch(problem);
    expect(problemOf(() => catalogueOf(chain).get('m3000'))).toMatch(problem);
    const catalogue = catalogueOf(chain);
    for (let n = 1; n <= 20; n += 1) catalogue.get(`m${n}`);
    expect(problemOf(() => catalogue.get('m21'))).toMatch(problem);
  });
});

describe('the metric of a formula', () => {
  const catalogue = catalogueOf({
    index: 'sessionsHandled / target(load) + avg(exam)',
    satisfied: 'csatRate - resolutionRate',
    both: 'index * satisfied',
    goal: 'salesTargetAttainment * paidOrders',
    peak: 'peakConcurrentSessions / 2',
    refunds: 'selfResolvedRefundRate * 100',
  });

  test('is described by its parts, through the metrics that it names', () => {
    expect(catalogue.get('both')).toMatchObject({
      formula: 'index * satisfied',
      builtIn: false,
      additivity: 'RATIO',
      measures: ['sessionsHandled', 'sessionsSatisfied', 'sessionsRated', 'sessionsResolved', 'sessionsWithOutcome'],
      grains: ['AGENT', 'SHOP'],
      defaultWindowDays: null,
      name: { en: 'both', 'zh-CN': 'both' },
      description: { en: '', 'zh-CN': '' },
    });
    expect(catalogue.get('goal').measures).toEqual(['paidOrders', 'salesAmount']);
  });

  test('needs what its parts need', () =>
    expect(needsOf([catalogue.get('both'), catalogue.get('goal')], 'AGENT', catalogue)).toEqual({
      measures: [
        'paidOrders',
        'sessionsHandled',
        'sessionsRated',
        'sessionsSatisfied',
        'sessionsWithOutcome',
        'sessionsResolved',
      ],
      observations: ['exam'],
      targets: ['load', 'salesAmount'],
      attainment: true,
    }));

  test('is cut as its parts are, but observations and targets are not', () => {
    const cuts = (key: string): unknown => catalogue.get(key).dimensions.slice(8);
    expect(cuts('satisfied')).toEqual(['CHANNEL', 'PURPOSE', 'HOUR_OF_DAY']);
    expect(cuts('refunds')).toEqual(['REFUND_KIND']);
    expect(cuts('index')).toEqual([]);
    expect(cuts('both')).toEqual([]);
    expect(cuts('goal')).toEqual([]);
    expect(catalogue.get('peak').dimensions).toEqual(['AGENT', 'CHANNEL', 'PURPOSE', 'HOUR_OF_DAY']);
  });

  test('a built-in metric cannot be overlaid', () => {
    const overlaid = MetricCatalogue.of([makeMetric('salesAmount', '1')]);
    expect(overlaid.get('salesAmount')).toBe(METRICS.get('salesAmount'));
    expect(overlaid.list()).toHaveLength(METRICS.size);
  });

  test('the catalogue lists built-in metrics first and blames the field for an unknown one', () => {
    expect(catalogue.list().map(({ key }) => key)).toEqual([
      ...METRICS.keys(),
      ...['index', 'satisfied', 'both', 'goal', 'peak', 'refunds'],
    ]);
    expect([catalogue.has('index'), catalogue.has('salesAmount'), catalogue.has('nope')]).toEqual([true, true, false]);
    const unknown = new InvalidInput('orderBy', 'There is no metric nope.');
    expect(() => catalogue.get('nope', 'orderBy')).toThrow(unknown);
    for (const key of ['constructor', '__proto__', '']) expect(() => catalogue.get(key)).toThrow(InvalidInput);
  });
});

type Rational = readonly [above: bigint, below: bigint];

/** A number, or the reasons for which there is none. */
type Worth = Rational | ReadonlySet<string>;

/** An expression as it was made, which says by itself what it is worth. */
interface Made {
  readonly text: string;
  readonly worth: Worth;
}

const isNumber = (worth: Worth): worth is Rational => Array.isArray(worth);
/** The denominator is above 0. */
const rational = (above: bigint, below: bigint): Rational => (below < 0n ? [-above, -below] : [above, below]);
const isBelow = ([a, b]: Rational, [c, d]: Rational): boolean => a * d < c * b;

const RULES: Readonly<Record<string, (left: Rational, right: Rational) => Rational>> = {
  '+': ([a, b], [c, d]) => rational(a * d + c * b, b * d),
  '-': ([a, b], [c, d]) => rational(a * d - c * b, b * d),
  '*': ([a, b], [c, d]) => rational(a * c, b * d),
  '/': ([a, b], [c, d]) => rational(a * d, b * c),
  min: (left, right) => (isBelow(right, left) ? right : left),
  max: (left, right) => (isBelow(left, right) ? right : left),
};

function byHand(rule: string, left: Worth, right: Worth): Worth {
  const isByZero = rule === '/' && isNumber(right) && right[0] === 0n;
  if (isNumber(left) && isNumber(right) && !isByZero) return RULES[rule]?.(left, right) ?? left;
  const reasons = [left, right].flatMap((worth) => (isNumber(worth) ? [] : [...worth]));
  return new Set([...reasons, ...(isByZero ? ['ZERO_DENOMINATOR'] : [])]);
}

/** To 12 places by long division, half up, a tie away from 0. */
function roundedByHand([above, below]: Rational): string {
  const size = above < 0n ? -above : above;
  let [digits, rest] = [(size / below).toString(), size % below];
  for (let place = 0; place < 12; place += 1) {
    digits += ((rest * 10n) / below).toString();
    rest = (rest * 10n) % below;
  }
  const units = BigInt(digits) + (rest * 2n >= below ? 1n : 0n);
  const padded = units.toString().padStart(13, '0');
  const decimal = `${padded.slice(0, -12)}.${padded.slice(-12)}`.replace(/\.?0+$/, '');
  return above < 0n && units > 0n ? `-${decimal}` : decimal;
}

const LEAVES: readonly Made[] = (
  [
    ['0', [0n, 1n]],
    ['1', [1n, 1n]],
    ['2.50', [5n, 2n]],
    ['.125', [1n, 8n]],
    ['1000000.01', [100_000_001n, 100n]],
    ['orderingBuyers', [120n, 1n]],
    ['salesAmount', [2401n, 2n]],
    ['inquiryConversionRate', [1n, 4n]],
    ['averageResponseSeconds', [18n, 1n]],
    ['responseMs', [36_000n, 1n]],
    ['badReviews', [0n, 1n]],
    ['doubled', [240n, 1n]],
    ['sum(exam)', [250n, 1n]],
    ['avg(exam)', [250n, 3n]],
    ['count(exam)', [3n, 1n]],
    ['last("exam")', [181n, 2n]],
    ['count(nothing)', [0n, 1n]],
    ['target(zero)', [0n, 1n]],
    ['target(callVolume)', [40n, 1n]],
    ['avg(nothing)', new Set(['MISSING_OPERAND'])],
    ['nothing', new Set(['MISSING_OPERAND'])],
    ['csatAverage', new Set(['MISSING_OPERAND'])],
    ['target(nothing)', new Set(['NO_TARGET'])],
    ['salesTargetAttainment', new Set(['NO_TARGET'])],
  ] as const
).map(([text, worth]) => ({ text, worth }));

const SIGNS: Readonly<Record<string, readonly string[]>> = {
  '+': ['+', ' + '],
  '-': [' - ', ' −', '\n- '],
  '*': ['*', '×', ' × '],
  '/': ['/', ' ÷ ', ' / '],
};

const leaf = fc.constantFrom(...LEAVES);

const { expression } = fc.letrec<{ expression: Made; operation: Made }>((tie) => ({
  expression: fc.oneof({ maxDepth: 5 }, leaf, tie('operation')),
  operation: fc.oneof(
    fc
      .tuple(fc.constantFrom('+', '-', '*', '/'), tie('expression'), tie('expression'), fc.nat(5))
      .map(([operator, left, right, choice]) => {
        const signs = SIGNS[operator] ?? [];
        return {
          text: `(${left.text})${signs[choice % signs.length] ?? operator}( ${right.text} )`,
          worth: byHand(operator, left.worth, right.worth),
        };
      }),
    // Without parentheses: × and ÷ before + and −, and from left to right.
    fc.tuple(leaf, leaf, leaf).map(([a, b, c]) => ({
      text: `${a.text} - ${b.text} / ${c.text} - ${a.text}`,
      worth: byHand('-', byHand('-', a.worth, byHand('/', b.worth, c.worth)), a.worth),
    })),
    tie('expression').map(({ text, worth }) => ({ text: `-(${text})`, worth: byHand('-', [0n, 1n], worth) })),
    fc
      .tuple(fc.constantFrom('min', 'max'), fc.array(tie('expression'), { minLength: 1, maxLength: 3 }))
      .map(([how, operands]) => ({
        text: `${how}(${operands.map(({ text }) => text).join(', ')})`,
        worth: operands.map(({ worth }) => worth).reduce((best, worth) => byHand(how, best, worth)),
      })),
  ),
}));

test('a formula is worth what working it out by hand gives', () => {
  const seen = { values: 0, nulls: 0 };
  fc.assert(
    fc.property(
      // A lone operand keeps a reason of its own.
      expression.filter(({ text }) => text.length <= 500 && !LEAVES.some((known) => known.text === text)),
      ({ text, worth }) => {
        const value = evaluate(text);
        if (isNumber(worth)) {
          seen.values += 1;
          expect(value).toMatchObject({ exact: roundedByHand(worth), nullReason: null });
          return;
        }
        seen.nulls += 1;
        const nullReason = ['ZERO_DENOMINATOR', 'NO_TARGET'].find((reason) => worth.has(reason)) ?? 'MISSING_OPERAND';
        expect(value).toMatchObject({ exact: null, value: null, nullReason });
      },
    ),
    { numRuns: 3_000 },
  );
  expect(Math.min(seen.values, seen.nulls)).toBeGreaterThan(300);
});

test('the written formula of every built-in metric is worth what the metric is worth', () => {
  const metrics = [...METRICS.values()].filter(({ parts }) => parts.type !== 'ATTAINMENT');
  const cents = fc.nat(99_999).map((count) => (count / 100).toFixed(2));
  const amount = fc.oneof(fc.constant('0'), fc.nat(10_000).map(String), cents);
  fc.assert(
    fc.property(fc.constantFrom(...metrics), fc.array(amount, { minLength: 7, maxLength: 7 }), (metric, amounts) => {
      const amountAt = (index: number): string => amounts[index % amounts.length] ?? '0';
      const { observations, targets } = needsOf([metric], 'SHOP', MetricCatalogue.builtIn);
      const facts: SubjectFacts = {
        ...NO_FACTS,
        measured: measured(Object.fromEntries(metric.measures.map((key, index) => [key, amountAt(index)]))),
        observed: new Map(observations.map((key, n) => [key, { sum: amountAt(n + 2), count: n + 3, last: '1' }])),
        targets: new Map(targets.map((key, index) => [key, amountAt(index + 4)])),
      };
      const kind = metric.grains.includes('AGENT') ? 'AGENT' : 'SHOP';
      const catalogue = MetricCatalogue.of([{ ...makeMetric('tested', metric.formula), unit: metric.unit }]);
      const own = metricValue(metric, kind, facts, catalogue);
      const written = metricValue(catalogue.get('tested'), kind, facts, catalogue);
      expect(written).toEqual({ ...own, metric: 'tested' });
    }),
    { numRuns: 2_000 },
  );
});
