// The file system takes more of its device (docs/spec/polarfs.md FS-12, FS-13): it is made on the first chunks, and its writer adds the next one
// before room for data or for files runs short. Readers learn of a chunk by the first entry of the journal that names it.

import { chunksOf } from '../chunk/device-spec.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import type { NodeConfig } from '../kernel/door.ts';
import { freeCount } from '../pfs/metadata.ts';
import type { Call } from '../pfs/mount-state.ts';
import { type Job, type SharedSeat, volumeOf } from './shared-seat.ts';

/** What is free when it grows: two segments of WAL and a page's block beside them; files. */
export const FREE_BLOCKS = 12;
const FREE_FILES = 8;

/** Of mkfs. */
export function firstChunksOf({ cluster, params }: NodeConfig): number {
  const all = chunksOf(cluster).length;
  return params.firstChunks === 0 ? all : Math.min(all, params.firstChunks);
}

function growCall<E>({ host: { mount }, config }: SharedSeat<E>): Call | null {
  if (mount === null) return null;
  const { meta } = mount;
  const chunks = meta.chunks.length + 1;
  const isShort =
    freeCount(meta, 'blktag') < FREE_BLOCKS ||
    freeCount(meta, 'inode') < FREE_FILES ||
    freeCount(meta, 'direntry') < FREE_FILES;
  return isShort && chunks <= chunksOf(config.cluster).length ? { kind: 'growfs', chunks } : null;
}

export function growJob<E>(seat: SharedSeat<E>): Job | null {
  const call = growCall(seat);
  return call === null ? null : { kind: 'grow', calls: [call], at: 0 };
}

/** Of an opening, which makes files as well: the tables of LogIndex that a promotion fills (LI-26). */
export function growFirst<E>(seat: SharedSeat<E>): Call | null {
  const { phase } = seat;
  if (phase !== 'tables' && phase !== 'rebuild' && phase !== 'cut' && phase !== 'layout') return null;
  const call = growCall(seat);
  seat.isGrowing = call !== null;
  return call;
}

export function onGrown<E>(seat: SharedSeat<E>, ctx: RoleContext): void {
  const chunks = seat.host.mount?.meta.chunks.length ?? 0;
  trace(ctx, { kind: 'fs.grown', volume: volumeOf(seat), chunks });
}
