// Tape actions on one message in flight: drop, deliver now, delay, duplicate, corrupt, hold and release.

import type { Fabric } from '../fabric-state.ts';
import { actOnMessage, type MessageFault, parseMessageName } from '../traffic.ts';
import { LONGEST_US, millis } from './args.ts';
import { defineAction } from './define.ts';

/** False when the message is not (or no longer) on its way. */
function act(
  { indexOf, traffic, now, lookaheadUs, seed }: Fabric,
  message: string,
  fault: MessageFault,
): boolean {
  const name = parseMessageName(message);
  const from = name === null ? undefined : indexOf.get(name.from);
  if (name === null || from === undefined) return false;
  const { sequence, copy } = name;
  return actOnMessage(traffic, { from, sequence, copy }, fault, now, lookaheadUs, seed);
}

const messageFault = (kind: 'drop' | 'deliver' | 'duplicate' | 'corrupt') =>
  defineAction({
    target: 'message',
    isFault: true,
    do: (fabric, { message }) => act(fabric, message, { kind }),
  });

export const messageActions = {
  dropMessage: messageFault('drop'),
  deliverMessage: messageFault('deliver'),
  duplicateMessage: messageFault('duplicate'),
  corruptMessage: messageFault('corrupt'),
  releaseMessage: defineAction({
    target: 'message',
    do: (fabric, { message }) => act(fabric, message, { kind: 'release' }),
  }),
  delayMessage: defineAction({
    target: 'message',
    args: { byUs: millis(1, LONGEST_US, 1_000) },
    isFault: true,
    do: (fabric, { message, byUs }) => act(fabric, message, { kind: 'delay', us: byUs }),
  }),
  holdMessage: defineAction({
    target: 'message',
    isFault: true,
    undo: 'releaseMessage',
    do: (fabric, { message }) => act(fabric, message, { kind: 'hold' }),
    end: (fabric, { message }) => act(fabric, message, { kind: 'release' }),
  }),
};
