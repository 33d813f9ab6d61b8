// The file system takes more of its device (docs/spec/polarfs.md FS-12, FS-13): it is made on the first chunks, and its writer adds the next one
// before room for data or for files runs short. Readers learn of a chunk by the first entry of the journal that names it.

import { chunksOf } from '../chunk/device-spec.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import type { NodeConfig } from '../kernel/door.ts';
import { freeCount } from '../pfs/metadata.ts';
import type { Job, SharedSeat } from './shared-seat.ts';
import { volumeOf } from './shared-seat.ts';

/** What is free when it grows: two segments of WAL and a page's block beside them; files. */
const FREE_BLOCKS = 12;
const FREE_FILES = 8;

/** Of mkfs. */
export function firstChunksOf({ cluster, params }: NodeConfig): number {
  const all = chunksOf(cluster).length;
  return params.firstChunks === 0 ? all : Math.min(all, params.firstChunks);
}

export function growJob<E>({ host: { mount }, config }: SharedSeat<E>): Job | null {
  if (mount === null) return null;
  const { meta } = mount;
  const chunks = meta.chunks.length + 1;
  const isShort =
    freeCount(meta, 'blktag') < FREE_BLOCKS ||
    freeCount(meta, 'inode') < FREE_FILES ||
    freeCount(meta, 'direntry') < FREE_FILES;
  if (!isShort || chunks > chunksOf(config.cluster).length) return null;
  return { kind: 'grow', calls: [{ kind: 'growfs', chunks }], at: 0 };
}

export function onGrown<E>(seat: SharedSeat<E>, ctx: RoleContext): void {
  const chunks = seat.host.mount?.meta.chunks.length ?? 0;
  trace(ctx, { kind: 'fs.grown', volume: volumeOf(seat), chunks });
}
