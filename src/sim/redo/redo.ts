// Redo equivalence (docs/checkers.md): an oracle that makes pages from a volume's log alone, and holds against them what
// replicas serve, store and cache and what the writer's buffer holds. A harness takes states and disk images from a world
// (StackRuntime.redo); no node is asked anything, and no part of a page comes from the code that serves it but where GC
// was faster than the oracle (page-chains.ts).

import { crc32c } from '../../base/crc32c.ts';
import type { GroupId, NodeId } from '../../base/ids.ts';
import type { BufferPool } from '../../core/engine/buffer-pool.ts';
import { failureOf } from '../../core/log-store/replica/condition.ts';
import { ownsKey, type PageKey, pageWords } from '../../core/page/page-key.ts';
import type { WriterState } from '../../core/quorum-log/writer-state.ts';
import type { FsckReport } from '../fsck/findings.ts';
import type { Replica } from '../fsck/replica-pages.ts';
import {
  type CompareCounters,
  type Comparison,
  compareBuffer,
  compareRecords,
  compareReplica,
  compareServed,
  type RedoFinding,
} from './compare.ts';
import { checkCuts } from './every-cut.ts';
import {
  type BoundedReplica,
  type GroupLog,
  makeGroupLog,
  pageAt,
  type ReadCounters,
  readOn,
} from './page-chains.ts';

/** A volume as it is in the states and disks of nodes that are up. */
export interface VolumeLog {
  readonly volume: string;
  readonly pageBytes: number;
  readonly clientBlocks: number;
  readonly groups: ReadonlyMap<GroupId, readonly Replica[]>;
  /** The open writer with the highest token, and its buffer; null: none. */
  readonly writer: OpenWriter | null;
}

export interface OpenWriter {
  readonly node: NodeId;
  readonly log: WriterState;
  readonly pool: BufferPool;
}

/** A page that a replica has served. */
export interface ServedPage {
  readonly node: NodeId;
  readonly group: GroupId;
  readonly blockKey: PageKey;
  /** WAL-34: q = min(rp, groupRp). */
  readonly at: number;
  /** Null: the replica said that there is no such page. */
  readonly digest: number | null;
}

/** A page as a statement of a reader found it. */
export interface PageRead {
  readonly node: NodeId;
  readonly blockKey: PageKey;
  readonly readPoint: number;
  /** WAL-24. */
  readonly at: number;
  readonly digest: number;
}

/** `reads`: of replicas, `readerReads`: of readers. */
export type RedoCounters = ReadCounters & CompareCounters & { reads: number; readerReads: number };

export interface Redo {
  readonly logs: Map<GroupId, GroupLog>;
  readonly counters: RedoCounters;
}

export const makeRedo = (): Redo => ({
  logs: new Map(),
  counters: {
    records: 0,
    rebased: 0,
    served: 0,
    stored: 0,
    cached: 0,
    buffered: 0,
    recordPairs: 0,
    unknown: 0,
    reads: 0,
    readerReads: 0,
  },
});

/** Reads all logs on; what comes of it is what one group's pages can be held against. */
function readLogs(redo: Redo, volume: VolumeLog, findings: RedoFinding[]): Map<GroupId, Comparison> {
  const comparisons = new Map<GroupId, Comparison>();
  const bounded = boundsOf(volume);
  for (const [id, replicas] of bounded) {
    let log = redo.logs.get(id);
    if (log === undefined) {
      log = makeGroupLog();
      redo.logs.set(id, log);
    }
    const { pageBytes } = volume;
    readOn(log, replicas, pageBytes, redo.counters);
    comparisons.set(id, { log, replicas, pageBytes, counters: redo.counters, findings });
  }
  return comparisons;
}

/**
 * How far each replica's log is true. One that has missed a recovery may hold annulled records above the VDL that it knows;
 * the others have cut theirs off, so up to any VDL of the newest term what they hold without a hole is the volume's.
 */
function boundsOf({ groups, writer }: VolumeLog): Map<GroupId, BoundedReplica[]> {
  let epoch = 0;
  for (const replicas of groups.values())
    for (const { group } of replicas) epoch = Math.max(epoch, group.superblock.volumeEpoch);
  let vdl = writer !== null && writer.log.term >= epoch ? (writer.log.vdl as number) : -1;
  for (const replicas of groups.values())
    for (const { group } of replicas) vdl = Math.max(vdl, group.watermarks.knownVdl);
  const bounded = new Map<GroupId, BoundedReplica[]>();
  for (const [id, replicas] of groups) {
    const able = replicas.filter(({ group }) => failureOf(group) === null);
    bounded.set(
      id,
      able.map((replica): BoundedReplica => {
        const { superblock, watermarks, scl } = replica.group;
        const known = superblock.volumeEpoch === epoch ? vdl : watermarks.knownVdl;
        return { ...replica, bound: Math.min(scl, known) };
      }),
    );
  }
  return bounded;
}

/** Reads on only: so that records are seen before GC drops them. */
export function followLogs(redo: Redo, volumes: readonly VolumeLog[]): void {
  for (const volume of volumes) readLogs(redo, volume, []);
}

