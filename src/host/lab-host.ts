// One lab in its fabric worker: what the page asks of it. How a run begins is in run-start, what a person does to it in
// client-calls, messages to the page in host-screen.

import type { Time } from '../base/ids.ts';
import { readCondition } from '../run-model/facts/condition.ts';
import { pastPicture } from '../run-model/recorder/past.ts';
import { NEVER } from '../sim/types.ts';
import { known } from '../stacks/known.ts';
import { act, acts, cancelSql, setWorkload, sql } from './client-calls.ts';
import { hashOf } from './cluster-hash.ts';
import type { FabricEvent, FabricRequest } from './fabric-messages.ts';
import { makeHostCore, type Running } from './host-core.ts';
import { makeHostScreen } from './host-screen.ts';
import { openLabStore } from './lab-store.ts';
import { packPast } from './message-wire.ts';
import { makeOutlet } from './outlet.ts';
import { presentWorld } from './present-world.ts';
import type { HandedOver } from './replay-messages.ts';
import { changeRun } from './run-change.ts';
import { changeRecord, deleteRun, dropTwin, keepTwin, listRuns, printRun } from './run-keeping.ts';
import { keptPlan, redoPlan, undoPlan } from './run-plan.ts';
import type { UntilResult } from './run-requests.ts';
import { makeRunStart } from './run-start.ts';

export interface LabHost {
  handle(request: FabricRequest): Promise<unknown>;
  /** What was answered leaves like everything else that the page hears. */
  readonly post: (event: FabricEvent) => void;
}

/** `openStore`: the lab's storage, by its name. */
export function makeLabHost(send: (event: FabricEvent) => void, openStore = openLabStore): LabHost {
  const post = makeOutlet(send, () => core.running?.cluster.pending() ?? null);
  const core = makeHostCore(post);
  const screen = makeHostScreen(core);
  const runs = makeRunStart(core, screen, openStore);
  const { current } = core;
  let hiddenWhilePlaying = false;
  let booted: Promise<unknown> = Promise.resolve();

  const onHidden = (hidden: boolean): void => {
    if (core.running === null) return;
    const { loop } = core.running;
    if (hidden) {
      hiddenWhilePlaying = loop.playing;
      loop.pause();
    } else if (hiddenWhilePlaying) {
      hiddenWhilePlaying = false;
      loop.play();
    }
    screen.postLive();
  };

  const runUntil = async (text: string): Promise<UntilResult> => {
    const { loop, cluster } = current();
    const read = readCondition(known, text, cluster.fabric.cluster, cluster.recorder.monitors.volumes);
    if (!read.ok) return read;
    const ended = loop.runUntil(read.value);
    screen.postLive();
    const end = await ended;
    screen.postLive();
    return { ok: true, end, at: cluster.fabric.now };
  };

  /**
   * Whoever is notified that something was done reads of the run how it stands since: its tape with the action, and in a
   * cluster that stands the instant of the action as passed. A run that ended meanwhile has reported so itself.
   */
  const thenTell = async (work: Promise<unknown>): Promise<unknown> => {
    const { loop } = current();
    const answer = await work;
    await loop.between(async () => undefined).catch(() => undefined);
    screen.postLive();
    return answer;
  };

  const handle = async (request: FabricRequest): Promise<unknown> => {
    // Something new: the branches that undos left are found in Runs only.
    if (isNew.has(request.kind)) core.redo = [];
    switch (request.kind) {
      case 'boot':
        booted = runs.boot(request).catch(runs.onError);
        return booted;
      case 'start':
        // The gallery can be faster than the lab's storage.
        await booted;
        return runs.restart(request.source, request.standAt as Time | null, request.keyframe ?? null);
      case 'act':
        return thenTell(act(current(), request.line));
      case 'acts':
        return thenTell(acts(current(), request.lines));
      case 'stopAt':
        current().loop.limit = (request.until ?? NEVER) as Time;
        return;
      case 'sql':
        return sql(current(), request);
      case 'cancelSql':
        return thenTell(cancelSql(current(), request.session, request.driver));
      case 'workload':
        return thenTell(setWorkload(current(), request.name, request.change));
      case 'play':
        core.running?.loop.play();
        return screen.postLive();
      case 'pause':
        core.running?.loop.pause();
        return screen.postLive();
      case 'hidden':
        return onHidden(request.hidden);
      case 'speed':
        core.running?.loop.setSpeed(request.speed);
        return screen.postLive();
      case 'skipQuiet':
        if (core.running !== null) core.running.loop.skipQuiet = request.on;
        return screen.postLive();
      case 'step':
        return current().loop.step(request.size);
      case 'until':
        return runUntil(request.condition);
      case 'runTo':
        return current().loop.runTo(request.until as Time);
      case 'view':
        if (core.running === null) return;
        core.running.loop.view = request.params;
        core.running.loop.touch();
        return;
      case 'drawn':
        return screen.gate.onDrawn();
      case 'pick':
        screen.pick = { minRank: request.minRank, limit: request.limit };
        core.running?.loop.touch();
        return;
      case 'past': {
        const { cluster, setup } = current();
        return packPast(pastPicture(cluster.fabric, cluster.recorder, request.query, setup.describe));
      }
      case 'tape':
        return tapeText(current(), core.lost !== null);
      case 'present':
        return presentWorld(core, request.known);
      case 'digest':
        return digest(current());
      case 'twin':
        return keepTwin(core, request);
      case 'dropTwin':
        return dropTwin(core, request.runId, request.branch, request.at);
      case 'undoPlan':
        return undoPlan(core);
      case 'redoPlan':
        return redoPlan(core);
      case 'keptPlan':
        return keptPlan(core, request.runId);
      case 'change':
        return changeRun(
          core,
          screen,
          runs,
          request.port === null ? null : await received(request.port),
          request.reason,
        );
      case 'density':
        return current().cluster.recorder.density;
      case 'runs':
        return listRuns(core);
      case 'changeRecord':
        await changeRecord(core, request.runId, request.change);
        return screen.postLive();
      case 'deleteRun':
        return deleteRun(core, request.runId);
      case 'beginInMemory':
        return runs.beginInMemory();
      case 'forget':
        await runs.endRun();
        await core.left();
        await (core.savedStore ?? core.theStore()).forget();
        return;
    }
  };

  return { handle, post };
}

