// The one object the screen talks to. Commands go in as tape actions or as controls of the view; pictures, events and
// the run's state come out. The same interface is served by the live cluster, by a review of its past and by a mirror
// of another tab. Nothing here knows React.

import type { Time } from '../base/ids.ts';
import type { ClientResult } from '../core/kernel/client-calls.ts';
import type { ViewParams } from '../core/kernel/view-params.ts';
import type { WorkloadSpec } from '../core/kernel/workload-spec.ts';
import type { SavedRefusal } from '../host/fabric-messages.ts';
import type { Divergence, RecordedError } from '../host/replay-messages.ts';
import type { Skip } from '../host/run-loop-core.ts';
import type { UntilResult } from '../host/run-requests.ts';
import type { Refusal } from '../presets/refusals.ts';
import type { ExportKind } from '../run-model/exports/run-export.ts';
import type { FactFault } from '../run-model/facts/fault.ts';
import type { ListedEvent, WorldFrame } from '../run-model/picture/frame.ts';
import type { NewEvents } from '../run-model/recorder/new-events.ts';
import type { PastPicture, PastQuery } from '../run-model/recorder/past.ts';
import type { SpanTrace, TraceQuery } from '../run-model/spans/span.ts';
import type { FsckReport } from '../sim/fsck/findings.ts';
import type { TapeMark } from '../sim/tape.ts';
import type { BridgeState } from './pg-bridge.ts';
import type { StartOptions } from './start-options.ts';
import type { BranchesState, Done, OtherFrame, TimeApi } from './time-api.ts';

/** LIVE and PAUSED own the cluster; REVIEW shows its past; REPLAY shows a tape that was opened; TWIN a fork in memory; MIRROR another tab's run. */
export type RunMode = 'BOOTING' | 'LIVE' | 'PAUSED' | 'REVIEW' | 'REPLAY' | 'TWIN' | 'MIRROR';

/** Virtual µs per wall second, or `max`. The default 1000 shows 1 ms in 1 s. */
export type Speed = number | 'max';

export interface RunState extends BranchesState {
  readonly mode: RunMode;
  /** Name of this run's storage; a separate lab has another. */
  readonly lab: string;
  readonly runId: string;
  /** The run that this one left at this virtual time (an undo, a twin made live); null: none. */
  readonly parent: { readonly runId: string; readonly at: number } | null;
  readonly speed: Speed;
  /** Virtual µs per wall second as measured over the last second. */
  readonly measuredSpeed: number;
  readonly skipQuiet: boolean;
  /** Quiet times that were not shown at their length, the newest last. */
  readonly skips: readonly Skip[];
  /** True while virtual time passes in what is shown. */
  readonly playing: boolean;
  /** Newest virtual time of the live cluster (in REVIEW: later than the frame's). */
  readonly liveTime: Time;
  readonly liveEvents: number;
  /** Actions on the live cluster's tape. */
  readonly taped: number;
  /** Places in the time of what is shown that a person marked, by time; an empty text is a mark without a name. */
  readonly marks: readonly TapeMark[];
  /** True when disks are in memory only (storage refused or workers missing): reload loses the run. */
  readonly memoryOnly: boolean;
  /** True while a tape that was opened is loaded in place of the live cluster's past. */
  readonly isReplay: boolean;
  /** Tapes that were opened so far: another number is another replay. */
  readonly openedTapes: number;
  /** The lesson that began the live run or the one that it left; empty: one of a file; null: none did. */
  readonly lesson: string | null;
  /** This tab watches a lab that no tab drives any more. */
  readonly isOwnerGone: boolean;
  /** An audience window shows this run: it goes on while its own window is hidden. */
  readonly hasAudience: boolean;
  /** The line that an undo of the live cluster would take back, and the one that a redo would do again. */
  readonly undo: string | null;
  readonly redo: string | null;
  /** Bars of long work: boot, recovery of a lab after a power cut, re-simulation. `of` 0 is unknown. */
  readonly progress: readonly Progress[];
}

