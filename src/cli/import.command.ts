import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { getSystemErrorMap, types } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { Principal } from '../domain/access';
import { RECORD_KINDS, type RecordKind } from '../domain/records';
import { AppError } from '../errors';
import { type ImportMapping, parseMapping } from '../services/import-mapping';
import { ingestStream, NOTHING_INGESTED, type RejectedLine, type StreamResult } from '../services/ingest-stream';
import type { IngestionService } from '../services/ingestion.service';
import { gunzip } from '../services/record-reader/gunzip';
import { type RecordFormat, readRecords, RECORD_FORMATS } from '../services/record-reader/record-reader';

export interface ImportContext {
  readonly ingestion: Pick<IngestionService, 'ingest'>;
  readonly principal: Principal;
  /** Works out what the records changed. */
  readonly refresh?: () => Promise<unknown>;
  readonly close?: () => Promise<void>;
}

/** The part of `process` that the command talks through. */
export interface ImportTerminal {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

interface ImportOptions {
  readonly mapping?: string;
  readonly format?: RecordFormat;
  readonly batchSize?: number;
  readonly rejects?: string;
}

const ALL_WENT_IN = 0;
const SOME_REJECTED = 1;
const COULD_NOT_RUN = 2;
const SHOWN_REJECTS = 20;
const MAX_BATCH_SIZE = 10_000;

/**
 * `scoreline import <kind> <file>`. Sets the exit code: 0 everything went in, 1 some records were rejected, 2 it could
 * not run to the end. `openContext` is called once the mapping and the files are known to be readable.
 */
export function importCommand(
  openContext: (command: Command) => Promise<ImportContext>,
  terminal: ImportTerminal = process,
): Command {
  const command = new Command('import');
  return command
    .description('Take in records from a CSV or NDJSON file; importing it again changes nothing')
    .addArgument(new Argument('<kind>', 'kind of record').choices(RECORD_KINDS))
    .argument('<file>', 'file to read, inflated if its name ends in .gz; - is standard input')
    .option('--mapping <file>', 'YAML file that says which column is which field')
    .addOption(new Option('--format <format>', 'if the name of the file does not tell').choices(RECORD_FORMATS))
    .option('--batch-size <n>', 'records in a transaction (default: 1000)', parseBatchSize)
    .option('--rejects <file>', 'write all rejected records to this file, as NDJSON')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : COULD_NOT_RUN))
    .action(async (kind: RecordKind, file: string, options: ImportOptions) => {
      process.exitCode = await new ImportRun(kind, options, terminal).start(file, () => openContext(command));
    });
}

function parseBatchSize(text: string): number {
  const size = Number(text);
  if (Number.isInteger(size) && size >= 1 && size <= MAX_BATCH_SIZE) return size;
  throw new InvalidArgumentError(`It is a whole number from 1 to ${MAX_BATCH_SIZE}.`);
}

class ImportRun {
  private result = NOTHING_INGESTED;
  private readonly shown: RejectedLine[] = [];
  private readonly closers: (() => Promise<void> | void)[] = [];
  private bar: SingleBar | null = null;

  constructor(
    private readonly kind: RecordKind,
    private readonly options: ImportOptions,
    private readonly terminal: ImportTerminal,
  ) {}

  /** Gives the exit code. */
  async start(file: string, openContext: () => Promise<ImportContext>): Promise<number> {
    const problem = await this.takeIn(file, openContext).then(() => null, explain);
    this.showRejected();
    const { accepted, unchanged, stale, rejected } = this.result;
    const counts = `${this.kind}: ${accepted} accepted, ${unchanged} unchanged, ${stale} stale, ${rejected} rejected`;
    if (problem !== null) {
      this.tell(problem);
      if (this.result !== NOTHING_INGESTED) this.tell(`Before that, ${counts}. Importing the file again is safe.`);
      return COULD_NOT_RUN;
    }
    this.terminal.stdout.write(`${counts}\n`);
    return rejected === 0 ? ALL_WENT_IN : SOME_REJECTED;
  }

