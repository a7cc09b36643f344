/** Writes how far a work is, a line for each tenth of it. */
export function percentages(
  work: string,
  output: { write(text: string): unknown },
): (done: number, total: number) => void {
  let told = -1;
  return (done, total) => {
    const percent = Math.floor((done / total) * 10) * 10;
    if (percent > told) output.write(`${work}: ${percent} %\n`);
    told = Math.max(told, percent);
  };
}
