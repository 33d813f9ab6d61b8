// The lab's commands over time: twins, undo, runs, search. Part of the one interface of api.ts.

import type { Time } from '../base/ids.ts';
import type { BranchId, BranchState } from '../host/branches.ts';
import type { SearchQuery, SearchResult } from '../host/event-search.ts';
import type { Difference } from '../host/first-difference.ts';
import type { RunItem, RunsState } from '../host/run-records.ts';
import type { WorldFrame } from '../run-model/picture/frame.ts';
import type { Density } from '../run-model/recorder/density.ts';
import type { TapeMark } from '../sim/tape.ts';

/** A branch by name, its state, and a run of the list: as the screen has them. */
export type BranchName = BranchId;
export type Branch = BranchState;
export type ListedRun = RunItem;
export type ListedRuns = RunsState;

/** The branch that the shown one is held against, at the same virtual time. */
export interface OtherFrame {
  readonly frame: WorldFrame;
  /** Where the two first differ; `none`: not up to now; null: the search was ended. */
  readonly difference: Difference | 'none' | null;
}

export interface BranchesState {
  /** The loaded tape and its twins; empty while nothing but live was ever shown. */
  readonly branches: readonly BranchState[];
  readonly shown: BranchId;
  readonly against: BranchId | null;
}

/** What was done, or why not, in words for a person. `cancelled`: by a person, nothing has changed. */
export type Done<T = object> = ({ readonly ok: true } & T) | { readonly ok: false; readonly error: string };

export interface TimeApi {
  /** What is shown goes on as a twin in memory, with the tape up to here; at most two beside the run. */
  fork(): Promise<Done<{ readonly branch: BranchId; readonly at: Time }>>;
  /** Shows a branch; the run's own past is `main`. */
  showBranch(id: BranchId): Promise<void>;
  dropTwin(id: BranchId): Promise<void>;
  /** Holds a branch against the shown one, or none. */
  compareWith(id: BranchId | null): void;
  /** The shown twin becomes the live cluster: its disks are written into fresh databases; the run that was is kept in Runs. */
  makeLive(): Promise<Done>;
  /** Rewinds to just before the newest action, on a new branch; in a twin: takes its newest action back. */
  undo(): Promise<Done<{ readonly line: string }>>;
  /** Back to the branch that the last undo left. */
  redo(): Promise<Done<{ readonly line: string }>>;
  /** Ends long work by its id; what asked for it has changed nothing. */
  cancelWork(id: string): void;
  /** Events of the whole run whose line has every word of the pattern. */
  search(query: SearchQuery): Promise<SearchResult>;
  /** To just after an event, by its number. False when the run has none. */
  seekEvent(index: number): Promise<boolean>;

  /** Events of the whole run by time and rank: of live and its past, or of what is replayed. */
  density(): Promise<Density>;

  runs(): Promise<RunsState>;
  renameRun(runId: string, name: string): Promise<void>;
  /** Of the live run; they are kept with it and travel in its tape. */
  setMarks(marks: readonly TapeMark[]): Promise<void>;
  pinRun(runId: string, isPinned: boolean): Promise<void>;
  /** Never the run that is on. */
  deleteRun(runId: string): Promise<void>;
  /** A kept run becomes the live cluster, where it stood; the one that was on is kept. */
  openRun(runId: string): Promise<Done>;
}
