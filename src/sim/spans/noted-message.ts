// Messages in notes are of the program that runs, which a world does not know; those of clients are recognised by their kind.

import type { Message, MessageOf } from '../../core/kernel/messages.ts';

export const isKind = <K extends Message['kind']>(message: unknown, kind: K): message is MessageOf<K> =>
  typeof message === 'object' && message !== null && 'kind' in message && message.kind === kind;

/** The code with which a message refuses what it answers; null: it does not. */
export function refusalOf(message: unknown): string | null {
  if (isKind(message, 'SqlReply')) return message.code === '' ? null : message.code;
  if (isKind(message, 'WriteAck') || isKind(message, 'PageReply')) return message.refused?.code ?? null;
  return null;
}
