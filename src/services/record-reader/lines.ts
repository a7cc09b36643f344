/** One line of a text, without its newline; a carriage return before that stays. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Null: longer than MAX_LINE_LENGTH, therefore not kept. */
  readonly text: string | null;
}

/** In UTF-16 units; a session with ten thousand messages fits. */
export const MAX_LINE_LENGTH = 1_048_576;

/** Lines of a byte stream, as they are asked for. A byte order mark is skipped; bytes that are no text become U+FFFD. */
export async function* readLines(bytes: AsyncIterable<Uint8Array>, encoding = 'utf-8'): AsyncGenerator<Line> {
  const decoder = new TextDecoder(encoding);
  const splitter = new LineSplitter();
  for await (const chunk of bytes) yield* splitter.push(decoder.decode(chunk, { stream: true }));
  yield* splitter.push(decoder.decode());
  yield* splitter.end();
}

class LineSplitter {
  private count = 0;
  /** What the line has so far; null once it is too long. */
  private text: string | null = '';

  *push(text: string): Generator<Line> {
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      this.append(text.slice(start, end));
      yield this.take();
      start = end + 1;
    }
    this.append(text.slice(start));
  }

  /** The last line, if it has no newline. */
  *end(): Generator<Line> {
    if (this.text !== '') yield this.take();
  }

  private append(text: string): void {
    if (this.text === null) return;
    this.text = this.text.length + text.length > MAX_LINE_LENGTH ? null : this.text + text;
  }

  private take(): Line {
    const { text } = this;
    this.text = '';
    this.count += 1;
    return { number: this.count, text };
  }
}
