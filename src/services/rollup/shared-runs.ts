/** Runs of work by key, one at a time: who calls while one runs shares the next, which begins after the call. */
export class SharedRuns<T> {
  private readonly running = new Map<string, Promise<T>>();
  private readonly waiting = new Map<string, Promise<T>>();

  run(key: string, work: () => Promise<T>): Promise<T> {
    const waiting = this.waiting.get(key);
    if (waiting) return waiting;
    const running = this.running.get(key);
    if (!running) return this.begin(key, work);
    const next = running.then(ignore, ignore).then(() => {
      this.waiting.delete(key);
      return this.begin(key, work);
    });
    this.waiting.set(key, next);
    return next;
  }

  private begin(key: string, work: () => Promise<T>): Promise<T> {
    const run = work();
    this.running.set(key, run);
    const forget = (): void => void this.running.delete(key);
    run.then(forget, forget);
    return run;
  }
}

/** The one who called for a run hears how it went. */
function ignore(): void {
  return;
}
