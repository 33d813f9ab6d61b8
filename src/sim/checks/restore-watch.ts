// What the monitors of restores remember (restore-monitors.ts).

import type { TraceOf } from '../../core/trace.ts';
import type { Monitors } from './monitor-state.ts';

export interface RestoredVolume {
  readonly begin: TraceOf<'restore.begin'>;
  readonly monitors: Monitors;
  /** What the first replica of each group was loaded with. */
  readonly digests: Map<string, number>;
  isOpened: boolean;
  /** Failed or cancelled, with its reason told. */
  isOver: boolean;
}

export interface RestoreWatch {
  readonly byGroup: Map<string, RestoredVolume>;
  readonly byWriter: Map<string, RestoredVolume>;
  /** Digest of pages of the first volume, by `<blockKey>/<pageLsn>`. */
  readonly pages: Map<string, number>;
}

export const makeRestoreWatch = (): RestoreWatch => ({
  byGroup: new Map(),
  byWriter: new Map(),
  pages: new Map(),
});