/** The tape so far, with the hash of everything that happened: whoever replays it can compare. */
function tapeText(run: Running, isLost: boolean): Promise<string> {
  const { cluster, loop } = run;
  // A cluster that stopped has no end to compare with, but what led there is what its finder wants to send.
  if (isLost || loop.ended() !== null) return Promise.resolve(printRun(run, null));
  return loop.between(async () => printRun(run, hashOf(cluster, await cluster.digests()).hash));
}

function digest({ cluster, loop }: Running): Promise<unknown> {
  if (loop.ended() !== null) {
    const { recorder, fabric } = cluster;
    const { hash, nodes } = hashOf(cluster, new Map());
    const counts = { events: recorder.inputs, time: fabric.now, windows: cluster.windows() };
    return Promise.resolve({ hash, nodes, ...counts, isOfTrace: true });
  }
  return loop.between(async () => {
    const { hash, nodes } = hashOf(cluster, await cluster.digests());
    const { recorder, fabric } = cluster;
    return { hash, nodes, events: recorder.inputs, time: fabric.now, windows: cluster.windows() };
  });
}

const isNew: ReadonlySet<FabricRequest['kind']> = new Set(['act', 'acts', 'sql', 'cancelSql', 'workload']);

/** The world that the replay worker sent; it waits in the port since before the port came here. */
const received = (port: MessagePort): Promise<HandedOver> =>
  new Promise((resolve, reject) => {
    port.onmessage = ({ data }: MessageEvent<HandedOver>) => {
      port.close();
      resolve(data);
    };
    port.onmessageerror = () => {
      port.close();
      reject(new Error('the world that was made could not be read'));
    };
  });
