import { Rejection } from '../../domain/field';
import { AppError } from '../../errors';
import { type IncomingRecord, orRejection } from './incoming-record';
import { type Line, MAX_LINE_LENGTH, readLines } from './lines';

export interface CsvOptions {
  readonly delimiter?: string;
  readonly encoding?: string;
}

/** Makes the record of a row that has as many cells as the header. May throw Rejection. */
export type RowReader = (cells: readonly string[]) => unknown;

interface Row {
  readonly line: number;
  readonly size: number;
  readonly cells: readonly string[] | Rejection;
}

/** Records of CSV, blank lines skipped. `openRows` is given the header and may throw AppError. */
export async function* readCsv(
  bytes: AsyncIterable<Uint8Array>,
  openRows: (header: readonly string[]) => RowReader,
  { delimiter = ',', encoding }: CsvOptions = {},
): AsyncGenerator<IncomingRecord> {
  let toRaw: ((row: Row) => unknown) | null = null;
  for await (const row of readRows(readLines(bytes, encoding), delimiter)) {
    if (toRaw === null) toRaw = readHeader(row.cells, openRows);
    else yield { line: row.line, size: row.size, raw: toRaw(row) };
  }
}

function readHeader(
  header: readonly string[] | Rejection,
  openRows: (header: readonly string[]) => RowReader,
): (row: Row) => unknown {
  if (header instanceof Rejection) throw new AppError('BAD_USER_INPUT', `The header cannot be read. ${header.message}`);
  const toRaw = openRows(header);
  return ({ cells }) => {
    if (cells instanceof Rejection) return cells;
    if (cells.length === header.length) return orRejection(() => toRaw(cells));
    return new Rejection('MALFORMED', `The header has ${header.length} cells, this row has ${cells.length}.`);
  };
}

async function* readRows(lines: AsyncIterable<Line>, delimiter: string): AsyncGenerator<Row> {
  const rows = new RowAssembler(delimiter);
  for await (const line of lines) yield* rows.add(line);
  yield* rows.end();
}

/**
 * Puts rows together that span lines. A row that breaks the rules of quoting costs its first line only: reading goes on
 * with the next one, not where an open quote would lead, which may be thousands of good rows later. (csv-parse reads on
 * to the next quote and loses the rows between, hence a reader of our own.)
 */
class RowAssembler {
  /** The lines so far of a row with an open quote. */
  private open: Line[] = [];
  private size = 0;
  private isQuoted = false;

  constructor(private readonly delimiter: string) {}

  *add(line: Line): Generator<Row> {
    const pending = [line];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      this.append(next);
      if (this.isQuoted && next.text !== null && this.size <= MAX_LINE_LENGTH) continue;
      for (const again of yield* this.close()) pending.push(again);
    }
  }

  *end(): Generator<Row> {
    while (this.open.length > 0) {
      for (const again of (yield* this.close()).reverse()) yield* this.add(again);
    }
  }

  private append(line: Line): void {
    this.open.push(line);
    this.size += 1 + (line.text?.length ?? 0);
    if (line.text !== null && hasOddQuotes(line.text)) this.isQuoted = !this.isQuoted;
  }

  /** Yields the row of the open lines; returns those to be read again, last first. */
  private *close(): Generator<Row, Line[]> {
    const { open, size } = this;
    this.open = [];
    this.size = 0;
    this.isQuoted = false;
    const [first, ...more] = open;
    const cells = parseRow(open, this.delimiter);
    if (first === undefined || cells === null) return [];
    yield { line: first.number, size, cells };
    return cells instanceof Rejection ? more.reverse() : [];
  }
}

/** The cells of one row; null for a blank line. */
function parseRow(lines: readonly Line[], delimiter: string): readonly string[] | Rejection | null {
  if (lines.length === 1 && lines[0]?.text === null) return new Rejection('MALFORMED', 'The row is longer than 1 MiB.');
  const row = lines.map(({ text }) => text ?? '').join('\n');
  if (row.trim() === '') return null;
  const cells = splitRow(row.endsWith('\r') ? row.slice(0, -1) : row, delimiter);
  return cells ?? new Rejection('MALFORMED', 'Quotes go around a whole cell, and are doubled within it.');
}

/** The cells of a row by RFC 4180; null if it breaks the rules of quoting. */
function splitRow(row: string, delimiter: string): string[] | null {
  if (!row.includes('"')) return row.split(delimiter);
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (const piece of row.split(delimiter)) {
    // A delimiter within quotes has cut its cell in two.
    cell = isQuoted ? cell + delimiter + piece : piece;
    if (hasOddQuotes(piece)) isQuoted = !isQuoted;
    if (isQuoted) continue;
    const text = unquote(cell);
    if (text === null) return null;
    cells.push(text);
  }
  return isQuoted ? null : cells;
}

function unquote(cell: string): string | null {
  if (!cell.includes('"')) return cell;
  // ="0123" is how spreadsheets and shop platforms keep the digits of an id.
  const quoted = cell.startsWith('="') ? cell.slice(1) : cell;
  const inner = quoted.slice(1, -1);
  const isWhole = quoted.length > 1 && quoted.startsWith('"') && quoted.endsWith('"');
  return isWhole && !inner.replaceAll('""', '').includes('"') ? inner.replaceAll('""', '"') : null;
}

function hasOddQuotes(text: string): boolean {
  let isOdd = false;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) isOdd = !isOdd;
  return isOdd;
}
