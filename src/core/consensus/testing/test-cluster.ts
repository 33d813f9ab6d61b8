// Raft members, their disks and the messages between them, for transcripts and random worlds. The caller decides what arrives,
// what is lost, which write ends and who crashes; nothing happens by itself.

import { present } from '../../../base/assert.ts';
import { clonePlain } from '../../../base/plain.ts';
import type { Mutants } from '../../kernel/mutants.ts';
import { type MemberId, memberId } from '../configuration.ts';
import { step } from '../raft.ts';
import { openRaft, type Stored } from '../raft-state.ts';
import type {
  Entry,
  Input,
  Message,
  Output,
  Persist,
  Raft,
  RaftConfig,
  RaftLimits,
  Witness,
} from '../raft-types.ts';
import { freshDisk, storedOn, type TestDisk, written } from './test-disk.ts';

export const testTiming = { heartbeatUs: 100, electionMinUs: 500, electionMaxUs: 1000 };

export const testLimits: RaftLimits = {
  maxMembers: 9,
  maxEntryBytes: 64,
  maxAppendBytes: 120,
  maxInflightAppends: 4,
  maxInflightBytes: 400,
  maxUncommittedBytes: 2_000,
  maxLogBytes: 4_000,
  retainedEntries: 0,
  maxSnapshotBytes: 4_096,
  snapshotChunkBytes: 16,
  maxPendingReads: 4,
  maxOutstandingWrites: 16,
  promotionLag: 2,
};

export const makeConfig = (
  self: MemberId,
  mutants: Mutants = [],
  limits: Partial<RaftLimits> = {},
): RaftConfig => ({ self, timing: testTiming, limits: { ...testLimits, ...limits }, mutants });

export interface TestNode {
  id: MemberId;
  /** Null while it is down. */
  raft: Raft | null;
  disk: TestDisk;
  writes: Persist[];
  boot: number;
  /** Writes end at once unless this is set. */
  isSlow: boolean;
}

export interface TestCluster {
  now: number;
  seed: number;
  nodes: Map<MemberId, TestNode>;
  flights: Message[];
  mutants: Mutants;
  limits: Partial<RaftLimits>;
  /** Every output, in order. */
  onOutput: (node: TestNode, output: Output) => void;
}

export const makeCluster = (
  seed: number,
  limits: Partial<RaftLimits> = {},
  mutants: Mutants = [],
): TestCluster => ({
  now: 0,
  seed,
  nodes: new Map(),
  flights: [],
  mutants,
  limits,
  onOutput: () => undefined,
});

export const nodeOf = (cluster: TestCluster, id: number): TestNode =>
  present(cluster.nodes.get(memberId(id)), 'node', id);
export const raftOf = (cluster: TestCluster, id: number): Raft =>
  present(nodeOf(cluster, id).raft, 'raft', id);

/** What a member starts from whose configuration is given from the outside, as of index 0. */
export function storedWith(
  id: MemberId,
  voters: readonly number[],
  term: number,
  entries: readonly Entry[],
  learners: readonly number[] = [],
): Stored {
  const config = { voters: voters.map(memberId), outgoing: [], learners: learners.map(memberId) };
  const snapshot = { index: 0, term: 0, config, bytes: new Uint8Array(0) };
  return { member: id, bootEpoch: 1, hardState: { term, votedFor: null }, snapshot, entries };
}

export function addNode(cluster: TestCluster, stored: Stored): void {
  const { member: id } = stored;
  cluster.nodes.set(id, { id, raft: null, disk: freshDisk(stored), writes: [], boot: 0, isSlow: false });
  restart(cluster, id);
}

export function restart(cluster: TestCluster, id: number, witness: Witness | null = null, applied = 0): void {
  const node = nodeOf(cluster, id);
  node.boot++;
  node.raft = openRaft({
    config: makeConfig(node.id, cluster.mutants, cluster.limits),
    disk: { kind: 'stored', ...storedOn(node.disk, node.id, node.boot) },
    witness,
    applied,
    seed: cluster.seed,
    stream: 'test',
    now: cluster.now,
  });
}

/** The power goes: of the writes under way the first `kept` are on disk. */
export function crash(cluster: TestCluster, id: number, kept = 0): void {
  const node = nodeOf(cluster, id);
  for (const write of node.writes.slice(0, kept)) node.disk = written(node.disk, write);
  node.writes = [];
  node.raft = null;
}

export function put(cluster: TestCluster, id: number, input: Input): Output | null {
  const node = nodeOf(cluster, id);
  if (node.raft === null) return null;
  const output = step(node.raft, cluster.now, input);
  cluster.flights.push(...output.messages);
  if (output.persist !== null) node.writes.push(output.persist);
  cluster.onOutput(node, output);
  if (!node.isSlow) while (node.writes.length > 0) endWrite(cluster, id);
  return output;
}

/** The oldest write under way becomes durable: its promises go. */
export function endWrite(cluster: TestCluster, id: number): void {
  const node = nodeOf(cluster, id);
  const write = node.writes.shift();
  if (write === undefined) return;
  node.disk = written(node.disk, write);
  cluster.flights.push(...write.promises);
  put(cluster, id, { kind: 'persisted' });
}

/** Delivers a copy, as a network would. */
export const deliver = (cluster: TestCluster, message: Message): Output | null =>
  cluster.nodes.has(message.to)
    ? put(cluster, message.to, { kind: 'message', message: clonePlain(message) })
    : null;

export function deliverWhere(cluster: TestCluster, fits: (message: Message) => boolean): number {
  const due = cluster.flights.filter(fits);
  cluster.flights = cluster.flights.filter((message) => !fits(message));
  for (const message of due) deliver(cluster, message);
  return due.length;
}

const MAX_ROUNDS = 200;

/** Until nothing is under way any more. */
export function settle(cluster: TestCluster, fits: (message: Message) => boolean = () => true): void {
  for (let i = 0; i < MAX_ROUNDS; i++) if (deliverWhere(cluster, fits) === 0) return;
}
