// Tape actions on one message in flight: drop, deliver now, delay, duplicate, corrupt, hold and release.

import type { Fabric } from '../fabric-state.ts';
import { actOnMessage, type MessageFault, type MessageName, parseMessageName } from '../traffic.ts';
import { LONGEST_US, millis } from './args.ts';
import { defineAction } from './define.ts';

function nameOf({ indexOf }: Fabric, message: string): MessageName | null {
  const name = parseMessageName(message);
  const from = name === null ? undefined : indexOf.get(name.from);
  return name === null || from === undefined ? null : { ...name, from };
}

/** False when the message is not (or no longer) on its way. */
function act(fabric: Fabric, message: string, fault: MessageFault): boolean {
  const { traffic, now, lookaheadUs, seed } = fabric;
  const name = nameOf(fabric, message);
  return name !== null && actOnMessage(traffic, name, fault, now, lookaheadUs, seed);
}

const messageFault = (kind: 'drop' | 'deliver' | 'duplicate' | 'corrupt') =>
  defineAction({
    target: 'message',
    isFault: true,
    do: (fabric, { message }) => act(fabric, message, { kind }),
  });

export const messageActions = {
  /** This message in flight is lost. */
  dropMessage: messageFault('drop'),
  /** This message in flight arrives as soon as the lookahead allows. */
  deliverMessage: messageFault('deliver'),
  /** This message in flight arrives twice. */
  duplicateMessage: messageFault('duplicate'),
  /** A bit of this message in flight is flipped. */
  corruptMessage: messageFault('corrupt'),
  /** A message that is held goes on. */
  releaseMessage: defineAction({
    target: 'message',
    do: (fabric, { message }) => act(fabric, message, { kind: 'release' }),
  }),
  /** This message in flight arrives so much later. */
  delayMessage: defineAction({
    target: 'message',
    args: { byUs: millis(1, LONGEST_US, 1_000) },
    isFault: true,
    do: (fabric, { message, byUs }) => act(fabric, message, { kind: 'delay', us: byUs }),
  }),
  /** This message in flight waits until it is released. */
  holdMessage: defineAction({
    target: 'message',
    isFault: true,
    undo: 'releaseMessage',
    parts(fabric, { message }) {
      const name = nameOf(fabric, message);
      return name === null ? [] : [{ kind: 'held', message: name }];
    },
    do: (fabric, { message }) => act(fabric, message, { kind: 'hold' }),
    end: (fabric, { message }) => act(fabric, message, { kind: 'release' }),
  }),
};
