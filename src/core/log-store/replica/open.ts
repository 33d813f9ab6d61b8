// How a replica is opened, at first start and after a crash alike: from the disk image and nothing else.
// Superblock, then segments in append order (a torn one loses its end, a damaged record becomes a hole), then page
// versions that are whole, then the status list (HOLE-53…56). What the durable history annuls is not read back.

import { type GroupId, type Lsn, NONE, type Time } from '../../../base/ids.ts';
import type { DiskImage } from '../../kernel/door.ts';
import { has, type Mutants } from '../../kernel/mutants.ts';
import type { Params } from '../../kernel/params.ts';
import type { LogRecord } from '../../log/record.ts';
import type { PageKey } from '../../page/page-key.ts';
import { type HoleList, makeHoleList, mergeRange, nclOf } from '../holes/hole-list.ts';
import { rebuildList, rebuildStart } from '../holes/hole-rebuild.ts';
import { type HoleParams, makeHoleState } from '../holes/hole-state.ts';
import { currentScl, findChainConflict, indexRecord } from './advance.ts';
import { blockOf, insertSorted, pendingRecords } from './blocks.ts';
import { readSaved } from './clean-exit.ts';
import { recordDroppable } from './gc.ts';
import type { DamagedSegment, UnsurePages } from './group-state.ts';
import { logKey, parseKey } from './keys.ts';
import { addRecord, addSegment, type Log, makeLog, removeRecords, takeDeadSegments } from './log.ts';
import { decodeVersion, recordLostPage } from './pages.ts';
import { readSegment } from './segment.ts';
import type { Group, StoreState } from './state.ts';
import { type Failure, isKept, membersOf, readSuperblock, type Superblock } from './superblock.ts';

interface VersionKey {
  readonly key: string;
  readonly blockKey: PageKey;
  readonly lsn: number;
}

/** Keys of one group on the disk, ascending. */
export interface GroupKeys {
  readonly all: string[];
  readonly ordinals: number[];
  readonly versions: VersionKey[];
  /** Of a clean exit. */
  readonly saved: string[];
}

/** Opens every replica whose superblock is whole; of other groups what lies there is given to `openUnmade`. */
export function openReplicas(
  state: StoreState,
  disk: DiskImage,
  openUnmade: (id: GroupId, keys: GroupKeys) => void,
): void {
  const found = groupKeys(disk);
  for (const id of [...found.keys()].sort()) {
    const keys = found.get(id) as GroupKeys;
    const superblock = readSuperblock(id, disk);
    state.saved.push(...keys.saved);
    if (superblock) state.groups.set(id, openGroup(state, id, superblock, keys, disk));
    else openUnmade(id, keys);
  }
}

function groupKeys(disk: DiskImage): Map<GroupId, GroupKeys> {
  const found = new Map<GroupId, GroupKeys>();
  for (const key of disk.keys()) {
    const parsed = parseKey(key);
    if (!parsed) continue;
    let keys = found.get(parsed.group);
    if (!keys) {
      keys = { all: [], ordinals: [], versions: [], saved: [] };
      found.set(parsed.group, keys);
    }
    if (parsed.kind === 'clean') {
      keys.saved.push(key);
      continue;
    }
    keys.all.push(key);
    if (parsed.kind === 'log') keys.ordinals.push(parsed.ordinal);
    else if (parsed.kind === 'page') keys.versions.push({ key, blockKey: parsed.blockKey, lsn: parsed.lsn });
  }
  for (const { ordinals, versions, saved } of found.values()) {
    saved.sort();
    ordinals.sort((a, b) => a - b);
    versions.sort((a, b) => a.blockKey - b.blockKey || a.lsn - b.lsn);
  }
  return found;
}

const holeParams = (params: Params, mutants: Mutants): HoleParams => ({
  reqTimeout: params.reqTimeoutMs * 1000,
  backoffBase: params.backoffBaseMs * 1000,
  backoffMaxExp: params.backoffMaxExp,
  maxReqSpan: params.maxReqSpan,
  maxInflightPerPeer: params.maxInflightPerPeer,
  discoverEvery: params.discoverEveryMs * 1000,
  checkpointMerges: params.checkpointMerges,
  timedOutRequests: params.timedOutRequests,
  mutants,
});

