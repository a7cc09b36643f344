import { StatementNames } from '../../src/db/statement-names';

const ask = (names: StatementNames, text: string, times: number): (string | undefined)[] =>
  Array.from({ length: times }, () => names.nameOf(text));

describe('names of statements', () => {
  it('are given to what comes a third time, and kept', () => {
    const names = new StatementNames();
    const [first, second, third, ...later] = ask(names, 'select 1', 5);
    expect([first, second]).toEqual([undefined, undefined]);
    expect(third).toBeDefined();
    expect(later).toEqual([third, third]);
  });

  it('are never shared', () => {
    const names = new StatementNames();
    const given = ['select 1', 'select 2'].map((text) => ask(names, text, 3).at(-1));
    expect(new Set(given).size).toBe(2);
  });

  it('are bounded in number, and those given stay', () => {
    const names = new StatementNames();
    const given = Array.from({ length: 500 }, (_, n) => ask(names, `select ${n}`, 3).at(-1));
    const named = given.filter((name) => name !== undefined);
    expect(named.length).toBeLessThanOrEqual(100);
    expect(names.nameOf('select 0')).toBe(given[0]);
  });

  it('are not given to texts that come once each, however many', () => {
    const names = new StatementNames();
    const texts = Array.from({ length: 5_000 }, (_, n) => `select ${n}`);
    expect([...texts, ...texts].map((text) => names.nameOf(text)).filter((name) => name !== undefined)).toEqual([]);
  });
});
