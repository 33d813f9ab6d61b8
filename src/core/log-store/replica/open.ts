// How a replica comes to be, at first start and after a crash alike: from the disk image and nothing else.
// Superblock, then segments in append order (a torn one loses its end, a damaged record becomes a hole), then page
// versions that are whole, then the status list (HOLE-53…56). What the durable history annuls is not read back.

import { type GroupId, type Lsn, NONE, type Time } from '../../../base/ids.ts';
import type { DiskImage } from '../../kernel/door.ts';
import type { Params } from '../../kernel/params.ts';
import { type HoleList, makeHoleList, mergeRange, nclOf } from '../../log/hole-list.ts';
import { rebuildList, rebuildStart } from '../../log/hole-rebuild.ts';
import { type HoleParams, makeHoleState } from '../../log/hole-state.ts';
import type { LogRecord } from '../../log/record.ts';
import type { PageKey } from '../../page/page-key.ts';
import { currentScl, findChainConflict, indexRecord } from './advance.ts';
import { blockOf, insertSorted, pendingRecords } from './blocks.ts';
import { readSaved } from './clean-exit.ts';
import { noteForGc } from './gc.ts';
import { logKey, parseKey } from './keys.ts';
import { addRecord, addSegment, type Log, makeLog, takeDeadSegments } from './log.ts';
import { decodeVersion, wantPage } from './pages.ts';
import { readSegment } from './segment.ts';
import type { DamagedSegment, Group, StoreState } from './state.ts';
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
    const block = readSuperblock(id, disk);
    state.saved.push(...keys.saved);
    if (block) state.groups.set(id, openGroup(state, id, block, keys, disk));
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

const holeParams = (params: Params, broken: readonly string[]): HoleParams => ({
  reqTimeout: params.reqTimeoutMs * 1000,
  backoffBase: params.backoffBaseMs * 1000,
  backoffMaxExp: params.backoffMaxExp,
  maxReqSpan: params.maxReqSpan,
  maxInflightPerPeer: params.maxInflightPerPeer,
  discoverEvery: params.discoverEveryMs * 1000,
  loseSentOnSplit: broken.includes('hole.sent-lost-on-split'),
  broken,
});

export interface GroupParts {
  readonly id: GroupId;
  readonly block: Superblock;
  readonly log: Log;
  readonly list: HoleList;
  readonly damaged: readonly DamagedSegment[];
  readonly isTorn: boolean;
  /** See Group.openedSaved. */
  readonly saved: string | null;
  readonly failure: Failure;
}

type Host = Pick<StoreState, 'nodeId' | 'bootEpoch' | 'params' | 'broken'>;

export function makeGroup(host: Host, parts: GroupParts): Group {
  const { id, block, log, list, damaged, isTorn, saved, failure } = parts;
  const { knownVdl, groupTail, pgmrpl, logFloor, nclCheckpoint } = block;
  const { volumeEpoch, maxToken, history, mode, maxNwl } = block;
  const none = (block.descriptor.baseLsn - 1) as Lsn;
  return {
    id,
    block,
    marks: { knownVdl, groupTail, pgmrpl, archivedTo: none, holdTo: none, pgcl: groupTail },
    log,
    blocks: new Map(),
    holes: makeHoleState({
      params: holeParams(host.params, host.broken),
      nodeId: host.nodeId,
      group: id,
      bootEpoch: host.bootEpoch,
      list,
      mode,
      volumeEpoch,
      memberEpoch: block.descriptor.memberEpoch,
      maxToken,
      history,
      maxNwl,
      pgcl: groupTail,
      groupTail,
      logFloor,
      checkpoint: Math.min(nclCheckpoint, nclOf(list)),
      members: membersOf(block),
    }),
    scl: none,
    inflight: [],
    inflightBytes: 0,
    superWrite: null,
    control: [],
    marksWanted: nclOf(list) < nclCheckpoint, // lowered durably, first of all (HOLE-57)
    wantedFloor: logFloor,
    suspended: null,
    background: {
      phase: 'idle',
      dirty: new Map(),
      ready: new Set(),
      gc: new Map(),
      gcFrom: 0,
      gcHeld: new Map(),
      gcHeldFrom: 0,
      gcTried: null,
      gcPlan: null,
      wakeAt: null,
      builds: [],
    },
    compaction: null,
    lostPages: [],
    pages: new Map(),
    pageReads: 0,
    reportTo: null,
    damaged: [...damaged],
    openedTorn: isTorn,
    openedSaved: saved,
    failure,
    needBase: false,
    pins: new Map(),
    archivedTo: NONE,
    isDropped: false,
    asksNothing: false,
    holeWakeAt: null,
  };
}

