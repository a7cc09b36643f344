import { parseArgs } from 'node:util';
import { benchIngest } from './ingest.bench';
import { benchKpi } from './kpi.bench';

const BENCHES: Readonly<Record<string, (sessions: number | undefined) => Promise<void>>> = {
  ingest: benchIngest,
  kpi: benchKpi,
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { sessions: { type: 'string' } } });
  const bench = BENCHES[positionals[0] ?? ''];
  if (!bench) throw new Error(`Name a benchmark: ${Object.keys(BENCHES).join(', ')}.`);
  await bench(values.sessions === undefined ? undefined : Number(values.sessions));
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
