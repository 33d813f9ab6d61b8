// What the parts of the replay worker share: its branches, the tape they came from, what the page looks at, and how playing
// goes on. Each part reads and writes it by name; none keeps a copy.

import { present } from '../base/assert.ts';
import type { Time } from '../base/ids.ts';
import type { ViewParams } from '../core/kernel/view-params.ts';
import { makeNewEventsFeed, type NewEventsFeed } from '../run-model/recorder/new-events.ts';
import type { Edge } from '../sim/fabric-state.ts';
import type { Tape } from '../sim/tape.ts';
import { type Branches, makeBranches } from './branches.ts';
import { type EventFeed, type EventPick, makeEventFeed } from './event-feed.ts';
import { type FrameWriter, makeFrameWriter } from './frame-wire.ts';
import { makePacing, type Pacing } from './pacing.ts';
import { makePictureGate, type PictureGate } from './picture-gate.ts';
import type { Player } from './player.ts';
import type { ErrorStop } from './replay-error.ts';
import type { ReplayEvent } from './replay-messages.ts';

/** Wall ms of simulation between two looks at what the page wants. */
export const SLICE_MS = 10;
export const FRAME_MS = 16;

/** The tape that `main` replays, and what was said of it. */
export interface LoadedTape {
  readonly tape: Tape;
  /** The replay is held against what the tape says of its run. */
  readonly verify: boolean;
  /** The error of the repro bundle that this tape came in. */
  stop: ErrorStop | null;
  isStopReported: boolean;
  isDivergenceReported: boolean;
}

export interface ReplayCore {
  readonly post: (event: ReplayEvent) => void;
  readonly branches: Branches;
  readonly pacing: Pacing;
  readonly gate: PictureGate;
  readonly newEventsFeed: NewEventsFeed;
  readonly frames: FrameWriter;
  readonly events: EventFeed;
  /** Plays the run that traces are asked of; null: none was. */
  traced: Player | null;
  edge: Edge | null;
  loaded: LoadedTape | null;
  view: ViewParams;
  pick: EventPick;
  playing: boolean;
  /** Which play is the one under way: an earlier one ends at its next turn. */
  plays: number;
  /** Requests for work so far: what is played ahead ends at the next one. */
  requests: number;
  /** What is loaded was played ahead, and nobody has looked at it. */
  isAhead: boolean;
  /** A person ended the long work that is under way. */
  cancelled: boolean;
}

export function makeReplayCore(post: (event: ReplayEvent) => void): ReplayCore {
  const core: ReplayCore = {
    post,
    branches: makeBranches(() => present(core.edge, 'the SQL parser')),
    pacing: makePacing(),
    gate: makePictureGate(),
    newEventsFeed: makeNewEventsFeed(),
    frames: makeFrameWriter(),
    events: makeEventFeed(),
    traced: null,
    edge: null,
    loaded: null,
    view: { group: null, lsnWindow: null, span: 32, detail: false },
    pick: { minRank: 2, limit: 200 },
    playing: false,
    plays: 0,
    requests: 0,
    isAhead: false,
    cancelled: false,
  };
  return core;
}

export const shownPlayer = ({ branches }: ReplayCore): Player => branches.shown();

export const isMainShown = ({ branches }: ReplayCore): boolean => branches.shownId() === 'main';

/** How far the shown branch is known: a tape to its end, a twin to where it stands. */
export function horizon(core: ReplayCore): Time {
  const player = shownPlayer(core);
  return isMainShown(core) ? player.end() : player.now();
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
