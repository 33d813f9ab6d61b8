// How a run begins and ends: saved, from a preset, from a tape. Startup after a reload or a kill opens every node from
// its own disk and puts the power cut, with every node's stamp and disk digest, on the tape.

import { present } from '../base/assert.ts';
import type { NodeId, Time } from '../base/ids.ts';
import { messageOf } from '../base/thrown.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { PowerStamp } from '../sim/actions/define.ts';
import { ENGINE } from '../sim/engine.ts';
import { clusterOf } from '../sim/fabric-nodes.ts';
import { type Edge, type Fabric, makeFabric } from '../sim/fabric-state.ts';
import type { KeyframeMark, RecordedMark } from '../sim/keyframe.ts';
import { makeRecorder, type Recorder } from '../sim/recorder.ts';
import { resumeFabric } from '../sim/resume.ts';
import { bootTime, freshTape, type RunSetup, setupRun } from '../sim/run-setup.ts';
import type { Tape } from '../sim/tape.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { printLine, printTape } from '../sim/tape-print.ts';
import { known } from '../stacks/known.ts';
import { nodeKinds } from '../stacks/node-kinds.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { settleWaiting } from './client-calls.ts';
import { hashOf } from './cluster-hash.ts';
import { isDenied, type Loss } from './databases.ts';
import type { FabricRequest, RunSource } from './fabric-messages.ts';
import { makeMemoryChoice, whenFree } from './held-storage.ts';
import { type DiskSet, type HostCore, placeIn, type Running } from './host-core.ts';
import type { HostScreen } from './host-screen.ts';
import { type LabStore, openLabStore, type StoredRun } from './lab-store.ts';
import { makeLiveCluster } from './live-cluster.ts';
import { blame, codeFor, visit } from './node-ports.ts';
import { type BegunNodes, beginNodes, loadStart, readStart } from './recorded-start.ts';
import { keptOf, makeRecord, newRunId, printRun } from './run-keeping.ts';
import { makeRunLoop } from './run-loop.ts';
import { engineOf, openRedos, type RunRecord, tapeText, withMarks } from './run-records.ts';
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

export function makeRunStart(core: HostCore, screen: HostScreen): RunStart {
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
    origin: RunRecord['origin'],
    recorded: Recorded | null,
    standAt: Time | null = null,
    lesson: string | null = null,
  ): Promise<void> => {
    // what a live run does from here on is this engine's, whichever made the tape
    const tape = { ...given, header: { ...given.header, engine: ENGINE } };
    const made = setupRun(known, tape);
    if (!made.ok) throw new Error(made.error);
    const { setup } = made;
    const left = keptOf(core.running);
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
      const fresh = makeRecord(name, origin, null, tape.header.marks);
      const record = lesson === null ? fresh : { ...fresh, lesson };
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
      await startFresh(parsed.tape, { kind: 'tape' }, null, standAt, source.lesson);
    } else if (source.kind === 'preset') {
      const tape = freshTape(presets, source.preset, source.seed);
      if ('error' in tape) throw new Error(tape.error);
      await startFresh(tape, { kind: 'start' }, recorded, standAt);
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
  const refuseSaved = (detail: string, tape: string | null = null): void =>
    core.notice({ kind: 'savedRefused', detail, engines: null, tape });

  /** Its disks are another engine's, and what it did would be judged by this one's rules. */
  const refuseEngine = (saved: string, tape: string): void => {
    const detail = `the saved cluster is of engine ${saved}, this lab has engine ${ENGINE}`;
    core.notice({ kind: 'savedRefused', detail, engines: { saved, here: ENGINE }, tape });
  };

  const sayHeld = (): void => core.notice({ kind: 'storageHeld' });

  const resume = async (stored: StoredRun): Promise<void> => {
    const text = tapeText({ header: stored.run.header, lines: stored.lines });
    // Before its lines are read: another engine may know others.
    const engine = engineOf(stored.run.header);
    if (engine !== ENGINE) return refuseEngine(engine, text);
    const parsed = parseTape(tapes, text);
    if (!parsed.ok) return refuseSaved(`line ${parsed.line}: ${parsed.error}`, text);
    const setup = setupRun(known, parsed.tape);
    if (!setup.ok) return refuseSaved(setup.error, text);
    const { runId } = stored.run;
    const disks: DiskSet = { name: stored.run.disks ?? runId, turn: stored.run.turn ?? null };
    await core.theStore().cleanDisks();
    const stamps = await whenFree(choice, () => inspectAll(disks, setup.setup), sayHeld);
    if (stamps === null) return;
    const last = parsed.tape.actions[parsed.tape.actions.length - 1];
    const at = stamps.reduce(
      (time, stamp) => Math.max(time, stamp.until),
      Math.max(stored.shown, last?.at ?? 0),
    ) as Time;
    const cut: TapeAction = { kind: 'powerCut', at, stamps };
    await core.theStore().appendLines([printLine(tapes, cut)]);
    const actions = [...setup.setup.spec.actions, cut];
    const spec = { ...setup.setup.spec, actions };
    const run = begin({
      record: withMarks(stored.run.record ?? makeRecord(runId, { kind: 'start' })),
      disks,
      setup: { ...setup.setup, spec, tape: { ...parsed.tape, actions } },
      fabric: resumeFabric(nodeKinds, spec),
      recorder: makeRecorder(known, spec.cluster, spec.params.lal, at),
    });
    core.redo = openRedos({ record: run.record, lines: stored.lines }, await core.theStore().keptRuns());
    core.notice({ kind: 'recovered', nodes: stamps.length, at });
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
        refuseSaved(messageOf(error));
        return null;
      }
      core.notice({ kind: 'storageDenied', detail: messageOf(error) });
      core.useMemory();
      return core.theStore();
    }
  };

  const startUnsaved = ({ fork, fallback }: BootRequest, recorded: Recorded | null): Promise<void> =>
    fork === null
      ? startFrom({ kind: 'preset', ...fallback }, recorded)
      : startFrom({ kind: 'tape', text: fork.text, lesson: null }, null, fork.at as Time);

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
    if (stored === null) return startUnsaved(request, recorded);
    if ('refused' in stored) refuseSaved(stored.refused, stored.tape);
    else {
      await resume(stored);
      if (request.isAsked && core.running !== null)
        await startFrom({ kind: 'preset', ...request.fallback }, null);
    }
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
    if (core.edge !== null) await startUnsaved(request, null);
  };

  return { boot, beginInMemory, begin, restart, endRun, onError };
}
