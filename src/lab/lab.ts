// The lab of this tab: owns the live cluster or watches another tab's, reviews the past, replays tapes. Composition of
// the fabric worker (lab-live), the replay worker (lab-past) and the ownership of the lab (lab-mirror) behind the one
// interface of api.ts.

import { messageOf } from '../base/thrown.ts';
import type { WorkloadSpec } from '../core/kernel/workload-spec.ts';
import { RUN_ENDED } from '../host/fabric-messages.ts';
import { makePastUnpacker, type PackedPast } from '../host/message-wire.ts';
import type { ReplayRequest } from '../host/replay-messages.ts';
import type { UntilResult } from '../host/run-requests.ts';
import type { RefusalKind, refusalTexts } from '../presets/refusals.ts';
import type { PastPicture, PastQuery } from '../run-model/recorder/past.ts';
import type { SpanTrace, TraceQuery } from '../run-model/spans/span.ts';
import type { FsckReport } from '../sim/fsck/findings.ts';
import type { ActResult, EndDigest, Lab, Progress, Speed, SqlOutcome } from './api.ts';
import { isTwinShown, type LabOptions, makeLabCore, unwatched } from './lab-core.ts';
import { makeLiveSide } from './lab-live.ts';
import { makeMirroring, type RunElsewhere } from './lab-mirror.ts';
import { makePastSide } from './lab-past.ts';
import { makeLabSteps } from './lab-steps.ts';
import { makeTimeSide } from './lab-time.ts';
import { markOf, recordedFor, showRecorded } from './recorded-picture.ts';
import { unlessGone } from './run-gone.ts';
import { checkStartOptions } from './start-options.ts';

/** `error` is the kind's own text: the first load carries these few, and not the table. */
const refuse = <K extends RefusalKind>(kind: K, error: (typeof refusalTexts)[K]) =>
  ({ ok: false, error, why: { kind, of: {}, error } }) as const;
const notRunning = refuse('notRunning', 'the cluster is not running');

