// A writer whose file system lies in memory, with so much room as a test leaves it (docs/spec/polarfs.md FS-45, FS-46).

import { groupId, type Lsn, nodeId, type Term, type Time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import { type Counter, countingEngine } from '../engine/testing/counting-engine.ts';
import type { NodeSpec } from '../kernel/cluster-spec.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import { startWalk } from '../logindex/find.ts';
import { noteChange } from '../logindex/flush-control.ts';
import { insertEntry, type LogIndex, openLogIndex } from '../logindex/log-index.ts';
import { fileBytes, firstMeta } from '../logindex/meta.ts';
import { type PageKey, pageKey } from '../page/page-key.ts';
import { geometries } from '../pfs/geometry.ts';
import { freeCount } from '../pfs/metadata.ts';
import type { Mount } from '../pfs/mount-state.ts';
import {
  type MemoryDevice,
  makeMemoryDevice,
  mkfs,
  mountDevice,
  must,
} from '../pfs/testing/memory-device.ts';
import { type Collected, makeContext } from '../quorum-log/writer-fixture.ts';
import { makePageReplay, makePageWork } from './page-replay.ts';
import { noReplays, type Promoting } from './promotion.ts';
import { makeSharedAttachment, openPhase, type SharedAttachment } from './shared-attachment.ts';
import { indexGeometry } from './sharing.ts';
import { SEGMENT_BYTES } from './wal-file.ts';

export const geometry = geometries.demo;
export const SEGMENT_BLOCKS = SEGMENT_BYTES / geometry.blockBytes;
export const PAGES_A_BLOCK = geometry.blockBytes / demoParams.pageBytes;
/** Of a user. */
export const TABLE = 40_000;

export interface Lab {
  readonly attachment: SharedAttachment<Counter>;
  readonly device: MemoryDevice;
  readonly mount: Mount;
  readonly ctx: Collected;
}

export interface Shape {
  /** Of the device; the file system has the first one. */
  readonly chunks?: number;
  readonly hasReaders?: boolean;
  readonly params?: Partial<typeof demoParams>;
}

export function makeLab({ chunks = 1, hasReaders = false, params = {} }: Shape = {}): Lab {
  const compute = { zone: 'a', roles: ['compute' as const] };
  const nodes: NodeSpec[] = [{ id: nodeId('rw-1'), ...compute }];
  if (hasReaders) nodes.push({ id: nodeId('ro-1'), ...compute, isReader: true });
  const cluster = {
    preset: 'polardb',
    volume: 'v1',
    nodes,
    groups: [],
    chunks: Array.from({ length: chunks }, (_, i) => ({
      id: groupId(`c${i}`),
      replicas: [nodeId('cs-1')],
    })),
  };
  const config = {
    nodeId: nodeId('rw-1'),
    roles: ['compute' as const],
    cluster,
    params: { ...demoParams, ...params },
    prng: makePrng(1, 'rw-1'),
    mutants: [],
  };
  const attachment = makeSharedAttachment(
    countingEngine,
    config,
    { boot: 1, requests: 0, token: 0 as Term },
    { kind: 'wal', damage: null },
  );
  const device = makeMemoryDevice(geometry, chunks);
  mkfs(device, 1);
  const { mount } = mountDevice(device);
  must(device, mount, { kind: 'mkdir', path: '/base' });
  must(device, mount, { kind: 'mkdir', path: '/fill' });
  must(device, mount, { kind: 'mkdir', path: '/logindex' });
  attachment.host.mount = mount;
  attachment.phase = openPhase(0 as Lsn, 0 as Lsn);
  return { attachment, device, mount, ctx: makeContext() };
}

/** Files take blocks until so many are free. */
export function leaveBlocks({ device, mount }: Lab, blocks: number): void {
  const length = (freeCount(mount.meta, 'blktag') - blocks) * geometry.blockBytes;
  must(device, mount, { kind: 'fallocate', path: `/fill/until${blocks}`, length });
}

/** Empty files until so many inodes are free. */
export function leaveFiles({ device, mount }: Lab, files: number): void {
  for (let i = 0; freeCount(mount.meta, 'inode') > files; i++)
    must(device, mount, { kind: 'create', path: `/fill/n${files}.${i}` });
}

/** LogIndex with a file for each table; all tables that memory has are full, the last one is open. */
export function makeFullIndex(chunks = 1): { lab: Lab; index: LogIndex; last: Lsn } {
  const params = { indexTables: 1, indexMemory: 4, indexSegments: 16 };
  const lab = makeLab({ hasReaders: true, chunks, params });
  const { attachment } = lab;
  const index = openLogIndex(indexGeometry(attachment.config), firstMeta, []);
  if (attachment.sharing === null) throw new Error('no readers');
  attachment.sharing.index = index;
  let last = 0;
  while (insertEntry(index, page(TABLE, last + 1), (last + 1) as Lsn) !== 'LOGINDEX_WAIT') last++;
  return { lab, index, last: last as Lsn };
}

export const blocksOfFile = ({ geometry: g }: LogIndex): number =>
  Math.ceil(fileBytes(g) / geometry.blockBytes);

/** A promotion whose background replay has yet to begin: LogIndex names what the old writer may not have stored. */
export function promotionOf(index: LogIndex, last: Lsn, redoStart = 1 as Lsn): Promoting {
  const known = { bgReplayedLsn: redoStart, consistentLsn: redoStart };
  return {
    replay: makePageReplay(index, last, 0, known),
    work: makePageWork(),
    bounds: { redoStart, endLsn: last, bgReplayedLsn: redoStart },
    walk: startWalk(redoStart),
    held: [],
    handled: new Set(),
    asked: new Set(),
    counts: noReplays(),
    hasLess: false,
    damage: null,
  };
}

export const dirty = ({ attachment }: Lab, key: PageKey): void =>
  noteChange(attachment.flush, key, 10 as Lsn, null);
export const page = (relation: number, block: number): PageKey => pageKey(relation, 0, block);
export const inBlock = (block: number): PageKey => page(TABLE, block * PAGES_A_BLOCK);
export const stagesIn = ({ ctx }: Lab): string[] =>
  ctx.effects.flatMap((effect) =>
    effect.kind === 'trace' && effect.event.kind === 'fs.full' ? [effect.event.what] : [],
  );
export const at = (lab: Lab, now: number): Collected => ({ ...lab.ctx, now: now as Time });
