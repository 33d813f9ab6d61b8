// Every message of core's rooms: their tables merged, and the frames that carry them.

import { agentMessages } from '../agent/messages.ts';
import { clientMessages } from '../client/messages.ts';
import { computeMessages } from '../compute/messages.ts';
import { type FrameCodec, makeFrameCodec } from '../kernel/message-frame.ts';
import type { Message } from '../kernel/messages.ts';
import { logStoreMessages } from '../log-store/messages.ts';
import { objectStoreMessages } from '../object-store/messages.ts';
import { pcsMessages } from '../pcs/messages.ts';
import { readerMessages } from '../reader/messages.ts';

export const messageTable = {
  ...logStoreMessages,
  ...pcsMessages,
  ...clientMessages,
  ...objectStoreMessages,
  ...agentMessages,
  ...readerMessages,
  ...computeMessages,
};

/** Of core's messages; a stack of its own messages has its own frames (node.ts). */
export const messageFrames = makeFrameCodec(messageTable) as unknown as FrameCodec<Message>;
export const { encodeMessage, decodeMessage } = messageFrames;
