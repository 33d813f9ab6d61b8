// The file system takes more of its device (docs/spec/polarfs.md FS-12, FS-13): it is made on the first chunks, and its writer adds the next one
// before room for data or for files runs short, as far as it may (`deviceChunks`). Readers learn of a chunk by the first entry of the journal that names it.

import { chunksOf } from '../chunk/device-spec.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import type { NodeConfig } from '../kernel/door.ts';
import { freeCount } from '../pfs/metadata.ts';
import type { Call } from '../pfs/mount-state.ts';
import { type Job, type SharedAttachment, volumeOf } from './shared-attachment.ts';

/** What is free when it grows: two segments of WAL and a page's block beside them; files. */
export const FREE_BLOCKS = 12;
const FREE_FILES = 8;

/** That the file system may have. */
function mostChunks({ cluster, params }: NodeConfig): number {
  const all = chunksOf(cluster).length;
  return params.deviceChunks === 0 ? all : Math.min(all, params.deviceChunks);
}

/** Of mkfs. */
export function firstChunksOf(config: NodeConfig): number {
  const { firstChunks } = config.params;
  return firstChunks === 0 ? mostChunks(config) : Math.min(mostChunks(config), firstChunks);
}

export const mayGrow = <E>({ host: { mount }, config }: SharedAttachment<E>): boolean =>
  mount !== null && mount.meta.chunks.length < mostChunks(config);

function growCall<E>(attachment: SharedAttachment<E>): Call | null {
  const { mount } = attachment.host;
  if (mount === null || !mayGrow(attachment)) return null;
  const { meta } = mount;
  const isShort =
    attachment.wantsChunk ||
    freeCount(meta, 'blktag') < FREE_BLOCKS ||
    freeCount(meta, 'inode') < FREE_FILES ||
    freeCount(meta, 'direntry') < FREE_FILES;
  return isShort ? { kind: 'growfs', chunks: meta.chunks.length + 1 } : null;
}

export function growJob<E>(attachment: SharedAttachment<E>): Job | null {
  const call = growCall(attachment);
  return call === null ? null : { kind: 'grow', calls: [call], at: 0 };
}

/** Of an opening, which makes files as well: the tables of LogIndex that a promotion fills (LI-26). */
export function growFirst<E>(attachment: SharedAttachment<E>): Call | null {
  return 'script' in attachment.phase ? growCall(attachment) : null;
}

export function onGrown<E>(attachment: SharedAttachment<E>, ctx: RoleContext): void {
  const chunks = attachment.host.mount?.meta.chunks.length ?? 0;
  attachment.wantsChunk = false;
  attachment.looksAgain = true;
  trace(ctx, { kind: 'fs.grown', volume: volumeOf(attachment), chunks });
}
