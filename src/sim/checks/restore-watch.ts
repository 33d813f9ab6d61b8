// What the monitors of restores remember (restore-monitors.ts).

import { makeNewest, type Newest } from '../../base/newest.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import type { Monitors } from './monitor-state.ts';

/** Page digests kept of the source; the oldest are forgotten. */
const MAX_PAGES = 8192;

export interface RestoredVolume {
  readonly begin: TraceOf<'restore.begin'>;
  readonly monitors: Monitors;
  /** What the first replica of each group was loaded with. */
  readonly digests: Map<string, number>;
  /** Its writer may open it: what is lost from here on is made anew by a base image. */
  isDone: boolean;
  isOpened: boolean;
  /** Failed, cancelled or deleted, with its reason told. */
  isOver: boolean;
  /** Deleted, or older than a run that was resumed: what is told of it counts no more, or not yet. */
  isGone: boolean;
  /** Replicas that are loaded, and those it opened without that nobody has heard of since, as `<node>/<group>`. */
  readonly loaded: Set<string>;
  readonly unheard: Set<string>;
}

export interface RestoreWatch {
  /** Each once: what is copied with the monitors has no two names for one thing. */
  readonly volumes: RestoredVolume[];
  /** Places in `volumes`. */
  readonly byGroup: Map<string, number>;
  readonly byWriter: Map<string, number>;
  /** Digest of pages of the first volume, by `<blockKey>/<pageLsn>`. */
  readonly pages: Newest<string, number>;
  /** Volumes whose writer still ends the one it had. */
  readonly waiting: Map<string, number>;
  /** Objects that were told to be damaged or lost; null: any may be, the object store has lost its disk. */
  bad: Set<string> | null;
}

export const makeRestoreWatch = (): RestoreWatch => ({
  volumes: [],
  byGroup: new Map(),
  byWriter: new Map(),
  pages: makeNewest(MAX_PAGES),
  waiting: new Map(),
  bad: new Set(),
});

const volumeAt = ({ volumes }: RestoreWatch, place: number | undefined): RestoredVolume | undefined =>
  place === undefined ? undefined : volumes[place];
export const ofGroup = (watch: RestoreWatch, group: string): RestoredVolume | undefined =>
  volumeAt(watch, watch.byGroup.get(group));
export const ofWriter = (watch: RestoreWatch, node: string): RestoredVolume | undefined =>
  volumeAt(watch, watch.byWriter.get(node));
