// What the monitors of restores remember (restore-monitors.ts).

import { makeNewest, type Newest } from '../../base/newest.ts';
import type { TraceOf } from '../../core/trace.ts';
import type { Monitors } from './monitor-state.ts';

/** Page digests kept of the source; the oldest are forgotten. */
const MAX_PAGES = 8192;

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
  readonly pages: Newest<string, number>;
}

export const makeRestoreWatch = (): RestoreWatch => ({
  byGroup: new Map(),
  byWriter: new Map(),
  pages: makeNewest(MAX_PAGES),
});
