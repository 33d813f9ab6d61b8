// The lab of this tab: owns the live cluster or watches another tab's, reviews the past, replays tapes. Composition of
// the fabric worker, the replay worker and the ownership of the lab behind the one interface of api.ts.

import type { Time } from '../base/ids.ts';
import type { ViewParams, WorkloadSpec } from '../core/door.ts';
import type { FabricEvent, FabricNotice, FabricRequest, LiveState } from '../host/fabric-messages.ts';
import type { ReplayEvent, ReplayRequest } from '../host/replay-messages.ts';
import type { Failpoint } from '../host/worker-messages.ts';
import type { WorldFrame } from '../sim/frame.ts';
import type { Keyframe, KeyframeMark } from '../sim/keyframe.ts';
import type {
  ActResult,
  EndDigest,
  Lab,
  LabListener,
  Notice,
  PickedEvents,
  Progress,
  RunMode,
  RunState,
  Speed,
  SqlOutcome,
  TapeOpened,
} from './api.ts';
import { type MirrorMessage, makeOwnership } from './ownership.ts';
import { encodeTape } from './share.ts';
import { previewTape } from './tape-preview.ts';
import { whenDrawn } from './when-drawn.ts';
import { linkWorker, type WorkerLink } from './worker-link.ts';

export interface LabOptions {
  readonly lab: string;
  readonly storage: 'indexeddb' | 'memory';
  readonly fallback: { readonly preset: string; readonly seed: number };
  /** A tape to show instead of the saved cluster, which stays untouched. */
  readonly replay: string | null;
  readonly failpoint: Failpoint | null;
  /** Recorded picture to show before anything runs; the fresh run is held against its hash. */
  readonly keyframe: Keyframe | null;
}

/** Wall ms between pictures sent to tabs that watch. */
const MIRROR_MS = 100;
const defaultView: ViewParams = { group: null, lsnWindow: null, span: 32, detail: false };

type FabricLink = WorkerLink<FabricRequest>;
type ReplayLink = WorkerLink<ReplayRequest>;

