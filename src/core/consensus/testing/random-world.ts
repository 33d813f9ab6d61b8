// A seeded world of Raft members under faults: loss, duplication, reordering, partitions, crashes that lose unfinished writes,
// slow disks, membership changes, transfers, snapshots, reads. Checked throughout by the properties of Figure 3 and, for reads,
// by linearizability: a read sees what was committed anywhere before it was asked.

import { assert } from '../../../base/assert.ts';
import { decodeWhole, encodeWhole } from '../../../base/codec.ts';
import { makePrng, nextBelow, nextBetween, nextChance, type Prng } from '../../../base/prng.ts';
import type { Mutants } from '../../kernel/mutants.ts';
import { type Configuration, type MemberId, memberId, membersOf } from '../configuration.ts';
import { currentConfig } from '../raft-log.ts';
import type { Entry, Fact, Message, Output, Raft } from '../raft-types.ts';
import { messageCodec } from '../wire.ts';
import { checkMatching, checkStep, type History, noHistory } from './explore-checks.ts';
import { entryKey } from './explore-member.ts';
import {
  addNode,
  crash,
  endWrite,
  makeCluster,
  put,
  restart,
  storedWith,
  type TestCluster,
  type TestNode,
} from './test-cluster.ts';

export interface RandomRun {
  readonly violations: readonly string[];
  /** What happened, for the proof that something did. */
  readonly seen: ReadonlyMap<string, number>;
  /** After the faults ended: every member that still belongs holds the same. */
  readonly hasConverged: boolean;
}

interface Applied {
  /** The state machine: a running sum over the entries that were applied, so that order and content show. */
  sum: number;
  index: number;
}

interface Chaos {
  readonly prng: Prng;
  readonly cluster: TestCluster;
  readonly flights: { at: number; readonly message: Message }[];
  history: History;
  readonly violations: string[];
  readonly seen: Map<string, number>;
  readonly applied: Map<MemberId, Applied>;
  /** Sum after each index, as the first member that applied it had it. */
  readonly sums: Map<number, number>;
  /** Reads under way and the highest index that was committed anywhere when each was asked. */
  readonly reads: Map<number, number>;
  /** Commit index of each member up to which its log was compared with what was committed. */
  readonly checkedTo: Map<MemberId, number>;
  /** Configurations that were committed, ascending; the first is the world's own. */
  readonly members: { readonly index: number; readonly config: Configuration }[];
  cut: ReadonlySet<MemberId>;
  nextRead: number;
  lossPercent: number;
}

const MEMBERS = [1, 2, 3, 4, 5, 6, 7].map(memberId);
const FIRST_VOTERS = [1, 2, 3, 4, 5];
const FIRST_LEARNERS = [6, 7];
const STEP_US = 20;

function saw(chaos: Chaos, what: string): void {
  chaos.seen.set(what, (chaos.seen.get(what) ?? 0) + 1);
}

const isUp = ({ raft }: TestNode): boolean => raft !== null;

/** `steps` of chaos, then a time without faults. */
export function runRandomWorld(seed: number, steps: number, mutants: Mutants = []): RandomRun {
  const limits = { maxEntryBytes: 32, retainedEntries: 3, snapshotChunkBytes: 3, maxOutstandingWrites: 8 };
  const cluster = makeCluster(seed, limits, mutants);
  const chaos: Chaos = {
    prng: makePrng(seed, 'raft world'),
    cluster,
    flights: [],
    history: noHistory,
    violations: [],
    seen: new Map(),
    applied: new Map(),
    sums: new Map([[0, 0]]),
    reads: new Map(),
    checkedTo: new Map(),
    members: [
      {
        index: 0,
        config: { voters: FIRST_VOTERS.map(memberId), outgoing: [], learners: FIRST_LEARNERS.map(memberId) },
      },
    ],
    cut: new Set(),
    nextRead: 1,
    lossPercent: 5,
  };
  cluster.onOutput = (node, output) => onOutput(chaos, node, output);
  for (const id of MEMBERS) {
    chaos.applied.set(id, { sum: 0, index: 0 });
    addNode(cluster, storedWith(id, FIRST_VOTERS, 0, [], FIRST_LEARNERS));
  }
  for (let i = 0; i < steps && chaos.violations.length === 0; i++) {
    disturb(chaos);
    act(chaos);
    passTime(chaos);
    if (i % MATCHING_EVERY === 0) checkAllLogs(chaos);
  }
  heal(chaos);
  return { violations: chaos.violations, seen: chaos.seen, hasConverged: hasConverged(chaos) };
}

