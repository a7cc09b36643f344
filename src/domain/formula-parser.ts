import { type CallExpression, type Expression, parse, type SpreadElement, tokenizer, tokTypes } from 'acorn';
import {
  EXTREMES,
  type Formula,
  FormulaError,
  type FormulaOperator,
  OBSERVED_FUNCTIONS,
  type ObservedFunction,
} from './formula';

export const MAX_FORMULA_LENGTH = 500;
const MAX_NESTING = 20;
const MAX_DIGITS = 20;

/** Names that a formula may call, and that no metric may have. */
export const FORMULA_FUNCTIONS: readonly string[] = [...OBSERVED_FUNCTIONS, ...EXTREMES, 'target'];

/** Keys of observations and targets. */
const KEY = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const NUMBER = /^(?:(?:0|[1-9]\d*)(?:\.\d+)?|\.\d+)$/;

/** One character for one, so that positions hold. */
const SYNONYMS: Readonly<Record<string, FormulaOperator>> = { '×': '*', '÷': '/', '−': '-' };
const OPERATORS: Readonly<Record<string, FormulaOperator>> = { '+': '+', '-': '-', '*': '*', '/': '/' };

const { name, num, string, plusMin, star, slash, parenL, parenR, comma } = tokTypes;
const TOKENS = new Set([name, num, string, plusMin, star, slash, parenL, parenR, comma]);

/** Of this syntax formulas are a small part, which is told by its tokens and nodes. */
const ECMA_VERSION = 5;

/** Parses a formula; whether its keys mean anything is not looked at. Throws FormulaError. */
export function parseFormula(text: string): Formula {
  if (text.trim() === '') throw new FormulaError(1, 'The formula is empty.');
  if (Array.from(text).length > MAX_FORMULA_LENGTH) {
    throw new FormulaError(MAX_FORMULA_LENGTH + 1, `A formula has at most ${MAX_FORMULA_LENGTH} characters.`);
  }
  try {
    const source = text.replace(/[×÷−]/g, (sign) => SYNONYMS[sign] ?? sign);
    checkTokens(source);
    return formulaOf(expressionOf(source), text);
  } catch (error) {
    if (error instanceof Unreadable) throw new FormulaError(positionOf(text, error.offset), error.message);
    // What the parser of the syntax finds has its place in `pos`.
    if (!(error instanceof SyntaxError) || !('pos' in error)) throw error;
    // Where a value is expected it takes a division for a regular expression, and tells where that begins.
    const offset = Number(error.pos) - Number(error.message.startsWith('Unterminated regular'));
    throw new FormulaError(positionOf(text, offset), syntaxProblem(error, text.slice(offset)));
  }
}

/** Whether a formula can name such a key as it stands. */
export function isOperandName(key: string): boolean {
  try {
    const formula = parseFormula(key);
    return formula.type === 'OPERAND' && formula.key === key;
  } catch (error) {
    if (error instanceof FormulaError) return false;
    throw error;
  }
}

/** A problem at an offset of the text. */
class Unreadable extends Error {
  constructor(
    readonly offset: number,
    problem: string,
  ) {
    super(problem);
  }
}

/** Counted in characters, from 1: people see one where a string may have two units. */
function positionOf(text: string, offset: number): number {
  return Array.from(text.slice(0, offset)).length + 1;
}

function syntaxProblem({ message }: SyntaxError, rest: string): string {
  if (message.startsWith('Unterminated string')) return 'The quotation mark is not closed.';
  const next = /[\p{L}\p{N}_$]+|\S/u.exec(rest);
  return next ? `${next[0]} is not expected here.` : 'The formula ends where a value is expected.';
}

/** Before anything is parsed, so that the depth of what is parsed is known. */
function checkTokens(source: string): void {
  const onComment = (_: boolean, __: string, start: number): never => {
    throw new Unreadable(start, 'A formula has no comments.');
  };
  let nesting = 0;
  for (const { type, start, end } of tokenizer(source, { ecmaVersion: ECMA_VERSION, onComment })) {
    const written = source.slice(start, end);
    if (!TOKENS.has(type)) throw new Unreadable(start, `A formula has no ${written}.`);
    if (written.includes('\\')) throw new Unreadable(start, 'A formula has no \\.');
    if (type === num) checkNumber(written, start);
    nesting += Number(type === parenL) - Number(type === parenR);
    if (nesting > MAX_NESTING) throw new Unreadable(start, `Parentheses are nested more than ${MAX_NESTING} deep.`);
  }
}

