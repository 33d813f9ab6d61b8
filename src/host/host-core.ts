// What the parts of a lab's host share: its store, its nodes' host, the run that is on, and the words to the page. Each
// part reads and writes it by name; none keeps a copy.

import { present } from '../base/assert.ts';
import type { NodeId } from '../base/ids.ts';
import { messageOf } from '../base/thrown.ts';
import type { Edge } from '../sim/fabric-state.ts';
import type { RunSetup } from '../sim/run-setup.ts';
import type { OutReply } from '../sim/types.ts';
import { diskDatabase, isQuota, type Loss, storageEstimate } from './databases.ts';
import type { FabricEvent, FabricNotice } from './fabric-messages.ts';
import type { MemoryDisks } from './idb-disk.ts';
import { type KeyframeKeeper, makeKeyframeKeeper } from './keyframe-keeper.ts';
import { type LabStore, openMemoryStore } from './lab-store.ts';
import type { LiveCluster } from './live-cluster.ts';
import { type LiveKeyframes, makeLiveKeyframes } from './live-keyframes.ts';
import { makeMemoryHost, NodeFailure, type NodeHost } from './node-ports.ts';
import type { RunLoop } from './run-loop.ts';
import type { RedoEntry, RunRecord } from './run-records.ts';
import type { DiskPlace, Failpoint } from './worker-messages.ts';

/** The databases that a run's disks are: a name for all of them, and the change or cut that was decided for last, if any. */
export interface DiskSet {
  readonly name: string;
  turn: string | null;
}

/** Everything of the run that is on; replaced as a whole by the next one. */
export interface Running {
  readonly runId: string;
  readonly disks: DiskSet;
  /** Name, parent and origin; changed by a person only. */
  record: RunRecord;
  readonly setup: RunSetup;
  readonly cluster: LiveCluster;
  readonly loop: RunLoop;
  /** Statements that a person waits for, by the id of their request. */
  readonly waiting: Map<string, Waiting>;
  booting: boolean;
}

/** Whoever waits for an answer, and the driver that it comes from. */
export interface Waiting {
  readonly driver: NodeId;
  readonly answer: (reply: OutReply) => void;
}

export interface HostCore {
  readonly post: (event: FabricEvent) => void;
  store: LabStore | null;
  /** Holds a saved cluster beside which one began in memory, until everything is forgotten. */
  savedStore: LabStore | null;
  nodeHost: NodeHost | null;
  lab: string;
  failpoint: Failpoint | null;
  edge: Edge | null;
  running: Running | null;
  /** Of the run that is on and of those whose nodes it took over. */
  readonly keyframes: LiveKeyframes;
  /** Those of them that outlive the page. */
  readonly keeper: KeyframeKeeper;
  /** Branches that undos left, the newest last, until something new is done. */
  redo: readonly RedoEntry[];
  /** Why this lab writes nothing any more; null: it does. */
  lost: Loss | null;
  /** Nodes whose engine stopped, with the reason. */
  readonly failed: Map<NodeId, string>;
  notice(one: FabricNotice): void;
  current(): Running;
  theStore(): LabStore;
  theHost(): NodeHost;
  /** Another tab took over, or the site's data were removed: this one writes nothing any more, and what it has in memory stays. */
  onFenced(why: Loss): void;
  /** Tells a failure in its own words; true when it was reported. */
  reportFailure(error: unknown): boolean;
  /** From here on runs are in memory; what is saved stays as it is, for the next visit. */
  useMemory(): void;
  /** Ends the nodes of a run that is over. Resolves when the workers of those that stood still are free for another run's. */
  leave(cluster: LiveCluster): Promise<unknown>;
  /** Resolves when all nodes that were left have let go of their disks. */
  left(): Promise<unknown>;
  /** One at a time: who makes another run the lab's, with disks or without, and who deletes all disks but the lab's. */
  disksInTurn<T>(work: () => Promise<T>): Promise<T>;
  /** Deletes what was left, after its nodes have let go of it. */
  cleanDisks(): Promise<void>;
}

/** Where a node's disk lies. */
export const placeIn = (core: HostCore, { name, turn }: DiskSet, node: NodeId): DiskPlace => ({
  database: diskDatabase(core.lab, name, node),
  epoch: core.theStore().epoch,
  turn,
});

export function makeHostCore(post: (event: FabricEvent) => void): HostCore {
  let turn: Promise<unknown> = Promise.resolve();
  let leaving: Promise<unknown> = Promise.resolve();
  const core: HostCore = {
    post,
    store: null,
    savedStore: null,
    nodeHost: null,
    lab: '',
    failpoint: null,
    edge: null,
    running: null,
    keyframes: makeLiveKeyframes((keyframe) => {
      const { running } = core;
      if (running !== null) core.keeper.add(keyframe, running.runId, running.setup.tape.header);
    }),
    keeper: makeKeyframeKeeper({
      keyframe: (number) => core.keyframes.get(number),
      portOf: (node) => core.running?.cluster.kept().ports.get(node),
      store: () => core.store?.keyframes ?? null,
    }),
    redo: [],
    lost: null,
    failed: new Map(),
    notice: (one) => post({ kind: 'notice', notice: one }),
    current: () => present(core.running, 'a run that is on'),
    theHost: () => present(core.nodeHost, 'the nodes’ host'),
    theStore: () => present(core.store, 'the lab’s store'),
    onFenced(why) {
      if (core.lost !== null) return;
      core.lost = why;
      core.store?.keyframes?.close();
      core.running?.loop.pause();
      void core.running?.cluster.dispose();
      core.notice({ kind: why === 'taken' ? 'fenced' : 'storageRemoved' });
    },
    reportFailure(error) {
      if (core.lost !== null) return false;
      const detail = messageOf(error);
      const { reason, node } = error instanceof NodeFailure ? error : { reason: null, node: null };
      if (node !== null) core.failed.set(node, detail);
      if (reason === 'quota' || isQuota(error)) {
        void storageEstimate().then((use) => core.notice({ kind: 'quotaExceeded', ...use }));
      } else if (reason === 'worker') core.notice({ kind: 'workerFailed', node: node ?? '', detail });
      else if (reason === 'storage' || reason === 'held')
        core.notice({ kind: 'storageFailed', node: node ?? '', detail });
      else if (reason !== 'fenced' && reason !== 'removed')
        core.notice({ kind: 'engineError', node: node ?? '', detail });
      return true;
    },
    useMemory() {
      if (core.store?.memoryOnly === false) core.savedStore ??= core.store;
      const images: MemoryDisks = new Map();
      core.store = openMemoryStore(core.lab, images);
      core.nodeHost = makeMemoryHost(images);
    },
    leave(cluster) {
      const left = cluster.leave();
      leaving = Promise.all([leaving, left.then(({ gone }) => gone)]);
      return left;
    },
    left: () => leaving,
    cleanDisks: () =>
      core.disksInTurn(async () => {
        await core.left();
        await core.theStore().cleanDisks();
      }),
    disksInTurn(work) {
      const done = turn.then(work);
      turn = done.catch(() => undefined);
      return done;
    },
  };
  return core;
}
