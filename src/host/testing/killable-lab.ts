// A lab as a browser runs it, in this process: its host, its nodes behind ports, and databases that outlive it
// (fake-indexeddb). It is killed as a browser is: what was written stays, and nobody answers or begins anything more.

import 'fake-indexeddb/auto';
import { nextBelow, nextChance, type Prng } from '../../base/prng.ts';
import type { RecordedMark } from '../../run-model/picture/keyframe.ts';
import { programOf } from '../../stacks/node-programs.ts';
import { storageProgramOf } from '../../stacks/storage-programs.ts';
import type { FabricEvent } from '../fabric-messages.ts';
import type { OpenDisk } from '../hosted-node.ts';
import { type HostDisk, openIdbDisk } from '../idb-disk.ts';
import { type LabHost, makeLabHost } from '../lab-host.ts';
import { type OpenStore, openLabStore } from '../lab-store.ts';
import { serveNode } from '../node-shell.ts';
import type { Ask } from '../opening.ts';
import type { WorkersReply, WorkersRequest } from '../worker-messages.ts';

export interface KillableLab {
  readonly host: LabHost;
  /** What its page heard. */
  readonly heard: readonly FabricEvent[];
  /** `recorded`: the picture that is on its screen; `ask`: what a link asks for. */
  boot(preset: string, seed: number, recorded?: RecordedMark | null, ask?: Ask | null): Promise<void>;
  kill(): void;
}

/** What a test plants: a disk that answers a cut before it has written it. */
export type Fault = 'early' | null;

/** Turns of the event loop that a transaction may take longer than it must. */
const LATE_TURNS = 6;

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const never = (): Promise<never> => new Promise(() => undefined);

export function makeKillableLab(name: string, prng: Prng, fault: Fault = null): KillableLab {
  const heard: FabricEvent[] = [];
  let isDead = false;

  /** Never once the lab is dead; what had begun by then is done, unheard. */
  const alive = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isDead) return never();
    const done = await work();
    return isDead ? never() : done;
  };

  const openStore: OpenStore = async (lab, onFenced) => {
    const store = await alive(() => openLabStore(lab, onFenced));
    return {
      ...store,
      load: () => alive(store.load),
      replaceRun: (next, left) => alive(() => store.replaceRun(next, left)),
      cleanDisks: () => alive(store.cleanDisks),
      appendLines: (lines) => alive(() => store.appendLines(lines)),
      markShown: (time) => alive(() => store.markShown(time)),
      markCut: (turn, time) => alive(() => store.markCut(turn, time)),
      putTwin: (twin) => alive(() => store.putTwin(twin)),
      dropTwin: (runId) => alive(() => store.dropTwin(runId)),
      keptRuns: () => alive(store.keptRuns),
      changeRecord: (runId, change) => alive(() => store.changeRecord(runId, change)),
      deleteKept: (runId) => alive(() => store.deleteKept(runId)),
    };
  };

  const host = makeLabHost((event) => {
    if (!isDead) heard.push(event);
  }, openStore);

  /** Begins late, or never; ends late, or unheard. */
  const late = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let turns = nextBelow(prng, LATE_TURNS); turns > 0; turns--) await turn();
    return alive(work);
  };

  const openDisk: OpenDisk = async (place, onFenced) => {
    const disk = await late(() => openIdbDisk(place, onFenced));
    const cut: HostDisk['cut'] = (next) => late(() => disk.cut(next));
    return {
      ...disk,
      commit: (writes, stamp) => late(() => disk.commit(writes, stamp)),
      replace: (image, stamp) => late(() => disk.replace(image, stamp)),
      stage: (staged) => late(() => disk.stage(staged)),
      settle: () => late(disk.settle),
      cut: (next) => {
        if (fault === null || nextChance(prng, 1, 2)) return cut(next);
        void cut(next);
        return Promise.resolve();
      },
    };
  };

  const { port1: desk, port2: workers } = new MessageChannel();
  const opened: MessagePort[] = [desk, workers];
  desk.onmessage = ({ data }: MessageEvent<WorkersRequest>) => {
    if (isDead) return;
    if (data.kind === 'end') {
      desk.postMessage({ kind: 'ended', worker: data.worker } satisfies WorkersReply);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    opened.push(port1, port2);
    serveNode(port1, data.code === 'any' ? programOf : storageProgramOf, openDisk);
    desk.postMessage({ kind: 'started', worker: data.worker, port: port2 } satisfies WorkersReply, [port2]);
  };

  return {
    host,
    heard,
    boot: async (preset, seed, recorded = null, ask = null) => {
      await host.handle({
        kind: 'boot',
        id: 1,
        lab: name,
        storage: 'indexeddb',
        workers,
        fallback: { preset, seed },
        ask,
        fork: null,
        failpoint: null,
        keyframe: recorded,
      });
    },
    kill() {
      isDead = true;
      for (const port of opened) port.close();
    },
  };
}
