// What a compute node shows of itself: watermarks, the last report of each replica, its recovery, sessions and buffer.

import type { EngineView, SessionView } from '../engine/buffer-view.ts';
import type { LogBufferView, OpeningView, RecoveryView, WriterView } from '../quorum-log/log-view.ts';
import type { ReaderLinkView, ReaderView } from '../reader/reader-view.ts';
import type { ConnectionView } from './connections.ts';

export interface WriterLogView {
  readonly buffers: readonly LogBufferView[];
  readonly sessions: readonly SessionView[];
}

/** An attachment: the node's part at one volume. */
export interface AttachmentView extends EngineView, WriterView {
  /** Empty at an attachment that waits for one. */
  readonly volume: string;
  readonly mode: 'idle' | 'rw' | 'ro';
  /** `waiting`: a spare node without a volume. */
  readonly state: 'waiting' | 'starting' | 'recovering' | 'open' | 'fenced';
  readonly recovery: RecoveryView | null;
  readonly opening: OpeningView | null;
  /** Of mode `ro`. */
  readonly reader?: ReaderView;
  /** The sessions of readers, at the writer of a cluster that has some. */
  readonly readers?: readonly ReaderLinkView[];
  /** To each store, of a node in the volume's HA group (FENCE-53). */
  readonly connections?: readonly ConnectionView[];
  /** When asked for. */
  readonly log?: WriterLogView;
}

/** A compute node: its first attachment, and the others. */
export interface ComputeView extends AttachmentView {
  readonly role: 'compute';
  readonly bootEpoch: number;
  readonly others: readonly AttachmentView[];
}

/** All attachments of the node. */
export const attachmentsOf = (view: ComputeView): readonly AttachmentView[] => [view, ...view.others];

declare module '../kernel/view.ts' {
  interface RoleViews {
    compute: ComputeView;
  }
}
