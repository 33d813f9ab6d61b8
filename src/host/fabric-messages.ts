// What the page and the fabric worker say to each other. Requests with an `id` are answered by one `done` or `refused`.

import type { ViewParams } from '../core/kernel/view-params.ts';
import type { WorkloadSpec } from '../core/kernel/workload-spec.ts';
import type { RecordedMark } from '../run-model/picture/keyframe.ts';
import type { NewEvents } from '../run-model/recorder/new-events.ts';
import type { PastQuery } from '../run-model/recorder/past.ts';
import type { TapeMark } from '../sim/tape.ts';
import type { EventsOnWay } from './event-cache.ts';
import type { PackedFrame } from './frame-wire.ts';
import type { Ask, FreshRun } from './opening.ts';
import type { Skip } from './run-loop-core.ts';
import type { ChangeReason } from './run-plan.ts';
import type { RecordChange } from './run-records.ts';
import type { Failpoint } from './worker-messages.ts';

/** Why what was asked of a run is refused when another run has its place. */
export const RUN_ENDED = 'this run has ended';

/** How a run begins: as it was saved, from a preset, or from a tape's text. */
export type RunSource =
  | { readonly kind: 'saved' }
  | { readonly kind: 'preset'; readonly preset: string; readonly seed: number }
  /** `lesson`: whose run it is, if any is; empty for a lesson of a file. */
  | { readonly kind: 'tape'; readonly text: string; readonly lesson: string | null };

export type FabricRequest =
  | {
      readonly kind: 'boot';
      readonly id: number;
      readonly lab: string;
      readonly storage: 'indexeddb' | 'memory';
      /** The page's end of this makes and ends the nodes' workers. */
      readonly workers: MessagePort;
      /** Begun when nothing is saved and no link asks for another. */
      readonly fallback: FreshRun;
      /** What a link asks for; null: the page was opened without one, or followed it. */
      readonly ask: Ask | null;
      /** Begun when nothing is saved, in place of the fallback: another run's tape, at maximum speed to `at`, µs, where it stands. */
      readonly fork: { readonly text: string; readonly at: number } | null;
      readonly failpoint: Failpoint | null;
      /** What is on the screen already; a fresh run of it goes on from there, and is held against it. */
      readonly keyframe: RecordedMark | null;
    }
  /** `standAt`: at maximum speed to this virtual time, µs, where it stands; null plays on after its boot. */
  | {
      readonly kind: 'start';
      readonly id: number;
      readonly source: RunSource;
      readonly standAt: number | null;
      /** What is on the screen already; the run goes on from there, and is held against it. */
      readonly keyframe?: RecordedMark | null;
    }
  | { readonly kind: 'act'; readonly id: number; readonly line: string }
  /** Several lines at one and the same virtual time. */
  | { readonly kind: 'acts'; readonly id: number; readonly lines: readonly string[] }
  /** Nothing at or after this virtual time, µs, until another is said; null: no such limit. */
  | { readonly kind: 'stopAt'; readonly id: number; readonly until: number | null }
  | {
      readonly kind: 'sql';
      readonly id: number;
      readonly session: string;
      /** Null: the first. */
      readonly driver: string | null;
      readonly text: string;
      /** Values of `$1`, `$2` …, as texts; none where it is left out. */
      readonly params?: readonly (string | null)[];
      readonly runToReply: boolean;
    }
  | { readonly kind: 'cancelSql'; readonly session: string; readonly driver: string | null }
  | {
      readonly kind: 'workload';
      readonly id: number;
      readonly name: string;
      readonly change: Partial<WorkloadSpec>;
    }
  | { readonly kind: 'play' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'hidden'; readonly hidden: boolean }
  | { readonly kind: 'speed'; readonly speed: number | null }
  | { readonly kind: 'skipQuiet'; readonly on: boolean }
  | { readonly kind: 'step'; readonly id: number; readonly size: 'meaningful' | 'every' }
  /** At maximum speed until this condition holds (run-model/until/run-condition.ts). */
  | { readonly kind: 'until'; readonly id: number; readonly condition: string }
  /** At maximum speed to this virtual time, µs. */
  | { readonly kind: 'runTo'; readonly id: number; readonly until: number }
  | { readonly kind: 'view'; readonly params: ViewParams }
  /** The last picture was drawn: the next may come. */
  | { readonly kind: 'drawn' }
  | { readonly kind: 'pick'; readonly minRank: number; readonly limit: number }
  /** Events and messages between two times. */
  | { readonly kind: 'past'; readonly id: number; readonly query: PastQuery }
  | { readonly kind: 'tape'; readonly id: number }
  /** `PresentWorld`; `known`: a time of this run, µs, at which who asks has it already. */
  | { readonly kind: 'present'; readonly id: number; readonly known: number | null }
  | { readonly kind: 'digest'; readonly id: number }
  | { readonly kind: 'forget'; readonly id: number }
  /** What is saved is held or cannot be read: a cluster beside it, in memory. */
  | { readonly kind: 'beginInMemory'; readonly id: number }
  /** A what-if twin of this run as it stands, to be found in *Runs* should it not be dropped: what was done to it, and where it is. */
  | ({ readonly kind: 'twin'; readonly runId: string } & OpenTwin)
  /** A person has dropped it, or it becomes the live run. */
  | { readonly kind: 'dropTwin'; readonly runId: string; readonly at: number; readonly branch: string }
  /** What the replay worker has to make; null when there is nothing to take back, to do again, or no such run. */
  | { readonly kind: 'undoPlan'; readonly id: number }
  | { readonly kind: 'redoPlan'; readonly id: number }
  | { readonly kind: 'keptPlan'; readonly id: number; readonly runId: string }
  /** The world that comes through the port takes the place of the one that is on; null: a keyframe of the live cluster does. */
  | {
      readonly kind: 'change';
      readonly id: number;
      readonly port: MessagePort | null;
      readonly reason: ChangeReason;
    }
  | { readonly kind: 'density'; readonly id: number }
  | { readonly kind: 'runs'; readonly id: number }
  | {
      readonly kind: 'changeRecord';
      readonly id: number;
      readonly runId: string;
      readonly change: RecordChange;
    }
  | { readonly kind: 'deleteRun'; readonly id: number; readonly runId: string };

