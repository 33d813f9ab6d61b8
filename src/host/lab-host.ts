// One lab in its fabric worker: how a run starts (saved, from a preset, from a tape), what the page asks of it, and what
// it tells the page. Startup after a reload or a kill opens every node from its own disk and puts the power cut, with
// every node's stamp and disk digest, on the tape.

import { present } from '../base/assert.ts';
import type { NodeId, Time } from '../base/ids.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { makeFabric } from '../sim/fabric-state.ts';
import type { KeyframeMark } from '../sim/keyframe.ts';
import { makePicture } from '../sim/picture.ts';
import { listedTotal, makeRecorder } from '../sim/recorder.ts';
import { resumeFabric } from '../sim/resume.ts';
import { freshTape, type RunSetup, setupRun } from '../sim/run-setup.ts';
import { TAPE_LIMITS, type Tape } from '../sim/tape.ts';
import type { PowerStamp, TapeAction } from '../sim/tape-actions.ts';
import { checkAction } from '../sim/tape-check.ts';
import { parseAction, parseTape } from '../sim/tape-parse.ts';
import { printLine, printMs, printTape } from '../sim/tape-print.ts';
import type { OutReply } from '../sim/types.ts';
import { hashOf } from './cluster-hash.ts';
import { diskDatabase, isQuota, storageEstimate } from './databases.ts';
import type { FabricEvent, FabricNotice, FabricRequest, LiveState, RunSource } from './fabric-messages.ts';
import { type LabStore, openLabStore, openMemoryStore, type StoredRun } from './lab-store.ts';
import { type LiveCluster, makeLiveCluster } from './live-cluster.ts';
import { makeMemoryHost, NodeFailure, type NodeHost, type NodePort, workerHost } from './node-ports.ts';
import { makePictureGate } from './picture-gate.ts';
import { makeRunLoop, type RunLoop } from './run-loop.ts';
import type { DiskPlace, Failpoint } from './worker-messages.ts';

type BootRequest = Extract<FabricRequest, { kind: 'boot' }>;

/** Everything of the run that is on; replaced as a whole by the next one. */
interface Running {
  readonly runId: string;
  readonly setup: RunSetup;
  readonly cluster: LiveCluster;
  readonly loop: RunLoop;
  readonly waiting: Map<string, (reply: OutReply) => void>;
  booting: boolean;
}

export interface LabHost {
  handle(request: FabricRequest): Promise<unknown>;
}

const LIVE_MS = 200;

