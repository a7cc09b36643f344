/** Runs the contenders in turn, so that a slow moment of the machine meets all of them; gives each one's median. */
export async function measureInTurn(
  contenders: Readonly<Record<string, (round: number) => Promise<number>>>,
  rounds: number,
): Promise<Map<string, number>> {
  const measured = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(contenders)) {
      measured.set(name, [...(measured.get(name) ?? []), await run(round)]);
    }
  }
  return new Map([...measured].map(([name, values]) => [name, median(values)]));
}

/** Seconds that the work took. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A table for people, numbers to the right. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  console.log([line(header), ...rows.map(line)].join('\n'));
}