/** A twin in the replay worker. */
export interface OpenTwin {
  readonly branch: string;
  /** Virtual time at which it left, and to which it has come, µs. */
  readonly at: number;
  readonly until: number;
  /** How many lines of its run's tape it has, and those that follow them. */
  readonly inherited: number;
  readonly lines: readonly string[];
}

/** What the page needs to know of the run besides its picture. */
export interface LiveState {
  readonly runId: string;
  /** The run that it left, and at which virtual time; null: it began by itself. */
  readonly parent: { readonly runId: string; readonly at: number } | null;
  readonly playing: boolean;
  readonly booting: boolean;
  readonly speed: number | null;
  readonly measuredSpeed: number;
  readonly skipQuiet: boolean;
  readonly time: number;
  readonly events: number;
  readonly memoryOnly: boolean;
  readonly opened: number;
  readonly nodes: number;
  /** Quiet times that were not shown at their length, the newest last. */
  readonly skips: readonly Skip[];
  /** The lesson that began this run or the one that it left; null: none did. */
  readonly lesson: string | null;
  /** Actions on the tape. */
  readonly taped: number;
  /** Places in its time that a person marked. */
  readonly marks: readonly TapeMark[];
  /** The line that an undo would take back, and the one that a redo would do again. */
  readonly undo: string | null;
  readonly redo: string | null;
  /** Windows released so far. */
  readonly windows: number;
}

/** Why a saved run is not opened, and what of it can be had elsewhere. */
export interface SavedRefusal {
  readonly detail: string;
  /** It is of another engine, which would play it otherwise: that, and this lab's. */
  readonly engines: { readonly saved: string; readonly here: string } | null;
  /** Its tape as it is kept; null: it cannot be read either. */
  readonly tape: string | null;
}

export type FabricNotice =
  /** `twins`: of its, that a page before has left open: they are in *Runs*. */
  | { readonly kind: 'recovered'; readonly nodes: number; readonly at: number; readonly twins: number }
  | ({ readonly kind: 'savedRefused' } & SavedRefusal)
  | { readonly kind: 'storageDenied'; readonly detail: string }
  /** Somebody else still has the disks of this run open: they are waited for. */
  | { readonly kind: 'storageHeld' }
  /** The site's data were removed while the run was on: it stands, its tape is in memory. */
  | { readonly kind: 'storageRemoved' }
  /** Of a cluster that was on its disks. */
  | { readonly kind: 'storageFailed'; readonly node: string; readonly detail: string }
  | { readonly kind: 'quotaExceeded'; readonly usedBytes: number; readonly quotaBytes: number }
  | { readonly kind: 'workerFailed'; readonly node: string; readonly detail: string }
  | { readonly kind: 'engineError'; readonly node: string; readonly detail: string }
  | { readonly kind: 'noWebAssembly'; readonly detail: string }
  /** The run did not come to the keyframe it was painted from. */
  | { readonly kind: 'keyframeMismatch' }
  | { readonly kind: 'fenced' };

export type FabricEvent =
  /** Disks that are being written for another run; null: done, or given up. */
  | { readonly kind: 'work'; readonly bar: { readonly done: number; readonly of: number } | null }
  | { readonly kind: 'frame'; readonly frame: PackedFrame }
  | { readonly kind: 'live'; readonly live: LiveState }
  | ({ readonly kind: 'events'; readonly newEvents: NewEvents } & EventsOnWay)
  | { readonly kind: 'notice'; readonly notice: FabricNotice }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly error: string };
