// What base images take part in, by kind: messages, disk completions, the timer, the control operation (WAL-71).

import type {
  ControlHandlers,
  GroupMessageHandlers,
  MessageHandlers,
  ReadHandlers,
  TimerHandler,
  WriteHandlers,
} from '../replica/hooks.ts';
import { onBaseRead, onBaseReq } from './base-donor.ts';
import { onBaseChunk, onBaseTimer, onChunkStored } from './base-import.ts';
import { finishBase, onBaseCreated, startBase } from './base-install.ts';

export const baseMessages: MessageHandlers<'BaseChunk'> = { BaseChunk: onBaseChunk };
export const baseGroupMessages: GroupMessageHandlers<'BaseReq'> = { BaseReq: onBaseReq };

export const baseWrites: WriteHandlers<'basePages' | 'baseCreated'> = {
  basePages: (state, ctx, write, { error }) => onChunkStored(state, ctx, write.group, write, error),
  baseCreated(state, ctx, { made }, { error }) {
    const created = onBaseCreated(state, ctx, made, error);
    if (created) ctx.hooks.begin(state, created, ctx);
  },
};

export const baseReads: ReadHandlers<'base'> = {
  base: (state, group, ctx, read, { values, error }) => onBaseRead(state, group, ctx, read, values, error),
};

export const baseTimers: Readonly<Record<'base', TimerHandler>> = { base: onBaseTimer };

export const baseOps: ControlHandlers<'base'> = {
  base: { start: startBase, finish: finishBase },
};
