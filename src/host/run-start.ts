// How a run begins and ends: saved, from a preset, from a tape. Startup after a reload or a kill opens every node from
// its own disk and puts the power cut, with every node's stamp and disk digest, on the tape.

import { present } from '../base/assert.ts';
import type { NodeId, Time } from '../base/ids.ts';
import { messageOf } from '../base/thrown.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { KeyframeMark, RecordedMark } from '../run-model/picture/keyframe.ts';
import { makeRecorder, type Recorder } from '../run-model/recorder/recorder.ts';
import type { PowerStamp } from '../sim/actions/define.ts';
import { ENGINE } from '../sim/engine.ts';
import { clusterOf } from '../sim/fabric-nodes.ts';
import { type Edge, type Fabric, makeFabric } from '../sim/fabric-state.ts';
import { resumeFabric } from '../sim/resume.ts';
import { bootTime, freshTape, type RunSetup, setupRun } from '../sim/run-setup.ts';
import type { Tape } from '../sim/tape.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { printLine, printTape } from '../sim/tape-print.ts';
import { makeTape, ownClusterOf } from '../sim/tape-run.ts';
import { known } from '../stacks/known.ts';
import { nodeKinds } from '../stacks/node-kinds.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { settleWaiting } from './client-calls.ts';
import { hashOf } from './cluster-hash.ts';
import { isDenied, type Loss } from './databases.ts';
import type { FabricRequest, RunSource, SavedRefusal } from './fabric-messages.ts';
import { makeMemoryChoice, whenFree } from './held-storage.ts';
import { type DiskSet, type HostCore, placeIn, type Running } from './host-core.ts';
import type { HostScreen } from './host-screen.ts';
import type { LabStore, OpenStore } from './lab-store.ts';
import { makeLiveCluster } from './live-cluster.ts';
import { blame, codeFor, visit } from './node-ports.ts';
import { type FreshRun, type Opening, openingOf } from './opening.ts';
import { type BegunNodes, beginNodes, loadStart, readStart } from './recorded-start.ts';
import { keptOf, makeRecord, newRunId, printRun } from './run-keeping.ts';
import { makeRunLoop } from './run-loop.ts';
import { type KeptRun, openRedos, type RunRecord } from './run-records.ts';
import { keptOfSaved, type ReadableRun, readSaved, savedOf, toldUntil } from './saved-run.ts';
import type { DiskPlace } from './worker-messages.ts';
import { makeWorkerHost } from './worker-ports.ts';
import { fabricOf } from './world-snapshot.ts';

type BootRequest = Extract<FabricRequest, { kind: 'boot' }>;

/** What a run is begun from. */
export interface Begun {
  readonly record: RunRecord;
  readonly disks: DiskSet;
  readonly setup: RunSetup;
  readonly fabric: Fabric;
  readonly recorder: Recorder;
}

/** A recorded picture that is on the screen, and the run at that instant as it comes. */
interface Recorded {
  readonly mark: RecordedMark;
  readonly bytes: Promise<Uint8Array | null>;
}

/** How a fresh run begins, and what is remembered of that. */
interface Beginning {
  readonly origin: RunRecord['origin'];
  readonly recorded: Recorded | null;
  readonly standAt?: Time | null;
  readonly lesson?: string | null;
  /** The press of a link that asked for it. */
  readonly asked?: string | null;
  /** What was saved and did not go on; null: what is on is kept. */
  readonly left?: KeptRun | null;
}

/** `on`: the run that is on, whose cluster may be one's own: no preset lays it out. */
function tapeOf({ preset, seed }: FreshRun, on: Tape | null): Tape {
  const own = on?.header.preset === preset ? ownClusterOf(on) : null;
  if (own !== null) return makeTape(own, { engine: ENGINE, profile: own.profile, seed });
  const tape = freshTape(presets, preset, seed);
  if ('error' in tape) throw new Error(tape.error);
  return tape;
}

const fetchStart = (mark: RecordedMark | null): Recorded | null =>
  mark === null ? null : { mark, bytes: loadStart(mark) };

export interface RunStart {
  begin(run: Begun): Running;
  boot(request: BootRequest): Promise<void>;
  /**
   * In place of what is saved, which is held by somebody or cannot be read; it stays as it is. A run whose site data were removed goes
   * on from its tape, and stands where it stood.
   */
  beginInMemory(): Promise<void>;
  /** Another run in place of the one that is on. */
  /** `keyframe`: of the picture that is on the screen already. */
  restart(source: RunSource, standAt: Time | null, keyframe?: RecordedMark | null): Promise<void>;
  /** Resolves when nothing is done for it any more; its nodes let go of their disks meanwhile (`HostCore.left`). */
  endRun(): Promise<void>;
  onError(error: unknown): void;
}