export interface Progress {
  readonly id: string;
  /** Message key of its label and the key's parameters. */
  readonly label: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly done: number;
  readonly of: number;
  readonly cancellable: boolean;
}

/** What happened that the screen must say in words (banners, dialogs, full-page states). */
export type Notice =
  | { readonly kind: 'recovered'; readonly nodes: number; readonly at: Time; readonly twins: number }
  /** `asked`: what a link of this tab asks for; null: it was opened without one. */
  | { readonly kind: 'openElsewhere'; readonly asked: StartOptions | null }
  | ({ readonly kind: 'savedRefused' } & SavedRefusal)
  | { readonly kind: 'storageDenied'; readonly detail: string }
  | { readonly kind: 'storageHeld' }
  | { readonly kind: 'storageRemoved' }
  | { readonly kind: 'storageFailed'; readonly node: string; readonly detail: string }
  | { readonly kind: 'quotaExceeded'; readonly usedBytes: number; readonly quotaBytes: number }
  | { readonly kind: 'workerFailed'; readonly node: string; readonly detail: string }
  | { readonly kind: 'noWebAssembly'; readonly detail: string }
  | { readonly kind: 'engineError'; readonly node: string; readonly detail: string }
  | { readonly kind: 'keyframeMismatch' }
  | ({ readonly kind: 'diverged' } & Divergence)
  | { readonly kind: 'errorReached'; readonly error: RecordedError }
  | { readonly kind: 'mirrorLost' };

/** How far one step goes: any input, the next event of rank ≥ 2, or the next of rank 3. */
export type StepSize = 'every' | 'meaningful' | 'milestones';

export interface PickedEvents {
  readonly events: readonly ListedEvent[];
  /** Events of the run so far; `events` are its newest of rank ≥ the asked rank, at most the asked number. */
  readonly total: number;
  /** What is new since the last call: each event of a story once. Not kept. */
  readonly newEvents: NewEvents;
}

export type ActResult =
  | { readonly ok: true; readonly at: Time; readonly line: string }
  /** `why` is the same as a code. */
  | { readonly ok: false; readonly error: string; readonly why?: Refusal };

export interface SqlOutcome {
  readonly result: ClientResult;
  readonly latencyUs: number;
  /** By which its trace is found (PCS-94), and when it was asked. */
  readonly requestId: string;
  readonly askedAt: number;
}

export interface TapePreview {
  readonly preset: string;
  readonly seed: number;
  readonly actions: number;
  /** Of them those that wait for a condition. */
  readonly waiting: number;
  readonly sqlStatements: number;
  readonly marks: readonly TapeMark[];
  readonly durationMs: number;
  readonly endHash: string | null;
}

export type TapeOpened =
  | { readonly ok: true; readonly preview: TapePreview }
  /** `line` and `column` count from 1; `why` is a condition's fault where the line waits for one. */
  | {
      readonly ok: false;
      readonly line: number;
      readonly column: number;
      readonly error: string;
      readonly why: Refusal | FactFault;
    };

export interface EndDigest {
  readonly hash: string;
  readonly events: number;
  readonly time: Time;
  /** The cluster has stopped, its nodes say nothing any more: `hash` is of their traces alone. */
  readonly isOfTrace?: boolean;
}

export interface LabListener {
  /** At most 60 a second; the newest picture. */
  onFrame?(frame: WorldFrame): void;
  onRun?(run: RunState): void;
  onEvents?(events: PickedEvents): void;
  onNotice?(notice: Notice): void;
  /** The branch that is held against the shown one; null: none is. */
  onOther?(other: OtherFrame | null): void;
}

export interface SqlOptions {
  readonly runToReply: boolean;
  readonly driver?: string;
}

export interface Lab extends TimeApi {
  subscribe(listener: LabListener): () => void;
  frame(): WorldFrame | null;
  run(): RunState;