function onOutput(chaos: Chaos, { id, raft }: TestNode, output: Output): void {
  if (raft === null) return;
  apply(chaos, id, output);
  for (const { id: read, index } of output.reads) {
    saw(chaos, 'read');
    const least = chaos.reads.get(read) ?? 0;
    if (index < least)
      chaos.violations.push(`read ${read} at ${index}, ${least} was committed before it was asked`);
  }
  for (const fact of output.facts) saw(chaos, factName(fact));
  if (output.refused !== null) saw(chaos, `refused ${output.refused.code}`);
  const others = [...chaos.cluster.nodes.values()].flatMap((node) =>
    node.raft === null || node.id === id ? [] : [node.raft],
  );
  const commits = output.facts.flatMap((fact) => (fact.kind === 'committed' ? [fact.index] : []));
  if (commits.length > 0 || output.facts.some((fact) => fact.kind === 'role')) {
    const before = chaos.checkedTo.get(id) ?? 0;
    chaos.checkedTo.set(id, raft.commit);
    const checked = checkStep(chaos.history, raft, before, output.facts, others, entryKey);
    chaos.history = checked.history;
    if (checked.violation !== null) chaos.violations.push(checked.violation);
  }
}

/** PCS-22: in force is the newest configuration of the log, whatever of the log a snapshot stands for. */
function checkMembers({ log, config: { self } }: Raft, committed: Chaos['members']): string | null {
  const own = log.entries.findLast((entry) => entry.kind === 'config');
  const below = committed.findLast(({ index }) => index <= log.baseIndex);
  const wanted = own?.kind === 'config' ? own.config : below?.config;
  const found = JSON.stringify(currentConfig(log));
  return wanted === undefined || JSON.stringify(wanted) === found
    ? null
    : `${self} goes by ${found}, its log says ${JSON.stringify(wanted)}`;
}

const MATCHING_EVERY = 20;

function checkAllLogs({ cluster, violations, members }: Chaos): void {
  const rafts = [...cluster.nodes.values()].flatMap(({ raft }) => (raft === null ? [] : [raft]));
  for (const raft of rafts) {
    const fault = checkMembers(raft, members);
    if (fault !== null) violations.push(fault);
  }
  for (const [i, a] of rafts.entries()) {
    for (const b of rafts.slice(i + 1)) {
      const fault = checkMatching(a, b, entryKey);
      if (fault !== null) violations.push(fault);
    }
  }
}

function factName(fact: Fact): string {
  if (fact.kind === 'role') return fact.role;
  if (fact.kind === 'configured') return fact.config.outgoing.length > 0 ? 'joint' : 'configured';
  return fact.kind === 'dropped' ? `dropped ${fact.why}` : fact.kind;
}

function apply(chaos: Chaos, id: MemberId, { restore, committed }: Output): void {
  const applied = chaos.applied.get(id);
  assert(applied !== undefined, 'a state machine of', id);
  if (restore !== null) {
    applied.index = restore.index;
    applied.sum = Number(new TextDecoder().decode(restore.bytes));
    if (applied.sum !== chaos.sums.get(restore.index))
      chaos.violations.push(`snapshot ${restore.index} at ${id}`);
  }
  for (const entry of committed) {
    if (entry.index !== applied.index + 1)
      chaos.violations.push(`${id} applies ${entry.index} after ${applied.index}`);
    if (entry.kind === 'config' && entry.index > (chaos.members.at(-1)?.index ?? 0))
      chaos.members.push({ index: entry.index, config: entry.config });
    applied.index = entry.index;
    applied.sum = nextSum(applied.sum, entry);
    const known = chaos.sums.get(entry.index);
    if (known !== undefined && known !== applied.sum)
      chaos.violations.push(`state at ${entry.index} differs at ${id}`);
    chaos.sums.set(entry.index, applied.sum);
  }
}

