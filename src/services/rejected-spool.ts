import { randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../errors';
import type { RejectedLine } from './ingest-stream';

const MEMORY_CHARACTERS = 1_048_576;
// Some five million records. One line in a hundred bytes would otherwise let a small gzip fill the disk.
const MAX_CHARACTERS = 1024 * MEMORY_CHARACTERS;

/** Keeps the rejected records of a stream until they can be told: a few in memory, more in a temporary file. */
export class RejectedSpool {
  private text = '';
  private length = 0;
  private file: FileHandle | null = null;

  /** Throws AppError when there are too many. */
  async add(rejected: readonly RejectedLine[]): Promise<void> {
    const text = rejected.map((record) => JSON.stringify(record)).join(',');
    this.text += this.length === 0 ? text : `,${text}`;
    this.length += text.length;
    if (this.length > MAX_CHARACTERS)
      throw new AppError('RESULT_TOO_LARGE', 'Too many records are rejected to tell them all.');
    if (this.text.length > MEMORY_CHARACTERS) await this.spill();
  }

  /** What was added, as the elements of a JSON list. */
  async *elements(): AsyncGenerator<string | Buffer> {
    if (this.file !== null) yield* this.file.createReadStream({ start: 0, autoClose: false });
    yield this.text;
  }

  async close(): Promise<void> {
    await this.file?.close();
  }

  private async spill(): Promise<void> {
    this.file ??= await openNameless();
    await this.file.appendFile(this.text);
    this.text = '';
  }
}

/** A temporary file that nobody else can open, and that is gone when it is closed, even by a crash. */
async function openNameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `scoreline-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await rm(path);
  return file;
}