function openGroup(
  state: StoreState,
  id: GroupId,
  block: Superblock,
  keys: GroupKeys,
  disk: DiskImage,
): Group {
  const read = openLog(block, id, keys.ordinals, disk);
  // a damaged segment stays on disk until a checkpoint that does not vouch for its records is durable
  const keep = new Set(read.damaged.map(({ ordinal }) => ordinal));
  for (const ordinal of takeDeadSegments(read.log, keep)) state.garbage.push(logKey(id, ordinal));
  const links = read.log.records.map(({ record }) => record);
  const ranges = read.damaged.map(({ range }) => range);
  const { baseLsn } = block.descriptor;
  const start = rebuildStart(block.nclCheckpoint, block.logFloor, ranges);
  const isStopping = state.broken.includes('hole.rebuild-stops-at-gap');
  const rebuilt = rebuildList(baseLsn, start, isStopping ? linksToGap(links, start) : links);
  const isWhole = rebuilt.list !== null && ranges.length === 0 && !read.isTorn;
  const saved = isWhole ? readSaved(id, block, read.log, rebuilt.list, disk) : null;
  const list = saved?.list ?? rebuilt.list ?? checkpointList(block);
  const failure: Failure = block.failed === '' && rebuilt.error ? rebuilt.error : block.failed;
  const group = makeGroup(state, { id, block, list, failure, saved: saved?.error ?? null, ...read });
  openVersions(state, group, keys, disk);
  openBlocks(state, group);
  group.scl = currentScl(group);
  if (group.failure === '' && findChainConflict(group, block.logFloor + 1, group.scl + 1) !== null)
    group.failure = 'E_CHAIN_CONFLICT';
  return group;
}

/** The broken variant `hole.rebuild-stops-at-gap`: what HOLE-54 answers. */
function linksToGap(links: readonly LogRecord[], start: number): readonly LogRecord[] {
  const above = links.filter(({ lsn }) => lsn > start);
  const gap = above.findIndex(({ prevGroup }, i) => prevGroup > (above[i - 1]?.lsn ?? start));
  return gap === -1 ? above : above.slice(0, gap);
}

function checkpointList(block: Superblock): HoleList {
  const list = makeHoleList(block.descriptor.baseLsn);
  if (block.nclCheckpoint >= list.init) mergeRange(list, list.init, block.nclCheckpoint + 1);
  return list;
}

interface LogRead {
  readonly log: Log;
  readonly damaged: readonly DamagedSegment[];
  readonly isTorn: boolean;
}

function openLog(block: Superblock, id: GroupId, ordinals: readonly number[], disk: DiskImage): LogRead {
  const log = makeLog();
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
      if (encoded.record.group === id && isKept(block, encoded.record)) addRecord(log, encoded, ordinal);
  }
  return { log, damaged, isTorn };
}

/** WAL-33: torn and damaged versions are discarded. */
function openVersions(state: StoreState, group: Group, keys: GroupKeys, disk: DiskImage): void {
  for (const { key, blockKey, lsn } of keys.versions) {
    const block = blockOf(group.blocks, blockKey);
    const value = disk.get(key);
    if (value && decodeVersion(value, blockKey, lsn)) insertSorted(block.versions, lsn);
    else {
      block.lost = Math.max(block.lost, lsn);
      state.garbage.push(key);
      wantPage(group, blockKey, lsn);
    }
  }
}

function openBlocks(state: StoreState, group: Group): void {
  const { dirty, ready } = group.background;
  for (const stored of group.log.records)
    indexRecord(group, stored, 0 as Time, state.params.materialiseRecords);
  ready.clear();
  for (const [blockKey, block] of group.blocks) {
    if (pendingRecords(block) === 0) dirty.delete(blockKey);
    noteForGc(group, blockKey, block);
  }
}
