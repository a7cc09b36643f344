/** How often a text must come before it is worth keeping prepared, and how many are: each takes memory on every connection. */
const OFTEN = 3;
const MAX_NAMES = 100;
/** Texts that are counted; the longest unseen are forgotten. */
const MAX_TEXTS = 1_000;

/**
 * Names for statements that come again and again, so that the server plans them once a connection: to plan a report takes
 * longer than to run it for one agent. A text keeps its name for ever.
 */
export class StatementNames {
  private readonly names = new Map<string, string>();
  private readonly seen = new Map<string, number>();

  nameOf(text: string): string | undefined {
    return this.names.get(text) ?? this.count(text);
  }

  private count(text: string): string | undefined {
    if (this.names.size >= MAX_NAMES) return undefined;
    const times = (this.seen.get(text) ?? 0) + 1;
    this.seen.delete(text);
    if (times < OFTEN) {
      this.seen.set(text, times);
      const [oldest] = this.seen.keys();
      if (oldest !== undefined && this.seen.size > MAX_TEXTS) this.seen.delete(oldest);
      return undefined;
    }
    const name = `often_${this.names.size}`;
    this.names.set(text, name);
    return name;
  }
}
