// What the page and the replay worker say to each other: one tape at a time, shown at any of its times.

import type { Time } from '../base/ids.ts';
import type { ViewParams } from '../core/kernel/view-params.ts';
import type { Comparison } from '../run-model/compare/compared.ts';
import type { ExportKind } from '../run-model/exports/run-export.ts';
import type { ListedEvent, WorldFrame } from '../run-model/picture/frame.ts';
import type { NewEvents } from '../run-model/recorder/new-events.ts';
import type { PastQuery } from '../run-model/recorder/past.ts';
import type { TraceQuery } from '../run-model/spans/span.ts';
import type { BranchId, BranchState } from './branches.ts';
import type { EventsOnWay } from './event-cache.ts';
import type { SearchQuery } from './event-search.ts';
import type { Difference } from './first-difference.ts';
import type { PackedFrame } from './frame-wire.ts';
import type { WorldSnapshot } from './world-snapshot.ts';

/** The live cluster as it stands (present-world.ts). */
export interface PresentWorld {
  /** The tape so far; it ends here. */
  readonly text: string;
  readonly time: Time;
  /** Null: not every node answers any more, or who asked has it already. */
  readonly bytes: Uint8Array | null;
}

/** What takes longer than a moment: going to a time, looking for events, making a world for the live cluster. */
export interface LongWork {
  readonly what: 'seek' | 'search' | 'rebuild' | 'export';
  readonly done: number;
  readonly of: number;
}

/** What went wrong when a tape was recorded: its replay ends there, with the node's engine stopped as it was. */
export interface RecordedError {
  readonly kind: 'engine' | 'violation';
  /** Empty: the whole cluster's. */
  readonly node: string;
  /** Virtual time, µs. */
  readonly at: number;
  /** The rule that was violated, by its name; empty for an engine's error. */
  readonly rule: string;
  readonly detail: string;
}

export type ReplayRequest =
  /** `verify`: compare with the tape's end hash when its end is reached. `error`: end there. `present`: of the live cluster, at the end of this tape. */
  | {
      readonly kind: 'load';
      readonly id: number;
      readonly text: string;
      readonly seek: number | null;
      readonly verify: boolean;
      readonly error: RecordedError | null;
      readonly present?: PresentWorld;
    }
  /**
   * Plays the tape of the live cluster ahead of who will look at its past, and shows nothing: `load` goes on from where it has
   * come to. Whatever else is asked ends it; null asks for nothing but that, and that the worker is ready.
   */
  | {
      readonly kind: 'prepare';
      /** Answered whether it has come to `until`. */
      readonly id?: number;
      readonly tape: { readonly text: string; readonly until: number } | null;
    }
  /** Plays a tape once beside whatever is shown; answered by the text of the export. */
  | { readonly kind: 'collect'; readonly id: number; readonly text: string; readonly what: ExportKind }
  /** Plays a tape to a time beside whatever is shown; answered by the structure checks of its volumes' pages. */
  | { readonly kind: 'checkPages'; readonly id: number; readonly text: string; readonly at: number }
  /** Plays a column of a comparison beside whatever is shown; answered by its figures. */
  | { readonly kind: 'compare'; readonly id: number; readonly choice: Comparison; readonly column: string }
  /** Plays a tape beside whatever is shown; answered by the trace of a statement, or null. */
  | { readonly kind: 'trace'; readonly id: number; readonly text: string; readonly query: TraceQuery }
  | { readonly kind: 'seek'; readonly id: number; readonly time: number }
  | { readonly kind: 'step'; readonly id: number; readonly minRank: number }
  | { readonly kind: 'back'; readonly id: number; readonly minRank: number }
  | { readonly kind: 'until'; readonly id: number; readonly condition: string }
  | { readonly kind: 'play'; readonly speed: number | null }
  /** What plays goes on at this speed, virtual µs a wall ms; null: as fast as it can. What stands does not begin to play. */
  | { readonly kind: 'speed'; readonly speed: number | null }
  | { readonly kind: 'pause' }
  | { readonly kind: 'view'; readonly params: ViewParams }
  /** The last picture was drawn: the next may come. */
  | { readonly kind: 'drawn' }
  | { readonly kind: 'pick'; readonly minRank: number; readonly limit: number }
  | { readonly kind: 'past'; readonly id: number; readonly query: PastQuery }
  | { readonly kind: 'digest'; readonly id: number }
  /** What is shown goes on as a twin of its own, and is held against what it came from. */
  | { readonly kind: 'fork'; readonly id: number }
  | { readonly kind: 'show'; readonly id: number; readonly branch: BranchId }
  | { readonly kind: 'drop'; readonly id: number; readonly branch: BranchId }
  | { readonly kind: 'against'; readonly branch: BranchId | null }
  /** To the twin that is shown. */
  | { readonly kind: 'act'; readonly id: number; readonly line: string }
  | {
      readonly kind: 'sql';
      readonly id: number;
      readonly session: string;
      /** Null: the first. */
      readonly driver: string | null;
      readonly text: string;
      readonly runToReply: boolean;
    }
  | { readonly kind: 'undo'; readonly id: number }
  | { readonly kind: 'search'; readonly id: number; readonly query: SearchQuery }
  /** Of the shown branch, as far as it was ever simulated. */
  | { readonly kind: 'density'; readonly id: number }
  /** To the moment just after an event, by its number. */
  | { readonly kind: 'seekEvent'; readonly id: number; readonly index: number }
  /** Ends the long work that is under way; what asked for it is refused, or stands where it has come to. */
  | { readonly kind: 'cancel' }
  /** The tape of what is shown, up to where it stands. */
  | { readonly kind: 'tape'; readonly id: number }
  /**
   * Sends the world at a time through the port, for a live cluster to go on from: of a tape (all before `time`, which
   * is the tape's own past), or what is shown.
   */
  | {
      readonly kind: 'handOver';
      readonly id: number;
      readonly port: MessagePort;
      readonly tape: { readonly text: string; readonly time: number } | null;
    };

/** What goes through the port of a hand-over. */
export interface HandedOver {
  readonly snapshot: WorldSnapshot;
  /** The tape that led there: its header and its lines. */
  readonly header: string;
  readonly lines: readonly string[];
}

/** A replay that is not what was recorded: how it shows, and the first event at which it was seen. */
export interface Divergence {
  readonly detail: string;
  readonly first: ListedEvent | null;
  /** Engine that recorded the tape, engine that replays it; the same when only the tape was changed. */
  readonly engines: readonly [recorded: string, now: string] | null;
}

export type ReplayEvent =
  | { readonly kind: 'frame'; readonly frame: PackedFrame }
  | ({ readonly kind: 'events'; readonly newEvents: NewEvents } & EventsOnWay)
  /** Long work on its way: virtual µs done of those wanted; reported after a while only. Null: it has ended. */
  | { readonly kind: 'progress'; readonly bar: LongWork | null }
  /** The branch that the shown one is held against, at the same time, and where the two first differ. */
  | {
      readonly kind: 'other';
      readonly frame: WorldFrame;
      readonly difference: Difference | 'none' | null;
    }
  | {
      readonly kind: 'state';
      readonly playing: boolean;
      readonly time: number;
      readonly end: number;
      readonly atEnd: boolean;
      readonly branches: readonly BranchState[];
      readonly shown: BranchId;
      readonly against: BranchId | null;
    }
  | ({ readonly kind: 'diverged' } & Divergence)
  /** The replay has come to where an engine stopped, as the repro bundle records. */
  | { readonly kind: 'errorReached'; readonly error: RecordedError }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly error: string };
