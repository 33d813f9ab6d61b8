// What the parts of the lab share: the workers' links, what is shown, and how the screen is notified. One object that each
// part reads and writes by name; none of them keeps a copy.

import type { Time } from '../base/ids.ts';
import type { ViewParams } from '../core/kernel/view-params.ts';
import type { BranchId, BranchState } from '../host/branches.ts';
import type { FabricRequest, LiveState } from '../host/fabric-messages.ts';
import type { Ask, FreshRun } from '../host/opening.ts';
import type { ReplayRequest } from '../host/replay-messages.ts';
import type { Failpoint } from '../host/worker-messages.ts';
import type { WorldFrame } from '../run-model/picture/frame.ts';
import type { Keyframe } from '../run-model/picture/keyframe.ts';
import type { LabListener, Notice, PickedEvents, Progress, RunMode, RunState } from './api.ts';
import { noNewEvents } from './join-new-events.ts';
import type { NodeWorkers } from './node-workers.ts';
import type { OtherFrame } from './time-api.ts';
import type { WorkerLink } from './worker-link.ts';

export interface LabOptions {
  readonly lab: string;
  readonly storage: 'indexeddb' | 'memory';
  /** Begun where nothing is saved and no link asks for another. */
  readonly fallback: FreshRun;
  /** What a link asks for: it begins also where another run is saved, which is kept. */
  readonly ask?: Ask | null;
  /** What the link asks for is this lab's saved run, or a person chose another: nobody has to ask again. */
  readonly onAnswered?: () => void;
  /** A tape to show instead of the saved cluster, which stays untouched. */
  readonly replay: string | null;
  readonly failpoint: Failpoint | null;
  /** Shows what another tab of this lab shows, for an audience; it never drives the run itself. */
  readonly isAudience?: boolean;
  /** Recorded picture to show before anything runs; the fresh run is held against its hash. */
  readonly keyframe: Keyframe | null;
}

export type FabricLink = WorkerLink<FabricRequest>;
export type ReplayLink = WorkerLink<ReplayRequest>;

/** Where the replay worker stands. */
interface PastPlace {
  readonly playing: boolean;
  readonly end: number;
  readonly shown: BranchId;
  readonly against: BranchId | null;
}

/** Shown is the live cluster, a look back at it, or a tape that was opened. */
type Past =
  | { readonly kind: 'none' }
  | { readonly kind: 'review'; readonly place: PastPlace }
  | { readonly kind: 'replay'; readonly place: PastPlace; readonly marks: RunState['marks'] };

/** This tab drives the lab, or has yet to begin to, or it only watches who does. */
type LabRole =
  | { readonly kind: 'owner'; readonly isWatched: boolean; readonly hasAudience: boolean }
  | { readonly kind: 'mirror'; readonly isOwnerGone: boolean };

export interface LabCore {
  readonly options: LabOptions;
  /** What a link asks for, until this tab has begun it or a person has chosen another. */
  linkAsk: Ask | null;
  /** Name of the storage; another one once a run of another tab is forked. */
  lab: string;
  readonly listeners: Set<LabListener>;
  readonly notices: Notice[];
  fabric: FabricLink | null;
  /** Its nodes' workers. */
  nodeWorkers: NodeWorkers | null;
  /** Resolves when the workers of the cluster before are gone. */
  gone: Promise<void>;
  replay: ReplayLink | null;
  live: LiveState | null;
  frame: WorldFrame | null;
  /** The newest of the live cluster, whatever is shown. */
  liveFrame: WorldFrame | null;
  /** The recorded picture of a run that was asked for and has not come to it yet, and which run there was before. */
  awaited: { readonly frame: WorldFrame; readonly runBefore: string } | null;
  events: PickedEvents;
  view: ViewParams;
  pick: { readonly minRank: 0 | 1 | 2 | 3; readonly limit: number };
  past: Past;
  /** What the replay worker has beside the run itself, also while the live cluster is shown. */
  branches: readonly BranchState[];
  /** The branch that the shown one is held against. */
  other: OtherFrame | null;
  role: LabRole;
  replaySpeed: number | null;
  /** Tapes that were opened so far. */
  openedTapes: number;
  state(): RunState;
  notifyRun(): void;
  postNotice(notice: Notice): void;
  showFrame(next: WorldFrame): void;
  showEvents(next: PickedEvents): void;
  showOther(other: OtherFrame | null): void;
  /** Sets a bar, or takes it away. */
  setProgress(id: string, one: Progress | null): void;
  /** The link was followed, or a person chose another run; `isLasting`: so it is for a page that comes after this one. */
  answerAsk(isLasting: boolean): void;
  /** Lets the replay worker go with all that it holds. */
  dropPast(): void;
  /** Tells the cluster whether anybody can see it. */
  tellHidden(): void;
  /** Lets go of the cluster and of its past: they are another tab's now. Resolves when their workers are gone. */
  letGo(): Promise<void>;
  /** The fabric worker of the cluster that this tab owns; throws for a person when it owns none. */
  owner(): FabricLink;
  /** As `owner().ask`; where no cluster runs the promise is refused, and nothing is thrown at who asks. */
  readonly ask: FabricLink['ask'];
}

const defaultView: ViewParams = { group: null, lsnWindow: null, span: 32, detail: false };

/** It has not said yet where it stands. */
const noPlace: PastPlace = { playing: false, end: 0, shown: 'main', against: null };

