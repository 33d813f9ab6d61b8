// What base images take part in, by kind: messages, disk completions, the timer, the control operation (WAL-71).

import type { Concern } from '../replica/hooks.ts';
import { onBaseRead, onBaseReq } from './base-donor.ts';
import { onBaseChunk, onBaseTimer, onChunkStored } from './base-import.ts';
import { finishBase, onBaseCreated, startBase } from './base-install.ts';

export const base = {
  messages: { BaseChunk: onBaseChunk },
  groupMessages: { BaseReq: onBaseReq },
  writes: {
    basePages: (state, ctx, write, { error }) => onChunkStored(state, ctx, write.group, write, error),
    baseCreated(state, ctx, { made }, { error }) {
      const created = onBaseCreated(state, ctx, made, error);
      if (created) ctx.hooks.begin(state, created, ctx);
    },
  },
  reads: {
    base: (state, group, ctx, read, { values, error }) => onBaseRead(state, group, ctx, read, values, error),
  },
  timers: { base: onBaseTimer },
  control: { base: { start: startBase, finish: finishBase } },
} satisfies Concern;
