// The past of the cluster and tapes that were opened: the replay worker's side of the lab. Entering a review freezes
// the live cluster; leaving it lets it go on.

import { messageOf } from '../base/thrown.ts';
import type { BranchId, BranchState } from '../host/branches.ts';
import { makeEventCache } from '../host/event-cache.ts';
import { makeFrameReader } from '../host/frame-wire.ts';
import type {
  LongWork,
  PresentWorld,
  RecordedError,
  ReplayEvent,
  ReplayRequest,
} from '../host/replay-messages.ts';
import type { Progress, TapeOpened } from './api.ts';
import { type FabricLink, hasAudience, type LabCore, placeOf, type ReplayLink } from './lab-core.ts';
import type { Mirroring } from './lab-mirror.ts';
import { makeTwinKeeping } from './twin-keeping.ts';
import { whenDrawn } from './when-drawn.ts';
import { linkWorker } from './worker-link.ts';

type PastEvent = Exclude<ReplayEvent, { kind: 'done' } | { kind: 'refused' }>;

export interface PastSide {
  replayLink(): ReplayLink;
  /** Freezes the live cluster and loads its tape up to now; who asks meanwhile waits for the same. */
  enterReview(seek: number | null): Promise<void>;
  isEntering(): Promise<void> | null;
  leavePast(): void;
  openTape(text: string, error?: RecordedError | null): Promise<TapeOpened>;
  /** A twin that nobody has to find in Runs. */
  dropKept(branch: BranchId): void;
  /** Somebody may look at the past soon: the replay worker plays it ahead. */
  expectReview(): void;
}

/** Wall ms that the cluster stands before its past is played ahead. */
const STANDS_MS = 500;
/** Wall ms after which a live cluster has started, and the replay worker starts: who looks back then does not wait for it. */
const STARTED_MS = 4000;

