import { buildServiceClock, type ServiceHours } from './service-hours';
import { type Instant } from './zone';

export type Sender = 'BUYER' | 'AGENT' | 'BOT';

export interface Message {
  readonly at: Instant;
  readonly from: Sender;
}

/** What a source without message times knows of a session. */
export interface SessionSummary {
  readonly buyerMessages: number;
  readonly agentReplies: number;
  readonly autoReplies: number;
  readonly answeredRounds: number;
  readonly unansweredRounds: number;
  readonly totalResponseSeconds: number;
  readonly firstResponseSeconds: number | null;
}

/**
 * Figures of one session: integers that add up over sessions (all but firstResponseMs and lastMessageAt).
 * A round is the run of buyer messages that waits for a human reply, from its first message to that reply.
 * "Within" includes the limit. Replies of a bot never count.
 */
export interface ConversationFigures {
  readonly buyerMessages: number;
  readonly agentReplies: number;
  readonly autoReplies: number;
  readonly answeredRounds: number;
  readonly unansweredRounds: number;
  /** Over answered rounds. */
  readonly responseMs: number;
  /** From the first buyer message to the first human reply after it; null without both. */
  readonly firstResponseMs: number | null;
  /** Rounds, answered or not, whose times are known: 0 for a summary, as are all figures below. */
  readonly timedRounds: number;
  readonly roundsWithin10s: number;
  readonly roundsWithin20s: number;
  readonly roundsWithin30s: number;
  readonly roundsWithin60s: number;
  readonly roundsWithin180s: number;
  readonly timedBuyerMessages: number;
  /** Buyer messages inside service hours. */
  readonly serviceMessages: number;
  readonly serviceMessagesAnswered: number;
  readonly serviceMessagesWithin30s: number;
  /** From each answered service message to its human reply. */
  readonly serviceMessageMs: number;
  /** Service messages that waited more than an hour for a human reply, or got none. */
  readonly overdueServiceMessages: number;
  readonly lastMessageAt: Instant | null;
}

type Tally = { -readonly [Figure in keyof ConversationFigures]: ConversationFigures[Figure] };

/** The wait of a message that nobody answered: within no limit, longer than each. */
const NEVER = Infinity;
const OVERDUE_MS = 3_600_000;

export const NO_FIGURES: ConversationFigures = Object.freeze({
  buyerMessages: 0,
  agentReplies: 0,
  autoReplies: 0,
  answeredRounds: 0,
  unansweredRounds: 0,
  responseMs: 0,
  firstResponseMs: null,
  timedRounds: 0,
  roundsWithin10s: 0,
  roundsWithin20s: 0,
  roundsWithin30s: 0,
  roundsWithin60s: 0,
  roundsWithin180s: 0,
  timedBuyerMessages: 0,
  serviceMessages: 0,
  serviceMessagesAnswered: 0,
  serviceMessagesWithin30s: 0,
  serviceMessageMs: 0,
  overdueServiceMessages: 0,
  lastMessageAt: null,
});

/** The figures of message times in any order; messages of equal time run as they were sent. */
export function figuresFromMessages(
  messages: readonly Message[],
  hours: ServiceHours,
  zone: string,
): ConversationFigures {
  const isServiceTime = buildServiceClock(hours, zone);
  const tally: Tally = { ...NO_FIGURES };
  const waiting: Instant[] = [];
  for (const { at, from } of sortByTime(messages)) {
    tally.lastMessageAt = at;
    if (from === 'BOT') tally.autoReplies += 1;
    else if (from === 'BUYER') waiting.push(at);
    else {
      tally.agentReplies += 1;
      closeRound(tally, waiting, at, isServiceTime);
    }
  }
  closeRound(tally, waiting, NEVER, isServiceTime);
  return tally;
}

/** The figures that a summary knows; what needs the time of each message stays 0. */
export function figuresFromSummary(summary: SessionSummary): ConversationFigures {
  const { totalResponseSeconds, firstResponseSeconds, ...counts } = summary;
  return {
    ...NO_FIGURES,
    ...counts,
    responseMs: totalResponseSeconds * 1000,
    firstResponseMs: firstResponseSeconds === null ? null : firstResponseSeconds * 1000,
  };
}

function sortByTime(messages: readonly Message[]): readonly Message[] {
  let last = -Infinity;
  for (const { at } of messages) {
    if (at < last) return messages.toSorted((a, b) => a.at - b.at);
    last = at;
  }
  return messages;
}

/** Counts the waiting buyer messages and empties the list; a reply that nobody waited for is no round. */
function closeRound(
  tally: Tally,
  waiting: Instant[],
  repliedAt: Instant,
  isServiceTime: (instant: Instant) => boolean,
): void {
  const startedAt = waiting[0];
  if (startedAt === undefined) return;
  countRound(tally, repliedAt - startedAt);
  tally.buyerMessages += waiting.length;
  tally.timedBuyerMessages += waiting.length;
  for (const at of waiting) if (isServiceTime(at)) countServiceMessage(tally, repliedAt - at);
  waiting.length = 0;
}

function countRound(tally: Tally, responseMs: number): void {
  tally.timedRounds += 1;
  if (responseMs === NEVER) {
    tally.unansweredRounds += 1;
    return;
  }
  tally.answeredRounds += 1;
  tally.responseMs += responseMs;
  // Only the last round can lack a reply, so the first answered one is the first of all.
  tally.firstResponseMs ??= responseMs;
  if (responseMs <= 10_000) tally.roundsWithin10s += 1;
  if (responseMs <= 20_000) tally.roundsWithin20s += 1;
  if (responseMs <= 30_000) tally.roundsWithin30s += 1;
  if (responseMs <= 60_000) tally.roundsWithin60s += 1;
  if (responseMs <= 180_000) tally.roundsWithin180s += 1;
}

function countServiceMessage(tally: Tally, waitMs: number): void {
  tally.serviceMessages += 1;
  if (waitMs > OVERDUE_MS) tally.overdueServiceMessages += 1;
  if (waitMs === NEVER) return;
  tally.serviceMessagesAnswered += 1;
  tally.serviceMessageMs += waitMs;
  if (waitMs <= 30_000) tally.serviceMessagesWithin30s += 1;
}