/** Everything that is stored, cached and buffered, and what would be served. */
export function compareAll(redo: Redo, volumes: readonly VolumeLog[]): RedoFinding[] {
  const findings: RedoFinding[] = [];
  for (const volume of volumes) {
    const { writer } = volume;
    for (const [id, comparison] of readLogs(redo, volume, findings)) {
      for (const replica of comparison.replicas) compareReplica(comparison, replica);
      compareRecords(comparison);
      const own = writer?.log.groups.find(({ descriptor }) => descriptor.group === id);
      if (writer === null || own === undefined || !isNewest(volume, writer.log)) continue;
      if (comparison.log.upTo < Math.min(writer.log.vdl, own.groupTail)) continue;
      // another has written since: whoever knows of it is gone, with a group that was dropped (sweep postdb-v4 seed 7)
      if (comparison.log.upTo > writer.log.tail) continue;
      const isOwn = (key: PageKey): boolean => ownsKey(own.descriptor, key);
      compareBuffer(comparison, writer.node, writer.log, writer.pool, isOwn);
    }
  }
  return findings;
}

/** No replica knows of a later writer, whose history may annul what this one has yet to make durable. */
const isNewest = ({ groups }: VolumeLog, { term }: WriterState): boolean =>
  [...groups.values()].every((replicas) =>
    replicas.every(({ group }) => group.superblock.volumeEpoch <= term),
  );

/** Pages that were served beside what the log makes of them, and beside what every other replica would serve. */
export function compareReads(
  redo: Redo,
  volumes: readonly VolumeLog[],
  reads: readonly ServedPage[],
): RedoFinding[] {
  const findings: RedoFinding[] = [];
  for (const volume of volumes) {
    const comparisons = readLogs(redo, volume, findings);
    for (const read of reads) {
      const comparison = comparisons.get(read.group);
      if (comparison !== undefined) compareRead(redo, comparison, read);
    }
  }
  return findings;
}

/** READ-23: what readers have read beside what the log makes at their read points. */
export function compareReaders(
  redo: Redo,
  volumes: readonly VolumeLog[],
  reads: readonly PageRead[],
): RedoFinding[] {
  const findings: RedoFinding[] = [];
  for (const volume of volumes)
    for (const { log, pageBytes } of readLogs(redo, volume, findings).values())
      for (const read of reads)
        if (log.pages.has(read.blockKey)) compareReader(redo, log, pageBytes, read, findings);
  return findings;
}

export function compareReader(
  { counters }: Redo,
  log: GroupLog,
  pageBytes: number,
  { node, blockKey, readPoint, at, digest }: PageRead,
  findings: RedoFinding[],
): void {
  const chain = log.pages.get(blockKey);
  const page = at > log.upTo || chain === undefined ? 'unknown' : pageAt(chain, at, pageBytes);
  if (page === 'unknown') {
    counters.unknown++;
    return;
  }
  counters.readerReads++;
  if (page instanceof Uint8Array && crc32c(page) === digest) return;
  const made = page instanceof Uint8Array ? 'another page' : page;
  const message = `${node} read ${pageWords(blockKey)} at read point ${readPoint}, the log makes ${made} of it`;
  findings.push({ rule: 'ro.same-image', message });
}

function compareRead(redo: Redo, comparison: Comparison, { node, blockKey, at, digest }: ServedPage): void {
  const { log, replicas, pageBytes, counters, findings } = comparison;
  if (at > log.upTo) {
    counters.unknown++;
    return;
  }
  const chain = log.pages.get(blockKey);
  const page = chain === undefined ? 'absent' : pageAt(chain, at, pageBytes);
  if (page === 'unknown') counters.unknown++;
  else {
    redo.counters.reads++;
    const wanted = page instanceof Uint8Array ? crc32c(page) : null;
    if (page === 'broken' || wanted !== digest)
      findings.push({
        rule: 'page.redo',
        message: `${node} served ${pageWords(blockKey)} at read point ${at} with digest ${digest ?? 'none'}, the log makes ${wanted ?? page}`,
      });
  }
  for (const replica of replicas)
    if (replica.bound >= at && replica.group.watermarks.pgmrpl <= at)
      compareServed(comparison, blockKey, replica, at);
}

/** Structure checks of the volume's log cut at ends of MTRs; none before each of its `groupCount` groups was read. */
export function compareCuts(
  { logs }: Redo,
  volume: VolumeLog,
  groupCount: number,
  isTaken: () => boolean,
): FsckReport[] {
  const own = [...volume.groups].flatMap(([id, replicas]) => {
    const log = logs.get(id);
    return log === undefined ? [] : [{ log, replicas }];
  });
  if (own.length < groupCount) return [];
  let reach: number = Number.MAX_SAFE_INTEGER;
  for (const { log, replicas } of own) {
    let reached = log.upTo;
    // A group without newer records reaches as far as the VDL that was advertised with its tail.
    for (const { group } of replicas)
      if (log.upTo >= group.watermarks.groupTail) reached = Math.max(reached, group.watermarks.knownVdl);
    reach = Math.min(reach, reached);
  }
  return checkCuts(
    own.map(({ log }) => log),
    reach,
    volume,
    isTaken,
  );
}