function nextSum(sum: number, entry: Entry): number {
  let next = Math.imul(sum ^ entry.term, 0x0100_0193);
  if (entry.kind === 'data') for (const byte of entry.data) next = Math.imul(next ^ byte, 0x0100_0193);
  return next;
}

const pick = <T>(prng: Prng, items: readonly T[]): T | undefined => items[nextBelow(prng, items.length)];

/** Faults of the world. */
function disturb(chaos: Chaos): void {
  const { prng, cluster } = chaos;
  const node = [...cluster.nodes.values()][nextBelow(prng, cluster.nodes.size)];
  assert(node !== undefined, 'a node');
  if (nextChance(prng, 1, 60)) {
    if (isUp(node)) {
      const kept = nextBelow(prng, node.writes.length + 1);
      if (kept < node.writes.length) saw(chaos, 'lost write');
      saw(chaos, 'crash');
      crash(cluster, node.id, kept);
    }
  }
  if (!isUp(node) && nextChance(prng, 1, 10)) reopen(chaos, node);
  if (nextChance(prng, 1, 25)) node.isSlow = !node.isSlow;
  if (nextChance(prng, 1, 80)) {
    const leader = [...cluster.nodes.values()].find(({ raft }) => raft?.role === 'leader');
    const isLeaderAlone = leader !== undefined && nextChance(prng, 1, 2);
    chaos.cut = new Set(isLeaderAlone ? [leader.id] : MEMBERS.filter(() => nextChance(prng, 1, 2)));
    saw(chaos, 'partition');
  } else if (nextChance(prng, 1, 70)) {
    chaos.cut = new Set();
  }
}

function reopen(chaos: Chaos, node: TestNode): void {
  const applied = chaos.applied.get(node.id);
  const { snapshot } = node.disk;
  assert(applied !== undefined, 'a state machine of', node.id);
  applied.index = snapshot?.index ?? 0;
  applied.sum = chaos.sums.get(applied.index) ?? 0;
  chaos.checkedTo.set(node.id, applied.index);
  restart(chaos.cluster, node.id);
}

/** What callers ask for. */
function act(chaos: Chaos): void {
  const { prng, cluster } = chaos;
  const all = [...cluster.nodes.values()];
  const leaders = all.filter(({ raft }) => raft?.role === 'leader');
  const node = pick(
    prng,
    leaders.length > 0 && nextChance(prng, leaders.length > 1 ? 9 : 5, 10) ? leaders : all,
  );
  const raft = node?.raft ?? null;
  if (node === undefined || raft === null) return;
  if (raft.role !== 'leader') {
    compactSome(chaos, node.id, raft);
    return;
  }
  // Of two leaders one was deposed and does not know: that is when a read can go wrong.
  const roll = nextBelow(prng, leaders.length > 1 ? 65 : 100);
  if (roll < 50) {
    const output = put(cluster, node.id, {
      kind: 'propose',
      data: Uint8Array.of(nextBelow(prng, 256), node.id),
    });
    if (output?.accepted) saw(chaos, 'proposal');
  } else if (roll < 65) {
    const id = chaos.nextRead++;
    chaos.reads.set(id, chaos.history.committed.length);
    put(cluster, node.id, { kind: 'read', id });
  } else if (roll < 70) {
    const output = put(cluster, node.id, { kind: 'changeMembers', target: drawMembers(prng, raft) });
    if (output?.accepted) aroundChange(chaos, node.id);
  } else if (roll < 73) {
    put(cluster, node.id, { kind: 'transfer', to: pick(prng, currentConfig(raft.log).voters) ?? node.id });
  } else if (roll < 90) {
    compactSome(chaos, node.id, raft);
  }
}

/** While the change is open a member takes a snapshot, and in half of the worlds' changes its leader is cut off, so that it may be undone. */
function aroundChange(chaos: Chaos, leader: MemberId): void {
  const { prng, cluster } = chaos;
  if (nextChance(prng, 1, 2)) chaos.cut = new Set([leader]);
  const node = nextChance(prng, 1, 2) ? cluster.nodes.get(leader) : pick(prng, [...cluster.nodes.values()]);
  if (!node?.raft || node.raft.applied <= (node.raft.snapshot?.index ?? 0)) return;
  saw(chaos, 'compacted beside a change');
  compactNow(chaos, node.id, node.raft);
}

