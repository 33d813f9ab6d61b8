// Every message of the cluster: the rooms' tables merged.

import type { UnionOf } from '../../base/codec.ts';
import { clientMessages } from '../client/messages.ts';
import { logStoreMessages } from '../log-store/messages.ts';
import { objectStoreMessages } from '../object-store/messages.ts';
import { pcsMessages } from '../pcs/messages.ts';
import { makeFrameCodec } from './message-frame.ts';

export const messageTable = {
  ...logStoreMessages,
  ...pcsMessages,
  ...clientMessages,
  ...objectStoreMessages,
};

export type Message = UnionOf<typeof messageTable>;
export type MessageKind = Message['kind'];
export type MessageOf<K extends MessageKind> = Extract<Message, { kind: K }>;

export const messageFrames = makeFrameCodec(messageTable);
export const { encodeMessage, decodeMessage } = messageFrames;

/** Orders about volumes that a driver has out at once: the metadata knows which of them can still be waited for. */
export const MAX_ORDERS_OUT = 8;