function checkNumber(written: string, start: number): void {
  if (!NUMBER.test(written)) throw new Unreadable(start, 'A number is a plain decimal, such as 0.5.');
  if (written.replace('.', '').length <= MAX_DIGITS) return;
  throw new Unreadable(start, `A number has at most ${MAX_DIGITS} digits.`);
}

function expressionOf(source: string): Expression {
  const [statement, another] = parse(source, { ecmaVersion: ECMA_VERSION }).body;
  if (another) throw new Unreadable(another.start, 'An operator is missing before this.');
  if (statement?.type !== 'ExpressionStatement') throw new Unreadable(0, 'This is not a formula.');
  return statement.expression;
}

function formulaOf(node: Expression | SpreadElement, text: string): Formula {
  const written = text.slice(node.start, node.end);
  switch (node.type) {
    case 'Literal':
      if (typeof node.value === 'number') return { type: 'NUMBER', decimal: written };
      throw new Unreadable(node.start, 'A text stands only for the key of an observation or a target.');
    case 'Identifier':
      if (!FORMULA_FUNCTIONS.includes(written)) {
        return { type: 'OPERAND', key: written, position: positionOf(text, node.start) };
      }
      throw new Unreadable(node.start, `${written} is a function: write ${written}( … ).`);
    case 'UnaryExpression':
      if (node.operator === '-') return { type: 'NEGATIVE', operand: formulaOf(node.argument, text) };
      throw new Unreadable(node.start, `Nothing stands before ${node.operator}.`);
    case 'BinaryExpression': {
      const operator = OPERATORS[node.operator];
      if (operator === undefined || node.left.type === 'PrivateIdentifier') break;
      return { type: 'BINARY', operator, left: formulaOf(node.left, text), right: formulaOf(node.right, text) };
    }
    case 'CallExpression':
      return callOf(node, text);
    case 'SequenceExpression':
      throw new Unreadable(
        node.expressions[1]?.start ?? node.start,
        'A comma stands only between parts of a function.',
      );
  }
  throw new Unreadable(node.start, 'This is not part of the language of formulas.');
}

function callOf({ callee, arguments: given, start }: CallExpression, text: string): Formula {
  const called = callee.type === 'Identifier' ? text.slice(callee.start, callee.end) : null;
  const observed = OBSERVED_FUNCTIONS.find((known) => known === called);
  if (observed) return { type: 'OBSERVED', how: observed, key: keyOf(observed, given, start, text) };
  if (called === 'target') return { type: 'TARGET', key: keyOf(called, given, start, text) };
  const extreme = EXTREMES.find((known) => known === called);
  if (!extreme) throw new Unreadable(start, `There are only these functions: ${FORMULA_FUNCTIONS.join(', ')}.`);
  if (given.length === 0) throw new Unreadable(start, `${extreme} needs at least one value.`);
  return { type: 'EXTREME', how: extreme, operands: given.map((argument) => formulaOf(argument, text)) };
}

/** The key that a function reads; in quotation marks it may be any word. */
function keyOf(
  called: ObservedFunction | 'target',
  given: readonly (Expression | SpreadElement)[],
  start: number,
  text: string,
): string {
  const [argument, another] = given;
  const kind = called === 'target' ? 'a target' : 'an observation';
  if (!argument) throw new Unreadable(start, `${called} needs the key of ${kind}.`);
  if (another) throw new Unreadable(another.start, `${called} takes one key.`);
  const isQuoted = argument.type === 'Literal' && typeof argument.value === 'string';
  if (!isQuoted && argument.type !== 'Identifier') {
    throw new Unreadable(argument.start, `${called} takes the key of ${kind}.`);
  }
  const key = text.slice(argument.start + Number(isQuoted), argument.end - Number(isQuoted));
  if (KEY.test(key)) return key;
  throw new Unreadable(argument.start, 'A key is a letter, then letters, digits and underscores, at most 64.');
}
