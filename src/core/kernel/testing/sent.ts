// Messages by kind, for tests that look at what a role has sent.

import type { Message, MessageKind, MessageOf } from '../messages.ts';

/** The message where it is of that kind, null where it is of another (like `eventOfKind` of trace.ts). */
export function messageOfKind<K extends MessageKind>(message: Message, kind: K): MessageOf<K> | null;
export function messageOfKind(message: Message, kind: MessageKind): Message | null {
  return message.kind === kind ? message : null;
}