  /** One tape action without its time, as text (`crash store-2`, `cut rw-1 | store-3 for 6`). Refused with a reason. */
  act(action: string): Promise<ActResult>;
  /** Several lines at one and the same virtual time; none of them when one is refused. */
  actAll(lines: readonly string[]): Promise<ActResult>;
  /** At maximum speed to this virtual time, where it stands. */
  runTo(until: Time): Promise<void>;
  /** The live cluster lets nothing happen at or after this virtual time until another is said; null: no limit. */
  stopAt(until: Time | null): Promise<void>;
  /**
   * A statement or several of a session (`name@volume` in a volume that is not the first) through a driver (the first,
   * if none is named). `runToReply`: at max speed until the answer.
   */
  sql(session: string, text: string, options: SqlOptions): Promise<SqlOutcome>;
  cancelSql(session: string, driver?: string): void;
  setWorkload(name: string, change: Partial<WorkloadSpec>): Promise<ActResult>;
  /** Lets clients of PostgreSQL's protocol ask the live cluster, through the server that has given this page the token. */
  openPgBridge(token: string, onState: (state: BridgeState) => void): Promise<void>;

  play(): void;
  pause(): void;
  setSpeed(speed: Speed): void;
  setSkipQuiet(on: boolean): void;
  /** One event further. Pauses first. */
  step(size: StepSize): Promise<void>;
  /** At maximum speed until a condition holds (`hole.open`, `VDL(v1) >= 1000`, `time >= 120`), and stands there; `pause` cancels. */
  runUntil(condition: string): Promise<UntilResult>;
  /** The state just before the event last shown: REVIEW. */
  back(size: StepSize): Promise<void>;
  seek(time: Time): Promise<void>;
  /** Somebody is about to look at the past: it is played ahead, so that the look is there sooner. */
  expectReview(): void;
  returnToLive(): void;

  /** What the screen needs of the nodes: list window, group, detail. */
  setView(params: ViewParams): void;
  /** Which events the list shows. */
  pickEvents(minRank: 0 | 1 | 2 | 3, limit: number): void;

  /**
   * A tape as a new live run of workers and disks, in place of the saved one; at maximum speed to `until`, where it stands. `lesson`: its id, when
   * it is a lesson's; empty for one of a file.
   */
  startTape(text: string, until: Time | null, lesson?: string): Promise<void>;
  startRun(options: StartOptions): Promise<void>;
  /** Of what is shown: a twin or a replay up to where it stands, otherwise (in a review, too) the live run. */
  exportTape(): Promise<string>;
  /** Of the live run, whatever is shown. Rejects when this tab has none. */
  liveTape(): Promise<string>;
  /** The run of `exportTape` for other tools: trace as JSON lines, operation history as EDN or JSON. Plays the tape again. */
  exportRun(kind: ExportKind): Promise<string>;
  /** The structure of the pages of that run at a time, for each volume that can be read as a whole then. Plays the tape again. */
  checkPages(at: Time): Promise<readonly FsckReport[]>;
  /** Everything that was done for a statement of that run (PCS-94); null: it has none up to then. Plays the tape again. */
  trace(query: TraceQuery): Promise<SpanTrace | null>;
  /**
   * Replays a tape from its start in memory (REPLAY); the saved cluster is untouched. `error`: of the repro bundle that it came
   * in; the replay ends there.
   */
  openTape(text: string, error?: RecordedError | null): Promise<TapeOpened>;
  shareLink(): Promise<{ readonly url: string; readonly bytes: number; readonly tape: string }>;
  /** Events and messages of a stretch of what is shown, as far as they are remembered. */
  past(query: PastQuery): Promise<PastPicture>;
  /** Trace hash, inputs and virtual time of what is shown, for comparison between runs. */
  endDigest(): Promise<EndDigest>;

  forgetEverything(): Promise<void>;
  /** Where what is saved is held by somebody or cannot be read: a cluster beside it, in memory; the disks stay as they are. */
  beginInMemory(): Promise<void>;
  watch(): void;
  takeOver(): Promise<void>;
  /**
   * The run that another tab drives goes on here as a lab of its own: its disks are made again from its tape, up to where
   * it stands. That tab is not touched.
   */
  forkElsewhere(): Promise<Done>;
  /** What the link of this tab asks for begins as a lab of its own, beside the one that another tab drives. */
  beginApart(): Promise<Done>;
}