export function makeLab(options: LabOptions): Lab {
  const core = makeLabCore(options);
  const mirroring = makeMirroring(core, (what) =>
    what.kind === 'past' ? pastOf(what.query) : what.kind === 'trace' ? traceOf(what.query) : runOf(),
  );
  const { startCluster, claim } = makeLiveSide(core, mirroring);
  const past = makePastSide(core, mirroring);
  const { replayLink, leavePast, openTape } = past;
  const { ownership } = mirroring;
  const { owner } = core;
  const unpackPast = makePastUnpacker();

  const digest = (): Promise<EndDigest> =>
    core.past.kind !== 'none'
      ? replayLink().ask((id) => ({ kind: 'digest', id }))
      : core.ask((id) => ({ kind: 'digest', id }));

  const steps = makeLabSteps(core, past, () => runUntil('milestone'));

  /** To where the cluster stands: the steps that were taken in the past lead nowhere from there. */
  const toPresent = (): void => {
    if (core.past.kind !== 'none') steps.forget();
    leavePast();
  };

  /** Another run begins: its past has nothing to do with the twins of the one before. */
  const forgetPast = (): void => {
    steps.forget();
    leavePast();
    core.dropPast();
    core.notifyRun();
  };

  const act = async (line: string): Promise<ActResult> => {
    if (isTwinShown(core)) return replayLink().ask<ActResult>((id) => ({ kind: 'act', id, line }));
    if (core.fabric === null)
      return core.role.kind === 'mirror' ? refuse('onlyWatches', 'this tab only watches') : notRunning;
    if (core.past.kind === 'replay') return refuse('replayFixed', 'a replay cannot be changed');
    toPresent();
    return core.fabric.ask<ActResult>((id) => ({ kind: 'act', id, line }));
  };

  const liveTape = (): Promise<string> => core.ask<string>((id) => ({ kind: 'tape', id }));

  /** A replay is passed on as it was got, behind it may be another run, or none; a twin has a tape of its own. */
  const shownTape = (): Promise<string> =>
    core.past.kind === 'replay' || isTwinShown(core)
      ? replayLink().ask<string>((id) => ({ kind: 'tape', id }))
      : liveTape();

  const runOf = async (): Promise<RunElsewhere> => ({
    text: await liveTape(),
    playing: core.live?.playing ?? false,
  });

  const isMirror = (): boolean => core.role.kind === 'mirror';

  const pastOf = async (query: PastQuery): Promise<PastPicture> =>
    isMirror()
      ? mirroring.ask({ kind: 'past', query })
      : unpackPast(
          await (core.past.kind !== 'none'
            ? replayLink().ask<PackedPast>((id) => ({ kind: 'past', id, query }))
            : owner().ask<PackedPast>((id) => ({ kind: 'past', id, query }))),
        );

  const traceOf = async (query: TraceQuery): Promise<SpanTrace | null> => {
    if (isMirror()) return mirroring.ask({ kind: 'trace', query });
    const text = await shownTape();
    return replayLink().ask<SpanTrace | null>((id) => ({ kind: 'trace', id, text, query }));
  };

  /** The shown run once more, in a worker beside it. */
  const aside = async <T>(
    label: Progress['label'],
    make: (id: number, tape: string) => ReplayRequest,
  ): Promise<T> => {
    const [tape, { askAside }] = await Promise.all([shownTape(), import('./lab-export.ts')]);
    const bar = (done: number, of: number) =>
      core.setProgress('export', { id: 'export', label, params: {}, done, of, cancellable: false });
    bar(0, 1);
    return askAside<T>((id) => make(id, tape), bar).finally(() => core.setProgress('export', null));
  };

  let untilRuns = 0;
  const runUntil = async (condition: string): Promise<UntilResult> => {
    untilRuns++;
    const mine = untilRuns;
    core.setProgress('until', {
      id: 'until',
      label: 'progress.until',
      params: { condition },
      done: 0,
      of: 0,
      cancellable: true,
    });
    try {
      return core.past.kind === 'none'
        ? await owner().ask<UntilResult>((id) => ({ kind: 'until', id, condition }))
        : await replayLink().ask<UntilResult>((id) => ({ kind: 'until', id, condition }));
    } finally {
      // One that was given up for another leaves the bar to it.
      if (mine === untilRuns) core.setProgress('until', null);
    }
  };

  // A page that goes is a power cut, also where the browser keeps it for the way back: it leaves no disk open.
  addEventListener('pagehide', () => {
    mirroring.leave();
    void core.letGo().then(ownership.release);
  });
  addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
  document.addEventListener('visibilitychange', core.tellHidden);

  const watch = (): void => {
    core.answerAsk(true);
    core.role = { kind: 'mirror', isOwnerGone: false };
    mirroring.watch();
    core.notifyRun();
  };

  const onStartFailed = (error: unknown): void =>
    core.postNotice({ kind: 'engineError', node: '', detail: messageOf(error) });
  if (options.isAudience === true) watch();
  else if (options.replay !== null) openTape(options.replay).catch(onStartFailed);
  else claim().catch(onStartFailed);

  const nothing = (): void => undefined;
  const refused = () => refuse('runEnded', RUN_ENDED);
  const timeSide = makeTimeSide(core, past);

  return {
    ...timeSide,
    showBranch: unlessGone(timeSide.showBranch, nothing),
    dropTwin: unlessGone(timeSide.dropTwin, nothing),
    setMarks: unlessGone(timeSide.setMarks, nothing),
    seekEvent: unlessGone(timeSide.seekEvent, () => false),
    subscribe(listener) {
      core.listeners.add(listener);
      listener.onRun?.(core.state());
      if (core.frame !== null) listener.onFrame?.(core.frame);
      listener.onEvents?.(core.events);
      if (core.other !== null) listener.onOther?.(core.other);
      for (const notice of core.notices) listener.onNotice?.(notice);
      return () => core.listeners.delete(listener);
    },
    frame: () => core.frame,
    run: core.state,
    act: unlessGone(act, refused),
    async sql(session, text, { runToReply, driver: named }) {
      const driver = named ?? null;
      if (isTwinShown(core))
        return replayLink().ask<SqlOutcome>((id) => ({ kind: 'sql', id, session, driver, text, runToReply }));
      toPresent();
      return core.ask<SqlOutcome>((id) => ({ kind: 'sql', id, session, driver, text, runToReply }));
    },
    cancelSql: (session, driver) => core.fabric?.tell({ kind: 'cancelSql', session, driver: driver ?? null }),
    setWorkload: unlessGone(
      async (name: string, change: Partial<WorkloadSpec>) =>
        core.fabric === null
          ? notRunning
          : core.fabric.ask<ActResult>((id) => ({ kind: 'workload', id, name, change })),
      refused,
    ),
    openPgBridge: async (token, onState) =>
      (await import('./pg-bridge.ts')).openPgBridge(core, token, onState),
    play() {
      steps.forget();
      if (core.past.kind !== 'none') replayLink().tell({ kind: 'play', speed: core.replaySpeed });
      else core.fabric?.tell({ kind: 'play' });
    },
    pause() {
      if (core.past.kind !== 'none') replayLink().tell({ kind: 'pause' });
      else core.fabric?.tell({ kind: 'pause' });
    },
    setSpeed(speed: Speed) {
      const value = speed === 'max' ? null : speed;
      core.replaySpeed = value;
      if (core.past.kind === 'none') core.fabric?.tell({ kind: 'speed', speed: value });
      else replayLink().tell({ kind: 'speed', speed: value });
      core.notifyRun();
    },
    setSkipQuiet: (on) => core.fabric?.tell({ kind: 'skipQuiet', on }),
    step: unlessGone(steps.step, nothing),
    runUntil: unlessGone(runUntil, (): UntilResult => ({ ...refused(), position: 0, fault: null })),
    back: unlessGone(steps.back, nothing),
    seek: unlessGone(steps.seek, nothing),
    expectReview: past.expectReview,
    returnToLive: toPresent,
    setView(params) {
      core.view = params;
      core.fabric?.tell({ kind: 'view', params });
      core.replay?.tell({ kind: 'view', params });
    },
    pickEvents(minRank, limit) {
      core.pick = { minRank, limit };
      core.fabric?.tell({ kind: 'pick', minRank, limit });
      core.replay?.tell({ kind: 'pick', minRank, limit });
    },
    async startRun(start) {
      checkStartOptions(start);
      const { preset, seed } = start;
      const recorded = await recordedFor(start);
      forgetPast();
      if (recorded !== null) showRecorded(core, recorded.frame);
      await owner()
        .ask((id) => ({
          kind: 'start',
          id,
          source: { kind: 'preset', preset, seed },
          standAt: null,
          keyframe: recorded === null ? null : markOf(recorded),
        }))
        .catch((error: unknown) => {
          core.awaited = null;
          throw error;
        });
      core.fabric?.tell({ kind: 'view', params: core.view });
    },
    async startTape(text, until, lesson) {
      forgetPast();
      const source = { kind: 'tape', text, lesson: lesson ?? null } as const;
      await owner().ask((id) => ({ kind: 'start', id, source, standAt: until }));
      core.fabric?.tell({ kind: 'view', params: core.view });
    },
    actAll: unlessGone(
      async (lines) =>
        core.fabric === null || core.past.kind === 'replay'
          ? notRunning
          : core.fabric.ask<ActResult>((id) => ({ kind: 'acts', id, lines })),
      refused,
    ),
    runTo: (until) => core.ask((id) => ({ kind: 'runTo', id, until })),
    stopAt: (until) => core.ask((id) => ({ kind: 'stopAt', id, until })),
    exportTape: shownTape,
    liveTape,
    exportRun: (what) =>
      aside<string>('progress.export', (id, text) => ({ kind: 'collect', id, text, what })),
    checkPages: (at) =>
      aside<FsckReport[]>('progress.replay', (id, text) => ({ kind: 'checkPages', id, text, at })),
    trace: traceOf,
    openTape,
    async shareLink() {
      const tape = await shownTape();
      const { encodeTape } = await import('./share.ts');
      const url = `${location.origin}${location.pathname}#/lab&r=${encodeTape(tape)}`;
      return { url, bytes: url.length, tape };
    },
    past: pastOf,
    endDigest: digest,
    async forgetEverything() {
      await owner().ask((id) => ({ kind: 'forget', id }));
      location.replace(`${location.pathname}#/`);
      location.reload();
    },
    watch,
    beginInMemory: () => core.ask((id) => ({ kind: 'beginInMemory', id })),
    async takeOver() {
      // Nothing of this tab has begun: whoever holds its disks is asked to let go, and it begins anew.
      if (core.fabric !== null && core.live === null) {
        await core.letGo();
        ownership.release();
      }
      await ownership.takeOver();
      if (core.role.kind === 'mirror') core.role = unwatched;
      core.notifyRun();
      await startCluster();
    },
    async forkElsewhere() {
      // Seldom asked for: it is loaded then.
      const fork = await import('./lab-fork.ts');
      return fork.forkElsewhere(core, mirroring, startCluster);
    },
    beginApart: async () => (await import('./lab-fork.ts')).beginApart(core, mirroring, startCluster),
  };
}