/** What a replica is made of; what the open found is for those that were on the disk. */
interface GroupParts {
  readonly id: GroupId;
  readonly superblock: Superblock;
  readonly log: Log;
  readonly list: HoleList;
  readonly damaged?: readonly DamagedSegment[];
  readonly isTorn?: boolean;
  readonly saved?: string | null;
  readonly failure?: Failure;
  readonly unsure?: UnsurePages | null;
}

type Host = Pick<StoreState, 'nodeId' | 'bootEpoch' | 'params' | 'mutants'>;

export function makeGroup(host: Host, parts: GroupParts): Group {
  const {
    id,
    superblock,
    log,
    list,
    damaged = [],
    isTorn = false,
    saved = null,
    failure = '',
    unsure = null,
  } = parts;
  const { knownVdl, groupTail, pgmrpl, logFloor, nclCheckpoint } = superblock;
  const { volumeEpoch, maxToken, history, mode, maxNwl } = superblock;
  const none = (superblock.descriptor.baseLsn - 1) as Lsn;
  return {
    id,
    superblock,
    watermarks: { knownVdl, groupTail, pgmrpl, archivedTo: none, holdTo: none, pgcl: groupTail },
    log,
    holes: makeHoleState({
      params: holeParams(host.params, host.mutants),
      nodeId: host.nodeId,
      group: id,
      bootEpoch: host.bootEpoch,
      list,
      mode,
      volumeEpoch,
      memberEpoch: superblock.descriptor.memberEpoch,
      maxToken,
      history,
      maxNwl,
      pgcl: groupTail,
      groupTail,
      logFloor,
      checkpoint: Math.min(nclCheckpoint, nclOf(list)),
      members: membersOf(superblock),
    }),
    scl: none,
    uploadedTo: NONE,
    ingest: { appends: [], bytes: 0 },
    control: {
      queue: [],
      write: { kind: 'idle' },
      watermarksDue: nclOf(list) < nclCheckpoint, // lowered durably, first of all (HOLE-57)
      reportTo: null,
    },
    pages: {
      blocks: new Map(),
      cache: new Map(),
      cacheLimit: host.params.cachedPages,
      reads: 0,
      lost: [],
      damaged: [],
    },
    background: { run: { kind: 'idle' }, dirty: new Map(), ready: new Set(), builds: [], wakeAt: null },
    gc: {
      nextFloor: logFloor,
      pins: new Map(),
      due: new Map(),
      dueFrom: 0,
      held: new Map(),
      heldFrom: 0,
      tried: null,
    },
    repair: {
      isPaused: false,
      wakeAt: null,
      needsBase: unsure !== null,
      unsure,
      lostPageSegments: [],
      damaged: [...damaged],
    },
    compaction: null,
    service: { kind: 'serving' },
    failure,
    opened: { torn: isTorn, saved },
  };
}

function openGroup(
  state: StoreState,
  id: GroupId,
  superblock: Superblock,
  keys: GroupKeys,
  disk: DiskImage,
): Group {
  const read = openLog(state, superblock, id, keys.ordinals, disk);
  // a damaged segment stays on disk until a checkpoint that does not vouch for its records is durable
  const keep = new Set(read.damaged.map(({ ordinal }) => ordinal));
  for (const ordinal of takeDeadSegments(read.log, keep)) state.garbage.push(logKey(id, ordinal));
  const links = read.log.records.map(({ record }) => record);
  const ranges = read.damaged.map(({ range }) => range);
  const { baseLsn } = superblock.descriptor;
  const start = rebuildStart(superblock.nclCheckpoint, superblock.logFloor, ranges);
  const isStopping = has(state.mutants, 'hole.rebuild-stops-at-gap');
  const rebuilt = rebuildList(baseLsn, start, isStopping ? linksToGap(links, start) : links);
  const isWhole = rebuilt.list !== null && ranges.length === 0 && !read.isTorn;
  const saved = isWhole ? readSaved(id, superblock, read.log, rebuilt.list, disk) : null;
  const list = saved?.list ?? rebuilt.list ?? checkpointList(superblock);
  const failure: Failure = superblock.failed === '' && rebuilt.error ? rebuilt.error : superblock.failed;
  const unsure = unsureOf(superblock, read.damaged);
  const group = makeGroup(state, {
    id,
    superblock,
    list,
    failure,
    saved: saved?.error ?? null,
    unsure,
    ...read,
  });
  openVersions(group, keys, disk);
  openBlocks(state, group);
  group.scl = currentScl(group);
  if (group.failure === '' && findChainConflict(group, superblock.logFloor + 1, group.scl + 1) !== null)
    group.failure = 'E_CHAIN_CONFLICT';
  return group;
}

