// Of the states that are drawn on purpose (rare-faults.ts) those that a run has been in, by what it has traced.

import type { ArmedCrash } from '../fabric-state.ts';
import { kindsOf } from '../kinds.ts';
import type { TracedEvent } from '../types.ts';

export const makeRareExercise = () => ({
  /** Requests that had been carried out by who had the keys before, and were asked again of who had them since (FENCE-46). */
  resentAcrossSplit: 0,
  /** The same of keys that were merged (PCS-122). */
  resentAcrossMerge: 0,
  /** Reads of several groups that met the cut of one, and were planned anew (PCS-58). */
  gathersMetSplit: 0,
  /** Reads over all tablets beside splits that were judged by what they gave. */
  splitReads: 0,
  /** Requests that had committed in their middle, and came again to a writer that could not tell more (FENCE-43). */
  middleResent: 0,
  /** Requests that came again when their client's entry was displaced (FENCE-44). */
  displacedAsked: 0,
  /** Power cuts between two durable steps: of a compaction, and of a file that is freed (FS-38); and MTRs that split an index page of which a recovery annulled what a store had. */
  compactionsCut: 0,
  freesCut: 0,
  splitsCut: 0,
  /** Nodes that were ordered to leave while another one was on its way out (PCS-80). */
  drainsTogether: 0,
  /** Replicas that were to be made anew on a node that did not return, and were made on another one (PCS-76). */
  remadeElsewhere: 0,
  /** Configurations of the metadata, joint or the next, that a majority of one of two sets had on disk and none of the other (PCS-24). */
  jointsApart: 0,
  /** Restores to the first or the last LSN of a segment of the archive, or to one beside it (WAL-43). */
  restoredAtEdge: 0,
  /** Answers to requests of an earlier life of a node, which came in a later one (FENCE-59). */
  answersLate: 0,
});
type RareExercise = ReturnType<typeof makeRareExercise>;

interface Watched {
  readonly index: number;
  readonly sets: readonly (readonly string[])[];
  isCounted: boolean;
}

/** Older ones are durable everywhere. */
const MOST_SPLITS = 64;

export interface RareMemory {
  /** By client: groups that its request was sent to. */
  readonly routes: Map<string, Set<string>>;
  /** Volumes that were made of two. */
  readonly merged: Set<string>;
  /** Nodes that are to leave. */
  readonly leaving: Set<string>;
  /** By group: the node on which its replica is made anew. */
  readonly remade: Map<string, string>;
  /** By node and read: volumes of its parts, and whether one of them was cut since. */
  readonly reads: Map<string, { readonly volumes: Set<string>; isCut: boolean }>;
  /** By node: the MTR that was appended last; and those that have split an index page, the newest. */
  readonly appended: Map<string, readonly [first: number, end: number]>;
  splitMtrs: (readonly [first: number, last: number])[];
  /** Metadata: as which member each node runs, the last entry of each on disk, and configurations under way. */
  readonly as: Map<string, string>;
  readonly durable: Map<string, number>;
  readonly watched: Map<number, Watched>;
  /** First LSNs of segments of the archive, and LSNs after their last ones. */
  readonly edges: Set<number>;
  voters: readonly string[];
}

export const makeRareMemory = (): RareMemory => ({
  routes: new Map(),
  merged: new Set(),
  leaving: new Set(),
  remade: new Map(),
  reads: new Map(),
  appended: new Map(),
  splitMtrs: [],
  as: new Map(),
  durable: new Map(),
  watched: new Map(),
  edges: new Set(),
  voters: [],
});

export const rareKinds = kindsOf(
  'answer.late',
  'archive.segment',
  'restore.begin',
  'op.invoke',
  'sql.start',
  'driver.route',
  'request.known',
  'gather.begin',
  'gather.part',
  'gather.end',
  'split.cut',
  'merge.cut',
  'mtr.append',
  'index.split',
  'node.offline',
  'node.removed',
  'node.exit',
  'group.move.begin',
  'group.move.done',
  'recovery.history',
  'raft.open',
  'raft.durable',
  'raft.members',
);

