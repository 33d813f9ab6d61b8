// Every message of the cluster: the rooms' tables merged.

import type { UnionOf } from '../../base/codec.ts';
import { agentMessages } from '../agent/messages.ts';
import { clientMessages } from '../client/messages.ts';
import { computeMessages } from '../compute/messages.ts';
import { logStoreMessages } from '../log-store/messages.ts';
import { objectStoreMessages } from '../object-store/messages.ts';
import { pcsMessages } from '../pcs/messages.ts';
import { readerMessages } from '../reader/messages.ts';
import { type FrameCodec, makeFrameCodec } from './message-frame.ts';
import type { MessageTable } from './message-table.ts';

export const messageTable = {
  ...logStoreMessages,
  ...pcsMessages,
  ...clientMessages,
  ...objectStoreMessages,
  ...agentMessages,
  ...readerMessages,
  ...computeMessages,
};

/** Tables that stacks add, by declaration merging: `interface StackMessages { mine: typeof myMessages }`. */
// biome-ignore lint/suspicious/noEmptyInterface: stacks extend it
export interface StackMessages {}

type OfTable<Table> = Table extends MessageTable ? UnionOf<Table> : never;

/** What a role sends or receives: a message of core, or of a stack's own roles. */
export type Message = UnionOf<typeof messageTable> | OfTable<StackMessages[keyof StackMessages]>;
export type MessageKind = Message['kind'];
export type MessageOf<K extends MessageKind> = Extract<Message, { kind: K }>;

/** Of core's messages; a stack of its own messages has its own frames (node.ts). */
export const messageFrames = makeFrameCodec(messageTable) as unknown as FrameCodec<Message>;
export const { encodeMessage, decodeMessage } = messageFrames;

/** Orders about volumes that a driver has out at once: the metadata knows which of them can still be waited for. */
export const MAX_ORDERS_OUT = 8;