/** Where the shown past stands, or one that is about to be shown. */
export const placeOf = ({ past }: LabCore): PastPlace => (past.kind === 'none' ? noPlace : past.place);

export const isTwinShown = (core: LabCore): boolean => placeOf(core).shown !== 'main';

/** An owner that no tab watches. */
export const unwatched: LabRole = { kind: 'owner', isWatched: false, hasAudience: false };

/** What is shown here is on a projector, too: it goes on while this tab is hidden. */
export const hasAudience = ({ role }: LabCore): boolean => role.kind === 'owner' && role.hasAudience;

const noMarks: RunState['marks'] = [];
const noSkips: RunState['skips'] = [];

export function makeLabCore(options: LabOptions): LabCore {
  const progress = new Map<string, Progress>();
  const listeners = new Set<LabListener>();
  const notRunning = (): Error =>
    new Error(
      core.role.kind === 'mirror' ? 'this tab only watches; take over first' : 'the cluster is not running',
    );
  const core: LabCore = {
    options,
    linkAsk: options.ask ?? null,
    lab: options.lab,
    listeners,
    notices: [],
    fabric: null,
    nodeWorkers: null,
    gone: Promise.resolve(),
    replay: null,
    live: null,
    frame: options.keyframe?.frame ?? null,
    liveFrame: null,
    awaited: null,
    events: { events: [], total: 0, newEvents: noNewEvents },
    view: defaultView,
    pick: { minRank: 2, limit: 200 },
    past: { kind: 'none' },
    branches: [],
    other: null,
    role: unwatched,
    replaySpeed: 1000,
    openedTapes: 0,
    state: () => state,
    notifyRun() {
      state = makeRunState(core, [...progress.values()]);
      for (const listener of listeners) listener.onRun?.(state);
    },
    postNotice(notice) {
      core.notices.push(notice);
      for (const listener of listeners) listener.onNotice?.(notice);
    },
    showFrame(next) {
      core.frame = next;
      for (const listener of listeners) listener.onFrame?.(next);
    },
    showEvents(next) {
      core.events = { ...next, newEvents: noNewEvents };
      for (const listener of listeners) listener.onEvents?.(next);
    },
    showOther(other) {
      core.other = other;
      for (const listener of listeners) listener.onOther?.(other);
    },
    setProgress(id, one) {
      if (one === null) progress.delete(id);
      else progress.set(id, one);
      core.notifyRun();
    },
    answerAsk(isLasting) {
      if (core.linkAsk === null) return;
      core.linkAsk = null;
      if (isLasting) options.onAnswered?.();
    },
    dropPast() {
      core.replay?.close();
      core.replay = null;
      core.past = { kind: 'none' };
      core.branches = [];
      progress.delete('replay');
      core.showOther(null);
    },
    tellHidden() {
      const hidden = document.visibilityState === 'hidden' && !hasAudience(core);
      core.fabric?.tell({ kind: 'hidden', hidden });
    },
    letGo() {
      // The nodes first: nothing of theirs outlives the fabric.
      const ended = core.nodeWorkers?.end();
      core.nodeWorkers = null;
      core.fabric?.close();
      core.fabric = null;
      core.live = null;
      core.liveFrame = null;
      core.dropPast();
      progress.clear();
      core.gone = Promise.all([core.gone, ended]).then(() => undefined);
      return core.gone;
    },
    owner() {
      if (core.fabric === null) throw notRunning();
      return core.fabric;
    },
    ask: (request) => (core.fabric === null ? Promise.reject(notRunning()) : core.fabric.ask(request)),
  };
  let state = makeRunState(core, []);
  return core;
}

function makeRunState(core: LabCore, progress: readonly Progress[]): RunState {
  const { live, past, role, replaySpeed } = core;
  const { shown, against, playing, end } = placeOf(core);
  const isLive = past.kind === 'none';
  return {
    mode: modeOf(core),
    lab: core.lab,
    runId: live?.runId ?? '',
    parent: live?.parent ?? null,
    speed: isLive ? (live?.speed ?? (live === null ? 1000 : 'max')) : (replaySpeed ?? 'max'),
    measuredSpeed: live?.measuredSpeed ?? 0,
    skipQuiet: live?.skipQuiet ?? true,
    skips: isLive ? (live?.skips ?? noSkips) : noSkips,
    playing: isLive ? (live?.playing ?? false) : playing,
    liveTime: (past.kind === 'replay' ? end : (live?.time ?? 0)) as Time,
    liveEvents: live?.events ?? 0,
    taped: live?.taped ?? 0,
    marks: past.kind === 'replay' ? past.marks : (live?.marks ?? noMarks),
    memoryOnly: live?.memoryOnly ?? false,
    branches: core.branches,
    shown,
    against,
    isReplay: past.kind === 'replay',
    openedTapes: core.openedTapes,
    undo: live?.undo ?? null,
    redo: live?.redo ?? null,
    lesson: live?.lesson ?? null,
    hasAudience: hasAudience(core),
    isOwnerGone: role.kind === 'mirror' && role.isOwnerGone,
    progress,
  };
}

function modeOf(core: LabCore): RunMode {
  const { role, past, live } = core;
  if (role.kind === 'mirror') return 'MIRROR';
  if (isTwinShown(core)) return 'TWIN';
  if (past.kind === 'review') return 'REVIEW';
  if (past.kind === 'replay') return 'REPLAY';
  if (live === null || live.booting) return 'BOOTING';
  return live.playing ? 'LIVE' : 'PAUSED';
}