export function countRare(exercise: RareExercise, memory: RareMemory, { event, node }: TracedEvent): void {
  if (!rareKinds.isOf(event)) return;
  const { routes, reads } = memory;
  switch (event.kind) {
    case 'answer.late':
      exercise.answersLate++;
      return;
    case 'archive.segment':
      memory.edges.add(event.first).add(event.end);
      return;
    case 'restore.begin':
      if ([-1, 0, 1].some((beside) => memory.edges.has(event.lsn + beside))) exercise.restoredAtEdge++;
      return;
    case 'op.invoke':
      routes.delete(event.client);
      return;
    case 'sql.start':
      routes.delete(event.session);
      return;
    case 'driver.route':
      routes.set(event.session, new Set(routes.get(event.session)).add(event.group));
      return;
    case 'request.known':
      if (event.state === 'displaced') exercise.displacedAsked++;
      if (event.state === 'unknown' && event.session.startsWith('halves/')) exercise.middleResent++;
      if (event.state === 'committed' && (routes.get(event.session)?.size ?? 0) > 1)
        if (memory.merged.has(event.volume)) exercise.resentAcrossMerge++;
        else exercise.resentAcrossSplit++;
      return;
    case 'merge.cut':
      memory.merged.add(event.child);
      return;
    case 'node.offline':
      if (!event.isOffline) memory.leaving.delete(event.node);
      else if (!memory.leaving.has(event.node) && memory.leaving.add(event.node).size > 1)
        exercise.drainsTogether++;
      return;
    case 'node.exit':
      if (node !== null) memory.leaving.delete(node);
      return;
    case 'node.removed':
      memory.leaving.delete(event.node);
      return;
    case 'group.move.begin':
      if (event.from === event.to) memory.remade.set(event.group, event.to);
      else memory.remade.delete(event.group);
      return;
    case 'group.move.done': {
      const node = memory.remade.get(event.group);
      memory.remade.delete(event.group);
      if (node !== undefined && node !== event.to && event.outcome === 'done') exercise.remadeElsewhere++;
      return;
    }
    case 'gather.begin':
      reads.set(`${node}/${event.read}`, { volumes: new Set(), isCut: false });
      return;
    case 'gather.part':
      reads.get(`${node}/${event.read}`)?.volumes.add(event.volume);
      return;
    case 'gather.end': {
      const read = reads.get(`${node}/${event.read}`);
      reads.delete(`${node}/${event.read}`);
      if (read?.isCut || event.code === 'WRONG_SCHEMA') exercise.gathersMetSplit++;
      return;
    }
    case 'split.cut':
      for (const read of reads.values()) read.isCut ||= read.volumes.has(event.volume);
      return;
    case 'mtr.append':
      memory.appended.set(node, [event.first, event.end]);
      return;
    case 'index.split': {
      const mtr = memory.appended.get(node);
      if (mtr) memory.splitMtrs = [...memory.splitMtrs.slice(1 - MOST_SPLITS), mtr];
      return;
    }
    case 'recovery.history': {
      const isTorn = ([first, end]: readonly [number, number]): boolean =>
        event.removed.some((lsn) => first <= lsn && lsn < end);
      if (!memory.splitMtrs.some(isTorn)) return;
      exercise.splitsCut++;
      memory.splitMtrs = memory.splitMtrs.filter((mtr) => !isTorn(mtr));
      return;
    }
    case 'raft.open':
      memory.as.set(node, event.as);
      noteDurable(exercise, memory, event.as, event.first + event.terms.length - 1);
      return;
    case 'raft.durable':
      noteDurable(exercise, memory, memory.as.get(node) ?? node, event.first + event.terms.length - 1);
      return;
    case 'raft.members':
      noteMembers(memory, event.index, namesIn(event.voters), namesIn(event.outgoing));
      return;
    default:
  }
}

const namesIn = (text: string): string[] => (text === '' ? [] : text.split(','));

/** Both the joint configuration and the one after it are between the voters before and those to come. */
function noteMembers(
  memory: RareMemory,
  index: number,
  voters: readonly string[],
  outgoing: readonly string[],
): void {
  if (memory.watched.has(index)) return;
  const before = outgoing.length > 0 ? outgoing : memory.voters;
  memory.watched.set(index, { index, sets: [before, voters], isCounted: false });
  if (outgoing.length === 0) memory.voters = voters;
}

function noteDurable(
  exercise: RareExercise,
  { durable, watched }: RareMemory,
  name: string,
  last: number,
): void {
  durable.set(name, last);
  for (const one of watched.values()) {
    if (one.isCounted) continue;
    const has = (member: string): boolean => (durable.get(member) ?? 0) >= one.index;
    const [before, to] = one.sets.map((set) => set.filter(has).length * 2 > set.length);
    if (before === to) continue;
    one.isCounted = true;
    exercise.jointsApart++;
  }
}

/** Crashes that were aimed at a step and came about. */
export function countAimedCuts(exercise: RareExercise, trips: readonly ArmedCrash[]): void {
  for (const { moment } of trips) {
    if (moment === 'compacted') exercise.compactionsCut++;
    if (moment === 'orphaned') exercise.freesCut++;
  }
}
