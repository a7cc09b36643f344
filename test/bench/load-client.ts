import { Agent, request } from 'node:http';

export interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of one answer. */
  readonly bytes: number;
}

/** Posts as fast as it is answered, on so many connections, after a short warm-up that does not count. */
async function run({ url, headers, body, connections, seconds }: Load): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let bytes = 0;
  const post = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const outgoing = request(url, { method: 'POST', headers, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer = Buffer.concat(chunks);
          bytes = answer.length;
          if (response.statusCode !== 200 || answer.includes('"errors"'))
            reject(new Error(answer.toString().slice(0, 300)));
          else resolve();
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  const during = async (length: number): Promise<number[]> => {
    const latencies: number[] = [];
    const end = performance.now() + length * 1000;
    const connection = async (): Promise<void> => {
      for (let start = performance.now(); start < end; start = performance.now()) {
        await post();
        latencies.push(performance.now() - start);
      }
    };
    await Promise.all(Array.from({ length: connections }, connection));
    return latencies.sort((a, b) => a - b);
  };
  await during(Math.min(2, seconds));
  const start = performance.now();
  const latencies = await during(seconds);
  const took = (performance.now() - start) / 1000;
  agent.destroy();
  const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { perSecond: latencies.length / took, p50Ms: at(0.5), p99Ms: at(0.99), bytes };
}

process.once('message', (load) => {
  run(load as Load).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