export function makePastSide(core: LabCore, mirroring: Mirroring): PastSide {
  let entering: Promise<void> | null = null;
  let wasPlaying = false;
  /** What the replay worker came to last, of the live cluster's run. */
  let loaded: { readonly runId: string; readonly time: number } | null = null;
  const readFrame = makeFrameReader();
  const shelve = makeEventCache();

  const twins = makeTwinKeeping((request) => core.fabric?.tell(request));
  /** What the replay worker has: of a tape that was only opened, no run of this lab has a part in it. */
  const takeBranches = (branches: readonly BranchState[]): void => {
    core.branches = branches;
    if (loaded !== null) twins.tell(loaded.runId, branches);
  };

  const onReplay = (event: PastEvent): void => {
    if (event.kind === 'frame') whenDrawn(() => core.replay?.tell({ kind: 'drawn' }), hasAudience(core));
    // Pictures and events follow on each other: all are read, whether or not they are shown.
    const frame = event.kind === 'frame' ? readFrame(event.frame) : null;
    const events = event.kind === 'events' ? shelve(event, core.pick.limit) : [];
    if (core.past.kind === 'none') {
      // Twins come and go while live is shown.
      if (event.kind === 'state') takeBranches(event.branches);
      if (event.kind === 'state') core.notifyRun();
      if (event.kind === 'progress') core.setProgress('replay', event.bar === null ? null : barOf(event.bar));
      return;
    }
    switch (event.kind) {
      case 'frame':
        if (frame !== null) core.showFrame(frame);
        return;
      case 'events':
        core.showEvents({ ...event, events });
        if (core.frame !== null) mirroring.sendToMirrors(core.frame);
        return;
      case 'progress':
        core.setProgress('replay', event.bar === null ? null : barOf(event.bar));
        return;
      case 'state':
        takeBranches(event.branches);
        core.past = { ...core.past, place: event };
        core.notifyRun();
        return;
      case 'other':
        core.showOther(event);
        return;
      case 'diverged':
      case 'errorReached':
        core.postNotice(event);
        return;
    }
  };

  const replayLink = (): ReplayLink => {
    if (core.replay !== null) return core.replay;
    const worker = new Worker(new URL('../host/replay-worker.ts', import.meta.url), { type: 'module' });
    const link = linkWorker<ReplayRequest, ReplayEvent>(worker, onReplay, (detail) => {
      // What it knew is lost, and the tape is not: the next look at the past begins with a new worker.
      const goesOn = core.past.kind === 'review' && wasPlaying;
      core.dropPast();
      if (goesOn) core.fabric?.tell({ kind: 'play' });
      core.postNotice({ kind: 'workerFailed', node: '', detail });
    });
    link.tell({ kind: 'view', params: core.view });
    link.tell({ kind: 'pick', ...core.pick });
    core.replay = link;
    loaded = null;
    return link;
  };

  const enterReview = (seek: number | null): Promise<void> => {
    if (core.past.kind !== 'none' || core.fabric === null) return entering ?? Promise.resolve();
    entering ??= loadReview(core.fabric, seek).finally(() => {
      entering = null;
    });
    return entering;
  };

  const loadReview = async (link: FabricLink, seek: number | null): Promise<void> => {
    wasPlaying = core.live?.playing ?? false;
    link.tell({ kind: 'pause' });
    try {
      const runId = core.live?.runId ?? '';
      const known = core.replay !== null && loaded?.runId === runId ? loaded.time : null;
      const present = await link.ask<PresentWorld>((id) => ({ kind: 'present', id, known }));
      core.past = { kind: 'review', place: placeOf(core) };
      // Before its first picture comes, so that nobody takes that for the live cluster's.
      core.notifyRun();
      await replayLink().ask((id) => ({
        kind: 'load',
        id,
        text: present.text,
        seek: seek ?? present.time,
        verify: false,
        error: null,
        present,
      }));
      loaded = { runId, time: present.time };
    } catch (error) {
      // Another tab took over meanwhile: there is nothing to go back to, and it was said.
      if (core.fabric !== link) return;
      if (core.past.kind === 'review') leavePast();
      else if (wasPlaying) link.tell({ kind: 'play' });
      core.postNotice({ kind: 'engineError', node: '', detail: messageOf(error) });
    }
    core.notifyRun();
  };

  const leavePast = (): void => {
    if (core.past.kind === 'none') return;
    const wasReview = core.past.kind === 'review';
    core.past = { kind: 'none' };
    core.showOther(null);
    // Before the run state, which is the live cluster's again: what is on the screen is of another time or branch.
    if (core.liveFrame !== null && core.awaited === null) {
      core.showFrame(core.liveFrame);
      mirroring.sendToMirrors(core.liveFrame);
    }
    core.replay?.tell({ kind: 'pause' });
    if (wasReview && wasPlaying) core.fabric?.tell({ kind: 'play' });
    core.fabric?.tell({ kind: 'view', params: core.view });
    core.setProgress('replay', null);
  };

  const openTape = async (text: string, error: RecordedError | null = null): Promise<TapeOpened> => {
    // Reading tapes is not needed for the first picture.
    const { openPreviewed } = await import('./tape-preview.ts');
    const onOpen = (): void => {
      loaded = null;
    };
    return openPreviewed(core, replayLink, { text, error, onOpen, onFailed: leavePast });
  };

  /** Not while twins are there: they are of the past as it was loaded. */
  const canPrepare = (): boolean =>
    core.past.kind === 'none' &&
    core.fabric !== null &&
    core.live?.booting === false &&
    core.branches.length < 2;

  const expectReview = (): void => {
    if (!canPrepare()) return;
    const { runId = '', time = 0 } = core.live ?? {};
    const prepare = async (): Promise<void> => {
      const text = await core.ask<string>((id) => ({ kind: 'tape', id }));
      if (!canPrepare()) return;
      const link = replayLink();
      const isThere = await link.ask<boolean>((id) => ({ kind: 'prepare', id, tape: { text, until: time } }));
      if (isThere && core.replay === link) loaded = { runId, time };
    };
    // The cluster has just ended, or the worker: whoever looks at its past is answered why.
    prepare().catch(() => undefined);
  };

  let standing: ReturnType<typeof setTimeout> | undefined;
  let stoodAt: number | null = null;
  let starting: ReturnType<typeof setTimeout> | undefined;
  const startReplay = (): void => {
    starting = undefined;
    if (canPrepare() && core.replay === null) replayLink().tell({ kind: 'prepare', tape: null });
  };
  core.listeners.add({
    onRun({ mode, liveTime }) {
      if (mode === 'LIVE' && core.replay === null && starting === undefined)
        starting = setTimeout(startReplay, STARTED_MS);
      const at = mode === 'PAUSED' ? liveTime : null;
      if (at === stoodAt) return;
      stoodAt = at;
      clearTimeout(standing);
      if (at !== null) standing = setTimeout(expectReview, STANDS_MS);
      // The processor is the cluster's again.
      else if (mode === 'LIVE') core.replay?.tell({ kind: 'prepare', tape: null });
    },
  });

  const dropKept = (id: BranchId): void => {
    const twin = core.branches.find((branch) => branch.id === id);
    if (loaded !== null && twin !== undefined) twins.drop(loaded.runId, twin);
  };

  return {
    replayLink,
    enterReview,
    isEntering: () => entering,
    leavePast,
    openTape,
    dropKept,
    expectReview,
  };
}

const barOf = ({ what, done, of }: LongWork): Progress => ({
  id: 'replay',
  label: what === 'search' ? 'progress.search' : what === 'rebuild' ? 'progress.rebuild' : 'progress.replay',
  params: {},
  done,
  of,
  cancellable: true,
});