  private async takeIn(file: string, openContext: () => Promise<ImportContext>): Promise<void> {
    try {
      const mapping = await this.loadMapping();
      const format = this.options.format ?? getFormat(file);
      const bytes = file === '-' ? this.terminal.stdin : await this.openInput(file);
      const rejects = this.options.rejects === undefined ? null : await this.open(this.options.rejects, 'w');
      const { ingestion, principal, refresh, close } = await openContext();
      if (close !== undefined) this.closers.push(close);
      await ingestStream(ingestion, principal, this.kind, readRecords(bytes, this.kind, format, mapping), {
        batchSize: this.options.batchSize,
        onProgress: (result) => (this.result = result),
        onRejected: async (rejected) => {
          this.shown.push(...rejected.slice(0, SHOWN_REJECTS - this.shown.length));
          await rejects?.appendFile(rejected.map((record) => `${JSON.stringify(record)}\n`).join(''));
        },
      });
      if (refresh !== undefined && this.result.accepted > 0) {
        this.stopBar();
        this.tell('Working out what that changes in the KPIs.');
        await refresh();
      }
    } finally {
      for (const close of this.closers.reverse()) await close();
    }
  }

  private async loadMapping(): Promise<ImportMapping | undefined> {
    if (this.options.mapping === undefined) return undefined;
    const file = await this.open(this.options.mapping, 'r');
    return parseMapping(this.kind, await file.readFile('utf8'));
  }

  private async openInput(path: string): Promise<AsyncIterable<Uint8Array>> {
    const file = await this.open(path, 'r');
    const { size } = await file.stat();
    const bytes = this.withBar(file.createReadStream(), size);
    return path.endsWith('.gz') ? gunzip(Readable.from(bytes)) : bytes;
  }

  private async open(path: string, flags: 'r' | 'w'): Promise<FileHandle> {
    const file = await open(path, flags).catch((error: unknown) => {
      throw new AppError('BAD_USER_INPUT', `${path} cannot be opened: ${reasonOf(error)}.`);
    });
    this.closers.push(() => file.close());
    // Opening a directory works, only reading it does not.
    if ((await file.stat()).isDirectory()) throw new AppError('BAD_USER_INPUT', `${path} is a directory.`);
    return file;
  }

  /** The same bytes; on a terminal a bar shows how far they are. */
  private async *withBar(bytes: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
    if (this.terminal.stderr.isTTY === true && size > 0) this.startBar(size);
    for await (const chunk of bytes) {
      yield chunk;
      this.bar?.increment(chunk.length, { records: countOf(this.result) });
    }
  }

  private startBar(size: number): void {
    const format = `${this.kind} {bar} {percentage}% | {records} records | {eta_formatted} left`;
    this.bar = new SingleBar({ format, stream: this.terminal.stderr, linewrap: null }, Presets.shades_classic);
    this.bar.start(size, 0, { records: 0 });
    this.closers.push(() => this.stopBar());
  }

  private stopBar(): void {
    this.bar?.stop();
    this.bar = null;
  }

  private showRejected(): void {
    for (const { line, field, code, message } of this.shown) {
      this.tell(`line ${line}: ${field === null ? '' : `${field}: `}${message} (${code})`);
    }
    const hidden = this.result.rejected - this.shown.length;
    if (hidden > 0) this.tell(`and ${hidden} more; --rejects <file> tells them all.`);
  }

  private tell(line: string): void {
    this.terminal.stderr.write(`${line}\n`);
  }
}

function getFormat(file: string): RecordFormat {
  if (/\.csv(?:\.gz)?$/.test(file)) return 'csv';
  if (/\.(?:ndjson|jsonl)(?:\.gz)?$/.test(file)) return 'ndjson';
  throw new AppError('BAD_USER_INPUT', `${file} does not tell its format: add --format csv or --format ndjson.`);
}

function countOf({ accepted, unchanged, stale, rejected }: StreamResult): number {
  return accepted + unchanged + stale + rejected;
}

/** What the operating system says, without its code and its call. */
function reasonOf(error: unknown): string {
  const known =
    types.isNativeError(error) && 'errno' in error ? getSystemErrorMap().get(Number(error.errno)) : undefined;
  return known?.[1] ?? explain(error);
}

/** A sentence for what the user or the machine is to blame for, a stack for a fault of ours. */
function explain(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  const known = error instanceof AppError || 'code' in error;
  return known ? error.message : (error.stack ?? error.message);
}
