// Messages in notes are of the program that runs, which a world does not know; those of clients are recognised by their kind.

import type { Message, MessageOf } from '../../core/kernel/messages.ts';

export const isKind = <K extends Message['kind']>(message: unknown, kind: K): message is MessageOf<K> =>
  typeof message === 'object' && message !== null && 'kind' in message && message.kind === kind;

/** A driver's request, to the writer or to a reader. */
export const isRequest = (message: unknown): message is MessageOf<'SqlRequest' | 'PointedRequest'> =>
  isKind(message, 'SqlRequest') || isKind(message, 'PointedRequest');

/** The answer to one; `PointedReply` says at which read point it stands. */
export const isReply = (message: unknown): message is MessageOf<'SqlReply' | 'PointedReply'> =>
  isKind(message, 'SqlReply') || isKind(message, 'PointedReply');

/** The code with which a message refuses what it answers; null: it does not. */
export function refusalOf(message: unknown): string | null {
  if (isReply(message)) return message.code === '' ? null : message.code;
  if (isKind(message, 'WriteAck') || isKind(message, 'PageReply')) return message.refused?.code ?? null;
  return null;
}