export function makeRunStart(core: HostCore, screen: HostScreen, openLabStore: OpenStore): RunStart {
  const choice = makeMemoryChoice();
  let booted: { readonly request: BootRequest; readonly edge: Promise<Edge | null> } | null = null;
  const onError = (error: unknown): void => {
    if (!core.reportFailure(error) || core.running === null) return;
    settleWaiting(core.running, `the cluster has stopped (${messageOf(error)})`);
    screen.postPicture(core.running.cluster.fabric.now, 'final');
  };

  const onFenced = (why: Loss): void => {
    core.onFenced(why);
    screen.postLive();
  };

  const begin = (run: Begun): Running => {
    const { record, setup, fabric, recorder } = run;
    const disks: DiskSet = { ...run.disks };
    const theStore = core.theStore();
    const placeOf = (node: NodeId): DiskPlace => placeIn(core, disks, node);
    const cluster = makeLiveCluster({
      fabric,
      recorder,
      program: setup.program,
      edge: present(core.edge, 'the SQL parser'),
      tape: tapes,
      store: theStore,
      host: core.theHost(),
      placeOf,
      failpoint: core.failpoint,
      onFenced,
      keyframes: core.keyframes,
      async decideCut(turn, at) {
        await theStore.markCut(turn, at);
        disks.turn = turn;
      },
    });
    const waiting: Running['waiting'] = new Map();
    const loop = makeRunLoop(cluster, {
      describe: setup.describe,
      onReply: (reply) => {
        waiting.get(reply.requestId)?.answer(reply);
        waiting.delete(reply.requestId);
      },
      onPictureBegun: screen.gate.onBegun,
      onPicture: screen.postPicture,
      needsPicture: screen.gate.isOpen,
      onError,
    });
    core.failed.clear();
    const { runId } = record;
    core.running = { runId, disks, record, setup, cluster, loop, waiting, booting: true };
    screen.restartMeter();
    return core.running;
  };

  /** Maximum speed to the boot time, then the profile's speed: what is seen first is a cluster at work. */
  const bootRun = async (
    run: Running,
    until: Time = bootTime(run.setup, run.cluster.fabric.now),
    keyframe: KeyframeMark | null = null,
    doesStand = false,
  ): Promise<void> => {
    const { loop, setup, cluster } = run;
    // Whoever chooses another one while it boots keeps it.
    loop.setSpeed(setup.speed);
    if (until > cluster.fabric.now) await loop.runTo(until);
    if (loop.ended() !== null) return; // reported as a notice
    if (keyframe !== null) await checkKeyframe(run, keyframe);
    run.booting = false;
    await screen.showFirst();
    if (doesStand) loop.touch();
    else loop.play();
    screen.postLive();
  };

  /** The page shows a recorded picture of this instant: is it this run's? One that somebody acted on already is another. */
  const checkKeyframe = ({ cluster, loop, setup }: Running, mark: KeyframeMark): Promise<void> =>
    loop.between(async () => {
      const { preset, seed } = setup.tape.header;
      const { fabric } = cluster;
      const isUntouched = fabric.tape.length === setup.spec.actions.length && fabric.now <= mark.at;
      if (preset !== mark.preset || seed !== mark.seed || !isUntouched) return;
      const { hash } = hashOf(cluster, await cluster.digests());
      if (fabric.now !== mark.at || hash !== mark.hash) core.notice({ kind: 'keyframeMismatch' });
    });

  const endRun = async (): Promise<void> => {
    if (core.running === null) return;
    const { loop, cluster } = core.running;
    await loop.stop();
    settleWaiting(core.running, 'another cluster took the place of this one');
    core.running = null;
    core.keyframes.clear();
    await core.leave(cluster);
  };

  /** A run that has done nothing yet, or what was recorded of it, becomes the lab's. */
  const startFresh = async (
    given: Tape,
    { origin, recorded, standAt = null, ...said }: Beginning,
  ): Promise<void> => {
    // what a live run does from here on is this engine's, whichever made the tape
    const tape = { ...given, header: { ...given.header, engine: ENGINE } };
    const made = setupRun(known, tape);
    if (!made.ok) throw new Error(made.error);
    const { setup } = made;
    const left = said.left ?? keptOf(core.running);
    await endRun();
    if (setup.isInMemory && !core.theHost().memoryOnly) core.useMemory();
    const header = printTape(tapes, { header: tape.header, actions: [] });
    const lines = tape.actions.map((action) => printLine(tapes, action));
    /** A new run of this tape is the lab's; its nodes are dropped when it cannot be. */
    const become = async <T extends BegunNodes | null>(
      write: (disks: DiskSet) => Promise<T>,
    ): Promise<{ readonly begun: Omit<Begun, 'fabric' | 'recorder'>; readonly nodes: T }> => {
      const name = newRunId();
      const disks: DiskSet = { name, turn: null };
      const record: RunRecord = {
        ...makeRecord(name, origin, null, tape.header.marks),
        ...(said.lesson == null ? {} : { lesson: said.lesson }),
        ...(said.asked == null ? {} : { asked: said.asked }),
      };
      const nodes = await core.disksInTurn(async () => {
        const written = await write(disks);
        try {
          await core.theStore().replaceRun({ record, disks: name, turn: null, header, lines }, left);
        } catch (error) {
          await written?.drop();
          throw error;
        }
        return written;
      });
      core.redo = [];
      return { begun: { record, disks, setup }, nodes };
    };
    const goOn = async (): Promise<Running | null> => {
      const world =
        recorded === null || standAt !== null ? null : readStart(await recorded.bytes, tape, recorded.mark);
      if (world === null) return null;
      const fabric = fabricOf(world.fabric, setup.spec, [...tape.actions]);
      // Whatever keeps its nodes from beginning there is met by those of a boot, and said as theirs.
      const became = await become((disks) => beginNodes(core, setup, fabric, world, disks, onFenced)).catch(
        () => null,
      );
      if (became === null) return null;
      const run = begin({ ...became.begun, fabric, recorder: world.recorder });
      await run.loop.between(async () => run.cluster.join(became.nodes));
      return run;
    };
    const boot = async (): Promise<Running> => {
      const { begun } = await become(async () => null);
      const recorder = makeRecorder(known, setup.spec.cluster, setup.spec.params.lal);
      return begin({ ...begun, fabric: makeFabric(setup.spec), recorder });
    };
    const recordedRun = await goOn();
    const run = recordedRun ?? (await boot());
    const until = recordedRun === null ? bootTime(setup, run.cluster.fabric.now) : run.cluster.fabric.now;
    await bootRun(run, standAt ?? until, recorded?.mark ?? null, standAt !== null);
    // nobody who looks waits for what is left of the old run
    await core.cleanDisks();
  };

  const startFrom = async (
    source: RunSource,
    recorded: Recorded | null,
    standAt: Time | null = null,
  ): Promise<void> => {
    if (source.kind === 'tape') {
      const parsed = parseTape(tapes, source.text);
      if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
      const { lesson } = source;
      await startFresh(parsed.tape, { origin: { kind: 'tape' }, recorded: null, standAt, lesson });
    } else if (source.kind === 'preset') {
      await startFresh(tapeOf(source, core.running?.setup.tape ?? null), {
        origin: { kind: 'start' },
        recorded,
        standAt,
      });
    }
  };

  const restart = async (
    source: RunSource,
    standAt: Time | null,
    keyframe: RecordedMark | null = null,
  ): Promise<void> => {
    try {
      await startFrom(source, fetchStart(keyframe), standAt);
    } catch (error) {
      // The last run has ended and none has begun: the screen is notified, not only who asked.
      if (core.running === null) core.reportFailure(error);
      throw error;
    }
  };

  /** What is saved stays as it is, for a lab that can read it; whether one runs beside it, in memory, a person says. */
  const refuseSaved = (refusal: SavedRefusal): void => core.notice({ kind: 'savedRefused', ...refusal });

  const sayHeld = (): void => core.notice({ kind: 'storageHeld' });

  const resume = async (saved: ReadableRun): Promise<void> => {
    const { record, disks, setup, stored, tape } = saved;
    await core.theStore().cleanDisks();
    const stamps = await whenFree(choice, () => inspectAll(disks, setup), sayHeld);
    if (stamps === null) return;
    const at = Math.max(toldUntil(saved), ...stamps.map(({ until }) => until)) as Time;
    const cut: TapeAction = { kind: 'powerCut', at, stamps };
    await core.theStore().appendLines([printLine(tapes, cut)]);
    const actions = [...setup.spec.actions, cut];
    const spec = { ...setup.spec, actions };
    const run = begin({
      record,
      disks,
      setup: { ...setup, spec, tape: { ...tape, actions } },
      fabric: resumeFabric(nodeKinds, spec),
      recorder: makeRecorder(known, spec.cluster, spec.params.lal, at),
    });
    core.redo = openRedos({ record: run.record, lines: stored.lines }, await core.theStore().keptRuns());
    core.notice({ kind: 'recovered', nodes: stamps.length, at, twins: stored.twins });
    await bootRun(run);
  };

  const inspectAll = async (disks: DiskSet, setup: RunSetup): Promise<PowerStamp[]> => {
    const found = await Promise.all(
      clusterOf(nodeKinds, setup.spec).nodes.map(async ({ id, roles }) => {
        const place = placeIn(core, disks, id);
        const { stamp, digest } = await visit(core.theHost(), codeFor(roles), onFenced, (port) =>
          port.call<'inspect'>({ kind: 'inspect', place }),
        ).catch(blame(id));
        return stamp === null
          ? null
          : {
              node: id,
              until: stamp.until,
              ordinal: stamp.ordinal,
              life: stamp.life,
              hash: stamp.hash,
              disk: digest,
            };
      }),
    );
    return found.filter((stamp) => stamp !== null);
  };

  /** Null: there is no parser, and that was said. */
  const loadEdge = (): Promise<Edge | null> =>
    loadSqlEdge().catch((error: unknown) => {
      core.notice({ kind: 'noWebAssembly', detail: messageOf(error) });
      return null;
    });

  /** The lab's store, waited for while it is held. Null: it stays closed, and a person was asked or has chosen. */
  const openStore = async (): Promise<LabStore | null> => {
    const open = async (): Promise<LabStore> => {
      const opened = await openLabStore(core.lab, onFenced);
      // Chosen meanwhile: nothing is held that is not used.
      if (choice.isMade()) opened.close();
      return opened;
    };
    try {
      return await whenFree(choice, open, sayHeld);
    } catch (error) {
      if (!(await isDenied(error))) {
        refuseSaved({ detail: messageOf(error), engines: null, tape: null });
        return null;
      }
      core.notice({ kind: 'storageDenied', detail: messageOf(error) });
      core.useMemory();
      return core.theStore();
    }
  };

  /** A fresh run, of a preset or of another run's tape. */
  const beginFresh = async (
    { fork }: BootRequest,
    { run, asked }: Pick<Extract<Opening, { kind: 'begin' }>, 'run' | 'asked'>,
    recorded: Recorded | null,
    left: KeptRun | null = null,
  ): Promise<void> => {
    if (fork === null)
      await startFresh(tapeOf(run, null), { origin: { kind: 'start' }, recorded, left, asked });
    else await startFrom({ kind: 'tape', text: fork.text, lesson: null }, null, fork.at as Time);
  };

  /** A link's run in place of what is saved; when it cannot begin, what is saved is opened, and why is said. */
  const follow = async (
    request: BootRequest,
    opening: Extract<Opening, { kind: 'begin' }>,
    saved: ReadableRun,
    recorded: Recorded | null,
  ): Promise<void> => {
    const left = opening.keeps ? await keptOfSaved(core.lab, saved) : null;
    try {
      await beginFresh(request, opening, recorded, left);
    } catch (error) {
      const on = await core.theStore().load();
      const isThere = on !== null && 'run' in on && on.run.runId === saved.stored.run.runId;
      if (core.running !== null || !isThere) throw error;
      onError(error);
      await resume(saved);
    }
  };

  const boot = async (request: BootRequest): Promise<void> => {
    core.lab = request.lab;
    core.failpoint = request.failpoint;
    const edge = loadEdge();
    const recorded = fetchStart(request.keyframe);
    booted = { request, edge };
    if (request.storage === 'memory') core.useMemory();
    else {
      core.nodeHost = makeWorkerHost(request.workers);
      const store = await openStore();
      if (store === null) return;
      core.store = store;
    }
    core.edge = await edge;
    if (core.edge === null) return;
    const stored = await core.theStore().load();
    const saved = stored === null ? null : readSaved(stored);
    const kept = request.ask === null ? [] : await core.theStore().keptRuns();
    const opening = openingOf(request.ask, savedOf(saved, kept), request.fallback);
    if (saved?.ok === false) refuseSaved(saved.refusal);
    else if (opening.kind === 'resume' && saved !== null) await resume(saved);
    else if (opening.kind === 'begin' && saved !== null) await follow(request, opening, saved, recorded);
    else if (opening.kind === 'begin') await beginFresh(request, opening, recorded);
  };

  /** What was lost is not used any more. */
  const useMemory = (): void => {
    core.lost = null;
    core.useMemory();
  };

  /** The tape is all that is left of a run whose disks were removed: its disks are made again from it. */
  const goOnInMemory = async (run: Running): Promise<void> => {
    const { now } = run.cluster.fabric;
    core.store?.close();
    useMemory();
    await startFrom(
      { kind: 'tape', text: printRun(run, null), lesson: run.record.lesson ?? null },
      null,
      now,
    );
  };

  const beginInMemory = async (): Promise<void> => {
    const { request, edge } = present(booted, 'a lab that was booted');
    if (core.running !== null && core.lost === 'removed') return goOnInMemory(core.running);
    if (core.running !== null) throw new Error('a cluster is running');
    choice.make();
    useMemory();
    core.edge = await edge;
    if (core.edge === null) return;
    const opening = openingOf(request.ask, { kind: 'nothing' }, request.fallback);
    if (opening.kind === 'begin') await beginFresh(request, opening, null);
  };

  return { boot, beginInMemory, begin, restart, endRun, onError };
}