/** One member turned from learner to voter, the other way, or out and in as learner. */
function drawMembers(prng: Prng, raft: Raft): { voters: MemberId[]; learners: MemberId[] } {
  const config = currentConfig(raft.log);
  const voters = new Set(config.voters);
  const learners = new Set(config.learners);
  for (let i = nextBetween(prng, 1, 2); i > 0; i--) {
    const id = pick(prng, MEMBERS) ?? memberId(1);
    if (voters.has(id) && voters.size > 2) {
      voters.delete(id);
      learners.add(id);
    } else if (learners.has(id)) {
      learners.delete(id);
      if (nextChance(prng, 3, 4)) voters.add(id);
    } else if (!voters.has(id)) {
      learners.add(id);
    }
  }
  return { voters: [...voters], learners: [...learners] };
}

function compactSome(chaos: Chaos, id: MemberId, raft: Raft): void {
  if (raft.applied < (raft.snapshot?.index ?? 0) + 8 || !nextChance(chaos.prng, 1, 4)) return;
  compactNow(chaos, id, raft);
}

function compactNow(chaos: Chaos, id: MemberId, raft: Raft): void {
  const sum = chaos.applied.get(id)?.sum ?? 0;
  put(chaos.cluster, id, { kind: 'compact', index: raft.applied, bytes: new TextEncoder().encode(`${sum}`) });
}

/** Some microseconds: writes end, messages arrive through their binary form, timers run out. */
function passTime(chaos: Chaos): void {
  const { prng, cluster, flights } = chaos;
  cluster.now += STEP_US;
  for (const node of cluster.nodes.values())
    if (node.isSlow && nextChance(prng, 1, 6)) endWrite(cluster, node.id);
  launch(chaos);
  const due = flights.filter(({ at }) => at <= cluster.now);
  for (const flight of due) {
    flights.splice(flights.indexOf(flight), 1);
    const decoded = decodeWhole(messageCodec, encodeWhole(messageCodec, flight.message));
    assert(decoded.ok, decoded.ok ? '' : decoded.error);
    put(cluster, decoded.value.to, { kind: 'message', message: decoded.value });
  }
  for (const node of cluster.nodes.values()) put(cluster, node.id, { kind: 'wake' });
}

function launch({ prng, cluster, flights, cut, lossPercent, ...chaos }: Chaos): void {
  for (const message of cluster.flights) {
    const isCut = cut.has(message.from) !== cut.has(message.to);
    if (isCut || nextBelow(prng, 100) < lossPercent) continue;
    const copies = lossPercent > 0 && nextChance(prng, 1, 20) ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      const latency = nextChance(prng, 1, 30) ? nextBetween(prng, 100, 800) : nextBetween(prng, 1, 60);
      flights.push({ at: cluster.now + latency, message });
    }
    if (copies === 2) chaos.seen.set('duplicate', (chaos.seen.get('duplicate') ?? 0) + 1);
  }
  cluster.flights = [];
}

const QUIET_STEPS = 1500;

function heal(chaos: Chaos): void {
  chaos.cut = new Set();
  chaos.lossPercent = 0;
  for (const node of chaos.cluster.nodes.values()) {
    node.isSlow = false;
    while (node.writes.length > 0) endWrite(chaos.cluster, node.id);
    if (!isUp(node)) reopen(chaos, node);
  }
  for (let i = 0; i < QUIET_STEPS && chaos.violations.length === 0; i++) passTime(chaos);
}

/** Whoever is in the leader's configuration has applied what the leader has. */
function hasConverged({ cluster, applied }: Chaos): boolean {
  const rafts = [...cluster.nodes.values()].flatMap(({ raft }) => (raft === null ? [] : [raft]));
  const leaders = rafts.filter((raft) => raft.role === 'leader');
  const leader = leaders.toSorted((a, b) => b.term - a.term)[0];
  if (leader === undefined || leader.commit < leader.log.baseIndex + leader.log.entries.length) return false;
  const sum = applied.get(leader.config.self)?.sum;
  return membersOf(currentConfig(leader.log)).every((id) => applied.get(id)?.sum === sum);
}