export function makeLab(options: LabOptions): Lab {
  const listeners = new Set<LabListener>();
  let fabric: FabricLink | null = null;
  let replay: ReplayLink | null = null;
  let live: LiveState | null = null;
  let frame: WorldFrame | null = options.keyframe?.frame ?? null;
  let events: PickedEvents = { events: [], total: 0 };
  let view = defaultView;
  let pick: { minRank: 0 | 1 | 2 | 3; limit: number } = { minRank: 2, limit: 200 };
  let past: 'none' | 'review' | 'replay' = 'none';
  let pastState = { playing: false, time: 0, end: 0 };
  let mirror = false;
  let mirrors = false;
  let mirroredAt = 0;
  let wasPlaying = false;
  let entering: Promise<void> | null = null;
  const progress = new Map<string, Progress>();
  const notices: Notice[] = [];
  let replaySpeed: number | null = 1000;
  /** Times shown before each step, so that as many steps back lead to exactly where one was. */
  let trail: Time[] = [];
  let state = makeRunState();

  function makeRunState(): RunState {
    const mode = currentMode();
    return {
      mode,
      lab: options.lab,
      runId: live?.runId ?? '',
      speed: past === 'none' ? (live?.speed ?? (live === null ? 1000 : 'max')) : (replaySpeed ?? 'max'),
      measuredSpeed: live?.measuredSpeed ?? 0,
      skipQuiet: live?.skipQuiet ?? true,
      playing: past === 'none' ? (live?.playing ?? false) : pastState.playing,
      liveTime: (past === 'replay' ? pastState.end : (live?.time ?? 0)) as Time,
      liveEvents: live?.events ?? 0,
      memoryOnly: live?.memoryOnly ?? false,
      progress: [...progress.values()],
    };
  }

  function currentMode(): RunMode {
    if (mirror) return 'MIRROR';
    if (past === 'review') return 'REVIEW';
    if (past === 'replay') return 'REPLAY';
    if (live === null || live.booting) return 'BOOTING';
    return live.playing ? 'LIVE' : 'PAUSED';
  }

  const tellRun = (): void => {
    state = makeRunState();
    for (const listener of listeners) listener.onRun?.(state);
  };

  const tellNotice = (notice: Notice): void => {
    notices.push(notice);
    for (const listener of listeners) listener.onNotice?.(notice);
  };

  const showFrame = (next: WorldFrame): void => {
    frame = next;
    for (const listener of listeners) listener.onFrame?.(next);
  };

  const showEvents = (next: PickedEvents): void => {
    events = next;
    for (const listener of listeners) listener.onEvents?.(next);
  };

  const setProgress = (id: string, one: Progress | null): void => {
    if (one === null) progress.delete(id);
    else progress.set(id, one);
    tellRun();
  };

  // the owner's cluster

  const ownership = makeOwnership(options.lab, {
    onLost: () => becomeMirror(),
    onMessage: (message) => onMirrorMessage(message),
  });

  const onFabric = (event: Exclude<FabricEvent, { kind: 'done' } | { kind: 'refused' }>): void => {
    switch (event.kind) {
      case 'frame':
        if (past === 'none') showFrame(event.frame);
        sendToMirrors(event.frame);
        whenDrawn(() => fabric?.tell({ kind: 'drawn' }));
        return;
      case 'events':
        if (past === 'none') showEvents({ events: event.events, total: event.total });
        return;
      case 'live':
        live = event.live;
        if (live.booting)
          progress.set('boot', {
            id: 'boot',
            label: 'progress.boot',
            params: {},
            done: live.opened,
            of: live.nodes,
            cancellable: false,
          });
        else progress.delete('boot');
        tellRun();
        return;
      case 'notice':
        onFabricNotice(event.notice);
        return;
    }
  };

  const onFabricNotice = (notice: FabricNotice): void => {
    if (notice.kind === 'fenced') becomeMirror();
    else if (notice.kind === 'recovered') tellNotice({ ...notice, at: notice.at as Time });
    else tellNotice(notice);
  };

  const sendToMirrors = (next: WorldFrame): void => {
    const now = performance.now();
    if (!mirrors || now - mirroredAt < MIRROR_MS) return;
    mirroredAt = now;
    ownership.post({ kind: 'picture', frame: next, events: events.events, total: events.total });
  };

  const startCluster = async (): Promise<void> => {
    if (typeof WebAssembly === 'undefined') {
      tellNotice({
        kind: 'noWebAssembly',
        detail: 'this browser does not run WebAssembly, which the SQL parser needs',
      });
      return;
    }
    const worker = new Worker(new URL('../host/fabric-worker.ts', import.meta.url), { type: 'module' });
    fabric = linkWorker<FabricRequest, FabricEvent>(worker, onFabric, (detail) =>
      tellNotice({ kind: 'workerFailed', node: '', detail }),
    );
    const { lab, storage, fallback, failpoint } = options;
    const keyframe = options.keyframe === null ? null : markOf(options.keyframe);
    const link = fabric;
    // The page's wishes go first: they are answered when there is a picture.
    const booted = link.ask<void>((id) => ({
      kind: 'boot',
      id,
      lab,
      storage,
      fallback,
      failpoint,
      keyframe,
    }));
    link.tell({ kind: 'view', params: view });
    link.tell({ kind: 'pick', ...pick });
    await booted.catch((error: unknown) =>
      tellNotice({ kind: 'engineError', node: '', detail: messageOf(error) }),
    );
    link.tell({ kind: 'view', params: view });
    link.tell({ kind: 'pick', ...pick });
    if (document.visibilityState === 'hidden') link.tell({ kind: 'hidden', hidden: true });
  };

  const claim = async (): Promise<void> => {
    if (await ownership.claim()) await startCluster();
    else tellNotice({ kind: 'openElsewhere' });
  };

  function becomeMirror(): void {
    fabric?.close();
    fabric = null;
    live = null;
    past = 'none';
    mirror = true;
    mirrors = false;
    ownership.release();
    ownership.post({ kind: 'watch' });
    tellRun();
  }

  function onMirrorMessage(message: MirrorMessage): void {
    switch (message.kind) {
      case 'watch':
        if (mirror) return;
        mirrors = true;
        if (frame !== null) sendToMirrors(frame);
        return;
      case 'release':
        if (!mirror && fabric !== null) becomeMirror();
        return;
      case 'gone':
        if (mirror) tellNotice({ kind: 'mirrorLost' });
        return;
      case 'picture':
        if (!mirror) return;
        showFrame(message.frame);
        showEvents({ events: message.events, total: message.total });
        return;
    }
  }

  // the past

  const onReplay = (event: Exclude<ReplayEvent, { kind: 'done' } | { kind: 'refused' }>): void => {
    if (event.kind === 'frame') whenDrawn(() => replay?.tell({ kind: 'drawn' }));
    if (past === 'none') return;
    switch (event.kind) {
      case 'frame':
        showFrame(event.frame);
        return;
      case 'events':
        showEvents({ events: event.events, total: event.total });
        return;
      case 'progress':
        setProgress('replay', {
          id: 'replay',
          label: 'progress.replay',
          params: {},
          done: event.done,
          of: event.of,
          cancellable: false,
        });
        return;
      case 'state':
        pastState = event;
        progress.delete('replay');
        tellRun();
        return;
      case 'diverged':
        tellNotice({ kind: 'diverged', detail: event.detail });
        return;
    }
  };

  const replayLink = (): ReplayLink => {
    if (replay === null) {
      const worker = new Worker(new URL('../host/replay-worker.ts', import.meta.url), { type: 'module' });
      replay = linkWorker<ReplayRequest, ReplayEvent>(worker, onReplay, (detail) =>
        tellNotice({ kind: 'workerFailed', node: '', detail }),
      );
      replay.tell({ kind: 'view', params: view });
      replay.tell({ kind: 'pick', ...pick });
    }
    return replay;
  };

  /** Freezes the live cluster and loads its tape up to now into the replay worker; who asks meanwhile waits for the same. */
  const enterReview = (seek: number | null): Promise<void> => {
    if (past !== 'none' || fabric === null) return entering ?? Promise.resolve();
    entering ??= loadReview(fabric, seek).finally(() => {
      entering = null;
    });
    return entering;
  };

  const loadReview = async (link: FabricLink, seek: number | null): Promise<void> => {
    wasPlaying = live?.playing ?? false;
    link.tell({ kind: 'pause' });
    try {
      const text = await link.ask<string>((id) => ({ kind: 'tape', id }));
      past = 'review';
      await replayLink().ask((id) => ({
        kind: 'load',
        id,
        text,
        seek: seek ?? live?.time ?? null,
        verify: false,
      }));
    } catch (error) {
      if (past === 'review') leavePast();
      else if (wasPlaying) link.tell({ kind: 'play' });
      tellNotice({ kind: 'engineError', node: '', detail: messageOf(error) });
    }
    tellRun();
  };

  const leavePast = (): void => {
    if (past === 'none') return;
    const wasReview = past === 'review';
    past = 'none';
    replay?.tell({ kind: 'pause' });
    progress.delete('replay');
    if (wasReview && wasPlaying) fabric?.tell({ kind: 'play' });
    fabric?.tell({ kind: 'view', params: view });
    tellRun();
  };

  const minRankOf = (size: 'meaningful' | 'every'): number => (size === 'meaningful' ? 2 : 0);

  const openTape = async (text: string): Promise<TapeOpened> => {
    const opened = previewTape(text);
    if (!opened.ok) return opened;
    fabric?.tell({ kind: 'pause' });
    past = 'replay';
    tellRun();
    await replayLink().ask((id) => ({ kind: 'load', id, text, seek: null, verify: true }));
    replayLink().tell({ kind: 'play', speed: replaySpeed });
    return opened;
  };

  const digest = (): Promise<EndDigest> =>
    past !== 'none'
      ? replayLink().ask((id) => ({ kind: 'digest', id }))
      : owner().ask((id) => ({ kind: 'digest', id }));

  const owner = (): FabricLink => {
    if (fabric === null)
      throw new Error(mirror ? 'this tab only watches; take over first' : 'the cluster is not running');
    return fabric;
  };

  const act = async (line: string): Promise<ActResult> => {
    if (fabric === null)
      return { ok: false, error: mirror ? 'this tab only watches' : 'the cluster is not running' };
    if (past === 'replay') return { ok: false, error: 'a replay cannot be changed' };
    leavePast();
    return fabric.ask<ActResult>((id) => ({ kind: 'act', id, line }));
  };

  addEventListener('pagehide', () => {
    if (!mirror) ownership.post({ kind: 'gone' });
  });
  document.addEventListener('visibilitychange', () =>
    fabric?.tell({ kind: 'hidden', hidden: document.visibilityState === 'hidden' }),
  );

  const onStartFailed = (error: unknown): void =>
    tellNotice({ kind: 'engineError', node: '', detail: messageOf(error) });
  if (options.replay !== null) openTape(options.replay).catch(onStartFailed);
  else claim().catch(onStartFailed);

  return {
    subscribe(listener) {
      listeners.add(listener);
      listener.onRun?.(state);
      if (frame !== null) listener.onFrame?.(frame);
      listener.onEvents?.(events);
      for (const notice of notices) listener.onNotice?.(notice);
      return () => listeners.delete(listener);
    },
    frame: () => frame,
    run: () => state,
    act,
    async sql(session, text, { runToReply }) {
      leavePast();
      return owner().ask<SqlOutcome>((id) => ({ kind: 'sql', id, session, text, runToReply }));
    },
    cancelSql: (session) => fabric?.tell({ kind: 'cancelSql', session }),
    setWorkload: (name: string, change: Partial<WorkloadSpec>) =>
      fabric === null
        ? Promise.resolve({ ok: false, error: 'the cluster is not running' })
        : fabric.ask((id) => ({ kind: 'workload', id, name, change })),
    play() {
      trail = [];
      if (past !== 'none') replayLink().tell({ kind: 'play', speed: replaySpeed });
      else fabric?.tell({ kind: 'play' });
    },
    pause() {
      if (past !== 'none') replayLink().tell({ kind: 'pause' });
      else fabric?.tell({ kind: 'pause' });
    },
    setSpeed(speed: Speed) {
      const value = speed === 'max' ? null : speed;
      replaySpeed = value;
      if (past === 'none') fabric?.tell({ kind: 'speed', speed: value });
      else if (pastState.playing) replayLink().tell({ kind: 'play', speed: value });
      tellRun();
    },
    setSkipQuiet: (on) => fabric?.tell({ kind: 'skipQuiet', on }),
    async step(size) {
      if (frame !== null) trail.push(frame.time);
      if (past !== 'none') {
        const found = await replayLink().ask<boolean>((id) => ({
          kind: 'step',
          id,
          minRank: minRankOf(size),
        }));
        if (!found && past === 'review') leavePast();
        return;
      }
      if (fabric !== null) await fabric.ask((id) => ({ kind: 'step', id, size }));
    },
    async back(size) {
      const shown = frame?.time ?? 0;
      const before = trail.pop();
      await enterReview(null);
      if (past === 'none') return;
      if (before !== undefined && before < shown)
        await replayLink().ask((id) => ({ kind: 'seek', id, time: before }));
      else await replayLink().ask((id) => ({ kind: 'back', id, minRank: minRankOf(size) }));
    },
    async seek(time) {
      trail = [];
      if (past === 'none' && entering === null) return enterReview(time);
      await entering;
      if (past !== 'none') await replayLink().ask((id) => ({ kind: 'seek', id, time }));
    },
    returnToLive: leavePast,
    setView(params) {
      view = params;
      fabric?.tell({ kind: 'view', params });
      replay?.tell({ kind: 'view', params });
    },
    pickEvents(minRank, limit) {
      pick = { minRank, limit };
      fabric?.tell({ kind: 'pick', minRank, limit });
      replay?.tell({ kind: 'pick', minRank, limit });
    },
    async startRun({ preset, seed }) {
      leavePast();
      await owner().ask((id) => ({ kind: 'start', id, source: { kind: 'preset', preset, seed } }));
      fabric?.tell({ kind: 'view', params: view });
    },
    async startTape(text, until) {
      leavePast();
      await owner().ask((id) => ({ kind: 'start', id, source: { kind: 'tape', text } }));
      if (until === null) return;
      // It stands at `until`, as long as a person wants to look.
      owner().tell({ kind: 'pause' });
      await owner().ask((id) => ({ kind: 'runTo', id, until }));
    },
    exportTape: () => owner().ask<string>((id) => ({ kind: 'tape', id })),
    previewTape,
    openTape,
    async shareLink() {
      const tape = await owner().ask<string>((id) => ({ kind: 'tape', id }));
      const url = `${location.origin}${location.pathname}#/lab&r=${encodeTape(tape)}`;
      return { url, bytes: url.length, tape };
    },
    endDigest: digest,
    async forgetEverything() {
      await owner().ask((id) => ({ kind: 'forget', id }));
      location.replace(`${location.pathname}#/`);
      location.reload();
    },
    watch() {
      mirror = true;
      ownership.post({ kind: 'watch' });
      tellRun();
    },
    async takeOver() {
      await ownership.takeOver();
      mirror = false;
      tellRun();
      await startCluster();
    },
    separateLab() {
      const name = `lab-${Date.now().toString(36)}`;
      location.replace(`${location.pathname}?lab=${name}${location.hash}`);
    },
  };
}

const markOf = ({ preset, seed, at, hash }: Keyframe): KeyframeMark => ({ preset, seed, at, hash });

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
