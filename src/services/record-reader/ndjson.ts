import { Rejection } from '../../domain/field';
import { type IncomingRecord, orRejection } from './incoming-record';
import { readLines } from './lines';

/** Records of NDJSON, blank lines skipped. `toRaw` makes the record of a line's value; it may throw Rejection. */
export async function* readNdjson(
  bytes: AsyncIterable<Uint8Array>,
  toRaw: (value: unknown) => unknown = (value) => value,
  encoding?: string,
): AsyncGenerator<IncomingRecord> {
  for await (const { number, text } of readLines(bytes, encoding)) {
    if (text === null) {
      yield { line: number, size: 0, raw: new Rejection('MALFORMED', 'The line is longer than 1 MiB.') };
    } else if (text.trim() !== '') {
      yield { line: number, size: text.length, raw: orRejection(() => toRaw(parseJson(text))) };
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The engine's own message quotes the line.
    throw new Rejection('MALFORMED', 'The line is not valid JSON.');
  }
}