export function makeLabHost(post: (event: FabricEvent) => void): LabHost {
  let store: LabStore | null = null;
  /** Holds a saved cluster that cannot be opened, until everything is forgotten. */
  let refusedStore: LabStore | null = null;
  let nodeHost: NodeHost = workerHost;
  let lab = '';
  let failpoint: Failpoint | null = null;
  let edge: Edge | null = null;
  let running: Running | null = null;
  let fenced = false;
  let pick = { minRank: 2, limit: 200 };
  let hiddenWhilePlaying = false;
  const failed = new Map<NodeId, string>();
  const gate = makePictureGate();
  let measured = { virtual: 0, wallMs: 0, speed: 0 };

  const notice = (one: FabricNotice): void => post({ kind: 'notice', notice: one });

  const current = (): Running => present(running, 'a run that is on');

  const onFenced = (): void => {
    if (fenced) return;
    fenced = true;
    running?.loop.pause();
    running?.cluster.dispose();
    notice({ kind: 'fenced' });
  };

  const onError = (error: unknown): void => {
    if (fenced) return;
    const detail = error instanceof Error ? error.message : String(error);
    const { reason, node } = error instanceof NodeFailure ? error : { reason: null, node: null };
    if (node !== null) failed.set(node, detail);
    if (reason === 'quota' || isQuota(error)) {
      void storageEstimate().then((use) => notice({ kind: 'quotaExceeded', ...use }));
    } else if (reason === 'worker') notice({ kind: 'workerFailed', node: node ?? '', detail });
    else if (reason === 'storage') notice({ kind: 'storageDenied', detail });
    else if (reason !== 'fenced') notice({ kind: 'engineError', node: node ?? '', detail });
    if (running === null) return;
    settleWaiting(running, `the cluster has stopped (${detail})`);
    tellPicture(running.cluster.fabric.now);
  };

  const tellLive = (): void => {
    if (running === null) return;
    const { cluster, loop, runId } = running;
    const wallMs = performance.now();
    if (wallMs - measured.wallMs >= LIVE_MS) {
      const speed = ((cluster.fabric.now - measured.virtual) * 1000) / Math.max(1, wallMs - measured.wallMs);
      measured = { virtual: cluster.fabric.now, wallMs, speed };
    }
    const live: LiveState = {
      runId,
      playing: loop.playing,
      booting: running.booting,
      speed: loop.pacing.speed,
      measuredSpeed: measured.speed,
      skipQuiet: loop.skipQuiet,
      time: cluster.fabric.now,
      events: cluster.recorder.inputs,
      memoryOnly: nodeHost.memoryOnly,
      opened: cluster.fabric.nodes.filter((node) => node.status === 'up').length,
      nodes: cluster.fabric.nodes.length,
      windows: cluster.windows(),
    };
    post({ kind: 'live', live });
  };

  const tellPicture = (time: Time): void => {
    if (running === null || fenced) return;
    settleLost(running);
    const { cluster, setup } = running;
    const frame = makePicture(cluster.fabric, cluster.recorder, {
      preset: setup.tape.header.preset,
      time,
      failed,
      describe: setup.describe,
    });
    post({ kind: 'frame', frame });
    gate.onSent();
    const events = cluster.recorder.listed.filter((event) => event.rank >= pick.minRank).slice(-pick.limit);
    post({ kind: 'events', events, total: listedTotal(cluster.recorder) });
    tellLive();
  };

  /** A driver that is down answers nobody: what was sent is unknown, and nothing is sent to it. */
  const settleLost = (run: Running): void => {
    const { waiting, cluster } = run;
    if (waiting.size === 0) return;
    const driver = cluster.fabric.nodes.find((node) => node.spec.roles.includes('driver'));
    if (driver !== undefined && driver.status !== 'up') settleWaiting(run, `${driver.spec.id} is down`);
  };

  /** Nobody waits for an answer that cannot come. */
  const settleWaiting = ({ waiting, cluster }: Running, why: string): void => {
    const message = `${why}; whether the statement was applied is unknown`;
    const statements = [{ kind: 'error', sqlstate: '08006', message, position: null }] as const;
    for (const [requestId, answer] of [...waiting]) {
      waiting.delete(requestId);
      answer({ at: cluster.fabric.now, requestId, result: { outcome: 'unknown', statements, scn: -1 } });
    }
  };

  const begin = (runId: string, setup: RunSetup, isResumed: boolean): Running => {
    const { spec } = setup;
    const fabric = isResumed ? resumeFabric(spec) : makeFabric(spec);
    const recorder = makeRecorder(spec.cluster, spec.params.lal, isResumed);
    const theStore = present(store, 'the lab’s store');
    const placeOf = (node: NodeId): DiskPlace => ({
      database: diskDatabase(lab, runId, node),
      epoch: theStore.epoch,
    });
    const cluster = makeLiveCluster({
      fabric,
      recorder,
      program: setup.program,
      edge: present(edge, 'the SQL parser'),
      store: theStore,
      host: nodeHost,
      placeOf,
      failpoint,
      onFenced,
    });
    const waiting = new Map<string, (reply: OutReply) => void>();
    const loop = makeRunLoop(cluster, {
      describe: setup.describe,
      onReply: (reply) => {
        waiting.get(reply.requestId)?.(reply);
        waiting.delete(reply.requestId);
      },
      onPicture: tellPicture,
      wantsPicture: gate.isOpen,
      onError,
    });
    failed.clear();
    running = { runId, setup, cluster, loop, waiting, booting: true };
    measured = { virtual: fabric.now, wallMs: performance.now(), speed: 0 };
    return running;
  };

  /** Maximum speed to the boot time, then the profile's speed: what is seen first is a cluster at work. */
  const bootRun = async (run: Running, keyframe: KeyframeMark | null = null): Promise<void> => {
    const { loop, setup, cluster } = run;
    const bootUntil = (cluster.fabric.now + setup.bootUntilUs) as Time;
    if (setup.bootUntilUs > 0) await loop.runTo(bootUntil);
    if (loop.ended() !== null) return; // told as a notice
    if (keyframe !== null) await checkKeyframe(run, keyframe);
    run.booting = false;
    loop.setSpeed(setup.speed);
    loop.play();
    tellLive();
  };

  /** The page shows a recorded picture of this instant: is it this run's? One that somebody acted on already is another. */
  const checkKeyframe = ({ cluster, loop, setup }: Running, mark: KeyframeMark): Promise<void> =>
    loop.between(async () => {
      const { preset, seed } = setup.tape.header;
      const { fabric } = cluster;
      const isUntouched = fabric.tape.length === setup.spec.actions.length && fabric.now <= mark.at;
      if (preset !== mark.preset || seed !== mark.seed || !isUntouched) return;
      const { hash } = hashOf(cluster, await cluster.digests());
      if (fabric.now !== mark.at || hash !== mark.hash) notice({ kind: 'keyframeMismatch' });
    });

  const endRun = async (): Promise<void> => {
    if (running === null) return;
    const { loop, cluster } = running;
    await loop.stop();
    settleWaiting(running, 'another cluster took the place of this one');
    cluster.dispose();
    running = null;
  };

  const startFresh = async (tape: Tape, keyframe: KeyframeMark | null): Promise<void> => {
    const setup = setupRun(tape);
    if (!setup.ok) throw new Error(setup.error);
    await endRun();
    const runId = newRunId();
    await present(store, 'the lab’s store').startRun(runId, printTape({ header: tape.header, actions: [] }));
    await present(store, 'the lab’s store').appendLines(tape.actions.map(printLine));
    await bootRun(begin(runId, setup.setup, false), keyframe);
  };

  const startFrom = async (source: RunSource, keyframe: KeyframeMark | null): Promise<void> => {
    if (source.kind === 'tape') {
      const parsed = parseTape(source.text);
      if (!parsed.ok) throw new Error(`line ${parsed.line}: ${parsed.error}`);
      await startFresh(parsed.tape, null);
    } else if (source.kind === 'preset') {
      const tape = freshTape(source.preset, source.seed);
      if ('error' in tape) throw new Error(tape.error);
      await startFresh(tape, keyframe);
    }
  };

  /** What is saved stays as it is, for a lab that can read it; a fresh cluster runs beside it, in memory. */
  const refuseSaved = async (detail: string, fallback: BootRequest['fallback']): Promise<void> => {
    notice({ kind: 'savedRefused', detail });
    refusedStore = store;
    useMemory();
    await startFrom({ kind: 'preset', ...fallback }, null);
  };

  const resume = async (stored: StoredRun, fallback: BootRequest['fallback']): Promise<void> => {
    const parsed = parseTape(`${stored.run.header}${stored.lines.join('\n')}\n`);
    if (!parsed.ok) return refuseSaved(`line ${parsed.line}: ${parsed.error}`, fallback);
    const setup = setupRun(parsed.tape);
    if (!setup.ok) return refuseSaved(setup.error, fallback);
    const stamps = await inspectAll(stored.run.runId, setup.setup);
    const last = parsed.tape.actions[parsed.tape.actions.length - 1];
    const at = stamps.reduce(
      (time, stamp) => Math.max(time, stamp.until),
      Math.max(stored.shown, last?.at ?? 0),
    ) as Time;
    const cut: TapeAction = { kind: 'powerCut', at, stamps };
    await present(store, 'the lab’s store').appendLines([printLine(cut)]);
    const actions = [...setup.setup.spec.actions, cut];
    const spec = { ...setup.setup.spec, actions };
    const run = begin(stored.run.runId, { ...setup.setup, spec, tape: { ...parsed.tape, actions } }, true);
    notice({ kind: 'recovered', nodes: stamps.length, at });
    await bootRun(run);
  };

  const inspectAll = async (runId: string, setup: RunSetup): Promise<PowerStamp[]> => {
    const epoch = present(store, 'the lab’s store').epoch;
    const found = await Promise.all(
      setup.spec.cluster.nodes.map(async ({ id }) => {
        const port: NodePort = nodeHost.makePort(onFenced);
        const place = { database: diskDatabase(lab, runId, id), epoch };
        const { stamp, digest } = await port.call<'inspect'>({ kind: 'inspect', place });
        port.terminate();
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

  const boot = async (request: BootRequest): Promise<void> => {
    lab = request.lab;
    failpoint = request.failpoint;
    const parser = loadSqlEdge().catch((error: unknown) => {
      notice({ kind: 'noWebAssembly', detail: error instanceof Error ? error.message : String(error) });
      return null;
    });
    if (request.storage === 'memory') useMemory();
    else {
      try {
        store = await openLabStore(lab, onFenced);
      } catch (error) {
        notice({ kind: 'storageDenied', detail: error instanceof Error ? error.message : String(error) });
        useMemory();
      }
    }
    edge = await parser;
    if (edge === null) return;
    const stored = await present(store, 'the lab’s store').load();
    if (stored === null) {
      await startFrom({ kind: 'preset', ...request.fallback }, request.keyframe);
      return;
    }
    if ('refused' in stored) await refuseSaved(stored.refused, request.fallback);
    else await resume(stored, request.fallback);
  };

  const useMemory = (): void => {
    store = openMemoryStore();
    nodeHost = makeMemoryHost();
  };

  /** A tape that is full takes no more: the run goes on, what a person does is refused. */
  const fullTape = (): string | null =>
    current().cluster.fabric.tape.length < TAPE_LIMITS.actions
      ? null
      : `the tape is full: ${TAPE_LIMITS.actions} actions`;

  const act = async (line: string): Promise<unknown> => {
    const { loop, cluster, setup } = current();
    const parsed = parseAction(`${printMs(cluster.fabric.now)} ${line}`);
    if ('error' in parsed) return { ok: false, error: parsed.error };
    const refusal = fullTape() ?? checkAction(parsed, setup.spec.cluster, setup.spec.params);
    if (refusal !== null) return { ok: false, error: refusal };
    const [taped] = await loop.tape([{ ...parsed, at: cluster.fabric.now }]);
    const { action } = present(taped, 'the taped action');
    return { ok: true, at: action.at, line: printLine(action) };
  };

  const sql = async (request: Extract<FabricRequest, { kind: 'sql' }>): Promise<unknown> => {
    const { loop, waiting, cluster } = current();
    const driver = present(
      cluster.fabric.cluster.nodes.find((node) => node.roles.includes('driver')),
      'a driver',
    );
    const action: TapeAction = {
      kind: 'sql',
      at: cluster.fabric.now,
      node: driver.id,
      session: request.session,
      text: request.text,
      params: [],
    };
    const full = fullTape();
    if (full !== null) throw new Error(full);
    if (request.runToReply) loop.hurry++;
    try {
      const [taped] = await loop.tape([action]);
      const { requestId, action: done } = present(taped, 'the taped statement');
      const reply = await new Promise<OutReply>((resolve) =>
        waiting.set(present(requestId, 'the request’s id'), resolve),
      );
      return { result: reply.result, latencyUs: reply.at - done.at };
    } finally {
      if (request.runToReply) {
        loop.hurry--;
        loop.setSpeed(loop.pacing.speed);
      }
    }
  };

  /** The tape so far, with the hash of everything that happened: whoever replays it can compare. */
  const tapeText = (): Promise<string> => {
    const { cluster, setup, loop } = current();
    const print = (hash: string | null): string => {
      const end = hash === null ? null : { at: cluster.fabric.now, hash };
      return printTape({ header: { ...setup.tape.header, end }, actions: cluster.fabric.tape });
    };
    // A cluster that stopped has no end to compare with, but what led there is what its finder wants to send.
    if (loop.ended() !== null) return Promise.resolve(print(null));
    return loop.between(async () => print(hashOf(cluster, await cluster.digests()).hash));
  };

  const digest = (): Promise<unknown> => {
    const { cluster, loop } = current();
    return loop.between(async () => {
      const { hash, nodes } = hashOf(cluster, await cluster.digests());
      return {
        hash,
        nodes,
        events: cluster.recorder.inputs,
        time: cluster.fabric.now,
        windows: cluster.windows(),
      };
    });
  };

  const handle = async (request: FabricRequest): Promise<unknown> => {
    switch (request.kind) {
      case 'boot':
        return boot(request).catch(onError);
      case 'start':
        return startFrom(request.source, null);
      case 'act':
        return act(request.line);
      case 'sql':
        return sql(request);
      case 'cancelSql':
        return act(`cancel ${driverOf(current())} ${request.session}`);
      case 'workload':
        return act(workloadLine(current(), request.name, request.change));
      case 'play':
        running?.loop.play();
        return tellLive();
      case 'pause':
        running?.loop.pause();
        return tellLive();
      case 'hidden':
        return onHidden(request.hidden);
      case 'speed':
        running?.loop.setSpeed(request.speed);
        return tellLive();
      case 'skipQuiet':
        if (running !== null) running.loop.skipQuiet = request.on;
        return tellLive();
      case 'step':
        return current().loop.step(request.size);
      case 'runTo':
        return current().loop.runTo(request.until as Time);
      case 'view':
        if (running === null) return;
        running.loop.view = request.params;
        running.loop.touch();
        return;
      case 'drawn':
        return gate.onDrawn();
      case 'pick':
        pick = { minRank: request.minRank, limit: request.limit };
        running?.loop.touch();
        return;
      case 'tape':
        return tapeText();
      case 'digest':
        return digest();
      case 'forget':
        await endRun();
        await (refusedStore ?? present(store, 'the lab’s store')).forget();
        return;
    }
  };

  const onHidden = (hidden: boolean): void => {
    if (running === null) return;
    const { loop } = running;
    if (hidden) {
      hiddenWhilePlaying = loop.playing;
      loop.pause();
    } else if (hiddenWhilePlaying) {
      hiddenWhilePlaying = false;
      loop.play();
    }
    tellLive();
  };

  return { handle };
}

const driverOf = ({ cluster }: Running): string =>
  present(
    cluster.fabric.cluster.nodes.find((node) => node.roles.includes('driver')),
    'a driver',
  ).id;

function workloadLine(run: Running, name: string, change: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(change).map(([key, value]) => `${key}=${String(value)}`);
  return `workloadSet ${driverOf(run)} ${name} ${parts.join(' ')}`;
}

/** Run names only have to differ from one another in this browser; they are no part of the run. */
const newRunId = (): string => crypto.randomUUID().slice(0, 8);
