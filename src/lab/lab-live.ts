// The cluster that this tab owns: starts its fabric worker and passes on what it says.

import type { Time } from '../base/ids.ts';
import { messageOf } from '../base/thrown.ts';
import { makeEventCache } from '../host/event-cache.ts';
import type { FabricEvent, FabricNotice, FabricRequest, LiveState } from '../host/fabric-messages.ts';
import { makeFrameReader } from '../host/frame-wire.ts';
import type { WorldFrame } from '../run-model/picture/frame.ts';
import type { PickedEvents } from './api.ts';
import { joinNewEvents, noNewEvents } from './join-new-events.ts';
import { hasAudience, type LabCore } from './lab-core.ts';
import type { Mirroring } from './lab-mirror.ts';
import { markOf } from './recorded-picture.ts';
import { whenDrawn } from './when-drawn.ts';
import { linkWorker } from './worker-link.ts';

type LiveEvent = Exclude<FabricEvent, { kind: 'done' } | { kind: 'refused' }>;

type BootFork = NonNullable<Extract<FabricRequest, { kind: 'boot' }>['fork']>;

export interface LiveSide {
  /** `fork`: the run that begins where nothing is saved, in place of the usual one. */
  startCluster(fork?: BootFork): Promise<void>;
  /** Starts the cluster when no other tab has it. */
  claim(): Promise<void>;
}

/** Shown is the recorded picture of the run that was asked for: a picture of another one, or of its boot, has to wait. */
const isAwaited = ({ awaited }: LabCore, { preset, seed, time }: WorldFrame): boolean =>
  awaited !== null &&
  (preset !== awaited.frame.preset || seed !== awaited.frame.seed || time < awaited.frame.time);

export function makeLiveSide(core: LabCore, mirroring: Mirroring): LiveSide {
  const readFrame = makeFrameReader();
  const shelve = makeEventCache();
  const showFrame = (frame: WorldFrame): void => {
    core.liveFrame = frame;
    if (isAwaited(core, frame)) return;
    core.awaited = null;
    if (core.past.kind === 'none') core.showFrame(frame);
  };
  /** New events that came while something else was shown. */
  let missed = noNewEvents;
  /** A picture's events follow it; tabs that watch get both together. */
  const showEvents = (picked: PickedEvents): void => {
    const newEvents = joinNewEvents(missed, picked.newEvents);
    missed = core.past.kind === 'none' ? noNewEvents : newEvents;
    if (core.past.kind !== 'none') return;
    core.showEvents({ ...picked, newEvents });
    if (core.liveFrame !== null) mirroring.sendToMirrors(core.liveFrame);
  };

  const onFabric = (event: LiveEvent): void => {
    switch (event.kind) {
      case 'frame':
        showFrame(readFrame(event.frame));
        whenDrawn(() => core.fabric?.tell({ kind: 'drawn' }), hasAudience(core));
        return;
      case 'events':
        showEvents({ ...event, events: shelve(event, core.pick.limit) });
        return;
      case 'live':
        // what the run before says of itself: another one was asked for
        if (core.awaited?.runBefore === event.live.runId) return;
        // Whatever the lab has begun or opened by now, it is its saved run.
        core.answerAsk(!event.live.memoryOnly);
        core.live = event.live;
        core.setProgress('boot', event.live.booting ? bootBar(event.live) : null);
        return;
      case 'work':
        core.setProgress('disks', event.bar === null ? null : disksBar(event.bar));
        return;
      case 'notice':
        onNotice(event.notice);
        return;
    }
  };

  const onNotice = (notice: FabricNotice): void => {
    if (notice.kind === 'fenced') mirroring.becomeMirror();
    else if (notice.kind === 'recovered') core.postNotice({ ...notice, at: notice.at as Time });
    else core.postNotice(notice);
  };

  const startCluster = async (fork: BootFork | null = null): Promise<void> => {
    if (typeof WebAssembly === 'undefined') {
      core.postNotice({
        kind: 'noWebAssembly',
        detail: 'this browser does not run WebAssembly, which the SQL parser needs',
      });
      return;
    }
    const [{ makeNodeWorkers }] = await Promise.all([import('./node-workers.ts'), core.gone]);
    // Asked twice, it begins once.
    if (core.fabric !== null) return;
    const worker = new Worker(new URL('../host/fabric-worker.ts', import.meta.url), { type: 'module' });
    const nodeWorkers = makeNodeWorkers();
    const link = linkWorker<FabricRequest, FabricEvent>(worker, onFabric, (detail) =>
      core.postNotice({ kind: 'workerFailed', node: '', detail }),
    );
    core.fabric = link;
    core.nodeWorkers = nodeWorkers;
    mirroring.ownership.post({ kind: 'owner' });
    const { lab, linkAsk } = core;
    const { storage, fallback, failpoint } = core.options;
    const keyframe = core.options.keyframe === null ? null : markOf(core.options.keyframe);
    // The page's subscriptions go first: they are answered when there is a picture.
    const { port } = nodeWorkers;
    const booted = link.ask<void>(
      (id) => ({
        kind: 'boot',
        id,
        lab,
        storage,
        workers: port,
        fallback,
        ask: linkAsk,
        fork,
        failpoint,
        keyframe,
      }),
      [port],
    );
    const postSubscriptions = (): void => {
      link.tell({ kind: 'view', params: core.view });
      link.tell({ kind: 'pick', ...core.pick });
    };
    postSubscriptions();
    await booted.catch((error: unknown) => {
      if (core.fabric === link) core.postNotice({ kind: 'engineError', node: '', detail: messageOf(error) });
    });
    // Another tab may have taken over meanwhile.
    if (core.fabric !== link) return;
    postSubscriptions();
    core.tellHidden();
  };

  const claim = async (): Promise<void> => {
    if (await mirroring.ownership.claim()) return startCluster();
    core.postNotice({ kind: 'openElsewhere', asked: core.linkAsk });
    mirroring.watchOwner(() => void claim());
  };

  return { startCluster, claim };
}

const bootBar = ({ opened, nodes }: LiveState) =>
  ({ id: 'boot', label: 'progress.boot', params: {}, done: opened, of: nodes, cancellable: false }) as const;

const disksBar = ({ done, of }: { readonly done: number; readonly of: number }) =>
  ({ id: 'disks', label: 'progress.disks', params: {}, done, of, cancellable: false }) as const;
