import { createHash } from 'node:crypto';
import type { Message } from '../domain/conversation';

const LETTER_OF = { BUYER: 'B', AGENT: 'A', BOT: 'O' } as const;
const SENDER_OF = { B: 'BUYER', A: 'AGENT', O: 'BOT' } as const;

/** The messages of one session as two parallel columns: instants as an array literal, senders one letter each. */
export interface StoredMessages {
  readonly sentAtMs: string;
  readonly senders: string;
}

export function storeMessages(messages: readonly Message[]): StoredMessages {
  return {
    sentAtMs: `{${messages.map(({ at }) => at).join(',')}}`,
    senders: messages.map(({ from }) => LETTER_OF[from]).join(''),
  };
}

/** Stored messages as they were sent; times come from the database as text. */
export function readMessages(sentAtMs: readonly string[], senders: string): Message[] {
  return sentAtMs.map((at, index) => {
    const letter = senders[index];
    if (letter !== 'B' && letter !== 'A' && letter !== 'O') throw new Error('A stored sender is B, A or O.');
    return { at: Number(at), from: SENDER_OF[letter] };
  });
}

/** Tells whether message times differ from those stored, without reading them back. */
export function digestMessages(messages: readonly Message[]): string {
  const { sentAtMs, senders } = storeMessages(messages);
  return createHash('sha1').update(sentAtMs).update(senders).digest().readBigInt64BE().toString();
}