/**
 * A lost record at or below logFloor leaves no hole, since GC has dropped others there, and its page may show no gap in its
 * chain either: a stale page would be taken for the newest.
 */
function unsureOf({ logFloor }: Superblock, damaged: readonly DamagedSegment[]): UnsurePages | null {
  const below = damaged.filter(({ range: [first] }) => first <= logFloor);
  return below.length === 0 ? null : { to: logFloor, ordinals: below.map(({ ordinal }) => ordinal) };
}

/** Of `hole.rebuild-stops-at-gap`: what HOLE-54 answers. */
function linksToGap(links: readonly LogRecord[], start: number): readonly LogRecord[] {
  const above = links.filter(({ lsn }) => lsn > start);
  const gap = above.findIndex(({ prevGroup }, i) => prevGroup > (above[i - 1]?.lsn ?? start));
  return gap === -1 ? above : above.slice(0, gap);
}

function checkpointList(superblock: Superblock): HoleList {
  const list = makeHoleList(superblock.descriptor.baseLsn);
  if (superblock.nclCheckpoint >= list.init) mergeRange(list, list.init, superblock.nclCheckpoint + 1);
  return list;
}

interface LogRead {
  readonly log: Log;
  readonly damaged: readonly DamagedSegment[];
  readonly isTorn: boolean;
}

/** What a compaction that a crash has ended left twice is the same in both places. */
function openLog(
  { mutants }: StoreState,
  superblock: Superblock,
  id: GroupId,
  ordinals: readonly number[],
  disk: DiskImage,
): LogRead {
  const log = makeLog();
  const twice = new Set<number>();
  const damaged: DamagedSegment[] = [];
  let isTorn = false;
  for (const ordinal of ordinals) {
    const bytes = disk.get(logKey(id, ordinal));
    if (!bytes) continue;
    const segment = readSegment(bytes, { group: id, ordinal });
    isTorn ||= segment.torn;
    if (segment.damaged) damaged.push({ ordinal, range: segment.damaged });
    addSegment(log, ordinal, bytes.length);
    for (const encoded of segment.records)
      if (encoded.record.group === id && isKept(superblock, encoded.record))
        if (!addRecord(log, encoded, ordinal)) twice.add(encoded.record.lsn);
  }
  if (has(mutants, 'store.drops-twice-stored')) removeRecords(log, ({ record }) => twice.has(record.lsn));
  return { log, damaged, isTorn };
}

/** WAL-33: torn and damaged versions are not used; they leave the disk when their pages are back. */
function openVersions(group: Group, keys: GroupKeys, disk: DiskImage): void {
  for (const { key, blockKey, lsn } of keys.versions) {
    const block = blockOf(group.pages.blocks, blockKey);
    const value = disk.get(key);
    if (value && decodeVersion(value, blockKey, lsn)) insertSorted(block.versions, lsn);
    else {
      block.lost = Math.max(block.lost, lsn);
      group.pages.damaged.push({ blockKey, lsn, isGone: false });
      recordLostPage(group, blockKey, lsn);
    }
  }
}

function openBlocks(state: StoreState, group: Group): void {
  const { dirty, ready } = group.background;
  for (const stored of group.log.records)
    indexRecord(group, stored, 0 as Time, state.params.materialiseRecords);
  ready.clear();
  for (const [blockKey, block] of group.pages.blocks) {
    if (pendingRecords(block) === 0) dirty.delete(blockKey);
    recordDroppable(group, blockKey, block);
  }
}
