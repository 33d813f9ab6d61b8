// What a compute node shows of itself: watermarks, what it has heard of each replica, its recovery, sessions and buffer.

import type { EngineView, SessionView } from '../engine/buffer-view.ts';
import type { LogBufferView, RecoveryView, WriterView } from '../quorum-log/log-view.ts';

export interface WriterLogView {
  readonly buffers: readonly LogBufferView[];
  readonly sessions: readonly SessionView[];
}

export interface ComputeView extends EngineView, WriterView {
  readonly role: 'compute';
  readonly bootEpoch: number;
  /** `waiting`: a spare node without a volume. */
  readonly state: 'waiting' | 'starting' | 'recovering' | 'open' | 'fenced';
  readonly recovery: RecoveryView | null;
  /** When asked for. */
  readonly log?: WriterLogView;
}
