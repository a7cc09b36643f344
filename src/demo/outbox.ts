import type { RecordKind } from '../domain/records';
import { DAY_MS, type Instant } from '../domain/zone';
import type { History } from './history';

/** Raw records by kind, as a source sends them. */
export type Batch = { [Kind in RecordKind]?: object[] };

/** The sender of what belongs to no client: the outsourcing firm itself. */
export const FIRM = 'firm';

/** Keeps each record until the day on which its sender sends it. */
export class Outbox {
  /** By day, then by sender. */
  private readonly waiting: Map<string, Batch>[];

  constructor(private readonly history: History) {
    this.waiting = Array.from({ length: history.days }, () => new Map<string, Batch>());
  }

  /** Puts in a record of something that was known at the instant. False, and nothing is sent, outside the history. */
  put(sender: string, kind: RecordKind, knownAt: Instant, record: object, daysLate = 0): boolean {
    if (knownAt < this.history.start || knownAt > this.history.end) return false;
    // What is late on the last day comes with that day: nobody waits for a file that never arrives.
    const due = Math.min(this.history.dayIndex(knownAt + daysLate * DAY_MS), this.history.days - 1);
    const senders = this.waiting[due];
    const batch = senders?.get(sender) ?? {};
    senders?.set(sender, batch);
    (batch[kind] ??= []).push(record);
    return true;
  }

  /** What is sent on a day, one batch for each sender; taken once. */
  take(dayIndex: number): readonly Batch[] {
    const senders = this.waiting[dayIndex] ?? new Map<string, Batch>();
    this.waiting[dayIndex] = new Map();
    return [...senders.values()];
  }
}
